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

// Terms reads the terms of quads: quad values themselves, or values that stand for them,
// such as numbers. The zero value of T stands for no term.
type Terms[T comparable] interface {
	ID(T) ID       // of an IRI; empty for any other term
	Text(T) string // of a literal, without its language and its datatype
	Value(T) quad.Value
}

// quadValues are quad values as [Terms].
type quadValues struct{}

func (quadValues) ID(v quad.Value) ID            { return idOf(v) }
func (quadValues) Text(v quad.Value) string      { return TextOf(v) }
func (quadValues) Value(v quad.Value) quad.Value { return v }

// DecodeFact decodes a fact from the quads whose subject is the fact or a piece
// of its evidence, from any number of datasets. The claims of the datasets are
// merged as by [Vocabulary.Merge]. Derived quads, which have the fact as their
// label, are ignored. The result is the encoded fact without its Pos.
func (v *Vocabulary) DecodeFact(id ID, quads []quad.Quad) (Fact, error) {
	list := make([][4]quad.Value, len(quads))
	for i, q := range quads {
		list[i] = [4]quad.Value{q.Subject, q.Predicate, q.Object, q.Label}
	}
	return DecodeTerms(v, quadValues{}, quad.Value(id.Value()), list)
}

// DecodeTerms is [Vocabulary.DecodeFact] for quads as subject, predicate, object and label,
// each a value that stands for a term.
func DecodeTerms[T comparable](v *Vocabulary, terms Terms[T], fact T, quads [][4]T) (Fact, error) {
	d := factDecoder[T]{v, terms, fact, terms.ID(fact)}
	if dataset, ok := d.soleDataset(quads); ok {
		return complete(d.decodeClaim(dataset, quads))
	}
	claims, err := d.claimsOf(quads)
	if err != nil {
		return Fact{}, err
	}
	var whole Fact
	for i, c := range claims {
		part, err := d.decodeClaim(c.dataset, c.quads)
		if err != nil {
			return Fact{}, err
		}
		if i == 0 {
			whole = part
			continue
		}
		if factID(whole) != factID(part) {
			return Fact{}, fmt.Errorf("%w %s: datasets give it different participants, topic or status", ErrDecode, d.id)
		}
		whole = v.Merge(whole, part)
	}
	whole.ID = d.id
	return complete(whole, nil)
}

// complete returns an error for a fact without a verb.
func complete(f Fact, err error) (Fact, error) {
	if err == nil && f.Verb == "" {
		return Fact{}, fmt.Errorf("%w %s: it has no verb", ErrDecode, f.ID)
	}
	return f, err
}

// factDecoder decodes one fact.
type factDecoder[T comparable] struct {
	vocabulary *Vocabulary
	terms      Terms[T]
	fact       T
	id         ID
}

// soleDataset returns the dataset that states all quads of the fact which are not derived;
// ok is false for quads of several datasets and for other labels.
func (d *factDecoder[T]) soleDataset(quads [][4]T) (name string, ok bool) {
	var none, label T
	for i := range quads {
		switch l := quads[i][3]; {
		case l == label || l == d.fact:
		case label != none:
			return "", false
		default:
			label = l
		}
	}
	return datasetOf(d.terms.ID(label))
}

// claim is what one dataset states about a fact.
type claim[T any] struct {
	dataset string
	quads   [][4]T
}

// claimsOf returns the claims of the fact, by the names of their datasets. Quads that
// follow each other are mostly of one dataset.
func (d *factDecoder[T]) claimsOf(quads [][4]T) (claims []claim[T], err error) {
	var last T
	at := -1
	for _, q := range quads {
		if label := q[3]; label != last || at < 0 {
			if label == d.fact {
				continue
			}
			name, ok := datasetOf(d.terms.ID(label))
			if !ok {
				return nil, fmt.Errorf("%w %v: its label is no dataset", ErrDecode, d.quad(q))
			}
			if at = slices.IndexFunc(claims, func(c claim[T]) bool { return c.dataset == name }); at < 0 {
				at, claims = len(claims), append(claims, claim[T]{name, make([][4]T, 0, len(quads))})
			}
			last = label
		}
		claims[at].quads = append(claims[at].quads, q)
	}
	slices.SortFunc(claims, func(a, b claim[T]) int { return strings.Compare(a.dataset, b.dataset) })
	return claims, nil
}

// quad returns a quad as values.
func (d *factDecoder[T]) quad(q [4]T) quad.Quad {
	return quad.Quad{Subject: d.terms.Value(q[0]), Predicate: d.terms.Value(q[1]), Object: d.terms.Value(q[2]), Label: d.terms.Value(q[3])}
}

// decodeClaim decodes what one dataset states about the fact: first its own quads, which
// name the evidence, then those of the evidence. Derived quads are ignored.
func (d *factDecoder[T]) decodeClaim(dataset string, quads [][4]T) (Fact, error) {
	r := factReader[T]{factDecoder: d, claim: Fact{ID: d.id}}
	for i := range quads {
		if q := &quads[i]; q[0] == d.fact && q[3] != d.fact {
			if err := r.readFact(q[1], q[2]); err != nil {
				return Fact{}, fmt.Errorf("%w %s in %s: %w", ErrDecode, d.id, dataset, err)
			}
		}
	}
	r.addEvidence(dataset)
	for i := range quads {
		if q := &quads[i]; q[0] != d.fact && q[3] != d.fact {
			if err := r.readEvidence(q); err != nil {
				return Fact{}, fmt.Errorf("%w %s in %s: %w", ErrDecode, d.id, dataset, err)
			}
		}
	}
	return r.finish(), nil
}

func idOf(value quad.Value) ID {
	iri, _ := value.(quad.IRI)
	return ID(iri)
}

func wordOf[T ~string](id ID) T {
	return T(strings.TrimPrefix(string(id), dipPrefix))
}

// TextOf returns the text of a literal, without its language and its datatype.
func TextOf(value quad.Value) string { return literalText(value).Value }

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
