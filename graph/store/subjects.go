package store

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	"github.com/entente-kg/entente/schema"
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
// AppendNumbers and the methods of [Texts].
type SubjectReader struct {
	reader  *quadfile.Reader
	batch   quadfile.SubjectBatch
	terms   *termMemory
	values  []quad.Value // the terms of the batch, from number 1; nil for those decoded when they are asked for
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
	all = r.appendQuads(r.quads[:0], r.batch.Quads(i))
	n := len(all)
	for k := range r.batch.Linked(i) {
		all = r.appendQuads(all, r.batch.LinkedQuads(i, k))
	}
	r.quads = all[:0]
	return all[:n:n], all
}

func (r *SubjectReader) appendQuads(dst []quad.Quad, quads [][4]uint32) []quad.Quad {
	for _, q := range quads {
		dst = append(dst, quad.Quad{Subject: r.value(q[0]), Predicate: r.value(q[1]), Object: r.value(q[2]), Label: r.value(q[3])})
	}
	return dst
}

// value returns the term with a number.
func (r *SubjectReader) value(n uint32) quad.Value {
	if r.values[n] == nil && n > 0 {
		r.values[n], _ = rdf.DecodeTerm(r.batch.Term(n)) // readTerms has decoded all that may fail
	}
	return r.values[n]
}

// AppendNumbers is [SubjectReader.Quads] with numbers in place of terms, which a [Texts]
// reads, in the memory of dst, which has no quads. Several goroutines may call it at once.
func (r *SubjectReader) AppendNumbers(dst [][4]uint32, i int) (own, all [][4]uint32) {
	all = append(dst, r.batch.Quads(i)...)
	n := len(all)
	for k := range r.batch.Linked(i) {
		all = append(all, r.batch.LinkedQuads(i, k)...)
	}
	return all[:n:n], all
}

// Linked returns the ids of the objects to which the subject at a position refers by the
// predicate of Read, in ascending order.
func (r *SubjectReader) Linked(i int) []uint64 { return r.batch.Linked(i) }

// HasTooMany reports whether the quads of the subject with the id at a position were left
// out because they are many.
func (r *SubjectReader) HasTooMany(i int) bool { return r.batch.HasTooMany(i) }

// readTerms reads the terms of the batch. It decodes IRIs that it remembers, and terms that
// may be invalid.
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
		if isText(term) && (r.passing[n] || term[0] != byte(rdf.KindIRI)) {
			continue
		}
		value, err := rdf.DecodeTerm(term)
		if err != nil {
			return err
		}
		r.values[n] = value
		if r.terms != nil && len(term) <= maxRemembered {
			r.terms.put(r.batch.ID(n), value)
		}
	}
	return nil
}

// isText reports whether an encoded term is an IRI, a blank node or a string: a kind, and
// then any text.
func isText(term []byte) bool {
	return len(term) > 0 && term[0] > 0 && term[0] <= byte(rdf.KindString)
}

// remembers sets the value of a term if it is remembered.
func (r *SubjectReader) remembers(id uint64, n uint32) bool {
	if r.terms != nil {
		r.values[n] = r.terms.get(id)
	}
	return r.values[n] != nil
}

// Texts reads the terms of a [SubjectReader] by the numbers of [SubjectReader.AppendNumbers],
// until that reads again. Each goroutine needs its own. The texts are valid for ever: those
// that follow each other share memory.
type Texts struct {
	reader *SubjectReader
	memory strings.Builder
}

// textMemory is how many bytes texts share, which stay in memory with any of them.
const textMemory = 2 << 10

// Use makes t read the terms of a reader.
func (t *Texts) Use(r *SubjectReader) { t.reader = r }

// ID returns an IRI, empty for any other term.
func (t *Texts) ID(n uint32) schema.ID {
	switch v := t.reader.values[n].(type) {
	case quad.IRI:
		return schema.ID(v)
	case nil:
		if term := t.term(n); len(term) > 0 && term[0] == byte(rdf.KindIRI) {
			return schema.ID(t.text(term[1:]))
		}
	}
	return ""
}

// Text returns the text of a literal, without its language and its datatype.
func (t *Texts) Text(n uint32) string {
	if t.reader.values[n] == nil {
		if term := t.term(n); len(term) > 0 && term[0] == byte(rdf.KindString) {
			return t.text(term[1:])
		}
	}
	return schema.TextOf(t.Value(n))
}

// Value returns a term, nil for number 0.
func (t *Texts) Value(n uint32) quad.Value {
	v := t.reader.values[n]
	if v == nil && n > 0 {
		v, _ = rdf.DecodeTerm(t.term(n)) // readTerms has decoded all that may fail
	}
	return v
}

// term returns the encoded form of a term that readTerms has not decoded, empty for
// number 0.
func (t *Texts) term(n uint32) []byte {
	if n == 0 {
		return nil
	}
	return t.reader.batch.Term(n)
}

// text returns a copy of a text.
func (t *Texts) text(b []byte) string {
	from := t.memory.Len()
	if from+len(b) > t.memory.Cap() {
		if len(b) > textMemory/4 {
			return string(b)
		}
		t.memory.Reset()
		t.memory.Grow(textMemory)
		from = 0
	}
	t.memory.Write(b)
	return t.memory.String()[from:]
}

// maxRemembered is the maximum length in bytes of an encoded term in a memory of terms.
const maxRemembered = 128

// termMemory remembers terms by id, in sets of four: of the terms of one set, it forgets
// the one that was not used for the longest time. A literal that was not used again is
// forgotten before IRIs are. It grows with the number of terms up to its largest size.
type termMemory struct {
	sets [][4]rememberedTerm // a power of two of them
	puts int                 // since the number of sets changed
}

type rememberedTerm struct {
	id    uint64
	value quad.Value
}

// How many sets a memory of terms has.
const (
	fewestSets = 1 << 8
	mostSets   = 1 << 14
)

// get returns the term of an id, nil if it is not remembered.
func (m *termMemory) get(id uint64) quad.Value {
	if len(m.sets) == 0 {
		return nil
	}
	set := m.set(id)
	for i := range set {
		if found := set[i]; found.id == id {
			if i > 0 {
				copy(set[1:i+1], set[:i])
				set[0] = found
			}
			return found.value
		}
	}
	return nil
}

// put remembers a term that is not remembered.
func (m *termMemory) put(id uint64, value quad.Value) {
	if m.puts++; m.puts > 3*len(m.sets) && len(m.sets) < mostSets {
		m.grow()
	}
	m.add(id, value)
}

func (m *termMemory) add(id uint64, value quad.Value) {
	place := m.set(id)[:]
	if _, isIRI := value.(quad.IRI); !isIRI {
		place = place[len(place)/2:]
	}
	copy(place[1:], place)
	place[0] = rememberedTerm{id, value}
}

// grow makes room for four times as many terms.
func (m *termMemory) grow() {
	old := m.sets
	m.sets, m.puts = make([][4]rememberedTerm, max(fewestSets, 4*len(old))), 0
	for i := range old {
		for _, t := range slices.Backward(old[i][:]) { // those that were used last at the end
			if t.id != 0 {
				m.add(t.id, t.value)
			}
		}
	}
}

func (m *termMemory) set(id uint64) *[4]rememberedTerm {
	return &m.sets[id*0x9e3779b97f4a7c15>>32&uint64(len(m.sets)-1)]
}

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
