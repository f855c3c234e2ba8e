package gizmo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	cpath "github.com/cayleygraph/cayley/query/path"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// maxNames bounds how many names or ids are searched for similar ones.
const maxNames = 100_000

// find returns the entities whose name the graph has. It is the default of
// [Options.Find].
func (r *Runner) find(ctx context.Context, name string) ([]schema.ID, error) {
	found, err := r.entitiesNamed(ctx, schema.NameKey(name))
	if err == nil && len(found) == 0 {
		err = r.unknownName(ctx, name)
	}
	return found, err
}

// entitiesNamed returns the entities that have any of the name keys.
func (r *Runner) entitiesNamed(ctx context.Context, keys ...string) ([]schema.ID, error) {
	nodes := make([]quad.Value, len(keys))
	for i, key := range keys {
		nodes[i] = quad.String(key)
	}
	found, err := cpath.StartPath(r.qs, nodes...).In(schema.NameTerm).Unique().Iterate(ctx).AllValues(r.qs)
	if err != nil {
		return nil, err
	}
	var ids []schema.ID
	for _, v := range found {
		if iri, ok := v.(quad.IRI); ok {
			ids = append(ids, schema.ID(iri))
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// unknownName returns the error of a name that no entity has. It suggests up to
// three entities whose name contains the given one or is similar to it, documents
// last.
func (r *Runner) unknownName(ctx context.Context, name string) error {
	all, err := cpath.StartPath(r.qs).Out(schema.NameTerm).Iterate(ctx).Limit(maxNames).AllValues(r.qs)
	if err != nil {
		return err
	}
	var others, documents []string
	for _, key := range similarNames(schema.NameKey(name), all) {
		ids, err := r.entitiesNamed(ctx, key)
		if err != nil {
			return err
		}
		for _, id := range ids {
			label, err := r.label(ctx, id)
			switch {
			case err != nil:
				return err
			case schema.KindOf(id) == schema.Doc:
				documents = append(documents, label)
			default:
				others = append(others, label)
			}
		}
	}
	err = fmt.Errorf("no entity is called %q", name)
	var labels []string
	for _, label := range append(others, documents...) {
		if !slices.Contains(labels, label) && len(labels) < 3 {
			labels = append(labels, label)
		}
	}
	if len(labels) == 0 {
		return err
	}
	return fmt.Errorf("%w; the nearest names are %s", err, strings.Join(labels, ", "))
}

// similarNames returns the names that have the key among their words, followed by
// the names that differ from it by a few letters.
func similarNames(key string, names []quad.Value) []string {
	const most = 20
	var all, parts []string
	for _, v := range names {
		name, ok := v.(quad.String)
		if !ok {
			continue
		}
		all = append(all, string(name))
		if key != "" && len(parts) < most && strings.Contains(" "+string(name)+" ", " "+key+" ") {
			parts = append(parts, string(name))
		}
	}
	slices.Sort(parts)
	return append(slices.Compact(parts), schema.Nearest(key, all, most)...)
}

// label returns the name of an entity, or its id if it has none.
func (r *Runner) label(ctx context.Context, id schema.ID) (string, error) {
	label, err := r.opts.Label(ctx, id)
	return cmp.Or(label, string(id)), err
}

func (r *Runner) storedLabel(ctx context.Context, id schema.ID) (string, error) {
	label, err := cpath.StartPath(r.qs, id.Value()).Out(schema.LabelTerm).Iterate(ctx).FirstValue(r.qs)
	text, _ := label.(quad.String)
	return string(text), err
}
