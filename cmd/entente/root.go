package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// app is one run of the command.
type app struct {
	program gizmo.Program
	in      io.Reader
	out     io.Writer // where answers go: stdout, or the file of -o
	errs    io.Writer
	sources []string // what a session was made of, which its commands must not write over

	acceptLoss bool // of a change that may be lost
	stale      bool // the graph lacks its last change, or may lack it

	viper  *viper.Viper
	config config
	typed  bool // in a session, where :limit says how many rows there are
}

// root puts the commands together. A new command is a file and one line here.
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
			if err := a.configure(cmd); err != nil {
				return err
			}
			return a.protect(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(flagError(err)) })
	root.PersistentFlags().String("config", "", "configuration `FILE` (default: entente.yaml, where there is one)")
	settingFlag(root.PersistentFlags(), "width")
	root.AddGroup(&cobra.Group{ID: "data", Title: "Data in and out:"}, &cobra.Group{ID: "ask", Title: "Questions:"},
		&cobra.Group{ID: "keep", Title: "Keeping a graph:"})
	root.AddCommand(
		a.loadCommand(), a.datasetsCommand(), a.forgetCommand(), a.exportCommand(), a.verifyCommand(),
		a.compactCommand(), a.backupCommand(), a.restoreCommand(), a.rebuildCommand(),
		a.findCommand(), a.showCommand(), a.factsCommand(), a.pathCommand(), a.connectCommand(),
		a.queryCommand(), a.replCommand(),
		a.nearCommand(), a.timelineCommand(), a.commonCommand(), a.rankCommand(), a.holdersCommand(),
		a.statsCommand(), a.verbsCommand(),
		a.configCommand(), a.versionCommand(), a.synthCommand(),
	)
	for _, c := range root.Commands() {
		c.Args = usageArgs(c.Args)
	}
	root.SetHelpCommand(a.helpCommand(root))
	return root
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

// flagError says in plain words which value a flag cannot have.
func flagError(err error) error {
	bad := (*pflag.InvalidValueError)(nil)
	if !errors.As(err, &bad) {
		return err
	}
	want := map[string]string{"int": "a whole number", "uint64": "a whole number, 0 or more", "duration": "a duration such as 30s", "bool": "true or false"}
	flag := bad.GetFlag()
	return fmt.Errorf("--%s: %q is not %s", flag.Name, bad.GetValue(), want[flag.Value.Type()])
}

// usageArgs makes a wrong number of arguments an error of usage.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if err == nil {
			return nil
		}
		given := fmt.Sprintf("%d arguments are given", len(args))
		switch len(args) {
		case 0:
			given = "none is given"
		case 1:
			given = "one is given"
		}
		use, _, _ := strings.Cut(cmd.Use, " --")
		words := strings.Fields(use)[1:]
		if len(words) == 0 {
			return usagef("%s has no arguments, and %s", cmd.Name(), given)
		}
		if len(args) > len(words) {
			given += ": names of several words stand in quotes"
		}
		return usagef("%s needs %s, and %s", cmd.Name(), strings.Join(words, " "), given)
	}
}
