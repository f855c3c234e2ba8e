package loaders

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// nameResolver resolves names to entities and facts of a dataset.
type nameResolver struct {
	scope        scope
	keys         map[string]keyPlace // facts with a local key
	entities     *entityTable
	sortedFirsts map[idList][]schema.ID // the first ids of each list, sorted
	recent       *[recentIDs]anyKind    // ids without a kind that were resolved lately; nil while entities are added
}

// ref is an entity, or the index of a fact of the dataset. The index is -1 for an
// entity.
type ref struct {
	id   schema.ID
	fact int
}

// resolve resolves a name in a file to a fact, or to an entity that is not
// rejected.
func (r *nameResolver) resolve(name string, kinds []schema.Kind, in *file) (ref, error) {
	found, err := r.resolveAny(name, kinds, in)
	if err == nil && r.entities.isRejected(found.id) {
		return found, faultf(schema.RejectedReference, "refers to an entity %w: %q", errRejected, name)
	}
	return found, err
}

// resolveAs resolves a name and refuses a result that has none of the kinds.
func (r *nameResolver) resolveAs(name string, kinds []schema.Kind, in *file) (ref, error) {
	found, err := r.resolve(name, kinds, in)
	kind := schema.KindFact
	if found.id != "" {
		kind = schema.KindOf(found.id)
	}
	if err == nil && len(kinds) > 0 && !slices.Contains(kinds, kind) {
		return found, wrongKind(name, cmp.Or(found.id, "fact:"), kinds)
	}
	return found, err
}

// resolveAny resolves a name, also to a rejected entity. It prefers entities of
// the given kinds, the first kind most.
func (r *nameResolver) resolveAny(name string, kinds []schema.Kind, in *file) (ref, error) {
	if id, ok := strings.CutPrefix(name, "<"); ok && strings.HasSuffix(id, ">") {
		return r.resolveID(strings.TrimSuffix(id, ">"))
	}
	place, isKey := r.keys[name]
	isKey = isKey && (len(kinds) == 0 || slices.Contains(kinds, schema.KindFact))
	ids, fit := r.lookUp(name, kinds)
	switch {
	case isKey && fit && len(ids) > 0 && len(kinds) > 1:
		name = strings.Clone(name)
		return ref{}, faultOfValue(schema.AmbiguousName, name, schema.WithHint(
			fmt.Errorf("ambiguous name %q: the key of a fact, and %s", name, ids[0]),
			func() string { return fmt.Sprintf("write <key:%s> or <%s>", name, ids[0]) }))
	case isKey:
		return ref{fact: place.fact}, nil
	case len(ids) == 1:
		return ref{ids[0], -1}, nil
	case len(ids) > 1:
		return ref{}, r.ambiguous(name, ids)
	}
	if id, ok := r.scope.stored(schema.ID(name)); ok && schema.CheckID(id) == nil {
		return ref{id, -1}, nil
	}
	if err := r.entities.clashes[strings.Join(strings.Fields(name), " ")]; err != nil {
		return ref{}, err
	}
	return ref{}, r.unknownName(name, kinds, in)
}

// resolveID resolves the id or the key between angle brackets.
func (r *nameResolver) resolveID(id string) (ref, error) {
	if key, ok := strings.CutPrefix(id, "key:"); ok {
		return r.resolveKey(key)
	}
	stored, known := r.scope.stored(schema.ID(id))
	if known {
		return ref{stored, -1}, nil
	}
	id = strings.Clone(id)
	switch ids := r.idsOfAnyKind(id); {
	case len(ids) == 1:
		return ref{ids[0], -1}, nil
	case len(ids) > 1:
		return ref{}, r.ambiguous("<"+id+">", ids)
	}
	if err := schema.CheckID(schema.ID(id)); err != nil {
		return ref{}, err
	}
	if schema.KindOf(schema.ID(id)) != schema.KindFact {
		if err := r.entities.refuses("", schema.ID(id)); err != nil {
			return ref{}, err
		}
		return ref{}, faultOfValue(schema.UnknownID, id, schema.WithHint(fmt.Errorf("unknown id: %q", shorten(id)), func() string {
			return schema.DidYouMean(r.scope.nearestID(schema.ID(id)))
		}))
	}
	return ref{schema.ID(id), -1}, nil
}

