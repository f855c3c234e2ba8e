package main

import (
	"fmt"
	"slices"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// byNameShown is the largest number of names that a note gives as examples.
const byNameShown = 3

// byNameNote returns one note for all entities and documents of a dataset that a load
// has matched by name with other datasets. There is at least one. The examples are
// entities first, then documents.
func byNameNote(matches []graph.ByName) string {
	var entities, documents, datasets []string
	for _, m := range matches {
		named := fmt.Sprintf("%s (%s)", m.Label, m.ID)
		if schema.KindOf(m.ID) == schema.Doc {
			documents = append(documents, named)
		} else {
			entities = append(entities, named)
		}
		datasets = append(datasets, m.Datasets...)
	}
	slices.Sort(datasets)
	examples, more := append(entities, documents...), ""
	if n := len(examples) - byNameShown; n > 0 {
		examples, more = examples[:byNameShown], fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%s the same as in %s: %s%s; if one means something else here, give it an id of its own",
		phrase.Counted(len(matches), "name means", "names mean"), datasetList(slices.Compact(datasets)), phrase.List(examples), more)
}
