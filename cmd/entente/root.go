package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/cmd/entente/internal/statusline"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// app is one run of the program, with the configuration of its command.
type app struct {
	program gizmo.Program
	console console
	sources []string // inputs of the shell session in which the command runs
	inShell bool     // the command runs in a shell session, where :limit sets the rows
	line    *statusline.Line

	settings *settings
	config   config

	collectAsUsual func() // ends that garbage is collected less often
}

// root returns the command tree. To add a command, add a file and one line here.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "entente",
		Short: "Who dealt with whom, when, and on what evidence",
		Long: `entente turns facts about people, offices and states - each with its date, source
and quote - into a graph, and answers who dealt with whom, when, and on what
evidence.

Start with the shipped example:

  entente path "Xie Feng" "Li Shangfu" --in examples/us-china-2023`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs, // see unknownCommand
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			return a.configure(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(flagError(err)) })
	root.PersistentFlags().String("config", "", "configuration `FILE` (default: entente.yaml in the current folder, if it exists)")
	root.PersistentFlags().BoolP("quiet", "q", false, "do not show how far long work is")
	settingFlag(root.PersistentFlags(), "width")
	root.AddGroup(&cobra.Group{ID: "data", Title: "Data in and out:"}, &cobra.Group{ID: "ask", Title: "Questions:"},
		&cobra.Group{ID: "keep", Title: "Keeping a graph:"})
	root.AddCommand(
		loadCommand(a), checkCommand(a), diffCommand(a), fmtCommand(a), mapCommand(a), schemaCommand(a), addCommand(a), removeCommand(a), reviewCommand(a), datasetsCommand(a), forgetCommand(a), exportCommand(a), drawCommand(a), dossierCommand(a), citeCommand(a), verifyCommand(a),
		compactCommand(a), backupCommand(a), restoreCommand(a), rebuildCommand(a),
		findCommand(a), showCommand(a), factsCommand(a), pathCommand(a), connectCommand(a),
		queryCommand(a), replCommand(a),
		nearCommand(a), timelineCommand(a), commonCommand(a), rankCommand(a), holdersCommand(a), matchCommand(a),
		statsCommand(a), verbsCommand(a),
		configCommand(a), versionCommand(a), synthCommand(a),
	)
	for _, c := range root.Commands() {
		c.Args = usageArgs(c.Args)
	}
	root.SetHelpCommand(helpCommand(a, root))
	return root
}

// configure reads the configuration of a command before it runs, and checks that the
// command overwrites no file that it reads.
func (a *app) configure(cmd *cobra.Command) (err error) {
	if a.settings, a.config, err = readSettings(cmd); err != nil {
		return err
	}
	if cmd.Flag("in") == nil || cmd.Flag("map") != nil {
		a.collectAsUsual() // it writes a graph
	}
	if quiet, _ := cmd.Flags().GetBool("quiet"); quiet {
		a.silence()
	}
	if err := readDateFlags(cmd, a.config.Dates); err != nil {
		return err
	}
	return a.guard(cmd).check()
}

func (a *app) guard(cmd *cobra.Command) guard { return guard{cmd, a.settings, a.config, a.sources} }

func (a *app) opener() *opener { return &opener{a.config, &a.console} }

func (a *app) children() children { return children{a.program, a.config.Wait} }

// output returns the writer of a command's answer.
func (a *app) output(cmd *cobra.Command) *output.Writer {
	o := &output.Writer{Out: a.console.out, Begin: a.beginAnswer, Free: partOfGraph, Note: a.console.warn,
		Format: a.config.Format, Width: a.config.Width, Rows: a.config.Rows, ForMore: "--rows N or --all"}
	o.File, _ = cmd.Flags().GetString("output")
	if o.All, _ = cmd.Flags().GetBool("all"); o.All {
		o.Rows = 0
	}
	if a.inShell {
		o.ForMore = ":limit N or :limit all"
	}
	return o
}

// silence shows no progress of this command.
func (a *app) silence() {
	if a.inShell {
		a.line.Hide() // the session's next command may show it
		return
	}
	a.line.Stop()
}

// beginAnswer is called before an answer is written to the standard output.
func (a *app) beginAnswer() {
	if isTerminal(a.console.out) {
		a.line.Hide()
	}
}

// sessionOutput returns the writer of answers of a session.
func (a *app) sessionOutput(cmd *cobra.Command, s *session) *output.Writer {
	out := a.output(cmd)
	out.Stale = s.stale
	return out
}

// answer calls fn with the graph that the flags name and the writer of the answer.
func (a *app) answer(cmd *cobra.Command, fn func(*graph.Graph, *output.Writer) error) error {
	return a.opener().withGraph(cmd.Context(), func(g *graph.Graph) error {
		out := a.output(cmd)
		out.Stale = g.Stale() != nil
		return fn(g, out)
	})
}

// change calls fn with the graph of --graph, open for writing, and the writer of the
// answer.
func (a *app) change(cmd *cobra.Command, fn func(*graph.Graph, *output.Writer) error) error {
	return a.opener().withWriter(cmd.Context(), false, func(g *graph.Graph) error { return fn(g, a.output(cmd)) })
}

func unknownCommand(root *cobra.Command, word string) error {
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return schema.WithHint(usagef("unknown command %q", word), func() string {
		return schema.DidYouMean(schema.Nearest(word, names, 1))
	})
}

// flagError rewrites pflag's error about an invalid value.
func flagError(err error) error {
	bad := (*pflag.InvalidValueError)(nil)
	if !errors.As(err, &bad) {
		return err
	}
	want := map[string]string{"int": "a whole number", "uint64": "a whole number, 0 or more", "duration": "a duration such as 30s", "bool": "true or false"}
	flag := bad.GetFlag()
	return fmt.Errorf("--%s: %q is not %s", flag.Name, bad.GetValue(), want[flag.Value.Type()])
}

// usageArgs returns an argument check whose errors are usage errors.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if err == nil {
			return nil
		}
		given := "got " + phrase.Plural(len(args), "argument")
		if len(args) == 0 {
			given = "got none"
		}
		use, _, _ := strings.Cut(cmd.Use, " --")
		words := strings.Fields(use)[1:]
		if len(words) == 0 {
			return usagef("%s has no arguments, but %s", cmd.Name(), given)
		}
		if len(args) > len(words) {
			given += ": put names of several words in quotes"
		}
		return usagef("%s needs %s, but %s", cmd.Name(), strings.Join(words, " "), given)
	}
}
