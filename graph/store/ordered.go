package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	"github.com/entente-kg/entente/schema/nquads"
	"github.com/entente-kg/entente/schema/progress"
)

// Syntax says how [Snapshot.OrderedText] writes quads. Its functions are called
// from several goroutines at once.
type Syntax struct {
	// Term appends the text of a term, whose IRIs are short, as
	// [nquads.Abbreviate] shortens them. It is called once for all quads of a part
	// that have the term. The term is valid RDF 1.1.
	Term func(dst []byte, t nquads.Term) ([]byte, error)

	// Subject appends the text of the quads of one subject, which are sorted by
	// predicate, object and label. It may reorder the slice.
	Subject func(dst []byte, quads []TextQuad) []byte

	// Omit, if set, is a label whose quads are left out.
	Omit quad.Value
}

// TextQuad is the subject, predicate, object and label of a quad, as text. The
// label of a quad without one has the kind [nquads.None].
type TextQuad [4]Text

// Text is the kind of a term, and the term in some syntax.
type Text struct {
	Kind  nquads.Kind
	Bytes []byte
}

// OrderedText yields the text of all quads in the order of their terms: IRIs come
// first, then blank nodes, then literals, each by their bytes or by value; subjects
// with equal first 480 bytes are in the order of a hash. Each part is the text of whole subjects and valid until the next one. Stores of the
// same quads yield the same text, whatever they were loaded from and wherever its
// parts end.
//
// Several goroutines read and write parts ahead of the caller; they end before the
// loop ends. The quads of one subject are in memory together, and a few hundred
// subjects at a time. An error is the last pair: a term that RDF 1.1 does not
// allow, with its quad, an error of the Syntax, or context.Cause(ctx).
func (s *Snapshot) OrderedText(ctx context.Context, x Syntax) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		w := startOrdered(ctx, s.reader, x)
		defer w.stop()
		task := progress.Begin(ctx, "writing", "quads", s.reader.Record.Quads)
		defer task.End()
		var quads int64
		for part := range w.order {
			<-part.done
			n := int64(part.batch.Len())
			quads += n
			task.Add(n)
			if part.err != nil {
				yield(nil, part.err)
				return
			}
			if !yield(part.text, nil) {
				return
			}
			w.idle <- part
		}
		err := w.err
		if err == nil && quads != s.reader.Record.Quads {
			err = whyFewer(ctx, s, quads)
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// whyFewer returns the error of a text that has fewer quads than the store: a literal
// is the subject of one, or the file is damaged.
func whyFewer(ctx context.Context, s *Snapshot, quads int64) error {
	for ids, err := range s.MatchIDs(ctx, Pattern{}) {
		if err != nil {
			return err
		}
		subject, err := s.Term(ids[0])
		if err != nil {
			return err
		}
		switch subject.(type) {
		case quad.IRI, quad.BNode:
		default:
			q, err := s.Quad(ids)
			return cmp.Or(err, fmt.Errorf("%w: no literal can be a subject in the quad %.100v %.100v %.100v", nquads.ErrTerm, q.Subject, q.Predicate, q.Object))
		}
	}
	return fmt.Errorf("%w: %d quads were read, the record says %d", ErrDamaged, quads, s.reader.Record.Quads)
}

// orderedWriter writes the subjects in order, several parts at a time.
type orderedWriter struct {
	reader      *quadfile.Reader
	syntax      Syntax
	omit        uint64 // the id of syntax.Omit
	idle, order chan *orderedPart
	quit        chan struct{}
	working     sync.WaitGroup
	err         error // of the list of subjects; valid once order is closed
}

// subjectsPerPart is how many subjects a part has. Equal text does not depend on
// it.
const subjectsPerPart = 512

func startOrdered(ctx context.Context, r *quadfile.Reader, x Syntax) *orderedWriter {
	n := min(runtime.GOMAXPROCS(0), quadfile.MaxWorkers) + 1
	w := &orderedWriter{reader: r, syntax: x, idle: make(chan *orderedPart, n), order: make(chan *orderedPart, n), quit: make(chan struct{})}
	for range n {
		w.idle <- new(orderedPart)
	}
	w.working.Go(func() {
		defer close(w.order)
		if w.omit, w.err = r.IDOf(x.Omit); w.err == nil {
			w.err = w.list(ctx)
		}
	})
	return w
}

// list walks the terms in the order of the dictionary, in which IRIs and blank
// nodes, the possible subjects, come first, and starts a part for every few.
func (w *orderedWriter) list(ctx context.Context) error {
	terms := w.reader.KeyLayers().From(ctx, nil)
	for more := true; more; {
		var part *orderedPart
		select {
		case part = <-w.idle:
		case <-w.quit:
			return nil
		}
		part.subjects, part.err, part.done = part.subjects[:0], nil, make(chan struct{})
		for more && len(part.subjects) < subjectsPerPart {
			err := w.reader.Read(func() error {
				entries, err := terms.Next()
				n := len(part.subjects)
				for _, e := range entries {
					if kind := rdf.Kind(e.Key[0]); kind == rdf.KindIRI || kind == rdf.KindBlank {
						part.subjects = append(part.subjects, e.ID)
					}
				}
				more = len(part.subjects) > n
				return err
			})
			if err != nil {
				return err
			}
		}
		w.working.Go(func() {
			defer close(part.done)
			part.err = part.write(w)
		})
		w.order <- part
	}
	return nil
}

// stop returns when no goroutine reads the snapshot any more.
func (w *orderedWriter) stop() {
	close(w.quit)
	for range w.order { // the list may wait to add a part
	}
	w.working.Wait()
}

// orderedPart is the text of a few subjects.
type orderedPart struct {
	subjects []uint64
	batch    quadfile.SubjectBatch
	terms    termTexts
	quads    []TextQuad
	text     []byte
	err      error
	done     chan struct{}
}

func (p *orderedPart) write(w *orderedWriter) error {
	p.text = p.text[:0]
	if err := p.batch.Read(w.reader, p.subjects); err != nil {
		return err
	}
	omit := p.batch.NumberOf(w.omit)
	p.terms.write(&p.batch, w.syntax.Term)
	for i := range p.subjects {
		p.quads = p.quads[:0]
		for _, q := range p.batch.Quads(i) {
			if q[3] == omit && omit != 0 {
				continue
			}
			text, err := p.terms.quad(q)
			if err != nil {
				return fmt.Errorf("%w in %s", err, p.describe(q))
			}
			p.quads = append(p.quads, text)
		}
		if len(p.quads) > 0 {
			p.text = w.syntax.Subject(p.text, p.quads)
		}
	}
	return nil
}

// describe formats a quad for an error, each term cut to 100 bytes.
func (p *orderedPart) describe(q [4]uint32) string {
	text := "the quad"
	for _, n := range q {
		if n != 0 {
			value, _ := rdf.DecodeTerm(p.batch.Term(n)) // nil for an invalid term
			text += fmt.Sprintf(" %.100v", value)
		}
	}
	return text
}

// termTexts is the texts of the terms of a batch.
type termTexts struct {
	kinds  []nquads.Kind
	ends   []int // of the texts in memory
	memory []byte
	bad    map[uint32]error // by number
}

// write writes the terms of a batch. A term that cannot be written is an error
// only for quads that are written.
func (t *termTexts) write(b *quadfile.SubjectBatch, term func([]byte, nquads.Term) ([]byte, error)) {
	t.kinds, t.ends, t.memory, t.bad = t.kinds[:0], t.ends[:0], t.memory[:0], nil
	for n := range uint32(b.Terms()) {
		value, err := textTerm(b.Term(n + 1))
		if err == nil {
			err = value.Check()
		}
		if err == nil {
			t.memory, err = term(t.memory, value)
		}
		if err != nil {
			t.fail(n+1, err)
		}
		t.kinds, t.ends = append(t.kinds, value.Kind), append(t.ends, len(t.memory))
	}
}

func (t *termTexts) fail(n uint32, err error) {
	if t.bad == nil {
		t.bad = map[uint32]error{}
	}
	t.bad[n] = err
}

// quad returns the texts of a quad, given by the numbers of its terms.
func (t *termTexts) quad(q [4]uint32) (text TextQuad, err error) {
	for i, n := range q {
		if n == 0 {
			continue
		}
		if t.bad != nil && t.bad[n] != nil {
			return text, t.bad[n]
		}
		from := 0
		if n > 1 {
			from = t.ends[n-2]
		}
		text[i] = Text{t.kinds[n-1], t.memory[from:t.ends[n-1]]}
	}
	switch {
	case text[1].Kind != nquads.IRI:
		err = fmt.Errorf("%w: only an IRI can be a predicate", nquads.ErrTerm)
	case text[3].Kind == nquads.Literal:
		err = fmt.Errorf("%w: no literal can be a label", nquads.ErrTerm)
	}
	return text, err
}
