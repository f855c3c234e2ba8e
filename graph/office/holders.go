package office

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// holdsPost is the relation of a holder to a post.
const holdsPost = schema.Verb("holds-post")

// Options select the facts that count. The zero value selects all facts.
type Options struct {
	Datasets   []string // only facts of these datasets count, with the dates that they give
	MinSources int      // documents that must assert a fact
}

// History lists the terms of all holders of a post.
type History struct {
	Post       schema.ID
	Terms      []Term        // by their dates
	Undated    []Term        // without a date, in no order
	NotCounted []schema.Fact // facts that name a holder and do not count: no source asserts them, or they did not happen
	Events     []schema.Fact // facts that begin or end terms and make none of their own: they are undated, or other facts state the terms
}

// Holders returns the history of a post. Terms come from facts that at least one
// source asserts, and if no fact states a term, from the events that begin and
// end terms, such as an appointment ([Term.Derived]). Errors are errors of
// [graph.Graph.Facts].
func Holders(ctx context.Context, g *graph.Graph, post schema.ID, o *Options) (*History, error) {
	if o == nil {
		o = &Options{}
	}
	b := &historyBuilder{history: History{Post: post}, vocabulary: g.Vocabulary(), datasets: o.Datasets,
		stated: map[schema.ID][]Fact{}, events: map[schema.ID][]event{}}
	for f, err := range g.Facts(ctx, graph.Filter{With: post, Conditions: graph.Conditions{Datasets: o.Datasets, MinSources: o.MinSources}}) {
		if err != nil {
			return nil, err
		}
		if err := b.addFact(f); err != nil {
			return nil, err
		}
	}
	if err := b.makeTerms(); err != nil {
		return nil, err
	}
	return &b.history, nil
}

// historyBuilder collects facts and makes a history of them.
type historyBuilder struct {
	history    History
	vocabulary *schema.Vocabulary
	datasets   []string
	holders    []schema.ID // in the order of their first fact
	stated     map[schema.ID][]Fact
	events     map[schema.ID][]event
}

// addFact adds a fact in which the post takes part.
func (b *historyBuilder) addFact(f schema.Fact) error {
	m, ok := meaningOfVerb(b.vocabulary, f.Verb)
	if !ok || !slices.Contains(f.With(m.post), b.history.Post) {
		return nil
	}
	selected := withEvidenceFrom(f, b.datasets)
	if !assertedToHappen(f, selected) {
		b.history.NotCounted = append(b.history.NotCounted, f)
		return nil
	}
	for _, holder := range f.With(m.holder) {
		if b.stated[holder] == nil && b.events[holder] == nil {
			b.holders = append(b.holders, holder)
		}
		if f.Verb == holdsPost {
			b.stated[holder] = append(b.stated[holder], Fact{f, datesOf(selected)})
			continue
		}
		e, err := newEvent(selected, m.starts, m.kind)
		if err != nil {
			return err
		}
		b.events[holder] = append(b.events[holder], e)
	}
	return nil
}

// verbMeaning describes what facts of one verb say about the holder of a post:
// that they held it, or that a term began or ended.
type verbMeaning struct {
	holder, post schema.Role
	starts       bool
	kind         schema.VerbKind
}

// meaningOfVerb returns what a verb says about the holder of a post; ok is false
// if it says nothing about the holder.
func meaningOfVerb(v *schema.Vocabulary, verb schema.Verb) (m verbMeaning, ok bool) {
	d, ok := v.Lookup(verb)
	if !ok {
		return m, false
	}
	m = verbMeaning{schema.RoleActor, schema.RoleRecipient, slices.Contains(d.Opens, holdsPost), d.Kind}
	if m.starts || slices.Contains(d.Closes, holdsPost) {
		m.holder, m.post = cmp.Or(d.StateSubject, m.holder), cmp.Or(d.StateObject, m.post)
		return m, true
	}
	return m, verb == holdsPost
}

// assertedToHappen reports whether a fact happened and some evidence of selected,
// the same fact with the evidence of the selected datasets, asserts it.
func assertedToHappen(f, selected schema.Fact) bool {
	return f.Status == schema.Happened && selected.Standing().Asserted()
}

// HolderRole returns the role in which facts of a verb name the holder of a post; ok is
// false for a verb that says nothing about the holders of posts.
func HolderRole(v *schema.Vocabulary, verb schema.Verb) (role schema.Role, ok bool) {
	m, ok := meaningOfVerb(v, verb)
	return m.holder, ok
}

// PostsHeld returns the posts that an entity held, took up or left according to a
// fact. It is empty for a fact that no source asserts.
func PostsHeld(v *schema.Vocabulary, f schema.Fact, holder schema.ID) []schema.ID {
	m, ok := meaningOfVerb(v, f.Verb)
	if !ok || !assertedToHappen(f, f) || !slices.Contains(f.With(m.holder), holder) {
		return nil
	}
	return f.With(m.post)
}

// withEvidenceFrom returns a fact with the evidence of the given datasets alone;
// without datasets it returns the fact unchanged.
func withEvidenceFrom(f schema.Fact, datasets []string) schema.Fact {
	if len(datasets) == 0 {
		return f
	}
	own := f
	own.Evidence = nil
	for _, e := range f.Evidence {
		if slices.Contains(datasets, e.Dataset) {
			own.Evidence = append(own.Evidence, e)
		}
	}
	return own
}

// datesOf returns the dates of the evidence of a fact. It adds the fact's own
// date, which is the widest of all datasets, if no evidence has the same
// start.
func datesOf(f schema.Fact) []schema.When {
	dates := f.Dates()
	if slices.ContainsFunc(dates[1:], func(w schema.When) bool { return w.Start() == f.When.Start() }) {
		return dates[1:]
	}
	return dates
}

// makeTerms makes terms of the facts and events that were added.
func (b *historyBuilder) makeTerms() error {
	var all []Term
	for _, holder := range b.holders {
		terms, err := Terms(holder, b.history.Post, b.stated[holder])
		if err != nil {
			return err
		}
		all = append(all, terms...)
	}
	for _, holder := range b.holders {
		terms, err := joinFacts(holder, b.history.Post, b.stated[holder], heldByOthers(all, holder))
		if err != nil {
			return err
		}
		b.addTerms(b.addEventTerms(holder, terms))
	}
	slices.SortStableFunc(b.history.Terms, compareTerms)
	slices.SortStableFunc(b.history.Undated, compareTerms)
	return nil
}

// addTerms adds terms to the dated or the undated terms of the history.
func (b *historyBuilder) addTerms(terms []Term) {
	for _, t := range terms {
		if t.Undated {
			b.history.Undated = append(b.history.Undated, t)
		} else {
			b.history.Terms = append(b.history.Terms, t)
		}
	}
}

// heldByOthers returns a function that reports whether an entity certainly held
// the post between two days, without regard to the entity except.
func heldByOthers(all []Term, except schema.ID) func(end, start schema.Day) bool {
	return func(end, start schema.Day) bool {
		return slices.ContainsFunc(all, func(t Term) bool {
			return t.Holder != except && slices.ContainsFunc(t.certainParts, func(p certainPart) bool {
				return p[0].LatestFrom <= p[0].EarliestTo && p[0].EarliestTo > end && p[0].LatestFrom < start
			})
		})
	}
}

func compareTerms(a, b Term) int {
	fromA, toA := knownDays(a.Span)
	fromB, toB := knownDays(b.Span)
	return cmp.Or(cmp.Compare(fromA, fromB), cmp.Compare(toA, toB), cmp.Compare(a.Holder, b.Holder))
}
