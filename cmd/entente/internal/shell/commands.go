package shell

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// builtin is a command of the shell itself. To add one, add a line to builtins.
type builtin struct {
	name, argument, about string
	do                    func(s *session, ctx context.Context, argument string) error
}

func builtins(formats []string) []builtin {
	return []builtin{
		{"help", "[TOPIC]", "this, or what a topic or a command is about", (*session).help},
		{"explain", "SCRIPT", "run a script and show the plan, sizes and time instead of rows", (*session).explain},
		{"load", "FILE", "run a script (.js), or load facts into the graph", (*session).load},
		{"format", "NAME", "show answers as " + strings.Join(formats, ", "), (*session).setFormat},
		{"json", "", "show answers as JSON; so :jsonl, :csv and :table", nil},
		{"limit", "N", "show so many rows of an answer; all for all", (*session).setLimit},
		{"time", "[on|off]", "say how long queries take", (*session).setTime},
		{"quit", "", "leave (also ctrl-d)", nil},
	}
}

// command runs a line that begins with a colon; line is the text after the colon.
func (s *session) command(ctx context.Context, line string) error {
	word, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
	argument = strings.TrimSpace(argument)
	for _, b := range builtins(s.host.Formats) {
		if b.name == word && b.do != nil {
			return b.do(s, ctx, argument)
		}
	}
	switch {
	case word == "h" || word == "?":
		return s.help(ctx, argument)
	case slices.Contains(s.host.Formats, word):
		return s.setFormat(ctx, word)
	case slices.Contains(s.host.programCommands(), word):
		return s.runProgramCommand(ctx, word, argument)
	}
	return schema.WithHint(fmt.Errorf("unknown command :%s", shortened(word)), func() string {
		return cmp.Or(schema.DidYouMean(schema.Nearest(word, s.host.commandNames(), 1)), ":help lists them")
	})
}

// programCommands returns the names of the program's commands that the shell runs
// unchanged.
func (h *Host) programCommands() (names []string) {
	own := builtins(h.Formats)
	for _, c := range h.Commands {
		if !slices.ContainsFunc(own, func(b builtin) bool { return b.name == c.Name }) {
			names = append(names, c.Name)
		}
	}
	return names
}

// commandNames returns the words that may follow a colon, sorted.
func (h *Host) commandNames() (names []string) {
	for _, b := range builtins(h.Formats) {
		names = append(names, b.name)
	}
	names = append(append(names, h.Formats...), h.programCommands()...)
	slices.Sort(names)
	return slices.Compact(names)
}

// commandOf finds a command of the program by its name.
func (h *Host) commandOf(name string) (c Command, ok bool) {
	i := slices.IndexFunc(h.Commands, func(c Command) bool { return c.Name == name })
	if i < 0 {
		return c, false
	}
	return h.Commands[i], true
}

// runProgramCommand runs a command of the program over the graph of the session.
func (s *session) runProgramCommand(ctx context.Context, name, line string) error {
	args, err := splitArguments(name, line)
	if err != nil {
		return err
	}
	return s.host.Run(ctx, s.out, s.settings, append([]string{name}, args...))
}

// shortened returns a text for an error to quote: its first 80 characters.
func shortened(s string) string {
	const most = 80
	if runes := []rune(s[:min(len(s), 4*most)]); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

func (s *session) setFormat(_ context.Context, name string) error {
	if !slices.Contains(s.host.Formats, name) {
		return fmt.Errorf("unknown format %q: want one of %s", name, strings.Join(s.host.Formats, ", "))
	}
	s.settings.Format = name
	return nil
}

func (s *session) setLimit(_ context.Context, argument string) error {
	n, err := strconv.Atoi(argument)
	switch {
	case argument == "all":
		n = 0
	case err != nil || n < 1:
		return fmt.Errorf("limit %q is not a number of rows, nor all", argument)
	}
	s.settings.Rows, s.settings.RowsSet = n, true
	return nil
}

func (s *session) setTime(_ context.Context, argument string) error {
	switch argument {
	case "":
		s.showTimes = !s.showTimes
	case "on", "off":
		s.showTimes = argument == "on"
	default:
		return fmt.Errorf("time %q is neither on nor off", argument)
	}
	s.host.Note("times are %s", map[bool]string{true: "on", false: "off"}[s.showTimes])
	return nil
}

func (s *session) explain(ctx context.Context, script string) error {
	script, _, err := s.scripts.join(cmp.Or(script, s.scripts.last))
	switch {
	case err != nil:
		return err
	case script == "":
		return errors.New("explain which script?")
	}
	return s.host.Explain(ctx, s.out, s.settings, script)
}

// load runs the script of a file with the extension .js or .gizmo, or loads a file of
// facts.
func (s *session) load(ctx context.Context, argument string) error {
	args, err := splitArguments("load", argument)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return errors.New("load which file?")
	}
	if ext := filepath.Ext(args[0]); len(args) == 1 && (ext == ".js" || ext == ".gizmo") {
		script, err := os.ReadFile(args[0])
		if err != nil {
			return err
		}
		return s.query(ctx, string(script), args[0], false)
	}
	err = s.host.Run(ctx, s.out, s.settings, append([]string{"load"}, args...))
	if err == nil {
		s.words.forget()
	}
	return err
}
