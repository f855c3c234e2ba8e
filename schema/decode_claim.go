package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// factReader reads what one dataset states about a fact.
type factReader[T comparable] struct {
	*factDecoder[T]
	claim  Fact
	places []ID
	order  string

	cited     []T       // evidence, as the quads of the fact have it
	subject   T         // the evidence that was read last: its quads follow each other
	evidence  *Evidence // of subject
	positions map[T]int // of evidence in the claim, if there are several pieces
}

// readFact reads a quad of the fact.
func (r *factReader[T]) readFact(predicate, object T) error {
	iri := r.terms.ID(predicate)
	f := &r.claim
	switch quad.IRI(iri) {
	case "":
		return fmt.Errorf("predicate %v", r.terms.Value(predicate))
	case TypeTerm:
		f.Verb = wordOf[Verb](r.terms.ID(object))
	case StatusTerm:
		f.Status = wordOf[Status](r.terms.ID(object))
	case TopicTerm:
		f.Topic = r.terms.Text(object)
	case KeyTerm:
		f.Key = r.terms.Text(object)
	case AtTerm:
		r.places = append(r.places, r.terms.ID(object))
	case RoleOrderTerm:
		r.order = r.terms.Text(object)
	case EvidenceTerm:
		r.cited = append(r.cited, object)
	default:
		if readWhen(r.terms, &f.When, quad.IRI(iri), object) {
			return nil
		}
		return r.readRoleOrLink(iri, object)
	}
	return nil
}

// readRoleOrLink reads a role or a link.
func (r *factReader[T]) readRoleOrLink(predicate ID, object T) error {
	f, word := &r.claim, strings.TrimPrefix(string(predicate), dipPrefix)
	switch LinkType(word) {
	case Because, Answers, LedTo, PartOf, Outcome, SameAs:
		f.Links = append(f.Links, Link{LinkType(word), r.terms.ID(object)})
		return nil
	}
	if _, ok := r.vocabulary.Role(Role(word)); ok {
		if f.Roles == nil {
			f.Roles = make([]Participant, 0, 4) // few facts have more
		}
		f.Roles = append(f.Roles, Participant{Role(word), r.terms.ID(object)})
		return nil
	}
	return fmt.Errorf("unknown predicate %s", predicate)
}

// addEvidence adds the evidence that the fact cites, sorted by id, with nothing but ids
// and the dataset.
func (r *factReader[T]) addEvidence(dataset string) {
	if len(r.cited) == 0 {
		return
	}
	list := make([]Evidence, len(r.cited))
	for i, term := range r.cited {
		list[i] = Evidence{ID: r.terms.ID(term), Dataset: dataset}
	}
	if len(list) > 1 {
		slices.SortFunc(list, func(a, b Evidence) int { return strings.Compare(string(a.ID), string(b.ID)) })
		list = slices.CompactFunc(list, func(a, b Evidence) bool { return a.ID == b.ID })
		r.locate(list)
	}
	r.claim.Evidence = list
}

// locate notes at which positions several pieces of evidence are.
func (r *factReader[T]) locate(list []Evidence) {
	r.positions = make(map[T]int, len(list))
	for _, term := range r.cited {
		at, _ := slices.BinarySearchFunc(list, r.terms.ID(term), func(e Evidence, id ID) int { return strings.Compare(string(e.ID), string(id)) })
		r.positions[term] = at
	}
}

// find makes the evidence with a subject the one that is read.
func (r *factReader[T]) find(subject T) error {
	at, ok := r.positions[subject]
	if len(r.positions) == 0 {
		ok = len(r.cited) > 0 && r.cited[0] == subject
	}
	if !ok {
		return fmt.Errorf("%s is not its evidence", r.terms.ID(subject))
	}
	r.subject, r.evidence = subject, &r.claim.Evidence[at]
	return nil
}

// readEvidence reads a quad of a piece of evidence.
func (r *factReader[T]) readEvidence(q *[4]T) error {
	if r.evidence == nil || q[0] != r.subject {
		if err := r.find(q[0]); err != nil {
			return err
		}
	}
	e, predicate, object := r.evidence, quad.IRI(r.terms.ID(q[1])), q[2]
	switch predicate {
	case "":
		return fmt.Errorf("predicate %v", r.terms.Value(q[1]))
	case StanceTerm:
		e.Stance = wordOf[Stance](r.terms.ID(object))
	case MethodTerm:
		e.Method = wordOf[Method](r.terms.ID(object))
	case SourceTerm:
		e.Source = r.terms.ID(object)
	case QuoteTerm:
		e.Quote = r.terms.Text(object)
	case LocatorTerm:
		e.Locator = r.terms.Text(object)
	case StartTerm:
		e.Start = numberOf(r.terms.Value(object))
	case EndTerm:
		e.End = numberOf(r.terms.Value(object))
	case SaidByTerm:
		e.SaidBy = r.terms.ID(object)
	case ViaTerm:
		if len(e.Via) == 0 {
			e.Via = []ID{r.terms.ID(object)}
		}
	case ViaOrderTerm:
		e.Via = splitIDs(strings.Clone(r.terms.Text(object)))
	case ConfidenceTerm:
		e.Confidence = confidenceOf(r.terms.Value(object))
	case NoteTerm:
		e.Note = r.terms.Text(object)
	case DurationTerm:
		e.Duration = r.terms.Text(object)
	case CountTerm:
		e.Count = r.terms.Text(object)
	case AtTerm:
		e.At = append(e.At, r.terms.ID(object))
	default:
		if !readWhen(r.terms, &e.When, predicate, object) && !readReview(r.terms, e, predicate, object) {
			return fmt.Errorf("unknown predicate %s of evidence", predicate)
		}
	}
	return nil
}

// readWhen reads one part of a date. It returns false for other predicates.
func readWhen[T comparable](terms Terms[T], w *When, predicate quad.IRI, object T) bool {
	switch predicate {
	case WhenTerm:
		w.Written = terms.Text(object)
	case WordsTerm:
		w.Words = terms.Text(object)
	case AnchorTerm:
		w.Anchor = terms.Text(object)
	case FromByTerm:
		w.FromBy = terms.Text(object)
	case ToByTerm:
		w.ToBy = terms.Text(object)
	case AttestedTerm:
		w.Attested = true
	case FromTerm, ToTerm:
	default:
		return false
	}
	return true
}

// finish completes the evidence: a date or a place that all evidence of a dataset
// shares is stored at the fact alone.
func (r *factReader[T]) finish() Fact {
	f := r.claim
	f.Roles = restoreOrder(sortSet(f.Roles, compareParticipants), r.order)
	f.Links = sortSet(f.Links, compareLinks)
	places := sortSet(r.places, cmp.Compare)
	sharedWhen, sharedAt := true, true
	for _, e := range f.Evidence {
		sharedWhen = sharedWhen && e.When.IsZero()
		sharedAt = sharedAt && len(e.At) == 0
	}
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if sharedWhen {
			e.When = f.When
		}
		switch {
		case !sharedAt:
			e.At = sortSet(e.At, cmp.Compare)
		case i == 0:
			e.At = places
		default:
			e.At = slices.Clone(places)
		}
	}
	return f // the evidence is sorted already
}

// sortSet sorts items in place and removes duplicates. It returns nil for no items.
func sortSet[T comparable](items []T, compare func(a, b T) int) []T {
	switch len(items) {
	case 0:
		return nil
	case 1:
		return items
	}
	slices.SortFunc(items, compare)
	return slices.Compact(items)
}
