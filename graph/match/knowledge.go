package match

import (
	"context"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

// knowledge is what datasets and facts say about an entity.
type knowledge struct {
	datasets    []string
	posts       []held
	others      map[schema.ID]bool // the entities with which it dealt
	together    map[schema.ID]bool // the entities of pairs that take part in a fact with it
	first, last schema.Day         // of its dated interactions
	firstFact   string             // in words
	dated       bool
}

// held is a post that an entity held, and when; the span is zero if that is not known.
type held struct {
	post  schema.ID
	span  schema.Span
	dated bool
}

// streamed is the number of entities above which all facts are read at once.
const streamed = 200

// readKnowledge reads the datasets and the facts of the entities of pairs.
func (m *matcher) readKnowledge(ctx context.Context, pairs []scoredPair) error {
	byID := map[schema.ID]*subject{}
	for _, p := range pairs {
		for _, i := range []int{p.a, p.b} {
			s := m.subjects[i]
			if byID[s.entity.ID] == nil {
				s.known = &knowledge{others: map[schema.ID]bool{}, together: map[schema.ID]bool{}}
				byID[s.entity.ID] = s
			}
		}
	}
	task := progress.Begin(ctx, "reading what is known", "entities", int64(len(byID)))
	defer task.End()
	for id, s := range byID {
		var err error
		if s.known.datasets, err = m.statedBy(ctx, id); err != nil {
			return err
		}
		if len(byID) <= streamed {
			err = m.readFacts(ctx, graph.Filter{With: id}, map[schema.ID]*subject{id: s}, byID)
		}
		if err != nil {
			return err
		}
		task.Add(1)
	}
	if len(byID) > streamed {
		return m.readFacts(ctx, graph.Filter{}, byID, byID)
	}
	return nil
}

// statedBy returns the datasets that declare an entity.
func (m *matcher) statedBy(ctx context.Context, id schema.ID) (names []string, err error) {
	borrowed := map[string]bool{}
	for q, err := range m.snapshot.Match(ctx, graph.Pattern{Subject: id.Value(), Predicate: schema.BorrowedTerm}) {
		if err != nil {
			return nil, err
		}
		if name, ok := schema.DatasetName(q.Label); ok {
			borrowed[name] = true
		}
	}
	for q, err := range m.snapshot.Match(ctx, graph.Pattern{Subject: id.Value(), Predicate: schema.TypeTerm}) {
		if err != nil {
			return nil, err
		}
		if name, ok := schema.DatasetName(q.Label); ok && !borrowed[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// readFacts adds the facts that a filter selects to what is known of entities.
func (m *matcher) readFacts(ctx context.Context, f graph.Filter, of, all map[schema.ID]*subject) error {
	v := m.graph.Vocabulary()
	parts := graph.MapFacts(ctx, m.graph, f, func(list []graph.Selected) ([]schema.Fact, error) {
		var kept []schema.Fact
		for _, selected := range list {
			if fact := selected.Fact; fact.Status == schema.Happened && fact.Standing().Asserted() && involves(fact, of) {
				fact.Evidence = nil
				kept = append(kept, fact)
			}
		}
		return kept, nil
	})
	for facts, err := range parts {
		if err != nil {
			return err
		}
		for i := range facts {
			addFact(v, &facts[i], of, all)
		}
	}
	return nil
}

func involves(f schema.Fact, of map[schema.ID]*subject) bool {
	return slices.ContainsFunc(f.Roles, func(p schema.Participant) bool { return of[p.ID] != nil })
}

// addFact adds a fact to what is known of each of its participants.
func addFact(v *schema.Vocabulary, f *schema.Fact, of, all map[schema.ID]*subject) {
	for _, p := range f.Roles {
		s := of[p.ID]
		if s == nil {
			continue
		}
		k := s.known
		for _, other := range f.Roles {
			if other.ID != p.ID && schema.KindOf(other.ID) != schema.Country {
				k.others[other.ID] = true
				if all[other.ID] != nil {
					k.together[other.ID] = true
				}
			}
		}
		k.addDates(v, f)
		k.addPosts(v, f, p.ID)
	}
}

// addDates widens the days of the interactions of an entity.
func (k *knowledge) addDates(v *schema.Vocabulary, f *schema.Fact) {
	d, ok := v.Lookup(f.Verb)
	if !ok || !f.When.Dated() || d.Kind != schema.Interaction {
		return
	}
	span, err := f.When.Span(d.Kind)
	if err != nil || span.From == schema.MinDay || span.To == schema.MaxDay {
		return
	}
	if !k.dated || span.To < k.first {
		k.first, k.firstFact = span.To, f.When.Written
	}
	if !k.dated || span.From > k.last {
		k.last = span.From
	}
	k.dated = true
}

// addPosts adds the posts that an entity holds according to a fact.
func (k *knowledge) addPosts(v *schema.Vocabulary, f *schema.Fact, of schema.ID) {
	asserted := *f
	asserted.Evidence = []schema.Evidence{{Stance: schema.Asserts}}
	for _, post := range office.PostsHeld(v, asserted, of) {
		h := held{post: post}
		if d, ok := v.Lookup(f.Verb); ok && d.Kind == schema.Relation && f.When.Dated() {
			span, err := f.When.Span(d.Kind)
			h.span, h.dated = span, err == nil
		}
		k.posts = append(k.posts, h)
	}
}

// posts compares the posts that both held.
func (j *judgement) posts(m *matcher) {
	if j.a.known == nil || j.b.known == nil {
		return
	}
	best, text := 0.0, ""
	for _, x := range j.a.known.posts {
		for _, y := range j.b.known.posts {
			if weight, why := samePost(x, y); weight > best {
				best, text = weight, why
			}
		}
	}
	if best > 0 {
		j.speaksFor(OfPost, best, "%s", text)
	}
	j.exclusivePosts(m)
}

// samePost returns the weight of two terms of one post, and why.
func samePost(x, y held) (weight float64, why string) {
	switch {
	case x.post != y.post:
		return 0, ""
	case x.dated && y.dated && x.span.Possible(y.span.From, y.span.To):
		return 0.5, fmt.Sprintf("both held %s at times that fit", x.post)
	case x.dated && y.dated:
		return 0.1, fmt.Sprintf("both held %s, at different times", x.post)
	}
	return 0.3, fmt.Sprintf("both held %s", x.post)
}

// exclusivePosts looks for posts of two countries that were certainly held at one time
// for more than a month, which nobody does.
func (j *judgement) exclusivePosts(m *matcher) {
	for _, x := range j.a.known.posts {
		for _, y := range j.b.known.posts {
			if x.post == y.post || !x.dated || !y.dated {
				continue
			}
			from, to := max(x.span.LatestFrom, y.span.LatestFrom), min(x.span.EarliestTo, y.span.EarliestTo)
			if to-from <= 31 {
				continue
			}
			if c, d := m.countryOf(x.post), m.countryOf(y.post); c != "" && d != "" && c != d {
				j.speaksAgainst(OfPost, 0.5, "%s of %s and %s of %s at the same time, from %s to %s", x.post, c, y.post, d, from, to)
				return
			}
		}
	}
}

// countryOf returns the country of a post; empty if that is not known.
func (m *matcher) countryOf(post schema.ID) schema.ID {
	e, err := m.graph.Entity(context.Background(), post)
	if err != nil {
		return ""
	}
	return e.Country
}

// dealings compares with whom the entities dealt, and with each other.
func (j *judgement) dealings(m *matcher) {
	a, b := j.a, j.b
	if a.known == nil || b.known == nil || a.entity.Kind == schema.Country || a.entity.Kind == schema.Place {
		return
	}
	if a.known.together[b.entity.ID] {
		j.speaksAgainst(OfDealings, 0.35, "both take part in one fact, as two")
	}
	var shared []string
	for id := range a.known.others {
		if b.known.others[id] && schema.KindOf(id) != schema.Post {
			shared = append(shared, string(id))
		}
	}
	if n := len(shared); n > 0 {
		slices.Sort(shared)
		weight := min(0.45, 0.12*float64(n))
		j.speaksFor(OfDealings, weight, "both dealt with %s", few(shared))
	}
}

const (
	yearDays   = 365
	longCareer = 95 * yearDays
)

// lifetimes compares when people acted with when they were born.
func (j *judgement) lifetimes() {
	a, b := j.a, j.b
	if a.known == nil || b.known == nil || a.entity.Kind != schema.Person {
		return
	}
	j.before(a, b)
	j.before(b, a)
	if !a.known.dated || !b.known.dated {
		return
	}
	first, last := min(a.known.first, b.known.first), max(a.known.last, b.known.last)
	if last-first > longCareer {
		j.speaksAgainst(OfLifetime, 0.3, "their dealings are %d years apart: from %s to %s", (last-first)/yearDays, first, last)
	}
}

// before looks for a fact of one before the other was born.
func (j *judgement) before(of, other *subject) {
	if of.entity.Born == "" || !other.known.dated {
		return
	}
	span, err := schema.When{Written: of.entity.Born}.Span(schema.Interaction)
	if err == nil && other.known.first < span.From {
		j.speaksAgainst(OfLifetime, 0.2, "%s acted in %s, before %s was born in %s", other.entity.Label, other.known.firstFact, of.entity.Label, of.entity.Born)
	}
}

func firstWord(list string) string {
	for i := range len(list) {
		if list[i] == ' ' {
			return list[:i]
		}
	}
	return list
}
