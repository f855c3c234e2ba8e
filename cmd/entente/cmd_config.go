package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
)

func configCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the effective configuration, and the origin of each value",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			t := &output.Answer{Columns: []string{"key", "value", "from", "about"}}
			for _, k := range configKeys() {
				t.Add(k.key, a.settings.value(k), a.settings.origin(k.key), k.about)
			}
			return a.output(cmd).Print(cmd.Context(), t)
		},
	}
	sourceFlags(cmd)
	outputFlags(cmd)
	for _, k := range configKeys() {
		settingFlag(cmd.Flags(), k.key)
	}
	return cmd
}

// value returns the effective value of a key as text.
func (s *settings) value(k configKey) string {
	switch k.key {
	case "in":
		return strings.Join(s.inputs(), string(os.PathListSeparator))
	case "graph":
		return s.graphFolder()
	}
	return s.viper.GetString(k.key)
}