// anyKind is an id without its kind, and the ids that it may be.
type anyKind struct {
	local string
	ids   []schema.ID
}

const recentIDs = 64

// idsOfAnyKind returns the ids that a text without a kind may be. Rows of other
// programs refer to an id without its kind.
func (r *nameResolver) idsOfAnyKind(local string) []schema.ID {
	if r.recent == nil || local == "" {
		return r.findAnyKind(local)
	}
	recent := &r.recent[(len(local)*31+int(local[len(local)-1])*7+int(local[len(local)/2]))%recentIDs]
	if recent.local != local {
		*recent = anyKind{strings.Clone(local), r.findAnyKind(local)}
	}
	return recent.ids
}

func (r *nameResolver) findAnyKind(local string) (ids []schema.ID) {
	if strings.Contains(local, ":") {
		return nil
	}
	for _, kind := range schema.Kinds() {
		if id, ok := r.scope.stored(schema.ID(kind.Prefix() + ":" + local)); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func (r *nameResolver) resolveKey(key string) (ref, error) {
	if place, ok := r.keys[key]; ok {
		return ref{fact: place.fact}, nil
	}
	key = strings.Clone(key)
	return ref{}, faultOfValue(schema.UnknownFactKey, key, schema.WithHint(fmt.Errorf("no fact has the key %q", key), func() string {
		near := r.scope.near.nearest("keys", key, func() []string { return slices.Collect(maps.Keys(r.keys)) })
		return cmp.Or(schema.DidYouMean(near), "give the fact meant a line key: "+key)
	}))
}

// lookUp finds a name as written, or else without the punctuation at its end.
func (r *nameResolver) lookUp(name string, kinds []schema.Kind) (ids []schema.ID, fit bool) {
	key := schema.NameKey(name)
	if ids, fit = r.scope.choose(key, kinds); len(ids) > 0 {
		return ids, fit
	}
	if bare := strings.TrimRight(key, ".,;:!"); bare != key {
		return r.scope.choose(bare, kinds)
	}
	return nil, false
}

func (r *nameResolver) ambiguous(name string, ids []schema.ID) error {
	const most = 8
	var each []string
	for _, id := range r.firstIDs(ids, most) {
		each = append(each, fmt.Sprintf("%s (%s)", id, r.scope.label(id)))
	}
	if more := len(ids) - most; more > 0 {
		each = append(each, fmt.Sprintf("%d more", more))
	}
	err := fmt.Errorf("ambiguous name %q: %s", shorten(name), strings.Join(each, " or "))
	return faultOfValue(schema.AmbiguousName, strings.Clone(name), withHint(err, fmt.Sprintf("write an id in place of the name: <%s>", ids[0])))
}

// firstIDs returns the first ids in sorted order. It remembers the result for
// each list, since an ambiguous name may be in every row.
func (r *nameResolver) firstIDs(ids []schema.ID, most int) []schema.ID {
	list := idList{&ids[0], len(ids)}
	first, known := r.sortedFirsts[list]
	if !known {
		first = slices.Sorted(slices.Values(ids))
		first = slices.Clone(first[:min(len(first), most)])
		if r.sortedFirsts == nil {
			r.sortedFirsts = make(map[idList][]schema.ID)
		}
		r.sortedFirsts[list] = first
	}
	return first
}

// idList identifies a list of ids by its address and length.
type idList struct {
	first *schema.ID
	size  int
}

func (r *nameResolver) unknownName(name string, kinds []schema.Kind, in *file) error {
	if err := r.entities.refuses(strings.Clone(name), ""); err != nil {
		return err
	}
	table := in.unit == "row"
	name = strings.Clone(name)
	return schema.WithHint(&NameError{name, kinds}, func() string {
		if schema.IsMissing(name) {
			return missingName
		}
		if table && strings.Contains(name, ";") {
			return "separate the names of a cell by |: " + strings.Join(strings.FieldsFunc(strings.ReplaceAll(name, "; ", ";"), func(r rune) bool { return r == ';' }), "|")
		}
		declare := "declare it: " + in.declaration(kinds, name)
		if near := r.scope.nearest(name); len(near) > 0 {
			return schema.DidYouMean(near) + " otherwise " + declare
		}
		tokens := tokenize(name)
		switch left, right := r.knownEnds(name, tokens); {
		case left > 0 && left < len(tokens):
			return fmt.Sprintf("%q is known: put %q under the fact as when, at, topic or a role",
				name[:tokens[left-1].end], name[tokens[left].start:])
		case right < len(tokens):
			return fmt.Sprintf("%q is known: did you mean that?", name[tokens[right].start:])
		}
		return declare
	})
}

// knownEnds finds the longest known names at both ends of a sentence. It returns
// how many tokens the first one has, and the index of the token where the last
// one begins; len(tokens) if there is none.
func (r *nameResolver) knownEnds(s string, tokens []token) (left, right int) {
	const longest = 16 // words of a name
	for i := min(len(tokens), longest); i > 0 && left == 0; i-- {
		if ids, _ := r.lookUp(s[tokens[0].start:tokens[i-1].end], nil); len(ids) > 0 {
			left = i
		}
	}
	for i := max(left, len(tokens)-longest); i < len(tokens); i++ {
		if ids, _ := r.lookUp(s[tokens[i].start:], nil); len(ids) > 0 {
			return left, i
		}
	}
	return left, len(tokens)
}

// declaration says where a name of a file may be declared.
func (f *file) declaration(kinds []schema.Kind, name string) string {
	switch m, isMapped := f.loader.(mapped); {
	case isMapped && m.mapping.Renames == nil:
		return "under entities: of the mapping, or by its kind in the fact, as in actor-kind: Person"
	case f.unit == "row":
		return fmt.Sprintf("by its kind in a column actor_kind, recipient_kind or place_kind, in another file, or by the mapping that entente map %s writes", f.path)
	}
	return declaration(kinds, name)
}

func declaration(kinds []schema.Kind, name string) string {
	var words []string
	for _, k := range kinds {
		if k != schema.KindFact {
			words = append(words, declaredIn(k))
		}
	}
	words = words[:min(len(words), 3)]
	if len(words) == 0 {
		words = []string{"people", "institutions"}
	}
	key := "name"
	if words[0] == "sources" {
		key = "title"
	}
	return fmt.Sprintf("under %s, - %s: %s", strings.Join(words, " or "), key, shorten(name))
}

// declaredIn returns the top-level list where entities of a kind are declared.
func declaredIn(k schema.Kind) string {
	for list, kind := range kindOfList {
		if kind == k {
			return list
		}
	}
	return "sources"
}

// maxCompared is how many pairs of letters one input may compare to suggest
// corrections for unknown words. That is enough for a hundred words at least
// among 100,000 names, and for any number among 1,000. Errors after that have no
// suggestion, so that an input with errors in every row still takes time in
// proportion to its size.
const maxCompared = 100_000_000

// suggestions finds known words of which an unknown word may be a misspelling.
type suggestions struct {
	known map[string]*schema.Candidates // by what the words are: "names", "ids"
}

// nearest returns up to three known words of which a word may be a misspelling.
// It calls known once for each kind of words.
func (s *suggestions) nearest(what, word string, known func() []string) []string {
	all := s.known[what]
	if all == nil {
		all = schema.NewCandidates(known())
		if s.known == nil {
			s.known = make(map[string]*schema.Candidates)
		}
		s.known[what] = all
	}
	if all.Work() >= maxCompared {
		return nil
	}
	return all.Nearest(word, 3)
}
