package schema

import (
	"cmp"
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
	if dataset, ok := soleDataset(id, quads); ok {
		return complete(v.decodeClaim(id, dataset, quads))
	}
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
	whole.ID = id
	return complete(whole, nil)
}

// complete returns an error for a fact without a verb.
func complete(f Fact, err error) (Fact, error) {
	if err == nil && f.Verb == "" {
		return Fact{}, fmt.Errorf("%w %s: it has no verb", ErrDecode, f.ID)
	}
	return f, err
}

// soleDataset returns the dataset that states all quads of a fact which are not derived;
// ok is false for quads of several datasets and for other labels.
func soleDataset(id ID, quads []quad.Quad) (name string, ok bool) {
	var label, derived quad.Value = nil, id.Value()
	for _, q := range quads {
		switch {
		case q.Label == label || q.Label == derived:
		case label != nil:
			return "", false
		default:
			label = q.Label
		}
	}
	return DatasetName(label)
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

// decodeClaim decodes what one dataset states about a fact. Derived quads are ignored.
func (v *Vocabulary) decodeClaim(id ID, dataset string, quads []quad.Quad) (Fact, error) {
	r := &factReader{vocabulary: v, fact: Fact{ID: id, Evidence: evidenceOf(id, dataset, quads)}}
	var derived quad.Value = id.Value()
	for _, q := range quads {
		if q.Label == derived {
			continue
		}
		if err := r.read(q); err != nil {
			return Fact{}, fmt.Errorf("%w %s in %s: %w", ErrDecode, id, dataset, err)
		}
	}
	return r.finish(), nil
}

// evidenceOf returns the evidence of a fact, sorted by id, with nothing but ids and the
// dataset.
func evidenceOf(id ID, dataset string, quads []quad.Quad) []Evidence {
	isEvidence := func(q quad.Quad) bool { return q.Predicate == EvidenceTerm && idOf(q.Subject) == id }
	n := 0
	for _, q := range quads {
		if isEvidence(q) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	list := make([]Evidence, 0, n)
	for _, q := range quads {
		if isEvidence(q) {
			list = append(list, Evidence{ID: idOf(q.Object), Dataset: dataset})
		}
	}
	if n > 1 {
		slices.SortFunc(list, func(a, b Evidence) int { return strings.Compare(string(a.ID), string(b.ID)) })
		list = slices.CompactFunc(list, func(a, b Evidence) bool { return a.ID == b.ID })
	}
	return list
}

type factReader struct {
	vocabulary *Vocabulary
	fact       Fact
	places     []ID
	order      string
	current    int // the evidence that was read last: its quads follow each other
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
	evidence := r.fact.Evidence
	if r.current >= len(evidence) || evidence[r.current].ID != subject {
		i, ok := slices.BinarySearchFunc(evidence, subject, func(e Evidence, id ID) int { return strings.Compare(string(e.ID), string(id)) })
		if !ok {
			return fmt.Errorf("%s is not its evidence", subject)
		}
		r.current = i
	}
	return readEvidence(&evidence[r.current], predicate, q.Object)
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
	switch LinkType(word) {
	case Because, Answers, LedTo, PartOf, Outcome, SameAs:
		r.fact.Links = append(r.fact.Links, Link{LinkType(word), idOf(object)})
		return nil
	}
	if _, ok := r.vocabulary.Role(Role(word)); ok {
		if r.fact.Roles == nil {
			r.fact.Roles = make([]Participant, 0, 4) // few facts have more
		}
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
		e.Confidence = confidenceOf(object)
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

func confidenceOf(value quad.Value) float64 {
	if f, ok := value.(quad.Float); ok {
		return float64(f)
	}
	f, _ := value.Native().(float64)
	return f
}

func numberOf(value quad.Value) int {
	if n, ok := value.(quad.Int); ok {
		return int(n)
	}
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
