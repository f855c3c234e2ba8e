package main

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/schema"
)

// manual is the pages that "entente help PAGE" prints. A new page is a file there;
// the first line is its title.
//
//go:embed manual/*.md
var manual embed.FS

// page is a page of the manual; ok is false where there is none of that name.
func page(name string) (text string, ok bool) {
	if strings.ContainsAny(name, `/\.`) {
		return "", false
	}
	body, err := manual.ReadFile("manual/" + name + ".md")
	return string(body), err == nil
}

// pages lists the pages of the manual, sorted.
func pages() (names []string) {
	entries, err := manual.ReadDir("manual")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".md"))
	}
	return names
}

// helpCommand prints the help of a command, or a page of the manual.
func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND or PAGE]",
		Short: "Help on a command, or a page of the manual: " + list(pages()),
		Long:  "Help prints the help of a command, or a page of the manual:\n\n" + strings.TrimSuffix(pagesText(), "\n"),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return helpTopics(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return root.Help()
			}
			if text, ok := page(args[0]); ok && len(args) == 1 {
				_, err := io.WriteString(cmd.OutOrStdout(), text)
				return err
			}
			c, rest, err := root.Find(args)
			if err != nil || c == root || len(rest) > 0 {
				return schema.WithHint(usagef("no help on %q", strings.Join(args, " ")), func() string {
					return cmp.Or(schema.DidYouMean(schema.Nearest(args[0], helpTopics(root), 1)), "entente help lists the commands; pages are "+list(pages()))
				})
			}
			return c.Help()
		},
	}
}

// helpTopics are the commands and pages on which there is help.
func helpTopics(root *cobra.Command) []string {
	names := pages()
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// pagesText lists the pages of the manual for an overview.
func pagesText() string {
	var b strings.Builder
	for _, name := range pages() {
		text, _ := page(name)
		fmt.Fprintf(&b, "  %-20s %s\n", name, titleOf(text))
	}
	return b.String()
}

// titleOf is the title of a page: its first line.
func titleOf(page string) string {
	title, _, _ := strings.Cut(strings.TrimPrefix(page, "# "), "\n")
	return title
}
