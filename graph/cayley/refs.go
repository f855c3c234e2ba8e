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

// nodeRef refers to a term by its id. An id is never reused, so the ref of a
// term that was removed matches nothing.
type nodeRef uint64

// Key returns the ref itself.
func (n nodeRef) Key() any { return n }

// quadRef refers to a quad by the ids of its terms. It holds a pointer, so that
// a scanner allocates the ids of many refs at once and an interface value needs
// no allocation of its own.
type quadRef struct{ ids *packedIDs }

// Key returns the ids.
func (q quadRef) Key() any { return *q.ids }

// packedIDs is the ids of a quad with five bytes each, the least significant
// byte first.
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

// missingRef refers to a value that is not stored. It equals only itself and
// matches no quad. It is used in place of nil, which Cayley treats as any value
// in some places and dereferences in others.
type missingRef struct{ term string }

// Key returns the ref itself.
func (m missingRef) Key() any { return m }

// idOfRef returns the id for a ref of this store, or for a value that is itself
// used as a ref. It is 0 for other refs and for values that are not stored.
func idOfRef(r Reader, ref cgraph.Ref) (uint64, error) {
	switch ref := ref.(type) {
	case nodeRef:
		return uint64(ref), nil
	case refs.PreFetchedValue:
		return r.ID(ref.NameOf())
	}
	return 0, nil
}

// ValueOf returns the ref of a value. A value that is not stored has a ref that
// matches nothing; the ref of nil is nil.
func (s *QuadStore) ValueOf(value quad.Value) (ref cgraph.Ref, err error) {
	err = s.read(func(r Reader) (err error) { ref, err = refOf(r, value); return err })
	return ref, err
}

// refOf returns the ref of a value, also of one that is not stored.
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

// NameOf returns the value of a ref, nil if it is not stored.
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

// RefsOf returns the refs of values. A value that is not stored is an error.
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

// ValuesOf returns the values of refs, nil for each ref whose value is not
// stored.
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

// Quad returns the quad of a ref, the zero quad if the ref is not of a quad.
func (s *QuadStore) Quad(ref cgraph.Ref) (q quad.Quad, err error) {
	at, ok := ref.(quadRef)
	if !ok {
		return quad.Quad{}, nil
	}
	err = s.read(func(r Reader) (err error) { q, err = r.Quad(at.ids.ids()); return err })
	return q, err
}

// QuadDirection returns the ref of a part of a quad, nil for a missing label.
func (s *QuadStore) QuadDirection(ref cgraph.Ref, d quad.Direction) (cgraph.Ref, error) {
	return refOfPart(ref, d), nil
}

// refOfPart returns the ref of a part of a quad, nil for a missing label.
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

// placeOf returns the index of a direction in the ids of a quad, -1 for any
// other direction.
func placeOf(d quad.Direction) int {
	if d < quad.Subject || d > quad.Label {
		return -1
	}
	return int(d - quad.Subject)
}

// pattern is a quad of ids in which 0 matches any id.
type pattern IDs

// matches reports whether a quad has all ids that the pattern fixes.
func (p pattern) matches(q IDs) bool {
	for i, id := range p {
		if id != 0 && q[i] != id {
			return false
		}
	}
	return true
}

// with returns a pattern that fixes the parts of both; ok is false if no quad can match
// both.
func (p pattern) with(q pattern) (both pattern, ok bool) {
	for i, id := range q {
		if id != 0 && p[i] != 0 && p[i] != id {
			return p, false
		}
		if id != 0 {
			p[i] = id
		}
	}
	return p, true
}

// fixedParts returns how many parts the pattern fixes.
func (p pattern) fixedParts() (n int) {
	for _, id := range p {
		if id != 0 {
			n++
		}
	}
	return n
}
