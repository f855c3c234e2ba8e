package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/cmd/entente/manual"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// widestPage is the width in columns of a page of the manual if the width of the
// terminal is unknown.
const widestPage = 120

// helpCommand prints the help of a command, or a page of the manual.
func helpCommand(a *app, root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND or PAGE]",
		Short: "Help on a command, or a page of the manual: " + phrase.List(manual.Pages()),
		Long: "Help prints the help of a command, a page of the manual, or a section of a page, such\nas recipes. The pages are:\n\n" +
			strings.TrimSuffix(pagesText(), "\n"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return helpTopics(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return root.Help()
			}
			c, rest, err := root.Find(args)
			found := err == nil && c != root && len(rest) == 0
			text, ok := manual.Page(args[0])
			if ok = ok && len(args) == 1; !ok && !found {
				text, ok = manual.Section(strings.Join(args, " "))
			}
			if ok {
				columns := cmp.Or(output.Columns(a.console.out, a.config.Width), widestPage)
				_, err := io.WriteString(cmd.OutOrStdout(), manual.Layout(text, columns))
				return err
			}
			if !found {
				return schema.WithHint(usagef("no help on %q", strings.Join(args, " ")), func() string {
					return cmp.Or(schema.DidYouMean(schema.Nearest(args[0], helpTopics(root), 1)), "entente help lists the commands; pages are "+phrase.List(manual.Pages()))
				})
			}
			return c.Help()
		},
	}
}

// helpTopics returns the names of the manual's pages and of the commands.
func helpTopics(root *cobra.Command) []string {
	names := manual.Pages()
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// pagesText lists the pages of the manual with their titles, one on a line.
func pagesText() string {
	var b strings.Builder
	for _, name := range manual.Pages() {
		fmt.Fprintf(&b, "  %-20s %s\n", name, manual.Title(name))
	}
	return b.String()
}

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
