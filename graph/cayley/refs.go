package cayley

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/refs"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"
)

// nodeRef refers to a term by its id. Ids are never given twice, so a ref of a
// term that is gone matches nothing.
type nodeRef uint64

// Key returns the ref itself.
func (n nodeRef) Key() any { return n }

// quadRef refers to a quad by the ids of its terms. It is a pointer, which an
// interface holds as it is: a scan makes room for the refs of a block at a time.
type quadRef struct{ ids *packedIDs }

// Key returns the ids.
func (q quadRef) Key() any { return *q.ids }

// packedIDs is the ids of a quad in few bytes, the lowest of each id first.
type packedIDs [4 * idSize]byte

const idSize = 5

func (p *packedIDs) set(t *IDs) {
	le := binary.LittleEndian
	le.PutUint64(p[:], t[0]|t[1]<<40)
	le.PutUint64(p[8:], t[1]>>24|t[2]<<16|t[3]<<56)
	le.PutUint32(p[16:], uint32(t[3]>>8))
}

func (p *packedIDs) id(part int) uint64 {
	at := p[part*idSize:]
	return uint64(binary.LittleEndian.Uint32(at)) | uint64(at[4])<<32
}

func (p *packedIDs) ids() IDs { return IDs{p.id(0), p.id(1), p.id(2), p.id(3)} }

// missingRef stands for a value that the store does not hold. It equals only
// itself and matches no quad. Cayley reads a nil as any value in some places
// and calls methods on it in others.
type missingRef struct{ term string }

// Key returns the ref itself.
func (m missingRef) Key() any { return m }

// idOfRef resolves a ref of this store, or a value that travels as a ref. It
// is 0 for all others.
func idOfRef(r Reader, ref cgraph.Ref) (uint64, error) {
	switch ref := ref.(type) {
	case nodeRef:
		return uint64(ref), nil
	case refs.PreFetchedValue:
		return r.ID(ref.NameOf())
	}
	return 0, nil
}

// ValueOf returns the ref of a value. A value that is not stored has a ref
// that matches nothing; only a nil value has none.
func (s *QuadStore) ValueOf(value quad.Value) (ref cgraph.Ref, err error) {
	err = s.read(func(r Reader) (err error) { ref, err = refOf(r, value); return err })
	return ref, err
}

func refOf(r Reader, value quad.Value) (cgraph.Ref, error) {
	if value == nil {
		return nil, nil
	}
	id, err := r.ID(value)
	if err != nil {
		return nil, err
	}
	if id != 0 {
		return nodeRef(id), nil
	}
	term, err := rdf.AppendTerm(nil, value)
	if err != nil {
		return missingRef{fmt.Sprintf("%T %v", value, value)}, nil
	}
	return missingRef{string(term)}, nil
}

// NameOf returns the value of a ref, nil when it is not stored.
func (s *QuadStore) NameOf(ref cgraph.Ref) (value quad.Value, err error) {
	err = s.read(func(r Reader) (err error) { value, err = valueOf(r, ref); return err })
	return value, err
}

func valueOf(r Reader, ref cgraph.Ref) (quad.Value, error) {
	switch ref := ref.(type) {
	case nodeRef:
		return r.Term(uint64(ref))
	case refs.PreFetchedValue:
		return ref.NameOf(), nil
	}
	return nil, nil
}

var errNoRef = errors.New("not found")

// RefsOf returns the refs of values. One that is not stored is an error.
func (s *QuadStore) RefsOf(ctx context.Context, values []quad.Value) (refs []cgraph.Ref, err error) {
	err = s.read(func(r Reader) (err error) { refs, err = refsOf(ctx, r, values); return err })
	return refs, err
}

func refsOf(ctx context.Context, r Reader, values []quad.Value) ([]cgraph.Ref, error) {
	out := make([]cgraph.Ref, len(values))
	for i, value := range values {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		ref, err := refOf(r, value)
		if err != nil {
			return nil, err
		}
		if _, ok := ref.(nodeRef); !ok {
			return nil, fmt.Errorf("%w: %v", errNoRef, value)
		}
		out[i] = ref
	}
	return out, nil
}

// ValuesOf returns the values of refs, nil for those that are not stored.
func (s *QuadStore) ValuesOf(ctx context.Context, in []cgraph.Ref) (values []quad.Value, err error) {
	err = s.read(func(r Reader) (err error) { values, err = valuesOf(ctx, r, in); return err })
	return values, err
}

func valuesOf(ctx context.Context, r Reader, in []cgraph.Ref) ([]quad.Value, error) {
	out := make([]quad.Value, len(in))
	for i, ref := range in {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		var err error
		if out[i], err = valueOf(r, ref); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Quad returns the quad of a ref, a zero one when the ref is not of a quad.
func (s *QuadStore) Quad(ref cgraph.Ref) (q quad.Quad, err error) {
	at, ok := ref.(quadRef)
	if !ok {
		return quad.Quad{}, nil
	}
	err = s.read(func(r Reader) (err error) { q, err = r.Quad(at.ids.ids()); return err })
	return q, err
}

// QuadDirection returns the ref of a part of a quad, nil for no label.
func (s *QuadStore) QuadDirection(ref cgraph.Ref, d quad.Direction) (cgraph.Ref, error) {
	return refOfPart(ref, d), nil
}

func refOfPart(ref cgraph.Ref, d quad.Direction) cgraph.Ref {
	q, ok := ref.(quadRef)
	i := placeOf(d)
	if !ok || i < 0 {
		return nil
	}
	if id := q.ids.id(i); id != 0 {
		return nodeRef(id)
	}
	return nil
}

// placeOf is the place of a direction among the ids of a quad, -1 for none.
func placeOf(d quad.Direction) int {
	if d < quad.Subject || d > quad.Label {
		return -1
	}
	return int(d - quad.Subject)
}

// pattern is a quad of ids in which 0 matches anything.
type pattern IDs

// matches reports whether a quad has all ids of the pattern.
func (p pattern) matches(q IDs) bool {
	for i, id := range p {
		if id != 0 && q[i] != id {
			return false
		}
	}
	return true
}

// fixedParts is how many parts the pattern fixes.
func (p pattern) fixedParts() (n int) {
	for _, id := range p {
		if id != 0 {
			n++
		}
	}
	return n
}
