package store

import (
	"context"
	"iter"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// IRIs yields the ids of the IRIs that begin with a prefix, in the order of the IRIs.
// Each block of ids is valid until the next one. An error is the last pair.
func (s *Snapshot) IRIs(ctx context.Context, prefix string) iter.Seq2[[]uint64, error] {
	return idBlocks(ctx, s.reader, rdf.PrefixRange(append([]byte{byte(rdf.KindIRI)}, prefix...)))
}

// idBlocks yields the ids of the terms in a range, in the order of the terms.
func idBlocks(ctx context.Context, reader *quadfile.Reader, want rdf.Range) iter.Seq2[[]uint64, error] {
	return func(yield func([]uint64, error) bool) {
		terms := reader.ScanTerms(want)
		for {
			ids, err := terms.Block()
			if err == nil {
				err = cause(ctx)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(ids) == 0 || !yield(ids, nil) {
				return
			}
		}
	}
}

// SubjectReader reads the quads of several subjects at a time, with the quads of objects
// that they refer to. It reads each term once, and remembers terms that recur from one
// call of Read to the next. It must not be used by several goroutines at once, except
// AppendQuads.
type SubjectReader struct {
	reader  *quadfile.Reader
	batch   quadfile.SubjectBatch
	terms   *termMemory
	values  []quad.Value // the terms of the batch, from number 1
	passing []bool       // the terms that are not remembered: subjects, which do not recur
	quads   []quad.Quad
}

// SubjectReader returns a reader of the snapshot.
func (s *Snapshot) SubjectReader() *SubjectReader { return newSubjectReader(s.reader) }

func newSubjectReader(reader *quadfile.Reader) *SubjectReader {
	r := &SubjectReader{reader: reader}
	r.batch.Remembers = r.remembers
	return r
}

// ByLabel makes the reader read the quads of labels: Read is given the ids of labels
// instead of subjects.
func (r *SubjectReader) ByLabel() *SubjectReader {
	r.batch.ByLabel = true
	return r
}

// WithoutSubjects makes the reader leave out the subjects of quads, which the caller
// knows.
func (r *SubjectReader) WithoutSubjects() *SubjectReader {
	r.batch.WithoutSubjects = true
	return r
}

// Sharing makes the reader remember the same terms as another one. Only one goroutine may
// use both.
func (r *SubjectReader) Sharing(other *SubjectReader) *SubjectReader {
	if other.terms == nil {
		other.terms = new(termMemory)
	}
	r.terms = other.terms
	return r
}

// Restrict makes the reader leave out quads with other predicates than those with the
// given ids, and all quads of subjects with more than many quads.
func (r *SubjectReader) Restrict(many int, predicates ...uint64) {
	r.batch.Many, r.batch.Predicates = many, predicates
}

// MaxBytes makes Read return [ErrLarge] instead of quads and terms that together have
// more than n bytes; 0 is no limit.
func (r *SubjectReader) MaxBytes(n int) { r.batch.MaxBytes = n }

// Bytes returns the size of the quads and terms that were read.
func (r *SubjectReader) Bytes() int { return r.batch.Bytes() }

// Read reads the quads of the subjects with the given ids, and the quads of the objects
// to which they refer by the predicate with the id link. A link of 0 reads no objects.
func (r *SubjectReader) Read(ids []uint64, link uint64) error {
	return r.ReadContext(context.Background(), ids, link)
}

// ReadContext is [SubjectReader.Read] until a context is done.
func (r *SubjectReader) ReadContext(ctx context.Context, ids []uint64, link uint64) error {
	if r.batch.Terms() > 0 && r.terms == nil { // what is read once is not remembered
		r.terms = new(termMemory)
	}
	r.batch.Context, r.batch.Link = ctx, link
	r.batch.Reset(r.reader)
	if err := r.batch.Add(ids); err != nil {
		return err
	}
	return r.readTerms()
}

// Quads returns the quads of the subject with the id at a position of the argument of
// Read, and all quads of this subject and of its objects. A subject's quads are in the
// order of their ids. The caller may change the quads, which are valid until the next
// call of Quads or Read.
func (r *SubjectReader) Quads(i int) (own, all []quad.Quad) {
	own, all = r.AppendQuads(r.quads[:0], i)
	r.quads = all[:0]
	return own, all
}

// AppendQuads is [SubjectReader.Quads] in the memory of dst, which has no quads. Several
// goroutines may call it at once.
func (r *SubjectReader) AppendQuads(dst []quad.Quad, i int) (own, all []quad.Quad) {
	all = r.appendQuads(dst, r.batch.Quads(i))
	n := len(all)
	for k := range r.batch.Linked(i) {
		all = r.appendQuads(all, r.batch.LinkedQuads(i, k))
	}
	return all[:n:n], all
}

func (r *SubjectReader) appendQuads(dst []quad.Quad, quads [][4]uint32) []quad.Quad {
	for _, q := range quads {
		dst = append(dst, quad.Quad{Subject: r.values[q[0]], Predicate: r.values[q[1]], Object: r.values[q[2]], Label: r.values[q[3]]})
	}
	return dst
}

// Linked returns the ids of the objects to which the subject at a position refers by the
// predicate of Read, in ascending order.
func (r *SubjectReader) Linked(i int) []uint64 { return r.batch.Linked(i) }

// HasTooMany reports whether the quads of the subject with the id at a position were left
// out because they are many.
func (r *SubjectReader) HasTooMany(i int) bool { return r.batch.HasTooMany(i) }

// readTerms reads the terms of the batch.
func (r *SubjectReader) readTerms() error {
	r.values = append(r.values[:0], make([]quad.Value, 1+r.batch.Terms())...)
	r.passing = append(r.passing[:0], make([]bool, len(r.values))...)
	r.batch.MarkSubjects(r.passing)
	if err := r.batch.ReadTerms(); err != nil {
		return err
	}
	for n := uint32(1); int(n) < len(r.values); n++ {
		if r.values[n] != nil {
			continue
		}
		term := r.batch.Term(n)
		value, err := rdf.DecodeTerm(term)
		if err != nil {
			return err
		}
		r.values[n] = value
		if r.terms != nil && len(term) <= maxRemembered && !r.passing[n] {
			r.terms.put(r.batch.ID(n), value)
		}
	}
	return nil
}

// remembers sets the value of a term if it is remembered.
func (r *SubjectReader) remembers(id uint64, n uint32) bool {
	if r.terms != nil {
		r.values[n] = r.terms.get(id)
	}
	return r.values[n] != nil
}

// maxRemembered is the maximum length in bytes of an encoded term in a memory of terms.
const maxRemembered = 128

// termMemory remembers terms by id, in sets of four: of the terms of one set, it forgets
// the one that was not used for the longest time. Most literals are read only once, such
// as quotes, so a literal that was not used again is forgotten before IRIs are.
type termMemory [1 << 14][4]rememberedTerm

type rememberedTerm struct {
	id    uint64
	value quad.Value
}

// get returns the term of an id, nil if it is not remembered.
func (m *termMemory) get(id uint64) quad.Value {
	set := m.set(id)
	for i := range set {
		if set[i].id == id {
			found := set[i]
			copy(set[1:i+1], set[:i])
			set[0] = found
			return found.value
		}
	}
	return nil
}

// put remembers a term that is not remembered.
func (m *termMemory) put(id uint64, value quad.Value) {
	place := m.set(id)[:]
	if _, isIRI := value.(quad.IRI); !isIRI {
		place = place[len(place)/2:]
	}
	copy(place[1:], place)
	place[0] = rememberedTerm{id, value}
}

func (m *termMemory) set(id uint64) *[4]rememberedTerm { return &m[id*0x9e3779b97f4a7c15>>50] }

// EachSubject calls fn with the ids of the quads of each subject, in the order of the
// list, with the position of the subject in it. The quads are valid until fn returns. It
// is fastest for ids in ascending order.
func EachSubject(ctx context.Context, s *Snapshot, subjects []uint64, fn func(i int, quads [][4]uint64)) error {
	return eachTuples(ctx, quadfile.NewTuples(s.reader, quadfile.SPOL), subjects, fn)
}

// EachObject is [EachSubject] for the quads of each object.
func EachObject(ctx context.Context, s *Snapshot, objects []uint64, fn func(i int, quads [][4]uint64)) error {
	return eachTuples(ctx, quadfile.NewTuples(s.reader, quadfile.OSPL), objects, fn)
}

func eachTuples(ctx context.Context, finder *quadfile.SubjectTuples, ids []uint64, fn func(i int, quads [][4]uint64)) error {
	for i, id := range ids {
		if i%maxIDs == 0 {
			if err := cause(ctx); err != nil {
				return err
			}
		}
		quads, err := finder.Find(id)
		if err != nil {
			return err
		}
		fn(i, quads)
	}
	return nil
}
