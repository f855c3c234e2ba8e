package graph

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// subject is what facts are to be about: an entity, for a country also all that
// is of it, and the names by which a topic may speak of it.
type subject struct {
	ids   map[schema.ID]bool
	names []string
}

func (r reader) subject(ctx context.Context, id schema.ID) (*subject, error) {
	s := &subject{ids: map[schema.ID]bool{id: true}}
	if schema.KindOf(id) == schema.Country {
		members, err := r.subjects(ctx, store.Pattern{Predicate: schema.CountryTerm, Object: id.Value()})
		if err != nil {
			return nil, err
		}
		for _, member := range members {
			s.ids[member] = true
		}
	}
	own, err := r.own(ctx, id)
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

// hasPart reports whether the subject has part in the fact.
func (s *subject) hasPart(fact schema.Fact) bool {
	return slices.ContainsFunc(involved(fact), func(id schema.ID) bool { return s.ids[id] }) || s.named(fact.Topic)
}

// named reports whether a topic has one of the names in it, as whole words.
func (s *subject) named(topic string) bool {
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
func (r reader) factsAbout(ctx context.Context, s *subject) ([]schema.ID, error) {
	var facts []schema.ID
	for id := range s.ids {
		with, err := r.factsWith(ctx, id)
		if err != nil {
			return nil, err
		}
		facts = append(facts, with...)
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
