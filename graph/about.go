package graph

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// aboutEntity is what facts are to be about: an entity, for a country also all that
// is of it, what is located there, and the names by which a topic may speak of it.
type aboutEntity struct {
	id     schema.ID
	ids    map[schema.ID]bool // it and all that is of it
	placed map[schema.ID]bool // what is located in one of these, and in what is so located
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

// addMembers adds what is of a country, and what is located in any of it.
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

// locatedIn is what some source says is located in a place, whenever that was.
func (r reader) locatedIn(ctx context.Context, at schema.ID) ([]schema.ID, error) {
	d, ok := r.vocabulary.Lookup(schema.LocatedIn)
	if !ok || !slices.Contains(d.Object, schema.KindOf(at)) {
		return nil, nil
	}
	return r.subjects(ctx, store.Pattern{Predicate: schema.Term(schema.LocatedIn), Object: at.Value()})
}

// hasPart reports whether the subject has part in the fact; where it has so only by
// way of other entities, it lists these.
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

// hostsEvents reports whether what an entity has part in happens where it is: an
// embassy or a person also acts elsewhere.
func hostsEvents(id schema.ID) bool {
	kind := schema.KindOf(id)
	return kind == schema.Place || kind == schema.Gathering
}

// venues are where a fact happened as its evidence says, and to what a verb is done
// that is done to places, as visiting is.
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

// named reports whether a topic has one of the names in it, as whole words.
func (s *aboutEntity) named(topic string) bool {
	return topic != "" && slices.ContainsFunc(s.names, func(name string) bool {
		if isAcronym(name) {
			return strings.Contains(wordsOf(topic), wordsOf(name))
		}
		key := wordsOf(schema.NameKey(name))
		return key != " " && strings.Contains(wordsOf(schema.Fold(topic)), key)
	})
}

// isAcronym tells names that are other words when they are not in capitals: US.
func isAcronym(name string) bool {
	return len(name) <= 4 && name == strings.ToUpper(name) && name != strings.ToLower(name)
}

// wordsOf is the words of a text with one space around each.
func wordsOf(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	return " " + strings.Join(words, " ") + " "
}

// factsAbout is every fact that the subject can have part in.
func (r reader) factsAbout(ctx context.Context, s *aboutEntity) ([]schema.ID, error) {
	var facts []schema.ID
	for _, ids := range []map[schema.ID]bool{s.ids, s.placed} {
		for id := range ids {
			with, err := r.factsWith(ctx, id)
			if err != nil {
				return nil, err
			}
			facts = append(facts, with...)
		}
	}
	for q, err := range r.Match(ctx, store.Pattern{Predicate: schema.TopicTerm}) {
		if err != nil {
			return nil, err
		}
		if topic, ok := q.Object.(quad.String); ok && s.named(string(topic)) {
			facts = append(facts, subjectOf(q))
		}
	}
	return facts, nil
}
