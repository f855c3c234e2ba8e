package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrAmbiguous is wrapped if several entities have a name.
var ErrAmbiguous = errors.New("ambiguous name")

// maxClose is the highest number of similar names that are returned.
const maxClose = 10

// Match is an entity that has a name, or a similar one.
type Match struct {
	ID       schema.ID
	Kind     schema.Kind
	Label    string
	Name     string // the folded name that matched
	Distance int    // edit distance in letters; zero for the whole name or one word
	Exact    bool   // the whole name or the id matched
}

// Find returns the entities whose label, alias or id equals the name, ignoring case,
// width and diacritics. If there is none, it returns the entities with the name as an
// identifier, as it is written: "bioguide:A000039", or "A000039" alone. If there is none,
// it returns entities with a similar name or a name that contains this one, closest
// first. If there is none either, it returns entities that share a word with the name,
// such as the family name.
func (g *Graph) Find(ctx context.Context, name string) (matches []Match, err error) {
	err = g.read(ctx, func(r reader) error {
		matches, err = r.find(ctx, name)
		return err
	})
	return matches, err
}

// Resolve returns the only entity that has a name, an id or an identifier. Errors wrap [ErrNotFound] or
// [ErrAmbiguous], with the candidates as a hint (see [schema.Hint]).
func (g *Graph) Resolve(ctx context.Context, name string) (id schema.ID, err error) {
	err = g.read(ctx, func(r reader) error {
		id, err = resolveName(ctx, r, name)
		return err
	})
	return id, err
}

func resolveName(ctx context.Context, r reader, name string) (schema.ID, error) {
	matches, err := r.find(ctx, name)
	if err != nil {
		return "", err
	}
	if len(matches) == 1 && matches[0].Exact {
		return matches[0].ID, nil
	}
	var names []string
	for _, m := range matches[:min(3, len(matches))] {
		names = append(names, fmt.Sprintf("%s <%s>", m.Label, m.ID))
	}
	if len(matches) > 0 && matches[0].Exact {
		return "", schema.WithHint(fmt.Errorf("%w %q", ErrAmbiguous, name), func() string {
			return "write one of the ids: " + strings.Join(names, ", ")
		})
	}
	err = fmt.Errorf("%q %w", name, ErrNotFound)
	if len(names) == 0 {
		return "", err
	}
	return "", schema.WithHint(err, func() string { return "did you mean " + strings.Join(names, ", ") + "?" })
}

func (r reader) find(ctx context.Context, name string) ([]Match, error) {
	matches, err := r.named(ctx, name)
	if err == nil && len(matches) == 0 {
		matches, err = r.identified(ctx, strings.TrimSpace(name))
	}
	if err != nil || len(matches) > 0 {
		return matches, err
	}
	folded := schema.NameKey(name)
	if folded == "" {
		return nil, nil
	}
	if matches, err = r.nearMatches(ctx, folded); err != nil {
		return nil, err
	}
	return matches, r.labelMatches(ctx, matches)
}

// named returns the entities whose label, alias or id is the name.
func (r reader) named(ctx context.Context, name string) ([]Match, error) {
	if id := bareID(name); schema.CheckID(id) == nil {
		e, err := r.entityName(ctx, id)
		if err != nil || e.Kind != "" {
			return []Match{{ID: id, Kind: e.Kind, Label: e.Label, Exact: true}}, err
		}
	}
	folded := schema.NameKey(name)
	if folded == "" {
		return nil, nil
	}
	ids, err := r.subjects(ctx, store.Pattern{Predicate: schema.NameTerm, Object: quad.String(folded)})
	if err != nil {
		return nil, err
	}
	var matches []Match
	for _, id := range ids {
		e, err := r.entityName(ctx, id)
		if err != nil {
			return nil, err
		}
		if hasName(e, folded) {
			matches = append(matches, Match{ID: id, Kind: e.Kind, Label: e.Label, Name: folded, Exact: true})
		}
	}
	return matches, nil
}

// identified returns the entities with an identifier: with its scheme, or else, in any
// scheme, without it.
func (r reader) identified(ctx context.Context, identifier string) ([]Match, error) {
	ids, err := r.subjects(ctx, store.Pattern{Predicate: schema.IdentifierTerm, Object: quad.String(identifier)})
	if err != nil || identifier == "" {
		return nil, err
	}
	if len(ids) == 0 {
		ids, err = r.identifiedInAnyScheme(ctx, identifier)
	}
	if err != nil {
		return nil, err
	}
	matches := make([]Match, len(ids))
	for i, id := range ids {
		matches[i] = Match{ID: id, Name: identifier, Exact: true}
	}
	return matches, r.labelMatches(ctx, matches)
}

// identifiedInAnyScheme reads the identifiers of a graph, and none of its names.
func (r reader) identifiedInAnyScheme(ctx context.Context, identifier string) (ids []schema.ID, err error) {
	end := ":" + identifier
	for q, err := range r.withString(ctx, schema.IdentifierTerm, func(text string) bool { return strings.HasSuffix(text, end) }) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, subjectOf(q))
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func bareID(name string) schema.ID {
	if inner, ok := strings.CutPrefix(name, "<"); ok {
		name = strings.TrimSuffix(inner, ">")
	}
	return schema.ID(name)
}

