package main

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func statsCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stats",
		Short: "Count what is in the graph",
		Long: `Stats counts the datasets, quads, edges, entities, documents and facts of the graph.
Each fact counts once. A fact that at least one source asserts, disputed or not,
counts by its status, such as happened or planned; any other fact counts as denied,
doubted or hearsay, by the evidence of its sources.

Each entity and each document counts once, even if several datasets declare it.
(entente load and entente datasets count the declarations of each dataset.) Documents
do not count as entities. "Known by name alone" counts entities that datasets use,
but that no dataset declares any more.`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				s, err := g.Stats(cmd.Context())
				if err != nil {
					return err
				}
				return out.Print(cmd.Context(), statsAnswer(s))
			})
		},
	}
	return answering(cmd)
}

func statsAnswer(s graph.Stats) *output.Answer {
	t := &output.Answer{Columns: []string{"what", "of", "count"}}
	t.Add("datasets", "", s.Datasets)
	t.Add("quads", "", s.Quads)
	t.Add("edges", "", s.Edges)
	byRole := 0
	for _, n := range s.Roles {
		byRole += n
	}
	t.Add("role edges", "", byRole)
	addCounts(t, "role edges", s.Roles)
	entities := 0
	for _, n := range s.Entities {
		entities += n
	}
	t.Add("entities", "", entities)
	for _, kind := range schema.Kinds() {
		if n := s.Entities[kind]; n > 0 {
			t.Add("entities", string(kind), n)
		}
	}
	t.Add("documents", "", s.Documents)
	if s.Undeclared > 0 {
		t.Add("known by name alone", "", s.Undeclared)
	}
	t.Add("facts", "", s.Facts)
	for _, status := range schema.Statuses() {
		if n := s.Statuses[status]; n > 0 {
			t.Add("facts", string(status), n)
		}
	}
	for _, standing := range schema.Standings() {
		if n := s.Standings[standing]; standing != schema.StandingAsserted && (n > 0 || standing == schema.StandingDisputed) {
			t.Add("facts", string(standing), n)
		}
	}
	t.Add("facts", "undated", s.Undated)
	t.Add("evidence", "", s.Evidence)
	addCounts(t, "verb", s.Verbs)
	if s.First != "" {
		t.Add("first day", s.First, "")
	}
	if s.Last != "" {
		t.Add("last day", s.Last, "")
	}
	t.JSON = map[string]any{"datasets": s.Datasets, "quads": s.Quads, "edges": s.Edges, "role-edges": s.Roles, "entities": s.Entities,
		"documents": s.Documents, "undeclared": s.Undeclared,
		"facts": s.Facts, "statuses": s.Statuses, "verbs": s.Verbs, "standings": s.Standings, "undated": s.Undated,
		"evidence": s.Evidence, "first-day": s.First, "last-day": s.Last}
	return t
}

// addCounts adds a row for each verb or predicate, the highest count first.
func addCounts(t *output.Answer, what string, counts map[schema.Verb]int) {
	byCount := slices.SortedFunc(maps.Keys(counts), func(a, b schema.Verb) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for _, verb := range byCount {
		t.Add(what, string(verb), counts[verb])
	}
}

func datasetsCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "datasets",
		Short: "List the loaded datasets",
		Long: `Datasets lists the loaded datasets: how many entities, documents and facts each one
declares, and the path of its input, relative to the current folder. Entities and
documents that two datasets declare count in both, so the sums may be greater than
the numbers of entente stats. Quads are counted without edges, which are derived from
all datasets together.`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				sets, err := g.Datasets(cmd.Context())
				if err != nil {
					return err
				}
				t := &output.Answer{Columns: []string{"dataset", "title", "license", "entities", "documents", "facts", "quads", "from", "sha256"}}
				objects := make([]map[string]any, 0, len(sets))
				for _, s := range sets {
					from := shownPlace(s.Origin)
					t.Add(s.Name, s.About["title"], s.About["license"], s.Entities, s.Documents, s.Facts, s.Quads, from, s.Input)
					objects = append(objects, map[string]any{"dataset": s.Name, "about": s.About, "entities": s.Entities,
						"documents": s.Documents, "facts": s.Facts, "quads": s.Quads, "from": from, "sha256": s.Input})
				}
				t.JSON = objects
				if err := noteEditedDatasets(cmd.Context(), g, out, sets); err != nil {
					return err
				}
				return out.Print(cmd.Context(), t)
			})
		},
	}
	return reading(cmd)
}

// noteEditedDatasets prints a note for each loaded dataset that is no longer as its input says.
func noteEditedDatasets(ctx context.Context, g *graph.Graph, out *output.Writer, sets []graph.Dataset) error {
	for _, s := range sets {
		edits, err := g.Edits(ctx, s.Name)
		if err != nil {
			return err
		}
		if s.Input != "" && edits.Len() > 0 {
			out.Note("dataset %s was changed by hand since it was loaded: %v", s.Name, edits)
		}
	}
	return nil
}
