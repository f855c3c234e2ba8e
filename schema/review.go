package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// Review is what is known of evidence that a person should look at before it counts as
// checked: what a model found in a text.
type Review struct {
	State ReviewState `json:"state,omitempty"`
	Model string      `json:"model,omitempty"` // the name of the model that found it
	By    string      `json:"by,omitempty"`    // who accepted or rejected it
	On    string      `json:"on,omitempty"`    // the day of that, YYYY-MM-DD
	Note  string      `json:"note,omitempty"`  // why
}

// ReviewState says whether a person has looked at evidence.
type ReviewState string

// The states of reviews. Evidence without a review has none of them.
const (
	Pending  ReviewState = "pending"
	Accepted ReviewState = "accepted"
	Rejected ReviewState = "rejected"
)

// ReviewStates lists all states of reviews.
func ReviewStates() []ReviewState { return []ReviewState{Pending, Accepted, Rejected} }

// IsPending reports whether no person has accepted or rejected evidence that needs a
// review.
func (e Evidence) IsPending() bool { return e.Review != nil && e.Review.State == Pending }

// Mark returns what an answer says beside evidence that no person has accepted: "review
// pending" or "rejected"; empty for other evidence.
func (r *Review) Mark() string {
	if r == nil {
		return ""
	}
	switch r.State {
	case Pending:
		return "review pending"
	case Rejected:
		return "rejected"
	}
	return ""
}

// MethodWords returns how evidence was obtained, with the mark of its review: "model",
// "model (review pending)".
func (e Evidence) MethodWords() string {
	if mark := e.Review.Mark(); mark != "" {
		return string(e.Method) + " (" + mark + ")"
	}
	return string(e.Method)
}

// IsUnreviewed reports whether a fact rests on evidence alone that is pending or rejected.
func (f Fact) IsUnreviewed() bool {
	return len(f.Evidence) > 0 && !slices.ContainsFunc(f.Evidence, func(e Evidence) bool { return e.IsReviewed() })
}

// IsReviewed reports whether evidence needs no review or is accepted.
func (e Evidence) IsReviewed() bool {
	return e.Review == nil || e.Review.State == "" || e.Review.State == Accepted
}

// review writes the quads of the review of evidence.
func (w *quadWriter) review(e Evidence) {
	r := e.Review
	if r == nil {
		return
	}
	if r.State != "" {
		w.add(e.ID, ReviewTerm, termOf(w.vocabulary, r.State))
	}
	w.text(e.ID, ModelTerm, r.Model)
	w.text(e.ID, ReviewedByTerm, r.By)
	w.text(e.ID, ReviewedOnTerm, r.On)
	w.text(e.ID, ReviewNoteTerm, r.Note)
}

// readReview reads one part of a review. It returns false for other predicates.
func readReview[T comparable](terms Terms[T], e *Evidence, predicate quad.IRI, object T) bool {
	var r Review
	if e.Review != nil {
		r = *e.Review
	}
	switch predicate {
	case ReviewTerm:
		r.State = wordOf[ReviewState](terms.ID(object))
	case ModelTerm:
		r.Model = terms.Text(object)
	case ReviewedByTerm:
		r.By = terms.Text(object)
	case ReviewedOnTerm:
		r.On = terms.Text(object)
	case ReviewNoteTerm:
		r.Note = terms.Text(object)
	default:
		return false
	}
	e.Review = &r
	return true
}

// checkReview refuses a review with unknown words.
func checkReview(r *Review) error {
	if r == nil {
		return nil
	}
	if r.State != "" && !slices.Contains(ReviewStates(), r.State) {
		return withNearest(fmt.Errorf("unknown review %q", r.State), r.State, ReviewStates())
	}
	if r.On != "" {
		if _, err := ParseDay(r.On); err != nil {
			return err
		}
	}
	return checkText(r.Model, r.By, r.Note)
}

// normalizeReview returns a review without spaces at the ends of its texts; nil for one
// that says nothing.
func normalizeReview(r *Review) *Review {
	if r == nil {
		return nil
	}
	c := Review{State: r.State, Model: strings.TrimSpace(r.Model), By: strings.TrimSpace(r.By), On: r.On, Note: strings.TrimSpace(r.Note)}
	if c == (Review{}) {
		return nil
	}
	return &c
}

// SameReview reports whether two reviews say the same.
func SameReview(a, b *Review) bool {
	return *cmp.Or(normalizeReview(a), &Review{}) == *cmp.Or(normalizeReview(b), &Review{})
}
