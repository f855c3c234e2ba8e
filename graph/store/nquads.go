package store

import (
	"bytes"
	"cmp"
	"errors"
	"hash/maphash"
	"io"
	"math"
	"runtime"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/rdf"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// chunkSize is the size in bytes of the chunks of text that AddNQuads parses,
// each on one processor.
const chunkSize = 1 << 19

// AddNQuads stores the quads of a text in N-Quads, in their order, and returns
// how many were new. It has the same effect as AddAll with the quads that
// [nquads.Reader] reads, but is faster: it encodes terms directly from the text,
// while earlier quads are stored. IRIs are folded as by [nquads.Abbreviate]. name
// is the name of the input in errors. The first invalid line is an error, a
// [*schema.RowError]; after an error, some of the quads are stored.
func (tx *Tx) AddNQuads(r io.Reader, name string) (added int64, err error) {
	return tx.AddNQuadsWith(r, name, NQuadsOptions{})
}

// NQuadsOptions say which lines of a text are stored, and with which changes. The
// zero value stores all lines unchanged.
type NQuadsOptions struct {
	// Map, if set, returns a function that may change each statement before it is
	// stored, leave it out, or refuse it. Map is called several times; the
	// functions that it returns run in parallel, each on statements of its own.
	Map func() func(*nquads.Statement) (keep bool, err error)

	// Reject, if set, is called for each line that is invalid or was refused. If
	// it returns nil, reading goes on with the next line.
	Reject func(error) error
}

// AddNQuadsWith is [Tx.AddNQuads] with options.
func (tx *Tx) AddNQuadsWith(r io.Reader, name string, o NQuadsOptions) (added int64, err error) {
	if err := tx.usable(); err != nil {
		return 0, err
	}
	tx.staged.startBulk(math.MaxInt)
	added, err = tx.addText(parseText(tx.staged.terms.known.Seed, r, name, o))
	n, failed := tx.staged.endBulk()
	return added + int64(n), cmp.Or(err, failed)
}

func (tx *Tx) addText(p *textParser) (added int64, err error) {
	defer p.stop()
	for part := range p.order {
		<-part.parsed
		part.quads.lookUp(&tx.staged.terms)
		n, err := tx.staged.addEncoded(&part.quads, part.quads.quads)
		added += int64(n)
		err = cmp.Or(err, part.quads.err)
		if err != nil {
			return added, err
		}
		for _, bad := range part.bad {
			if err := p.options.Reject(bad); err != nil {
				return added, err
			}
		}
		if err := tx.usable(); err != nil {
			return added, err
		}
		p.idle <- part
	}
	return added, p.err
}

// textParser parses chunks of text into quads, several at a time, while earlier
// chunks are stored.
type textParser struct {
	idle, order chan *textPart
	quit        chan struct{}
	working     sync.WaitGroup
	options     NQuadsOptions
	err         error // the error of the input; valid once order is closed
}

// textPart is a chunk of text and the quads in it.
type textPart struct {
	text   []byte
	quads  encodedQuads
	use    func(*nquads.Statement) (bool, error)
	next   nquads.Statement
	bad    []error // the errors of rejected lines
	parsed chan struct{}
}

func parseText(seed maphash.Seed, r io.Reader, name string, o NQuadsOptions) *textParser {
	n := min(runtime.GOMAXPROCS(0), quadfile.MaxWorkers) + 1
	p := &textParser{idle: make(chan *textPart, n), order: make(chan *textPart, n), quit: make(chan struct{}), options: o}
	for range n {
		part := &textPart{text: make([]byte, 0, chunkSize)}
		if o.Map != nil {
			part.use = o.Map()
		}
		p.idle <- part
	}
	p.working.Go(func() {
		defer close(p.order)
		p.err = p.read(seed, nquads.NewChunks(r, name), name)
	})
	return p
}

// read reads the chunks and starts to parse each of them.
func (p *textParser) read(seed maphash.Seed, chunks *nquads.Chunks, name string) error {
	for {
		var part *textPart
		select {
		case part = <-p.idle:
		case <-p.quit:
			return nil
		}
		chunk, err := chunks.Next(part.text)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		part.text, part.parsed = chunk.Data[:0], make(chan struct{})
		p.working.Go(func() {
			defer close(part.parsed)
			part.parse(seed, chunk.Reader(name), p.options.Reject != nil)
		})
		p.order <- part
	}
}

// stop returns when no goroutine uses the input any more.
func (p *textParser) stop() {
	close(p.quit)
	p.working.Wait()
}

// parse encodes the quads of a chunk, as encode does, but without looking up the
// terms.
func (p *textPart) parse(seed maphash.Seed, r *nquads.Reader, rejects bool) {
	p.quads.reset()
	p.bad = p.bad[:0]
	var last [4]lastTerm
	for {
		keep, err := p.read(r)
		switch {
		case err == nil && keep:
			err = p.quads.add(seed, &p.next, &last)
		case errors.Is(err, io.EOF):
			return
		case err != nil && rejects && isRowError(err):
			p.bad = append(p.bad, err)
			continue
		}
		if err != nil {
			p.quads.err = err
			return
		}
	}
}

func isRowError(err error) bool {
	row := (*schema.RowError)(nil)
	return errors.As(err, &row)
}

// read reads the next statement and reports whether it is kept.
func (p *textPart) read(r *nquads.Reader) (keep bool, err error) {
	if err = r.ReadTo(&p.next); err != nil || p.use == nil {
		return true, err
	}
	if keep, err = p.use(&p.next); err != nil {
		err = r.RowError(err)
	}
	return keep, err
}

// lastTerm is the most recent term at a place of a quad, and its number.
type lastTerm struct {
	text   []byte
	kind   nquads.Kind
	number uint32
}

// add encodes a statement and appends it to the quads.
func (e *encodedQuads) add(seed maphash.Seed, s *nquads.Statement, last *[4]lastTerm) (err error) {
	var parts [4]uint32
	for i, t := range [...]*nquads.Term{&s.Subject, &s.Predicate, &s.Object, &s.Label} {
		l := &last[i]
		switch {
		case t.Kind == nquads.None:
		case t.Kind != nquads.Literal && t.Kind == l.kind && bytes.Equal(t.Text, l.text):
			parts[i] = l.number
		default:
			if parts[i], err = e.term(seed, t); err != nil {
				return err
			}
			l.text, l.kind, l.number = append(l.text[:0], t.Text...), t.Kind, parts[i]
		}
	}
	e.quads = append(e.quads, parts)
	return nil
}

func (e *encodedQuads) term(seed maphash.Seed, t *nquads.Term) (number uint32, err error) {
	from := len(e.memory)
	if e.memory, err = appendText(e.memory, t); err != nil {
		return 0, err
	}
	return e.numberOf(from, quadfile.HashTerm(seed, e.memory[from:])), nil
}

// appendText encodes a term of a text, as rdf.AppendTerm does for a value.
func appendText(dst []byte, t *nquads.Term) ([]byte, error) {
	switch {
	case t.Kind == nquads.IRI:
		return appendFolded(append(dst, byte(rdf.KindIRI)), t.Text), nil
	case t.Kind == nquads.Blank:
		return append(append(dst, byte(rdf.KindBlank)), t.Text...), nil
	case len(t.Lang) > 0:
		return rdf.AppendTerm(dst, quad.LangString{Value: quad.String(t.Text), Lang: string(t.Lang)})
	case len(t.Datatype) > 0:
		datatype := string(appendFolded(nil, t.Datatype))
		return rdf.AppendTerm(dst, quad.TypedString{Value: quad.String(t.Text), Type: quad.IRI(datatype)})
	}
	return append(append(dst, byte(rdf.KindString)), t.Text...), nil
}

// textTerm is the inverse of appendText. The term may share memory with b, and its
// IRIs stay short.
func textTerm(b []byte) (t nquads.Term, err error) {
	if len(b) == 0 {
		return t, rdf.ErrTerm
	}
	body := b[1:]
	switch rdf.Kind(b[0]) {
	case rdf.KindIRI:
		return nquads.Term{Kind: nquads.IRI, Text: body}, nil
	case rdf.KindBlank:
		return nquads.Term{Kind: nquads.Blank, Text: body}, nil
	case rdf.KindString:
		return nquads.Term{Kind: nquads.Literal, Text: body}, nil
	case rdf.KindLang:
		t.Kind = nquads.Literal
		t.Text, t.Lang, err = rdf.CutEscaped(body)
		return t, err
	case rdf.KindTyped:
		t.Kind = nquads.Literal
		t.Datatype, t.Text, err = rdf.CutEscaped(body)
		return t, err
	}
	value, err := rdf.DecodeTerm(b)
	if err != nil {
		return t, err
	}
	return nquads.TermOf(value)
}

func appendFolded(dst, iri []byte) []byte {
	prefix, rest := nquads.Abbreviate(iri)
	return append(append(dst, prefix...), rest...)
}
