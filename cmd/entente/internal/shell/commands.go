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
		{"help", "[TOPIC]", "show this overview, or the help on a topic or a command", (*session).help},
		{"explain", "SCRIPT", "run a script, and show its query plan, sizes and time instead of rows", (*session).explain},
		{"load", "FILE", "run the script of a file (.js or .gizmo), or load facts into the graph", (*session).load},
		{"format", "[NAME]", "write answers as " + strings.Join(formats, ", ") + "; without NAME, show the format", (*session).setFormat},
		{"json", "", "write answers as JSON; likewise :jsonl, :csv and :table", nil},
		{"limit", "[N|all]", "write at most N rows of an answer, or all; without N, show the limit", (*session).setLimit},
		{"time", "[on|off]", "show the running time of each query, or stop showing it", (*session).setTime},
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
	args, err := splitArguments(name, line, s.words.isName)
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
	if name == "" {
		s.host.Note("answers are written as %s", s.settings.Format)
		return nil
	}
	if !slices.Contains(s.host.Formats, name) {
		return fmt.Errorf("unknown format %q: want one of %s", name, strings.Join(s.host.Formats, ", "))
	}
	s.settings.Format = name
	return nil
}

func (s *session) setLimit(_ context.Context, argument string) error {
	n, err := strconv.Atoi(argument)
	switch {
	case argument == "":
		s.noteLimit()
		return nil
	case argument == "all":
		n = 0
	case err != nil || n < 1:
		return fmt.Errorf("limit %q: want a number of rows, or all", argument)
	}
	s.settings.Rows, s.settings.RowsSet = n, true
	return nil
}

// noteLimit prints the largest number of rows of an answer.
func (s *session) noteLimit() {
	if s.settings.Rows == 0 {
		s.host.Note("the limit is all: answers have all rows")
		return
	}
	s.host.Note("the limit is %s", rows(s.settings.Rows))
}

func (s *session) setTime(_ context.Context, argument string) error {
	switch argument {
	case "":
		s.showTimes = !s.showTimes
	case "on", "off":
		s.showTimes = argument == "on"
	default:
		return fmt.Errorf("time %q: want on or off", argument)
	}
	s.host.Note("running times are %s", map[bool]string{true: "shown", false: "not shown"}[s.showTimes])
	return nil
}

func (s *session) explain(ctx context.Context, script string) error {
	script, _, err := s.scripts.join(cmp.Or(script, s.scripts.last))
	switch {
	case err != nil:
		return err
	case script == "":
		return errors.New("no script: :explain needs one, or a script before it")
	}
	return s.host.Explain(ctx, s.out, s.settings, script)
}

// load runs the script of a file with the extension .js or .gizmo, or loads a file of
// facts.
func (s *session) load(ctx context.Context, argument string) error {
	args, err := splitArguments("load", argument, s.words.isName)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return errors.New("no file: :load needs the path of a script or of facts")
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
