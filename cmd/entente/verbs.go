package main

import (
	"github.com/spf13/cobra"
)

func (a *app) verbsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "verbs",
		Short:   "List the verbs of the vocabulary, how they are said and what they link",
		GroupID: "ask",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := a.vocabulary()
			if err != nil {
				return err
			}
			t := &answer{columns: []string{"verb", "kind", "group", "phrases", "subject", "object", "plover", "cameo"}}
			var objects []map[string]any
			for _, verb := range v.Verbs() {
				d, _ := v.Lookup(verb)
				objects = append(objects, map[string]any{"verb": d.ID, "kind": d.Kind, "group": d.Group, "phrases": d.Phrases, "inverse": d.Inverse,
					"symmetric": d.Symmetric, "subject": d.Subject, "object": d.Object, "plover": d.Plover.Type, "cameo": d.Cameo})
				t.add(string(verb), string(d.Kind), d.Group, list(d.Phrases), list(d.Subject), list(d.Object), d.Plover.Type, d.Cameo)
			}
			t.json = objects
			return a.print(cmd, t)
		},
	}
	cmd.Flags().String("vocabulary", "", "`FILE` of verbs to add to the built-in ones")
	a.outputFlags(cmd)
	return cmd
}
