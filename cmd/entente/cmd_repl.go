package main

import (
	"cmp"
	"context"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/shell"
	"github.com/entente-kg/entente/cmd/entente/internal/statusline"
	"github.com/entente-kg/entente/cmd/entente/manual"
	"github.com/entente-kg/entente/graph/gizmo"
)

func replCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "repl",
		Short: "Run Gizmo queries and other commands line by line; :help lists them",
		Long: `Repl reads Gizmo scripts, and commands that begin with a colon, line by line. At a
terminal it completes names, keeps a history, and shows tables a page at a time. If
the input is a pipe or a file, the answers are JSON lines.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente repl --in examples/us-china-2023
  echo 'entity("Xie Feng").out(verb.met).all()' | entente repl --graph g`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withSession(cmd.Context(), a.opener(), a.children(), func(s *session) error {
				return shell.Run(cmd.Context(), newShellHost(a, cmd, s))
			})
		},
	}
	scriptFlags(cmd)
	return answering(cmd)
}

// shellHost implements the functions of a [shell.Host] on the graph of a session.
type shellHost struct {
	program gizmo.Program
	session *session
	console *console
	line    *statusline.Line
	config  config
	sources []string      // files and folders that the session reads
	out     output.Writer // the output of the repl command, as set by its flags
}

func newShellHost(a *app, cmd *cobra.Command, s *session) *shell.Host {
	a.inShell = true
	h := &shellHost{a.program, s, &a.console, a.line, a.config, a.guard(cmd).inputs(), *a.sessionOutput(cmd, s)}
	settings := shell.Settings{Format: h.out.Format, Rows: h.out.Rows, RowsSet: a.settings.precedence("rows") > 0}
	if !shell.IsTerminal(a.console.in) && a.settings.precedence("format") == 0 {
		settings.Format = "jsonl"
	}
	return &shell.Host{
		In: a.console.in, Out: a.console.out, Settings: settings,
		Formats: output.Formats(), Commands: shellCommands(), Pages: manualPages(), Vocabulary: s.vocabulary,
		Section: manualSection, Query: h.query, Explain: h.explain, Run: h.run, Entities: s.entities,
		Complain: a.console.complain, Note: a.console.warn,
		Abort: func() {
			_ = s.close()
			os.Exit(exitInterrupted)
		},
	}
}

// output returns the output of the repl command, with the writer w and the shell's
// settings.
func (h *shellHost) output(w io.Writer, set shell.Settings) *output.Writer {
	o := h.out
	o.Out, o.Format, o.Rows = w, set.Format, set.Rows
	return &o
}

func (h *shellHost) query(ctx context.Context, w io.Writer, set shell.Settings, script, name string) (shell.Result, error) {
	out := h.output(w, set)
	start := time.Now()
	t, err := runScript(ctx, h.session, out, script)
	if err != nil {
		return shell.Result{}, scriptError{name, err}
	}
	result := shell.Result{Rows: rowsFound(t), Took: time.Since(start)}
	return result, out.Print(ctx, t)
}

func (h *shellHost) explain(ctx context.Context, w io.Writer, set shell.Settings, script string) error {
	return explainQuery(ctx, h.session, h.output(w, set), script, "query")
}

// run runs a command of the program with the configuration of the session.
func (h *shellHost) run(ctx context.Context, w io.Writer, set shell.Settings, args []string) error {
	a := &app{program: h.program, console: console{in: strings.NewReader(""), out: w, errs: h.console.errs}, line: h.line, inShell: true, sources: h.sources, collectAsUsual: func() {}}
	root := a.root()
	root.SetIn(a.console.in)
	root.SetOut(a.console.out)
	root.SetErr(a.console.errs)
	root.SetContext(ctx)
	cmd, _, err := root.Find(args)
	if err != nil {
		return err
	}
	args = h.sessionFlags(cmd, set, append(args, "--graph", h.session.dir))
	root.SetArgs(append(args, "--config", os.DevNull))
	return root.ExecuteContext(ctx)
}

// sessionFlags adds the session's settings to the arguments of a command. Flags that
// the arguments contain are not changed.
func (h *shellHost) sessionFlags(cmd *cobra.Command, set shell.Settings, args []string) []string {
	add := func(flag, value string) {
		if cmd.Flag(flag) != nil && value != "" && !slices.ContainsFunc(args, func(a string) bool {
			return a == "--"+flag || strings.HasPrefix(a, "--"+flag+"=")
		}) {
			args = append(args, "--"+flag, value)
		}
	}
	if cmd.Name() != "export" {
		add("format", set.Format)
	}
	add("vocabulary", h.config.Vocabulary)
	add("dates", string(h.config.Dates))
	add("encoding", string(h.config.Encoding))
	add("wait", h.config.Wait.String())
	if cmd.Name() != "near" { // the default of near is smaller
		add("hops", strconv.Itoa(h.config.Hops))
	}
	add("max-errors", strconv.Itoa(h.config.MaxErrors))
	add("memory", strconv.Itoa(h.config.Memory))
	add("width", strconv.Itoa(h.config.Width))
	if cmd.Name() == "show" && !set.RowsSet {
		// Without a setting, show has its own number of rows.
	} else if set.Rows > 0 {
		add("rows", strconv.Itoa(set.Rows))
	} else if f := cmd.Flags(); f.Lookup("all") != nil && f.Lookup("rows") != nil && !slices.Contains(args, "--rows") {
		args = append(args, "--all")
	}
	return args
}

// shellCommands returns the commands that also run in the shell. The shell implements
// :load itself, since it also runs scripts.
func shellCommands() (list []shell.Command) {
	for _, c := range (&app{}).root().Commands() {
		asks := c.GroupID == "ask" && c.Name() != "repl" && c.Name() != "query"
		if !asks && !slices.Contains([]string{"load", "export", "datasets"}, c.Name()) {
			continue
		}
		list = append(list, shell.Command{Name: c.Name(), Use: c.Use, About: c.Short, Flags: flagsOf(c),
			Help: cmp.Or(c.Long, c.Short) + "\n\n" + c.UsageString()})
	}
	return list
}

// flagsOf returns the names of the flags of a command.
func flagsOf(cmd *cobra.Command) (names []string) {
	for _, line := range strings.Split(cmd.LocalFlags().FlagUsages(), "\n") {
		if _, flag, ok := strings.Cut(line, "--"); ok {
			name, _, _ := strings.Cut(flag, " ")
			names = append(names, name)
		}
	}
	return names
}

// manualSection returns the section of the manual with a heading, laid out for a
// terminal.
func manualSection(heading string) (string, bool) {
	text, ok := manual.Section(heading)
	return manual.Layout(text, widestPage), ok
}

// manualPages returns the pages of the manual, sorted by name.
func manualPages() (list []shell.Page) {
	for _, name := range manual.Pages() {
		text, _ := manual.Page(name)
		list = append(list, shell.Page{Name: name, Title: manual.Title(name), Text: manual.Layout(text, widestPage)})
	}
	return list
}
