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

// Options say which facts count. The zero value counts all.
type Options struct {
	Datasets   []string // facts that any of these claims, with the dates that they give
	MinSources int      // documents that assert the fact
}

// History is who held a post.
type History struct {
	Post    schema.ID
	Terms   []Term        // in order of time
	Undated []Term        // of which no order can be claimed
	Apart   []schema.Fact // that name a holder and do not count: no source asserts them, or they did not happen
	Events  []schema.Fact // that begin or end terms which facts state too, or have no date
}

// Holders finds who held a post: by facts that at least one source asserts, and
// where none states it by the events that begin and end terms, such as an
// appointment ([Term.Derived]). Errors are those of [graph.Graph.Facts].
func Holders(ctx context.Context, g *graph.Graph, post schema.ID, o *Options) (*History, error) {
	if o == nil {
		o = &Options{}
	}
	r := &records{History: History{Post: post}, vocabulary: g.Vocabulary(), datasets: o.Datasets,
		stated: map[schema.ID][]Fact{}, events: map[schema.ID][]event{}}
	for f, err := range g.Facts(ctx, graph.Filter{With: post, Conditions: graph.Conditions{Datasets: o.Datasets, MinSources: o.MinSources}}) {
		if err != nil {
			return nil, err
		}
		if err := r.add(f); err != nil {
			return nil, err
		}
	}
	if err := r.settle(); err != nil {
		return nil, err
	}
	return &r.History, nil
}

// records is a history in the making.
type records struct {
	History
	vocabulary *schema.Vocabulary
	datasets   []string
	holders    []schema.ID // in the order in which they are met
	stated     map[schema.ID][]Fact
	events     map[schema.ID][]event
}

// add takes in a fact in which the post has part.
func (r *records) add(f schema.Fact) error {
	c, ok := concerns(r.vocabulary, f.Verb)
	if !ok || !slices.Contains(f.With(c.post), r.Post) {
		return nil
	}
	claimed := claimedBy(f, r.datasets)
	if !counts(f, claimed) {
		r.Apart = append(r.Apart, f)
		return nil
	}
	for _, holder := range f.With(c.holder) {
		if r.stated[holder] == nil && r.events[holder] == nil {
			r.holders = append(r.holders, holder)
		}
		if f.Verb == holdsPost {
			r.stated[holder] = append(r.stated[holder], Fact{f, datesOf(claimed)})
			continue
		}
		e, err := newEvent(claimed, c.opens, c.kind)
		if err != nil {
			return err
		}
		r.events[holder] = append(r.events[holder], e)
	}
	return nil
}

// concern is how facts of one verb say that somebody holds a post: themselves, or
// by beginning a term or ending it.
type concern struct {
	holder, post schema.Role
	opens        bool
	kind         schema.VerbKind
}

// concerns is false of a verb that says nothing of who holds a post.
func concerns(v *schema.Vocabulary, verb schema.Verb) (c concern, ok bool) {
	d, ok := v.Lookup(verb)
	if !ok {
		return c, false
	}
	c = concern{schema.RoleActor, schema.RoleRecipient, slices.Contains(d.Opens, holdsPost), d.Kind}
	if c.opens || slices.Contains(d.Closes, holdsPost) {
		c.holder, c.post = cmp.Or(d.StateSubject, c.holder), cmp.Or(d.StateObject, c.post)
		return c, true
	}
	return c, verb == holdsPost
}

// counts reports whether a fact happened and some of its evidence asserts it.
func counts(f, claimed schema.Fact) bool {
	return f.Status == schema.Happened && claimed.Standing().Asserted()
}

// PostsOf is the posts of which a fact says that a holder held them, or came to hold
// or left them. A fact that no source asserts says it of none.
func PostsOf(v *schema.Vocabulary, f schema.Fact, holder schema.ID) []schema.ID {
	c, ok := concerns(v, f.Verb)
	if !ok || !counts(f, f) || !slices.Contains(f.With(c.holder), holder) {
		return nil
	}
	return f.With(c.post)
}

// claimedBy is a fact with the evidence of some datasets only; none are all.
func claimedBy(f schema.Fact, datasets []string) schema.Fact {
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

// datesOf are the dates of the evidence of a fact, and its own where no evidence
// begins alike: the fact has the widest date of all datasets.
func datesOf(f schema.Fact) []schema.When {
	dates := f.Dates()
	if slices.ContainsFunc(dates[1:], func(w schema.When) bool { return w.Start() == f.When.Start() }) {
		return dates[1:]
	}
	return dates
}

// settle makes terms of what was added.
func (r *records) settle() error {
	var all []Term
	for _, holder := range r.holders {
		terms, err := Terms(holder, r.Post, r.stated[holder])
		if err != nil {
			return err
		}
		all = append(all, terms...)
	}
	for _, holder := range r.holders {
		terms, err := terms(holder, r.Post, r.stated[holder], between(all, holder))
		if err != nil {
			return err
		}
		r.sort(r.withEvents(holder, terms))
	}
	slices.SortStableFunc(r.Terms, compareTerms)
	slices.SortStableFunc(r.Undated, compareTerms)
	return nil
}

// sort puts terms where they belong.
func (r *records) sort(terms []Term) {
	for _, t := range terms {
		if t.Undated {
			r.Undated = append(r.Undated, t)
		} else {
			r.Terms = append(r.Terms, t)
		}
	}
}

// between reports whether anybody but one holder certainly held the post after one
// day and before another.
func between(all []Term, but schema.ID) func(end, start schema.Day) bool {
	return func(end, start schema.Day) bool {
		return slices.ContainsFunc(all, func(t Term) bool {
			return t.Of != but && slices.ContainsFunc(t.claims, func(c claim) bool {
				return c[0].LatestFrom <= c[0].EarliestTo && c[0].EarliestTo > end && c[0].LatestFrom < start
			})
		})
	}
}

func compareTerms(a, b Term) int {
	fromA, toA := core(a.Span)
	fromB, toB := core(b.Span)
	return cmp.Or(cmp.Compare(fromA, fromB), cmp.Compare(toA, toB), cmp.Compare(a.Of, b.Of))
}
