package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// ErrDecode is wrapped by the errors of quads that do not form a fact.
var ErrDecode = errors.New("cannot decode")

// DecodeFact decodes a fact from the quads whose subject is the fact or a piece
// of its evidence, from any number of datasets. The claims of the datasets are
// merged as by [Vocabulary.Merge]. Derived quads, which have the fact as their
// label, are ignored. The result is the encoded fact without its Pos.
func (v *Vocabulary) DecodeFact(id ID, quads []quad.Quad) (Fact, error) {
	claims, err := claimsOf(id, quads)
	if err != nil {
		return Fact{}, err
	}
	var whole Fact
	for i, c := range claims {
		part, err := v.decodeClaim(id, c.dataset, c.quads)
		if err != nil {
			return Fact{}, err
		}
		if i == 0 {
			whole = part
			continue
		}
		if factID(whole) != factID(part) {
			return Fact{}, fmt.Errorf("%w %s: datasets give it different participants, topic or status", ErrDecode, id)
		}
		whole = v.Merge(whole, part)
	}
	if whole.Verb == "" {
		return Fact{}, fmt.Errorf("%w %s: it has no verb", ErrDecode, id)
	}
	return whole, nil
}

// claim is what one dataset states about a fact.
type claim struct {
	dataset string
	quads   []quad.Quad
}

// claimsOf returns the claims of a fact, by the names of their datasets. Quads that
// follow each other are mostly of one dataset.
func claimsOf(id ID, quads []quad.Quad) (claims []claim, err error) {
	var last quad.Value
	at := -1
	for _, q := range quads {
		if q.Label != last || at < 0 {
			if q.Label == id.Value() {
				continue
			}
			name, ok := DatasetName(q.Label)
			if !ok {
				return nil, fmt.Errorf("%w %v: its label is no dataset", ErrDecode, q)
			}
			if at = slices.IndexFunc(claims, func(c claim) bool { return c.dataset == name }); at < 0 {
				at, claims = len(claims), append(claims, claim{name, make([]quad.Quad, 0, len(quads))})
			}
			last = q.Label
		}
		claims[at].quads = append(claims[at].quads, q)
	}
	slices.SortFunc(claims, func(a, b claim) int { return strings.Compare(a.dataset, b.dataset) })
	return claims, nil
}

// decodeClaim decodes what one dataset states about a fact.
func (v *Vocabulary) decodeClaim(id ID, dataset string, quads []quad.Quad) (Fact, error) {
	r := &factReader{vocabulary: v, fact: Fact{ID: id}}
	for _, q := range quads {
		if q.Predicate == EvidenceTerm && q.Subject == id.Value() {
			r.fact.Evidence = append(r.fact.Evidence, Evidence{ID: idOf(q.Object), Dataset: dataset})
		}
	}
	slices.SortFunc(r.fact.Evidence, func(a, b Evidence) int { return strings.Compare(string(a.ID), string(b.ID)) })
	r.fact.Evidence = slices.CompactFunc(r.fact.Evidence, func(a, b Evidence) bool { return a.ID == b.ID })
	for _, q := range quads {
		if err := r.read(q); err != nil {
			return Fact{}, fmt.Errorf("%w %s in %s: %w", ErrDecode, id, dataset, err)
		}
	}
	return r.finish(), nil
}

type factReader struct {
	vocabulary *Vocabulary
	fact       Fact
	places     []ID
	order      string
}

func (r *factReader) read(q quad.Quad) error {
	predicate, ok := q.Predicate.(quad.IRI)
	if !ok {
		return fmt.Errorf("predicate %v", q.Predicate)
	}
	subject := idOf(q.Subject)
	if subject == r.fact.ID {
		return r.readFact(predicate, q.Object)
	}
	i, ok := slices.BinarySearchFunc(r.fact.Evidence, subject, func(e Evidence, id ID) int { return strings.Compare(string(e.ID), string(id)) })
	if !ok {
		return fmt.Errorf("%s is not its evidence", subject)
	}
	return readEvidence(&r.fact.Evidence[i], predicate, q.Object)
}

