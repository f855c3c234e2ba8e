package loaders

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"iter"
	"maps"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Names maps names to entities and documents: labels and aliases, compared by
// [schema.NameKey], and keys of sources. A large dataset has a million names, so most of
// what they need has no pointers for the garbage collector to follow.
type Names struct {
	ids    []schema.ID // of entities, each once
	labels []string    // of entities
	byID   numbers     // of entities

	folded  []byte   // all names, each once, one after the other
	ends    []int    // where each name ends in folded
	first   []uint32 // the entity that had each name first
	spelled []string // each name, as first written
	byName  numbers  // of names
	several map[int]*sharedName

	sources map[string][]schema.ID // documents by the keys by which inputs cite them
}

// sharedName has the entities of a name that several share.
type sharedName struct {
	ids    []schema.ID
	has    map[schema.ID]bool          // nil until there are many
	byKind map[schema.Kind][]schema.ID // nil until there are many
}

// sharedFrom is the number of entities of a name from which they are indexed.
const sharedFrom = 16

// NewNames returns an empty set of names.
func NewNames() *Names {
	return &Names{byID: newNumbers(), byName: newNumbers(), several: make(map[int]*sharedName), sources: make(map[string][]schema.ID)}
}

// Add adds the label and the aliases of an entity.
func (n *Names) Add(e schema.Entity) {
	entity := n.addEntity(e.ID, e.Label)
	n.addName(e.Label, entity)
	for _, a := range e.Aliases {
		n.addName(a.Value, entity)
	}
}

// AddSource adds a document under a key by which an input cites it.
func (n *Names) AddSource(key string, id schema.ID) {
	if !slices.Contains(n.sources[key], id) {
		n.sources[key] = append(n.sources[key], id)
	}
}

// addEntity returns the number of an entity, which gets the label if it is new.
func (n *Names) addEntity(id schema.ID, label string) int {
	entity, known := n.entity(id)
	if !known {
		n.byID.add(string(id), len(n.ids))
		n.ids, n.labels = append(n.ids, id), append(n.labels, label)
	}
	return entity
}

// entity returns the number of an entity, or else the number that a new one gets.
func (n *Names) entity(id schema.ID) (number int, known bool) {
	for entity := range n.byID.of(string(id)) {
		if n.ids[entity] == id {
			return entity, true
		}
	}
	return len(n.ids), false
}

// name returns the number of a folded name, or else the number that a new one gets.
func (n *Names) name(folded string) (number int, known bool) {
	for name := range n.byName.of(folded) {
		if string(n.foldedName(name)) == folded {
			return name, true
		}
	}
	return len(n.ends), false
}

func (n *Names) foldedName(name int) []byte {
	begin := 0
	if name > 0 {
		begin = n.ends[name-1]
	}
	return n.folded[begin:n.ends[name]]
}

func (n *Names) addName(spelled string, entity int) {
	folded := schema.NameKey(spelled)
	if folded == "" {
		return
	}
	name, known := n.name(folded)
	if known {
		n.share(name, entity)
		return
	}
	n.byName.add(folded, name)
	n.folded = append(n.folded, folded...)
	n.ends, n.first, n.spelled = append(n.ends, len(n.folded)), append(n.first, uint32(entity)), append(n.spelled, spelled)
}

// share gives a name to one more entity.
func (n *Names) share(name, entity int) {
	s, id := n.several[name], n.ids[entity]
	switch {
	case s == nil && int(n.first[name]) == entity:
		return
	case s == nil:
		s = &sharedName{ids: []schema.ID{n.ids[n.first[name]]}}
		n.several[name] = s
	}
	if s.contains(id) {
		return
	}
	s.ids = append(s.ids, id)
	switch {
	case s.has != nil:
		s.index(id)
	case len(s.ids) >= sharedFrom:
		s.has, s.byKind = make(map[schema.ID]bool), make(map[schema.Kind][]schema.ID)
		s.index(s.ids...)
	}
}

func (s *sharedName) index(ids ...schema.ID) {
	for _, id := range ids {
		s.has[id] = true
		s.byKind[schema.KindOf(id)] = append(s.byKind[schema.KindOf(id)], id)
	}
}

func (s *sharedName) contains(id schema.ID) bool {
	if s.has != nil {
		return s.has[id]
	}
	return slices.Contains(s.ids, id)
}

// of returns the entities with a folded name.
func (n *Names) of(folded string) []schema.ID {
	name, known := n.name(folded)
	if !known {
		return nil
	}
	return n.ofName(name)
}

// isNameOf reports whether an entity has a folded name.
func (n *Names) isNameOf(folded string, id schema.ID) bool {
	name, known := n.name(folded)
	if s := n.several[name]; s != nil {
		return s.contains(id)
	}
	return known && n.ids[n.first[name]] == id
}

// ofName returns the entities with the name of a number.
func (n *Names) ofName(name int) []schema.ID {
	if s := n.several[name]; s != nil {
		return s.ids
	}
	entity := n.first[name]
	return n.ids[entity : entity+1 : entity+1]
}