// entityName reads only the kind and the names of an entity, which may have a hundred
// thousand edges.
func (r reader) entityName(ctx context.Context, id schema.ID) (schema.Entity, error) {
	own, err := entityQuadsByTerm(ctx, r, id, []quad.IRI{schema.TypeTerm, schema.BorrowedTerm, schema.LabelTerm, schema.AltLabelTerm})
	if err != nil {
		return schema.Entity{}, err
	}
	return r.entity(ctx, id, own)
}

// hasName reports whether an entity has the name now. An old borrowed name does not
// count if another dataset declares the entity.
func hasName(e schema.Entity, key string) bool {
	return schema.NameKey(e.Label) == key || slices.ContainsFunc(e.Aliases, func(a schema.Text) bool {
		return schema.NameKey(a.Value) == key
	})
}

// nearMatches reads every name in the graph and returns similar ones, or if there are
// none, names that share a word.
func (r reader) nearMatches(ctx context.Context, folded string) ([]Match, error) {
	best, shared := make(map[schema.ID]Match), newSharedWords(folded)
	similar := newSimilarNames(folded)
	for q, err := range r.namesLike(ctx, similar, shared) {
		if err != nil {
			return nil, err
		}
		name, id := quad.ToString(q.Object), subjectOf(q)
		shared.add(id, name)
		distance := similar.distance(splitName(nil, nil, name))
		if distance > similar.limit {
			continue
		}
		if old, ok := best[id]; !ok || distance < old.Distance {
			best[id] = Match{ID: id, Name: name, Distance: distance}
		}
	}
	if len(best) == 0 {
		return shared.matches(), nil
	}
	matches := slices.Collect(maps.Values(best))
	slices.SortFunc(matches, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(kindRank(a.ID), kindRank(b.ID)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return matches[:min(maxClose, len(matches))], nil
}

// namesLike yields the quads of names that are similar to a name or share a word with
// it.
func (r reader) namesLike(ctx context.Context, similar *similarNames, shared *sharedWords) iter.Seq2[quad.Quad, error] {
	accept := func(name string) bool {
		var letters [96]byte // on the stack
		var words [12]nameWord
		split := splitName(letters[:0], words[:0], name)
		return similar.distance(split) <= similar.limit || shared.has(split)
	}
	return r.withString(ctx, schema.NameTerm, accept)
}

// withString yields the quads with a predicate and an accepted string. A snapshot calls
// accept from several goroutines.
func (r reader) withString(ctx context.Context, predicate quad.IRI, accept func(string) bool) iter.Seq2[quad.Quad, error] {
	if s, ok := r.quads.(interface {
		WithString(context.Context, quad.Value, func(string) bool) iter.Seq2[quad.Quad, error]
	}); ok {
		return s.WithString(ctx, predicate, accept)
	}
	return func(yield func(quad.Quad, error) bool) {
		for q, err := range r.Match(ctx, store.Pattern{Predicate: predicate}) {
			if (err != nil || accept(quad.ToString(q.Object))) && !yield(q, err) {
				return
			}
		}
	}
}

// kindRank orders people first and documents last.
func kindRank(id schema.ID) int {
	switch schema.KindOf(id) {
	case schema.Person:
		return 0
	case schema.Doc:
		return 2
	}
	return 1
}

func (r reader) labelMatches(ctx context.Context, matches []Match) error {
	for i, m := range matches {
		e, err := r.entityName(ctx, m.ID)
		if err != nil {
			return err
		}
		matches[i].Kind, matches[i].Label = e.Kind, e.Label
	}
	return nil
}

func subjectOf(q quad.Quad) schema.ID {
	iri, _ := q.Subject.(quad.IRI)
	return schema.ID(iri)
}

// NamesWithPrefix returns up to limit labels and aliases of entities that begin with
// the prefix, ignoring case and diacritics, in the order of their folded names.
func (g *Graph) NamesWithPrefix(ctx context.Context, prefix string, limit int) (names []string, err error) {
	key := schema.NameKey(prefix)
	err = g.withSnapshot(ctx, func(s *store.Snapshot) error {
		r := reader{s, g.Vocabulary()}
		for q, err := range s.WithPrefix(ctx, schema.NameTerm, key) {
			if err != nil {
				return err
			}
			e, err := r.entityName(ctx, subjectOf(q))
			if err != nil {
				return err
			}
			if name := nameForKey(e, quad.ToString(q.Object)); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
			if len(names) == limit {
				break
			}
		}
		return nil
	})
	return names, err
}

// nameForKey returns the label or alias of an entity that folds to a key, or an empty
// string.
func nameForKey(e schema.Entity, key string) string {
	if schema.NameKey(e.Label) == key {
		return e.Label
	}
	for _, alias := range e.Aliases {
		if schema.NameKey(alias.Value) == key {
			return alias.Value
		}
	}
	return ""
}
