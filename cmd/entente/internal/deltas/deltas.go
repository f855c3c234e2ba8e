// Package deltas opens files that change a dataset, together with the file of the dataset
// that they change.
package deltas

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign/ftm"
	"github.com/entente-kg/entente/schema"
)

// Group is an input and the deltas after it on the command line. The path is empty for
// deltas that stand first: they change a dataset of the graph.
type Group struct {
	Path   string
	Deltas []string
}

// Groups groups paths.
func Groups(paths []string, isDelta func(path string) bool) (groups []Group) {
	for _, path := range paths {
		switch {
		case !isDelta(path):
			groups = append(groups, Group{Path: path})
		case len(groups) == 0:
			groups = []Group{{Deltas: []string{path}}}
		default:
			last := &groups[len(groups)-1]
			last.Deltas = append(last.Deltas, path)
		}
	}
	return groups
}

// Open opens the full file of a group with its deltas. Stored are the parts of the dataset
// that deltas without a full file change; if there are none, the deltas are opened by
// themselves. Deltas that were applied already are left out, if all that were applied after
// them follow them in the group.
func Open(g Group, stored []schema.Part, opts *loaders.Options) (*loaders.Input, error) {
	parts := slices.Clone(stored)
	if len(parts) == 0 {
		parts = []schema.Part{{Path: g.Path}}
	}
	for _, path := range g.Deltas {
		parts = append(parts, schema.Part{Path: path})
	}
	in, err := loaders.OpenParts(parts, opts)
	if err != nil || len(stored) == 0 {
		return in, err
	}
	given := in.Source().Parts[len(stored):]
	fresh, err := following(stored[1:], given)
	if err != nil || len(fresh) == len(given) {
		return in, err
	}
	for i := range fresh {
		fresh[i] = schema.Part{Path: fresh[i].Path}
	}
	return loaders.OpenParts(slices.Concat(stored, fresh), opts)
}

// following returns the deltas that follow those that were applied already.
func following(applied, given []schema.Part) ([]schema.Part, error) {
	if len(given) == 0 {
		return nil, nil
	}
	same := func(a, b schema.Part) bool { return a.SHA256 == b.SHA256 }
	last := len(applied) - 1
	for last >= 0 && !same(applied[last], given[0]) {
		last--
	}
	if last < 0 {
		return given, nil
	}
	again := applied[last:]
	for i, a := range again {
		if i == len(given) || !same(a, given[i]) {
			err := fmt.Errorf("%s was applied already, and %s after it", given[0].Path, a.Path)
			return nil, schema.WithHint(err, func() string {
				return "load the deltas that are new or, in one command, a full file and all deltas since"
			})
		}
	}
	return given[len(again):], nil
}

// Notes says what the deltas of a group did, once the input was loaded.
func Notes(g Group, in *loaders.Input) (notes []string) {
	for _, a := range loaders.Applied(in) {
		if !slices.Contains(g.Deltas, a.Path) {
			continue
		}
		notes = append(notes, fmt.Sprintf("%s: %s added, %d changed, %d deleted", a.Path, phrase.Counted(a.Added, "entity", "entities"), a.Changed, a.Deleted))
		if misfits := misfitsOf(a); misfits != "" {
			notes = append(notes, fmt.Sprintf("%s does not fit the entities before it: %s; the first is at %v. A delta before it may be missing", a.Path, misfits, a.First))
		}
	}
	return notes
}

// misfitsOf says which operations do not fit the entities before them; empty for none.
func misfitsOf(a ftm.Applied) string {
	var all []string
	add := func(number int, operation, what string) {
		if number > 0 {
			all = append(all, phrase.Counted(number, "entity to "+operation+" was", "entities to "+operation+" were")+" "+what)
		}
	}
	add(a.There, "add", "there already (replaced)")
	add(a.Missing, "modify", "not there (added)")
	add(a.Gone, "delete", "not there")
	return strings.Join(all, ", ")
}
