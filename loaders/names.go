package loaders

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Names says what a name may mean: entities and documents by label or alias,
// compared by [schema.NameKey].
type Names struct {
	byName   map[string][]schema.ID
	entities map[schema.ID]string // what each is called
	spelled  []string             // every name once, as written
}

// NewNames returns names that mean nothing yet.
func NewNames() *Names {
	return &Names{byName: make(map[string][]schema.ID), entities: make(map[schema.ID]string)}
}

// Add makes the names of an entity known.
func (n *Names) Add(e schema.Entity) {
	if _, ok := n.entities[e.ID]; !ok {
		n.entities[e.ID] = e.Label
	}
	n.name(e.Label, e.ID)
	for _, a := range e.Aliases {
		n.name(a.Value, e.ID)
	}
}

func (n *Names) name(name string, id schema.ID) {
	folded := schema.NameKey(name)
	if folded == "" || slices.Contains(n.byName[folded], id) {
		return
	}
	if n.byName[folded] == nil {
		n.spelled = append(n.spelled, name)
	}
	n.byName[folded] = append(n.byName[folded], id)
}

// Digest is a SHA-256, in hexadecimal, of all ids and names known, in whatever
// order they were added; empty where nothing is known.
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
	for id, label := range other.entities {
		if _, ok := n.entities[id]; !ok {
			n.entities[id] = label
		}
	}
	for _, spelled := range other.spelled {
		for _, id := range other.byName[schema.NameKey(spelled)] {
			n.name(spelled, id)
		}
	}
}

// scope is the names of an input and, behind them, those known before.
type scope struct{ own, known *Names }

// find returns what a name key may mean: what the input declares, else what
// was known before.
func (s scope) find(key string) []schema.ID {
	if ids := s.own.byName[key]; len(ids) > 0 {
		return ids
	}
	return s.known.byName[key]
}

// choose returns what a name key means where one of these kinds is wanted,
// the first kind before the next; the input's own before what was known. Where
// no kind fits it returns all, and false.
func (s scope) choose(key string, kinds []schema.Kind) ([]schema.ID, bool) {
	for _, n := range []*Names{s.own, s.known} {
		if ids := ofKinds(n.byName[key], kinds); len(ids) > 0 {
			return ids, true
		}
	}
	return s.find(key), false
}

func ofKinds(ids []schema.ID, kinds []schema.Kind) []schema.ID {
	if len(kinds) == 0 {
		return ids
	}
	for _, k := range kinds {
		var found []schema.ID
		for _, id := range ids {
			if schema.KindOf(id) == k {
				found = append(found, id)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func (s scope) has(id schema.ID) bool { return s.own.has(id) || s.known.has(id) }

func (s scope) label(id schema.ID) string {
	if label, ok := s.own.entities[id]; ok {
		return label
	}
	return s.known.entities[id]
}

// nearest returns up to three names that the one given may be a slip for.
func (s scope) nearest(name string) []string {
	return schema.Nearest(name, slices.Concat(s.own.spelled, s.known.spelled), 3)
}

// nearestID returns up to three ids that the one given may be a slip for.
func (s scope) nearestID(id schema.ID) []string {
	var all []string
	for _, n := range []*Names{s.own, s.known} {
		for known := range n.entities {
			all = append(all, string(known))
		}
	}
	slices.Sort(all)
	return schema.Nearest(string(id), slices.Compact(all), 3)
}
