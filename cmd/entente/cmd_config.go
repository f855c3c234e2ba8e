package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the configuration in force and where each value comes from",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			t := &answer{columns: []string{"key", "value", "from", "about"}}
			for _, s := range settings() {
				t.add(s.key, a.value(cmd, s), a.origin(cmd, s.key), s.about)
			}
			return a.print(cmd, t)
		},
	}
	a.sourceFlags(cmd)
	a.outputFlags(cmd)
	for _, s := range settings() {
		settingFlag(cmd.Flags(), s.key)
	}
	return cmd
}

func (a *app) value(cmd *cobra.Command, s setting) string {
	switch s.key {
	case "in":
		return strings.Join(a.paths(cmd), string(os.PathListSeparator))
	case "graph":
		return a.folder(cmd)
	}
	return a.viper.GetString(s.key)
}
