package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Decision is what a person has decided about evidence that needs a review: see
// [RecordReview].
type Decision struct {
	schema.Review           // its State is Accepted or Rejected
	Fact          schema.ID // the fact of the evidence
	Text          string    // the fact in words, as the person has seen it
	Source        schema.ID // the document
	Quote         string
	Dataset       string // the dataset in which the decision was made
}

// A decision is one quad outside of all datasets, so that it outlives a load of its
// dataset: <note:reviews/KEY> <dip:decision> "{…}" <note:loads>. KEY is a hash of the fact,
// the document and the quote.
const (
	reviewPrefix = "note:reviews/"
	decisionTerm = quad.IRI("dip:decision")
)

func reviewSubject(fact, source schema.ID, quote string) quad.IRI {
	h := sha256.Sum256(fmt.Appendf(nil, "%q %q %q", fact, source, quote))
	return quad.IRI(reviewPrefix + hex.EncodeToString(h[:16]))
}

func (d Decision) quad() quad.Quad {
	text, _ := json.Marshal(d) // strings: it cannot fail
	return quad.Quad{Subject: reviewSubject(d.Fact, d.Source, d.Quote), Predicate: decisionTerm, Object: quad.String(text), Label: LoadsLabel}
}

// Decisions returns all decisions of reviews, in the order of the facts.
func Decisions(ctx context.Context, g *Graph) (list []Decision, err error) {
	err = g.read(ctx, func(r reader) error {
		for q, err := range r.Match(ctx, store.Pattern{Predicate: decisionTerm, Label: LoadsLabel}) {
			if err != nil {
				return err
			}
			d, err := parseDecision(q)
			if err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	})
	slices.SortFunc(list, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(a.Fact, b.Fact), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Quote, b.Quote))
	})
	return list, err
}

func parseDecision(q quad.Quad) (d Decision, err error) {
	if err := json.Unmarshal([]byte(quad.ToString(q.Object)), &d); err != nil {
		return d, fmt.Errorf("%w: the decision %v: %w", ErrDamaged, q.Subject, err)
	}
	return d, nil
}

// reviewed is the decisions of reviews by their subjects, for a load.
type reviewed map[quad.IRI]schema.Review

// reviewsOf returns the decisions of reviews, or nil if there are none.
func reviewsOf(ctx context.Context, g *Graph) (reviewed, error) {
	list, err := Decisions(ctx, g)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	r := make(reviewed, len(list))
	for _, d := range list {
		r[reviewSubject(d.Fact, d.Source, d.Quote)] = d.Review
	}
	return r, nil
}

