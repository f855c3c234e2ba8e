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

	"github.com/entente-kg/entente/cmd/entente/internal/shell"
	"github.com/entente-kg/entente/cmd/entente/manual"
)

func (a *app) replCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "repl",
		Short: "Ask in Gizmo line by line, with history; :help lists what it knows",
		Long: `Repl reads Gizmo scripts, and commands that begin with a colon, line by line. At a
terminal it completes names, keeps a history, and shows tables a page at a time;
what comes from a pipe or a file is answered in JSON lines.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente repl --in examples/us-china-2023
  echo 'entity("Xie Feng").out(verb.met).all()' | entente repl --graph g`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(cmd.Context(), func(s *session) error {
				return shell.Run(cmd.Context(), a.shellHost(cmd, s))
			})
		},
	}
	a.scriptFlags(cmd)
	return a.reading(cmd)
}

// shellHost does what a shell asks for, over the graph of a session.
func (a *app) shellHost(cmd *cobra.Command, s *session) *shell.Host {
	a.typed = true
	h := &shell.Host{
		In: a.in, Out: a.out, Formats: formats(), Commands: shellCommands(), Pages: manualPages(), Vocabulary: s.vocabulary,
		Settings: shell.Settings{Format: a.config.Format, Rows: a.limit(cmd), RowsSet: a.rank(cmd, "rows") > 0},
		Complain: a.complain, Note: a.warn,
		Query: func(ctx context.Context, w io.Writer, o shell.Settings, script, name string) (shell.Result, error) {
			return a.with(w, o).timedQuery(ctx, cmd, s, script, name)
		},
		Explain: func(ctx context.Context, w io.Writer, o shell.Settings, script string) error {
			return a.with(w, o).explain(ctx, cmd, s, script, "query")
		},
		Run: func(ctx context.Context, w io.Writer, o shell.Settings, args []string) error {
			return a.with(w, o).runCommand(ctx, cmd, s, o, args)
		},
		Entities: s.entities,
		Abort: func() {
			_ = s.close()
			os.Exit(exitInterrupted)
		},
	}
	if !shell.IsTerminal(a.in) && a.rank(cmd, "format") == 0 {
		h.Settings.Format = "jsonl"
	}
	return h
}

// with is the app with what lines of a shell have set.
func (a *app) with(w io.Writer, o shell.Settings) *app {
	sub := *a
	sub.out, sub.config.Format, sub.config.Rows = w, o.Format, o.Rows
	return &sub
}

// timedQuery runs a script, shows its rows, and says how many they are and how
// long it took to find them.
func (a *app) timedQuery(ctx context.Context, cmd *cobra.Command, s *session, script, name string) (shell.Result, error) {
	start := time.Now()
	t, err := a.runScript(ctx, s, script, a.config.Rows)
	if err != nil {
		return shell.Result{}, scriptError{name, err}
	}
	result := shell.Result{Rows: t.size(), Took: time.Since(start)}
	return result, a.print(cmd, t)
}

// shellCommands are the commands that a session has too. What load does there is
// the shell's own.
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

// flagsOf are the names of the flags of a command.
func flagsOf(cmd *cobra.Command) (names []string) {
	for _, line := range strings.Split(cmd.LocalFlags().FlagUsages(), "\n") {
		if _, flag, ok := strings.Cut(line, "--"); ok {
			name, _, _ := strings.Cut(flag, " ")
			names = append(names, name)
		}
	}
	return names
}

// manualPages are the pages of the manual, sorted.
func manualPages() (list []shell.Page) {
	for _, name := range manual.Pages() {
		text, _ := manual.Page(name)
		list = append(list, shell.Page{Name: name, Title: manual.Title(name), Text: manual.Layout(text, widestPage)})
	}
	return list
}

// runCommand runs a command of the program over the graph of a session, with the
// session's configuration.
func (a *app) runCommand(ctx context.Context, repl *cobra.Command, s *session, o shell.Settings, args []string) error {
	sub := &app{program: a.program, in: strings.NewReader(""), out: a.out, errs: a.errs, typed: true, sources: a.read(repl)}
	root := sub.root()
	root.SetIn(sub.in)
	root.SetOut(a.out)
	root.SetErr(a.errs)
	root.SetContext(ctx)
	cmd, _, err := root.Find(args)
	if err != nil {
		return err
	}
	args = append(args, "--graph", s.dir)
	root.SetArgs(append(a.sessionFlags(cmd, o, args), "--config", os.DevNull))
	return root.ExecuteContext(ctx)
}

// sessionFlags adds what the session has set to the arguments of a command, where
// these do not say otherwise.
func (a *app) sessionFlags(cmd *cobra.Command, o shell.Settings, args []string) []string {
	add := func(flag, value string) {
		if cmd.Flag(flag) != nil && value != "" && !slices.ContainsFunc(args, func(a string) bool {
			return a == "--"+flag || strings.HasPrefix(a, "--"+flag+"=")
		}) {
			args = append(args, "--"+flag, value)
		}
	}
	if cmd.Name() != "export" {
		add("format", o.Format)
	}
	add("vocabulary", a.config.Vocabulary)
	add("wait", a.config.Wait.String())
	if cmd.Name() != "near" { // whose hops are another number
		add("hops", strconv.Itoa(a.config.Hops))
	}
	add("max-errors", strconv.Itoa(a.config.MaxErrors))
	add("memory", strconv.Itoa(a.config.Memory))
	add("width", strconv.Itoa(a.config.Width))
	if cmd.Name() == "show" && !o.RowsSet {
		// Nobody has said how many rows: show has a number of its own.
	} else if o.Rows > 0 {
		add("rows", strconv.Itoa(o.Rows))
	} else if f := cmd.Flags(); f.Lookup("all") != nil && f.Lookup("rows") != nil && !slices.Contains(args, "--rows") {
		args = append(args, "--all")
	}
	return args
}
