package shell_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/cmd/entente/internal/shell"
	"github.com/entente-kg/entente/graph/gizmo"
)

// TestLines runs a session of lines from a pipe over a host that writes what it
// is asked for.
func TestLines(t *testing.T) {
	for name, c := range map[string]struct {
		lines, want string
		fails       bool
	}{
		"a script of two lines":    {"g.V(\n).all()", "query[table 5] g.V(⏎).all()\n", false},
		"a line that goes on":      {"g.V().all()\n.out()", "query[table 5] g.V().all()\nquery[table 5] g.V()⏎.out()\n", false},
		"nothing to go on from":    {".out()", "complain query: a line that begins with a dot continues the script before it, and there is none\n", true},
		"after a fault":            {"bad\n.out()", "complain no such thing\ncomplain query: a line that begins with a dot continues the script before it, and there is none\n", true},
		"a path that nothing runs": {"unrun", "note " + gizmo.ErrNotRun.Error() + ", or continue it with a line that begins with a dot\ncomplain " + gizmo.ErrNotRun.Error() + "\n", true},
		"settings":                 {":csv\n:limit 3\ng.V()\n:limit all\ng.E()", "query[csv 3] g.V()\nquery[csv 0] g.E()\n", false},
		"the limit":                {":limit\n:limit 1\n:limit\n:limit all\n:limit", "note the limit is 5 rows\nnote the limit is 1 row\nnote the limit is all: answers have all rows\n", false},
		"the format":               {":format", "note answers are written as table\n", false},
		"times":                    {":time on\ng.V()", "note running times are shown\nquery[table 5] g.V()\nnote 2 rows in 1ms\n", false},
		"a command":                {":path Xie Feng -> Li Hui --hops 2", "run[table 5] path|Xie Feng|Li Hui|--hops|2\n", false},
		"loading":                  {":load a.yaml 'b c.csv'", "run[table 5] load|a.yaml|b c.csv\n", false},
		"explaining what was last": {"g.V()\n:explain", "query[table 5] g.V()\nexplain g.V()\n", false},
		"help on a command":        {":help path", "all about paths\n", false},
		"a page":                   {":help ranks", "# Ranks\n", false},
		"a section of a page":      {":help by Hops", "## by hops\n", false},
		"no topic":                 {":help nothing", "complain no help on \"nothing\"\n", true},
		"leaving":                  {":quit\nbad", "", false},
		"no command":               {":pth", "complain unknown command :pth\n", true},
	} {
		var b strings.Builder
		err := shell.Run(t.Context(), recording(&b, c.lines))
		if b.String() != c.want || errors.As(err, new(shell.ReportedError)) != c.fails || err != nil != c.fails {
			t.Errorf("%s: %v, %q, want %q", name, err, b.String(), c.want)
		}
	}
}

// recording is a host that writes what it is asked for.
func recording(b *strings.Builder, lines string) *shell.Host {
	return &shell.Host{
		In: strings.NewReader(lines), Out: b, Settings: shell.Settings{Format: "table", Rows: 5},
		Formats:  []string{"table", "csv"},
		Commands: []shell.Command{{Name: "path", Help: "all about paths\n"}, {Name: "load"}},
		Pages:    []shell.Page{{Name: "ranks", Title: "Ranks", Text: "# Ranks\n"}},
		Section:  func(heading string) (string, bool) { return "## " + heading + "\n", heading == "by hops" },
		Query: func(_ context.Context, w io.Writer, s shell.Settings, script, name string) (shell.Result, error) {
			switch script {
			case "bad":
				return shell.Result{}, errors.New("no such thing")
			case "unrun":
				return shell.Result{}, gizmo.ErrNotRun
			}
			_, err := fmt.Fprintf(w, "%s[%s %d] %s\n", name, s.Format, s.Rows, strings.ReplaceAll(script, "\n", "⏎"))
			return shell.Result{Rows: 2, Took: time.Millisecond}, err
		},
		Explain: func(_ context.Context, w io.Writer, _ shell.Settings, script string) error {
			_, err := fmt.Fprintf(w, "explain %s\n", script)
			return err
		},
		Run: func(_ context.Context, w io.Writer, s shell.Settings, args []string) error {
			_, err := fmt.Fprintf(w, "run[%s %d] %s\n", s.Format, s.Rows, strings.Join(args, "|"))
			return err
		},
		Complain: func(text, _ string) { fmt.Fprintf(b, "complain %s\n", text) },
		Note:     func(format string, args ...any) { fmt.Fprintf(b, "note "+format+"\n", args...) },
	}
}
