package schema

import (
	"errors"
	"fmt"
	"maps"
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
	byDataset := make(map[string][]quad.Quad)
	for _, q := range quads {
		if q.Label == id.Value() {
			continue
		}
		name, ok := DatasetName(q.Label)
		if !ok {
			return Fact{}, fmt.Errorf("%w %v: its label is no dataset", ErrDecode, q)
		}
		byDataset[name] = append(byDataset[name], q)
	}
	var whole Fact
	for i, name := range slices.Sorted(maps.Keys(byDataset)) {
		part, err := v.decodeClaim(id, name, byDataset[name])
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

// decodeClaim decodes what one dataset states about a fact.
func (v *Vocabulary) decodeClaim(id ID, dataset string, quads []quad.Quad) (Fact, error) {
	r := &factReader{vocabulary: v, fact: Fact{ID: id}, evidence: map[ID]*Evidence{}}
	for _, q := range quads {
		if q.Subject == id.Value() && q.Predicate == EvidenceTerm {
			e := &Evidence{ID: idOf(q.Object), Dataset: dataset}
			r.evidence[e.ID] = e
		}
	}
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
	evidence   map[ID]*Evidence
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
	e, ok := r.evidence[subject]
	if !ok {
		return fmt.Errorf("%s is not its evidence", subject)
	}
	return readEvidence(e, predicate, q.Object)
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
	for _, e := range r.evidence {
		sharedWhen = sharedWhen && e.When.IsZero()
		sharedAt = sharedAt && len(e.At) == 0
	}
	for _, id := range slices.Sorted(maps.Keys(r.evidence)) {
		e := r.evidence[id]
		if sharedWhen {
			e.When = f.When
		}
		if sharedAt {
			e.At = r.places
		}
		e.At = sortedIDs(e.At)
		f.Evidence = append(f.Evidence, *e)
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
