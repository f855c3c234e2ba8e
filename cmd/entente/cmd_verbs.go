package main

import (
	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/schema"
)

func verbsCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verbs",
		Short: "List the verbs of the vocabulary with their phrases and the kinds that they link",
		Long: `Verbs lists the verbs of the vocabulary, and then the predicates of the edges of
roles, such as mediator and host. These predicates have the kind "role", and the
column roles lists the roles whose edges have the predicate.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := a.opener().vocabulary()
			if err != nil {
				return err
			}
			t := &output.Answer{Columns: []string{"verb", "kind", "group", "phrases", "subject", "object", "plover", "cameo", "roles"}}
			var objects []map[string]any
			for _, verb := range v.Verbs() {
				d, _ := v.Lookup(verb)
				objects = append(objects, map[string]any{"verb": d.ID, "kind": d.Kind, "group": d.Group, "phrases": d.Phrases, "inverse": d.Inverse,
					"symmetric": d.Symmetric, "subject": d.Subject, "object": d.Object, "plover": d.Plover.Type, "cameo": d.Cameo})
				t.Add(string(verb), string(d.Kind), d.Group, phrase.List(d.Phrases), phrase.List(d.Subject), phrase.List(d.Object), d.Plover.Type, d.Cameo, "")
			}
			objects = append(objects, addRoleEdges(t, v)...)
			t.JSON = objects
			return a.output(cmd).Print(cmd.Context(), t)
		},
	}
	cmd.Flags().String("vocabulary", "", "`FILE` of verbs to add to the built-in verbs")
	outputFlags(cmd)
	return cmd
}

// addRoleEdges adds a row for each predicate of the edges of roles, and returns their
// JSON objects.
func addRoleEdges(t *output.Answer, v *schema.Vocabulary) (objects []map[string]any) {
	for _, id := range v.RoleEdges() {
		e, _ := v.RoleEdge(id)
		objects = append(objects, map[string]any{"verb": e.ID, "kind": "role", "group": e.Group, "phrases": []string{e.Phrase},
			"inverse": []string{e.Inverse}, "roles": e.Roles})
		t.Add(string(id), "role", e.Group, e.Phrase, "", "", "", "", phrase.List(e.Roles))
	}
	return objects
}