func (r *factReader) readFact(predicate quad.IRI, object quad.Value) error {
	f := &r.fact
	switch predicate {
	case TypeTerm:
		f.Verb = wordOf[Verb](object)
	case StatusTerm:
		f.Status = wordOf[Status](object)
	case TopicTerm:
		f.Topic = textOf(object)
	case KeyTerm:
		f.Key = textOf(object)
	case AtTerm:
		r.places = append(r.places, idOf(object))
	case RoleOrderTerm:
		r.order = textOf(object)
	case EvidenceTerm:
	default:
		if readWhen(&f.When, predicate, object) {
			return nil
		}
		return r.readRoleOrLink(predicate, object)
	}
	return nil
}

// readRoleOrLink reads a role or a link.
func (r *factReader) readRoleOrLink(predicate quad.IRI, object quad.Value) error {
	word := strings.TrimPrefix(string(predicate), dipPrefix)
	if slices.Contains(LinkTypes(), LinkType(word)) {
		r.fact.Links = append(r.fact.Links, Link{LinkType(word), idOf(object)})
		return nil
	}
	if _, ok := r.vocabulary.Role(Role(word)); ok {
		r.fact.Roles = append(r.fact.Roles, Participant{Role(word), idOf(object)})
		return nil
	}
	return fmt.Errorf("unknown predicate %s", predicate)
}

func readEvidence(e *Evidence, predicate quad.IRI, object quad.Value) error {
	switch predicate {
	case StanceTerm:
		e.Stance = wordOf[Stance](object)
	case MethodTerm:
		e.Method = wordOf[Method](object)
	case SourceTerm:
		e.Source = idOf(object)
	case QuoteTerm:
		e.Quote = textOf(object)
	case LocatorTerm:
		e.Locator = textOf(object)
	case StartTerm:
		e.Start = numberOf(object)
	case EndTerm:
		e.End = numberOf(object)
	case SaidByTerm:
		e.SaidBy = idOf(object)
	case ViaTerm:
		if len(e.Via) == 0 {
			e.Via = []ID{idOf(object)}
		}
	case ViaOrderTerm:
		e.Via = splitIDs(textOf(object))
	case ConfidenceTerm:
		f, _ := object.Native().(float64)
		e.Confidence = f
	case NoteTerm:
		e.Note = textOf(object)
	case DurationTerm:
		e.Duration = textOf(object)
	case CountTerm:
		e.Count = textOf(object)
	case AtTerm:
		e.At = append(e.At, idOf(object))
	default:
		if !readWhen(&e.When, predicate, object) {
			return fmt.Errorf("unknown predicate %s of evidence", predicate)
		}
	}
	return nil
}

// readWhen reads one part of a date. It returns false for other predicates.
func readWhen(w *When, predicate quad.IRI, object quad.Value) bool {
	switch predicate {
	case WhenTerm:
		w.Written = textOf(object)
	case WordsTerm:
		w.Words = textOf(object)
	case AnchorTerm:
		w.Anchor = textOf(object)
	case FromByTerm:
		w.FromBy = textOf(object)
	case ToByTerm:
		w.ToBy = textOf(object)
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
func (r *factReader) finish() Fact {
	f := r.fact
	f.Roles = restoreOrder(sortedSet(f.Roles, compareParticipants), r.order)
	f.Links = sortedSet(f.Links, compareLinks)
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
		if sharedAt {
			e.At = r.places
		}
		e.At = sortedIDs(e.At)
	}
	f.Evidence = sortEvidence(f.Evidence)
	return f
}

func idOf(value quad.Value) ID {
	iri, _ := value.(quad.IRI)
	return ID(iri)
}

func wordOf[T ~string](value quad.Value) T {
	return T(strings.TrimPrefix(string(idOf(value)), dipPrefix))
}

func textOf(value quad.Value) string { return literalText(value).Value }

func literalText(value quad.Value) Text {
	switch v := value.(type) {
	case quad.String:
		return Text{Value: string(v)}
	case quad.LangString:
		return Text{Value: string(v.Value), Lang: v.Lang}
	}
	return Text{Value: quad.ToString(value)}
}

func numberOf(value quad.Value) int {
	n, _ := value.Native().(int)
	if n64, ok := value.Native().(int64); ok {
		return int(n64)
	}
	return n
}

func splitIDs(s string) []ID {
	var ids []ID
	for word := range strings.FieldsSeq(s) {
		ids = append(ids, ID(word))
	}
	return ids
}
