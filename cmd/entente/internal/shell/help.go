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
// same name, the page of the manual follows the text on Gizmo. The name of a section
// of a page is a topic too.
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
	if c, ok := h.commandOf(topic); ok {
		return c.Help, true
	}
	return h.Section(topic)
}

func (h *Host) overview() string {
	var b strings.Builder
	row := func(name, argument, about string) {
		fmt.Fprintf(&b, "  %-20s %s\n", strings.TrimSpace(":"+name+" "+argument), about)
	}
	b.WriteString("A line is a script in Gizmo, or one of these commands:\n\n")
	for _, c := range builtins(h.Formats) {
		row(c.name, c.argument, c.about)
	}
	b.WriteString("\nThe commands of the command line work here too, on this graph. Names need no\nquotes; separate several names with -> or with commas:\n\n")
	for _, name := range h.programCommands() {
		c, _ := h.commandOf(name)
		use := strings.TrimPrefix(c.Use, name)
		if name == "path" {
			use = "FROM -> TO"
		}
		if len(use) > len("FROM -> TO") {
			use = "..." // :help COMMAND shows the arguments
		}
		row(name, strings.TrimSpace(use), c.About)
	}
	b.WriteString(`
An incomplete line continues on the next line; an empty line ends it. A line that
begins with a dot continues the script before it, without that script's all(): both
run as one script, and the history keeps them as one line. So

  entity("Xie Feng")
  .out(verb.met).all()

is the same query as entity("Xie Feng").out(verb.met).all(). If a line that begins
with a dot fails, the next line can continue the script before it again. After any
other script that fails, there is no script to continue.

Tab completes commands, methods, verbs, ids and names. ctrl-c drops the typed line,
or stops a running query. The history of lines is kept in your configuration folder
for the next session.

Topics of :help on Gizmo:

`)
	for _, t := range gizmo.Topics() {
		fmt.Fprintf(&b, "  %-20s %s\n", t.Name, t.About)
	}
	b.WriteString("\nPages of the manual, also for :help:\n\n")
	for _, p := range h.Pages {
		fmt.Fprintf(&b, "  %-20s %s\n", p.Name, p.Title)
	}
	b.WriteString("\nA script to try:\n\n  g.V(\"<person:xie-feng>\").out(\"<dip:met>\").all()\n")
	return b.String()
}