// apply yields the records of a load as reviews have decided: accepted evidence is no
// longer pending, rejected evidence is left out, and a fact without any evidence left is
// counted in the report and left out.
func (r reviewed) apply(v *schema.Vocabulary, report *Report, all iter.Seq2[schema.Record, error]) iter.Seq2[schema.Record, error] {
	if r == nil {
		return all
	}
	return func(yield func(schema.Record, error) bool) {
		for record, err := range all {
			if f, ok := record.(schema.Fact); ok && err == nil && hasPending(f) && v.Check(f) == nil {
				decided, isKept := r.applyTo(v.Normalize(f))
				if !isKept {
					report.KeptOut++
					continue
				}
				record = decided
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

func hasPending(f schema.Fact) bool {
	return slices.ContainsFunc(f.Evidence, schema.Evidence.IsPending)
}

// applyTo returns a normalized fact as reviews have decided. It returns false if no
// evidence is left.
func (r reviewed) applyTo(f schema.Fact) (schema.Fact, bool) {
	kept := f.Evidence[:0]
	for _, e := range f.Evidence {
		d, ok := r[reviewSubject(f.ID, e.Source, e.Quote)]
		switch {
		case !ok || !e.IsPending():
		case d.State == schema.Rejected:
			continue
		default:
			e.Review = reviewAfter(e.Review, d)
		}
		kept = append(kept, e)
	}
	f.Evidence = kept
	return f, len(kept) > 0
}

// reviewAfter returns a review with a decision.
func reviewAfter(was *schema.Review, d schema.Review) *schema.Review {
	now := d
	if was != nil {
		now.Model = was.Model
	}
	return &now
}

// ErrNotPending is wrapped by a review of evidence that needs none.
var ErrNotPending = errors.New("no review is pending")

// RecordReview records what a person has decided about pending evidence of a fact, and changes
// the dataset accordingly, in one transaction: accepted evidence is no longer pending, and
// rejected evidence is removed, with the fact if the dataset has no other evidence for it.
// The decision holds for later loads of any dataset: the same evidence (of the same fact,
// from the same document, with the same quote) is then accepted, or kept out.
//
// The State of the review is Accepted or Rejected, and By says who decided. Text is the fact
// in words, for the list of decisions. Errors wrap [ErrNotFound], [ErrNotPending], or
// [ErrInUse] if facts of the dataset refer to a fact that a rejection would remove.
func RecordReview(ctx context.Context, g *Graph, dataset string, fact, evidence schema.ID, r schema.Review, text string) (Report, error) {
	if r.State != schema.Accepted && r.State != schema.Rejected {
		return Report{}, fmt.Errorf("%w: a decision is accepted or rejected, not %q", ErrQuery, r.State)
	}
	if strings.TrimSpace(r.By) == "" {
		return Report{}, fmt.Errorf("%w: a decision needs a person", ErrQuery)
	}
	return updateRecords(ctx, g, dataset, func(tx *Tx) error {
		f, err := tx.Fact(fact)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(f.Evidence, func(e schema.Evidence) bool { return e.ID == evidence })
		switch {
		case i < 0:
			return fmt.Errorf("%w: dataset %q has no evidence %s of %s", ErrNotFound, dataset, evidence, fact)
		case !f.Evidence[i].IsPending():
			return fmt.Errorf("%w for %s of %s", ErrNotPending, evidence, fact)
		}
		e := f.Evidence[i]
		d := Decision{Review: *reviewAfter(e.Review, r), Fact: fact, Text: text, Source: e.Source, Quote: e.Quote, Dataset: dataset}
		if err := tx.putDecision(d); err != nil {
			return err
		}
		if r.State == schema.Accepted {
			f.Evidence[i].Review = &d.Review
			return tx.Put(f)
		}
		if f.Evidence = slices.Delete(f.Evidence, i, i+1); len(f.Evidence) > 0 {
			return tx.Put(f)
		}
		return tx.Remove(fact)
	}, true)
}

// putDecision replaces the decision about evidence.
func (tx *Tx) putDecision(d Decision) error {
	q := d.quad()
	if _, err := tx.store.RemoveMatching(tx.ctx, store.Pattern{Subject: q.Subject, Predicate: decisionTerm, Label: LoadsLabel}); err != nil {
		return err
	}
	_, err := tx.store.Add(q)
	return err
}

// Undecide removes a decision of a review. Accepted evidence is pending again. Rejected
// evidence comes back with the next load of its dataset, which reads its input again, and
// also restores what else updates have changed in the fact; or at once if before has what
// the dataset stated of the fact. Errors wrap [ErrNotFound] if there is no such decision.
func Undecide(ctx context.Context, g *Graph, d Decision, before ...schema.Record) error {
	datasets, err := g.StatedBy(ctx, d.Fact)
	if err != nil {
		return err
	}
	for _, dataset := range datasets {
		if _, err := updateRecords(ctx, g, dataset, func(tx *Tx) error { return tx.makePending(d) }, true); err != nil {
			return err
		}
	}
	if _, err := updateRecords(ctx, g, d.Dataset, func(tx *Tx) error { return tx.Put(before...) }, true); err != nil {
		return err
	}
	return g.update(ctx, func(tx *store.Tx) error {
		p := store.Pattern{Subject: reviewSubject(d.Fact, d.Source, d.Quote), Predicate: decisionTerm, Label: LoadsLabel}
		n, err := tx.RemoveMatching(ctx, p)
		if err == nil && n == 0 {
			err = fmt.Errorf("%w: no decision about %s", ErrNotFound, d.Fact)
		}
		if err != nil || d.State == schema.Accepted {
			return err
		}
		return readInputsAgain(ctx, tx, d.Fact)
	})
}

// readInputsAgain makes the next load of each dataset read its input, also if it is the
// same, and lets it restore a fact that was changed by hand.
func readInputsAgain(ctx context.Context, tx *store.Tx, fact schema.ID) error {
	notes, err := reader{tx, nil}.notes(ctx)
	if err != nil {
		return err
	}
	for _, dataset := range slices.Sorted(maps.Keys(notes)) {
		mark := store.Pattern{Subject: editSubject(dataset, fact), Predicate: editTerm, Label: LoadsLabel}
		if _, err := tx.RemoveMatching(ctx, mark); err != nil {
			return err
		}
		n := notes[dataset]
		n.Key = ""
		if err := putNote(ctx, tx, dataset, &n); err != nil {
			return err
		}
	}
	return nil
}

// makePending makes accepted evidence pending again, if the dataset has it.
func (tx *Tx) makePending(d Decision) error {
	f, err := tx.Fact(d.Fact)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for i, e := range f.Evidence {
		if e.Source == d.Source && e.Quote == d.Quote && e.Review != nil && e.Review.State == schema.Accepted {
			f.Evidence[i].Review = &schema.Review{State: schema.Pending, Model: e.Review.Model}
		}
	}
	return tx.Put(f)
}

// Unreviewed is evidence that no person has accepted.
type Unreviewed struct {
	Fact, Evidence schema.ID
	Dataset        string
}

// ListUnreviewed returns the evidence whose review is pending or rejected, in the order of the
// datasets and facts.
func ListUnreviewed(ctx context.Context, g *Graph) (list []Unreviewed, err error) {
	err = g.read(ctx, func(r reader) error {
		for _, state := range []schema.ReviewState{schema.Pending, schema.Rejected} {
			for q, err := range r.Match(ctx, store.Pattern{Predicate: schema.ReviewTerm, Object: schema.Term(state)}) {
				if err != nil {
					return err
				}
				dataset, ok := schema.DatasetName(q.Label)
				if !ok {
					continue
				}
				facts, err := r.subjects(ctx, store.Pattern{Predicate: schema.EvidenceTerm, Object: q.Subject, Label: q.Label})
				if err != nil {
					return err
				}
				for _, fact := range facts {
					list = append(list, Unreviewed{fact, subjectOf(q), dataset})
				}
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b Unreviewed) int {
		return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Fact, b.Fact), cmp.Compare(a.Evidence, b.Evidence))
	})
	return list, err
}

// RemoveUnreviewed removes evidence that no person has accepted from all datasets, with the
// facts that rest on such evidence alone, the facts in which one of these takes part, and
// the links to them. It is meant for a copy of a graph ([Copy]), whose answers then rest on
// reviewed evidence alone. It returns how many facts and pieces of evidence were removed.
func RemoveUnreviewed(ctx context.Context, g *Graph) (facts, evidence int, err error) {
	list, err := ListUnreviewed(ctx, g)
	byDataset := map[string][]schema.ID{}
	for _, u := range list {
		byDataset[u.Dataset] = append(byDataset[u.Dataset], u.Fact)
	}
	gone := map[schema.ID]bool{}
	for _, dataset := range slices.Sorted(maps.Keys(byDataset)) {
		if err != nil {
			break
		}
		_, err = g.Update(ctx, dataset, func(tx *Tx) error {
			r := unreviewedRemoval{tx: tx, gone: gone}
			defer func() { evidence += r.evidence }()
			return r.remove(slices.Compact(byDataset[dataset]))
		})
	}
	for id := range gone {
		if there, failed := g.StatedBy(ctx, id); failed == nil && len(there) == 0 {
			facts++
		}
	}
	return facts, evidence, err
}

// unreviewedRemoval removes evidence of one dataset that no person has accepted.
type unreviewedRemoval struct {
	tx       *Tx
	gone     map[schema.ID]bool // the facts that a dataset states no more
	evidence int
}

func (r *unreviewedRemoval) remove(facts []schema.ID) error {
	var empty []schema.ID
	for _, id := range facts {
		f, err := r.tx.Fact(id)
		if err != nil {
			return err
		}
		all := len(f.Evidence)
		f.Evidence = slices.DeleteFunc(f.Evidence, func(e schema.Evidence) bool { return !e.IsReviewed() })
		r.evidence += all - len(f.Evidence)
		if len(f.Evidence) == 0 {
			empty = append(empty, id)
		} else if err := r.tx.Put(f); err != nil {
			return err
		}
	}
	for len(empty) > 0 {
		id := empty[0]
		more, err := r.removeFact(id)
		if err != nil {
			return err
		}
		empty = append(empty[1:], more...)
	}
	return nil
}

// removeFact removes a fact and the links to it, and returns the facts in which it takes part.
func (r *unreviewedRemoval) removeFact(id schema.ID) (more []schema.ID, err error) {
	if r.tx.records[id] != nil && r.tx.records[id].now == nil {
		return nil, nil
	}
	others, err := referenceCheck{r.tx}.mentions(id, -1)
	if err != nil {
		return nil, err
	}
	for _, other := range others {
		f, err := r.tx.Fact(other)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(f.Roles, func(p schema.Participant) bool { return p.ID == id }) {
			more, r.evidence = append(more, other), r.evidence+len(f.Evidence)
			continue
		}
		f.Links = slices.DeleteFunc(f.Links, func(l schema.Link) bool { return l.Fact == id })
		if err := r.tx.Put(f); err != nil {
			return nil, err
		}
	}
	r.gone[id] = true
	return more, r.tx.Remove(id)
}
