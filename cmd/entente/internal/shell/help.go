package shell

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

func (s *session) help(_ context.Context, topic string) error {
	text, ok := s.host.helpOn(strings.ToLower(topic))
	if !ok {
		return schema.WithHint(fmt.Errorf("no help on %q", topic), func() string {
			topics := s.host.topics()
			return cmp.Or(schema.DidYouMean(schema.Nearest(topic, topics, 1)), "topics: "+strings.Join(topics, ", "))
		})
	}
	_, err := fmt.Fprint(s.out, text)
	return err
}

// topics returns the topics of :help: Gizmo, pages of the manual, commands.
func (h *Host) topics() (names []string) {
	for _, t := range gizmo.Topics() {
		names = append(names, t.Name)
	}
	for _, p := range h.Pages {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return append(names, h.programCommands()...)
}

// helpOn returns the help on a topic. If Gizmo and the manual have a topic of the
// same name, the page of the manual follows the text on Gizmo.
func (h *Host) helpOn(topic string) (text string, ok bool) {
	if topic == "" {
		return h.overview(), true
	}
	for _, t := range gizmo.Topics() {
		if t.Name == topic {
			text, ok = t.Text, true
		}
	}
	for _, p := range h.Pages {
		if p.Name == topic {
			return strings.TrimLeft(text+"\n"+p.Text, "\n"), true
		}
	}
	if ok {
		return text, true
	}
	c, ok := h.commandOf(topic)
	return c.Help, ok
}

func (h *Host) overview() string {
	var b strings.Builder
	row := func(name, argument, about string) {
		fmt.Fprintf(&b, "  %-20s %s\n", strings.TrimSpace(":"+name+" "+argument), about)
	}
	b.WriteString("A line is a script in Gizmo, or a command:\n\n")
	for _, c := range builtins(h.Formats) {
		row(c.name, c.argument, c.about)
	}
	b.WriteString("\nas at the command line, over this graph; names need no quotes, and -> stands\nbetween them:\n\n")
	for _, name := range h.programCommands() {
		c, _ := h.commandOf(name)
		use := strings.TrimPrefix(c.Use, name)
		if name == "path" {
			use = "FROM -> TO"
		}
		if len(use) > len("FROM -> TO") {
			use = "..." // :help tells
		}
		row(name, strings.TrimSpace(use), c.About)
	}
	b.WriteString(`
A line that is not complete goes on with the next one; an empty line ends it. A
line that begins with a dot goes on from the script before it, without that
script's all(): both run together, and the history keeps them as one line. So

  entity("Xie Feng")
  .out(verb.met).all()

asks what entity("Xie Feng").out(verb.met).all() asks. If the line fails, the
script before it stays, to be gone on from again. After any other script that
fails there is nothing to go on from.

Tab completes commands, methods, verbs, ids and names. ctrl-c drops what is
typed, or stops a running query. Lines are kept in your configuration folder from
one session to the next.

Topics of :help on Gizmo:

`)
	for _, t := range gizmo.Topics() {
		fmt.Fprintf(&b, "  %-20s %s\n", t.Name, t.About)
	}
	b.WriteString("\nPages of the manual:\n\n")
	for _, p := range h.Pages {
		fmt.Fprintf(&b, "  %-20s %s\n", p.Name, p.Title)
	}
	b.WriteString("\n  g.V(\"<person:xie-feng>\").out(\"<dip:met>\").all()\n")
	return b.String()
}
