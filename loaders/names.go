package loaders

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Names maps names to entities and documents: labels and aliases, compared by
// [schema.NameKey].
type Names struct {
	byName   map[string][]schema.ID
	shared   map[string]*sharedName // names that many entities share
	entities map[schema.ID]named
	spelled  []string // every name once, as first written
}

// named is an entity and its label.
type named struct {
	id    schema.ID
	label string
}

// sharedName indexes the entities of a name that many share.
type sharedName struct {
	has    map[schema.ID]bool
	byKind map[schema.Kind][]schema.ID
}

// sharedFrom is the number of entities from which a name has a [sharedName].
const sharedFrom = 16

// NewNames returns an empty set of names.
func NewNames() *Names {
	return &Names{byName: make(map[string][]schema.ID), shared: make(map[string]*sharedName), entities: make(map[schema.ID]named)}
}

// Add adds the label and the aliases of an entity.
func (n *Names) Add(e schema.Entity) {
	if _, ok := n.entities[e.ID]; !ok {
		n.entities[e.ID] = named{e.ID, e.Label}
	}
	n.addName(e.Label, e.ID)
	for _, a := range e.Aliases {
		n.addName(a.Value, e.ID)
	}
}

func (n *Names) addName(name string, id schema.ID) {
	folded := schema.NameKey(name)
	if folded == "" || n.isNameOf(folded, id) {
		return
	}
	if n.byName[folded] == nil {
		n.spelled = append(n.spelled, name)
	}
	n.byName[folded] = append(n.byName[folded], id)
	n.indexShared(folded, id)
}

// indexShared indexes the entities of a name by id and by kind, once there are
// many.
func (n *Names) indexShared(folded string, id schema.ID) {
	all, fresh := n.byName[folded], []schema.ID{id}
	if len(all) < sharedFrom {
		return
	}
	s := n.shared[folded]
	if s == nil {
		s = &sharedName{make(map[schema.ID]bool), make(map[schema.Kind][]schema.ID)}
		n.shared[folded], fresh = s, all
	}
	for _, id := range fresh {
		s.has[id] = true
		s.byKind[schema.KindOf(id)] = append(s.byKind[schema.KindOf(id)], id)
	}
}

// isNameOf reports whether an entity has a folded name.
func (n *Names) isNameOf(folded string, id schema.ID) bool {
	if s := n.shared[folded]; s != nil {
		return s.has[id]
	}
	return slices.Contains(n.byName[folded], id)
}

// ofKinds returns the entities with a folded name that have the first possible
// kind of the list. Without kinds it returns all entities with the name.
func (n *Names) ofKinds(folded string, kinds []schema.Kind) []schema.ID {
	ids := n.byName[folded]
	if len(kinds) == 0 || len(ids) == 0 {
		return ids
	}
	if len(ids) == 1 {
		if slices.Contains(kinds, schema.KindOf(ids[0])) {
			return ids
		}
		return nil
	}
	s := n.shared[folded]
	for _, k := range kinds {
		found := []schema.ID(nil)
		if s != nil {
			found = s.byKind[k]
		} else {
			found = ofKind(ids, k)
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func ofKind(ids []schema.ID, kind schema.Kind) (found []schema.ID) {
	for _, id := range ids {
		if schema.KindOf(id) == kind {
			found = append(found, id)
		}
	}
	return found
}

// Digest returns the SHA-256, in hexadecimal, of all ids and names, whatever the
// order in which they were added. It is empty for an empty set.
func (n *Names) Digest() string {
	if n == nil || len(n.entities) == 0 && len(n.byName) == 0 {
		return ""
	}
	h := sha256.New()
	for _, id := range slices.Sorted(maps.Keys(n.entities)) {
		fmt.Fprintf(h, "%q\n", id)
	}
	for _, name := range slices.Sorted(maps.Keys(n.byName)) {
		fmt.Fprintf(h, "%q %q\n", name, slices.Sorted(slices.Values(n.byName[name])))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (n *Names) has(id schema.ID) bool {
	_, ok := n.entities[id]
	return ok
}

func (n *Names) addAll(other *Names) {
	for id, e := range other.entities {
		if _, ok := n.entities[id]; !ok {
			n.entities[id] = e
		}
	}
	for _, spelled := range other.spelled {
		for _, id := range other.byName[schema.NameKey(spelled)] {
			n.addName(spelled, id)
		}
	}
}

// scope is the names of an input, and the names that were known before it.
type scope struct {
	own, known *Names
	near       *suggestions
}

// find returns the entities of the input with a name key, or else the entities
// known before.
func (s scope) find(key string) []schema.ID {
	if ids := s.own.byName[key]; len(ids) > 0 {
		return ids
	}
	return s.known.byName[key]
}

// choose returns the entities with a name key that have the first possible kind
// of the list: entities of the input, or else entities known before. If no entity
// has any of the kinds, it returns all entities with the name, and false.
func (s scope) choose(key string, kinds []schema.Kind) ([]schema.ID, bool) {
	if ids := s.own.ofKinds(key, kinds); len(ids) > 0 {
		return ids, true
	}
	if ids := s.known.ofKinds(key, kinds); len(ids) > 0 {
		return ids, true
	}
	return s.find(key), false
}

func (s scope) has(id schema.ID) bool { return s.own.has(id) || s.known.has(id) }

// stored returns an id as it was declared, which keeps nothing of the text in which
// it was read again.
func (s scope) stored(id schema.ID) (schema.ID, bool) {
	if e, ok := s.own.entities[id]; ok {
		return e.id, true
	}
	e, ok := s.known.entities[id]
	return e.id, ok
}

func (s scope) label(id schema.ID) string {
	if e, ok := s.own.entities[id]; ok {
		return e.label
	}
	return s.known.entities[id].label
}

// nearest returns up to three names of which the given name may be a misspelling.
func (s scope) nearest(name string) []string {
	return s.near.nearest("names", name, func() []string { return slices.Concat(s.own.spelled, s.known.spelled) })
}

// nearestID returns up to three ids of which the given id may be a misspelling.
func (s scope) nearestID(id schema.ID) []string {
	return s.near.nearest("ids", string(id), func() []string {
		all := make([]string, 0, len(s.own.entities)+len(s.known.entities))
		for _, n := range []*Names{s.own, s.known} {
			for known := range n.entities {
				all = append(all, string(known))
			}
		}
		slices.Sort(all)
		return slices.Compact(all)
	})
}
