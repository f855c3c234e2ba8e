package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
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
	case "with":
		return strings.Join(s.datasets(), ",")
	}
	return s.viper.GetString(k.key)
}

func versionCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the versions of entente, Go, the vocabulary and the Gizmo prelude",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			t := &output.Answer{Columns: []string{"what", "version"}}
			t.Add("entente", version())
			t.Add("go", runtime.Version()+" "+runtime.GOOS+"/"+runtime.GOARCH)
			t.Add("vocabulary", schema.DefaultVocabulary().Hash()[:12])
			t.Add("gizmo prelude", gizmo.PreludeVersion)
			return a.output(cmd).Print(cmd.Context(), t)
		},
	}
	outputFlags(cmd)
	return cmd
}

// version returns the module's version, or the revision that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "devel"
}
