package graph

import (
	"context"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Stats are counts of a graph's contents.
type Stats struct {
	Quads int64               // without the notes of loads
	Edges int                 // edges of verbs
	Roles map[schema.Verb]int // edges of roles, by predicate

	// Entities counts the declared entities by kind, without documents; Documents
	// counts the declared documents. Each counts once, however many datasets declare
	// it. Undeclared counts the entities and documents that no dataset declares any
	// more, and of which only a borrowed name is left.
	Entities   map[schema.Kind]int
	Documents  int
	Undeclared int

	Facts    int
	Verbs    map[schema.Verb]int
	Evidence int

	// Statuses counts the asserted facts by status. Standings counts all facts by
	// standing: a fact that is only denied, doubted or hearsay does not count in
	// Statuses.
	Statuses  map[schema.Status]int
	Standings map[schema.Standing]int

	Undated  int // facts without a date of their own or of a fact that contains them
	Datasets int

	// First and Last are the earliest and the latest day of all dated facts, without
	// open bounds. They are empty if no fact is dated.
	First, Last string
}

// Stats counts the contents of the graph. It reads every fact.
func (g *Graph) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Entities: map[schema.Kind]int{}, Roles: map[schema.Verb]int{}, Verbs: map[schema.Verb]int{}, Statuses: map[schema.Status]int{}, Standings: map[schema.Standing]int{}}
	sets, err := g.Datasets(ctx)
	if err != nil {
		return s, err
	}
	s.Datasets = len(sets)
	err = g.withSnapshot(ctx, func(snap *store.Snapshot) error {
		r := reader{snap, g.Vocabulary()}
		notes, err := snap.Count(ctx, store.Pattern{Label: LoadsLabel})
		if err != nil {
			return err
		}
		if s.Quads, err = snap.Count(ctx, store.Pattern{}); err != nil {
			return err
		}
		s.Quads -= notes
		return r.countEntities(ctx, &s)
	})
	if err != nil {
		return s, err
	}
	for fact, err := range g.Facts(ctx, Filter{}) {
		if err != nil {
			return s, err
		}
		s.count(g.Vocabulary(), fact)
	}
	return s, nil
}

func (r reader) countEntities(ctx context.Context, s *Stats) error {
	borrowed := map[quad.Quad]bool{}
	for q, err := range r.Match(ctx, store.Pattern{Predicate: schema.BorrowedTerm}) {
		if err != nil {
			return err
		}
		borrowed[quad.Quad{Subject: q.Subject, Label: q.Label}] = true
	}
	for _, kind := range schema.Kinds() {
		all, declared := map[quad.Value]bool{}, 0
		for q, err := range r.Match(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(kind)}) {
			if err != nil {
				return err
			}
			is := !borrowed[quad.Quad{Subject: q.Subject, Label: q.Label}]
			if is && !all[q.Subject] {
				declared++
			}
			all[q.Subject] = all[q.Subject] || is
		}
		s.Undeclared += len(all) - declared
		switch {
		case kind == schema.Doc:
			s.Documents = declared
		case declared > 0:
			s.Entities[kind] = declared
		}
	}
	return nil
}

func (s *Stats) count(v *schema.Vocabulary, f schema.Fact) {
	s.Facts++
	s.Verbs[f.Verb]++
	standing := f.Standing()
	if s.Standings[standing]++; standing.Asserted() {
		s.Statuses[f.Status]++
	}
	s.Evidence += len(f.Evidence)
	for _, e := range v.Edges(f) {
		if e.Role == "" {
			s.Edges++
		} else {
			s.Roles[e.Verb]++
		}
	}
	if !f.When.Dated() {
		if f.Within == nil {
			s.Undated++
		}
		return
	}
	d, ok := v.Lookup(f.Verb)
	if !ok {
		return
	}
	span, err := f.When.Span(d.Kind)
	if err != nil {
		return
	}
	if day := span.From.String(); span.From != schema.MinDay && (s.First == "" || day < s.First) {
		s.First = day
	}
	if day := span.To.String(); span.To != schema.MaxDay && day > s.Last {
		s.Last = day
	}
}
