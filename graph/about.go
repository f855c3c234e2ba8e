package graph

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// aboutEntity is an entity that facts must be about. A country includes the entities of
// that country and those located there; a topic may contain a name of the entity.
type aboutEntity struct {
	id     schema.ID
	ids    map[schema.ID]bool // the entity and, for a country, the entities of that country
	placed map[schema.ID]bool // entities located in one of ids, directly or indirectly
	names  []string
}

func (p *factFilter) aboutEntity(ctx context.Context, id schema.ID) (*aboutEntity, error) {
	s := &aboutEntity{id: id, ids: map[schema.ID]bool{id: true}, placed: map[schema.ID]bool{}}
	if !p.filter.AboutOnly {
		if err := p.reader.addMembers(ctx, s); err != nil {
			return nil, err
		}
	}
	own, err := p.reader.entityQuads(ctx, id)
	if err != nil {
		return nil, err
	}
	e := schema.DecodeEntity(id, own)
	s.names = []string{e.Label}
	for _, a := range e.Aliases {
		s.names = append(s.names, a.Value)
	}
	return s, nil
}

// addMembers adds the entities of a country, and all entities located in any of ids.
func (r reader) addMembers(ctx context.Context, s *aboutEntity) error {
	if schema.KindOf(s.id) == schema.Country {
		members, err := r.subjects(ctx, store.Pattern{Predicate: schema.CountryTerm, Object: s.id.Value()})
		if err != nil {
			return err
		}
		for _, member := range members {
			s.ids[member] = true
		}
	}
	next := slices.Sorted(maps.Keys(s.ids))
	for len(next) > 0 {
		at := next[0]
		next = next[1:]
		there, err := r.locatedIn(ctx, at)
		if err != nil {
			return err
		}
		for _, id := range there {
			if !s.placed[id] && id != s.id {
				s.placed[id] = true
				next = append(next, id)
			}
		}
	}
	return nil
}

// locatedIn returns the entities that any source locates in a place, at any time.
func (r reader) locatedIn(ctx context.Context, at schema.ID) ([]schema.ID, error) {
	d, ok := r.vocabulary.Lookup(schema.LocatedIn)
	if !ok || !slices.Contains(d.Object, schema.KindOf(at)) {
		return nil, nil
	}
	return r.subjects(ctx, store.Pattern{Predicate: schema.Term(schema.LocatedIn), Object: at.Value()})
}

// hasPart reports whether the fact involves the entity. If it does so only through
// other entities, hasPart also returns them.
func (s *aboutEntity) hasPart(v *schema.Vocabulary, fact schema.Fact) (through []schema.ID, ok bool) {
	add := func(id schema.ID) {
		if !slices.Contains(through, id) {
			through = append(through, id)
		}
	}
	all := involved(fact)
	if slices.Contains(all, s.id) || s.named(fact.Topic) {
		return nil, true
	}
	for _, id := range all {
		if s.ids[id] || s.placed[id] && hostsEvents(id) {
			add(id)
		}
	}
	for _, id := range venues(v, fact) {
		if s.placed[id] {
			add(id)
		}
	}
	return through, len(through) > 0
}

// hostsEvents reports whether the events of an entity happen where it is located. An
// embassy or a person also acts elsewhere.
func hostsEvents(id schema.ID) bool {
	kind := schema.KindOf(id)
	return kind == schema.Place || kind == schema.Gathering
}

// venues returns the places of a fact: the places in its evidence, and the recipients
// of a verb whose objects are places, such as visiting.
func venues(v *schema.Vocabulary, fact schema.Fact) (ids []schema.ID) {
	for _, e := range fact.Evidence {
		ids = append(ids, e.At...)
	}
	d, ok := v.Lookup(fact.Verb)
	if ok && slices.Contains(d.Object, schema.Place) && !slices.Contains(d.Object, schema.Doc) {
		ids = append(ids, fact.With(schema.RoleRecipient)...)
	}
	return ids
}

// named reports whether a topic contains a name of the entity, as whole words.
func (s *aboutEntity) named(topic string) bool {
	return topic != "" && slices.ContainsFunc(s.names, func(name string) bool {
		if isAcronym(name) {
			return strings.Contains(wordsOf(topic), wordsOf(name))
		}
		key := wordsOf(schema.NameKey(name))
		return key != " " && strings.Contains(wordsOf(schema.Fold(topic)), key)
	})
}

// isAcronym reports whether a name is another word in lower case, as US is.
func isAcronym(name string) bool {
	return len(name) <= 4 && name == strings.ToUpper(name) && name != strings.ToLower(name)
}

// wordsOf returns the words of a text with one space around each.
func wordsOf(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return " " + strings.Join(words, " ") + " "
}
