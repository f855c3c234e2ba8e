package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

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