// ofKinds returns the entities with a folded name that have the first possible
// kind of the list. Without kinds it returns all entities with the name.
func (n *Names) ofKinds(folded string, kinds []schema.Kind) []schema.ID {
	name, known := n.name(folded)
	if !known {
		return nil
	}
	ids := n.ofName(name)
	if len(kinds) == 0 {
		return ids
	}
	s := n.several[name]
	for _, k := range kinds {
		found := []schema.ID(nil)
		switch {
		case s == nil && schema.KindOf(ids[0]) == k:
			return ids
		case s != nil && s.byKind != nil:
			found = s.byKind[k]
		case s != nil:
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

// Digest returns the SHA-256, in hexadecimal, of all ids, names and keys, whatever the
// order in which they were added. It is empty for an empty set.
func (n *Names) Digest() string {
	if n == nil || len(n.ids)+len(n.sources) == 0 {
		return ""
	}
	h := sha256.New()
	for _, id := range slices.Sorted(slices.Values(n.ids)) {
		fmt.Fprintf(h, "%q\n", id)
	}
	names := make([]int, len(n.ends))
	for i := range names {
		names[i] = i
	}
	slices.SortFunc(names, func(a, b int) int { return bytes.Compare(n.foldedName(a), n.foldedName(b)) })
	for _, name := range names {
		fmt.Fprintf(h, "%q %q\n", n.foldedName(name), slices.Sorted(slices.Values(n.ofName(name))))
	}
	for _, key := range slices.Sorted(maps.Keys(n.sources)) {
		fmt.Fprintf(h, "source %q %q\n", key, slices.Sorted(slices.Values(n.sources[key])))
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (n *Names) has(id schema.ID) bool {
	_, known := n.entity(id)
	return known
}

func (n *Names) addAll(other *Names) {
	for key, ids := range other.sources {
		for _, id := range ids {
			n.AddSource(key, id)
		}
	}
	for i, id := range other.ids {
		n.addEntity(id, other.labels[i])
	}
	for name, spelled := range other.spelled {
		for _, id := range other.ofName(name) {
			entity, _ := n.entity(id)
			n.addName(spelled, entity)
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
	if ids := s.own.of(key); len(ids) > 0 {
		return ids
	}
	return s.known.of(key)
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
	for _, n := range []*Names{s.own, s.known} {
		if entity, ok := n.entity(id); ok {
			return n.ids[entity], true
		}
	}
	return "", false
}

func (s scope) label(id schema.ID) string {
	for _, n := range []*Names{s.own, s.known} {
		if entity, ok := n.entity(id); ok {
			return n.labels[entity]
		}
	}
	return ""
}

// nearest returns up to three names of which the given name may be a misspelling.
func (s scope) nearest(name string) []string {
	return s.near.nearest("names", name, func() []string { return slices.Concat(s.own.spelled, s.known.spelled) })
}

// nearestID returns up to three ids of which the given id may be a misspelling.
func (s scope) nearestID(id schema.ID) []string {
	return s.near.nearest("ids", string(id), func() []string {
		all := make([]string, 0, len(s.own.ids)+len(s.known.ids))
		for _, id := range slices.Concat(s.own.ids, s.known.ids) {
			all = append(all, string(id))
		}
		slices.Sort(all)
		return slices.Compact(all)
	})
}

// numbers finds the numbers of texts by their hashes. It keeps no text: its user
// compares the texts of the numbers that it yields.
type numbers struct {
	seed  maphash.Seed
	slots []numberSlot // a power of two; a text is in the first free slot from its hash on
	used  int
}

// numberSlot is a number plus one, and a part of the hash; a free slot is zero.
type numberSlot struct{ hash, number uint32 }

func newNumbers() numbers { return numbers{seed: maphash.MakeSeed()} }

func (t *numbers) hash(text string) uint32 { return uint32(maphash.String(t.seed, text)) }

// of yields the numbers of the texts that have the hash of a text.
func (t *numbers) of(text string) iter.Seq[int] {
	return func(yield func(int) bool) {
		if t.used == 0 {
			return
		}
		hash, mask := t.hash(text), uint32(len(t.slots)-1)
		for i := hash & mask; t.slots[i].number != 0; i = (i + 1) & mask {
			if t.slots[i].hash == hash && !yield(int(t.slots[i].number-1)) {
				return
			}
		}
	}
}

// add adds a text, which must be a new one.
func (t *numbers) add(text string, number int) {
	if t.used >= len(t.slots)/4*3 {
		old := t.slots
		t.slots = make([]numberSlot, max(16, 2*len(old)))
		for _, s := range old {
			if s.number != 0 {
				t.put(s)
			}
		}
	}
	t.put(numberSlot{t.hash(text), uint32(number + 1)})
	t.used++
}

func (t *numbers) put(s numberSlot) {
	mask := uint32(len(t.slots) - 1)
	i := s.hash & mask
	for t.slots[i].number != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}
