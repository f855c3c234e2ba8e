package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
	"github.com/entente-kg/entente/schema/progress"
)

// Digest returns the sum, modulo 2^256, of the SHA-256 of each quad as a line of
// canonical N-Quads, in hexadecimal. It depends only on the quads, not on their
// order or storage. A snapshot computes it once, by one scan of the store.
//
// The line is "subject predicate object [label] ." with single spaces and a
// newline. Literals are escaped as in canonical N-Quads (RDF 1.2). A datatype is
// written as it is stored: datatypes of XML Schema have the prefix xsd:. A double
// has as many digits as it needs ("1E+00", "INF"). A dateTime is in UTC, with its
// fraction of a second.
func (s *Snapshot) Digest(ctx context.Context) (string, error) {
	s.digest.Lock()
	defer s.digest.Unlock()
	if s.digest.hex != "" {
		return s.digest.hex, s.reader.Read(func() error { return nil })
	}
	sum, err := sumOfQuads(ctx, s.reader)
	if err != nil {
		return "", err
	}
	s.digest.hex = sum.String()
	return s.digest.hex, nil
}

// sumOfQuads adds the hashes of all quads, on all processors. It reads them by label if all
// have one: then the terms of most quads are near each other, also of edges.
func sumOfQuads(ctx context.Context, r *quadfile.Reader) (sum Digest, err error) {
	task := progress.Begin(ctx, "computing the digest", "quads", r.Record.Quads)
	defer task.End()
	span := quadfile.Span{Index: quadfile.LSPO}
	if labelled, err := r.CountSpan(span, 0); err != nil {
		return sum, err
	} else if labelled != r.Record.Quads {
		span.Index = quadfile.SPOL
	}
	scan := &sharedScan{scan: r.ScanSpan(span)}
	sums := make([]Digest, min(runtime.GOMAXPROCS(0), quadfile.MaxWorkers))
	tasks := make([]func() error, len(sums))
	for i := range tasks {
		tasks[i] = func() error {
			w := &digestWriter{reader: r, digest: &sums[i], seen: quadfile.NewIDSet(r.Record.NextID)}
			for {
				tuples, err := scan.next(ctx, w.tuples[:0])
				if err != nil || len(tuples) == 0 {
					return err
				}
				if err := w.add(tuples); err != nil {
					return err
				}
				task.Add(int64(len(tuples)))
			}
		}
	}
	err = quadfile.RunParallel(tasks)
	for _, part := range sums {
		sum.join(part)
	}
	if err == nil && scan.total != r.Record.Quads {
		err = fmt.Errorf("%w: %d quads were read, the record says %d", ErrDamaged, scan.total, r.Record.Quads)
	}
	return sum, err
}

// sharedScan is a scan that several goroutines read, a part at a time.
type sharedScan struct {
	mu    sync.Mutex
	scan  *quadfile.Scan
	total int64 // quads read so far
	err   error
}

// digestPart is the least number of quads in a part, except the last.
const digestPart = 1 << 15

// next appends the next part to dst.
func (s *sharedScan) next(ctx context.Context, dst []quadfile.Tuple) ([]quadfile.Tuple, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(dst) < digestPart && s.err == nil {
		var block []quadfile.Tuple
		if s.err = cause(ctx); s.err == nil {
			block, s.err = s.scan.NextBatch(digestPart)
		}
		if len(block) == 0 {
			break
		}
		dst = append(dst, block...)
	}
	s.total += int64(len(dst))
	return dst, s.err
}

// digestWriter adds the hashes of quads to a digest. It reads each term of a part once, and
// keeps the texts of terms that several parts have.
type digestWriter struct {
	reader    *quadfile.Reader
	digest    *Digest
	tuples    []quadfile.Tuple
	quads     [][4]uint32    // the numbers of terms
	seen      quadfile.IDSet // the terms of earlier parts
	own       lineTexts      // terms that no earlier part has
	recurring lineTexts      // terms that an earlier part has: their numbers have a bit more
}

const (
	recurs       = 1 << 31
	maxRecurring = 32 << 20 // bytes of texts, from which they are forgotten
)

// add adds the quads of a part.
func (w *digestWriter) add(tuples []quadfile.Tuple) error {
	w.own.reset()
	if len(w.recurring.memory) > maxRecurring {
		w.recurring.reset()
	}
	w.number(tuples)
	if err := errors.Join(w.own.read(w.reader), w.recurring.read(w.reader)); err != nil {
		return err
	}
	for _, id := range w.own.terms.IDs() {
		if w.seen.Fits(id) {
			w.seen.Put(id)
		}
	}
	for i := range w.quads {
		line := w.digest.line[:0]
		for _, n := range w.quads[i] {
			switch {
			case n == 0:
			case n&recurs != 0:
				line = append(line, w.recurring.text(n&^recurs)...)
			default:
				line = append(line, w.own.text(n)...)
			}
		}
		w.digest.line = append(line, '.', '\n')
		w.digest.addLine()
	}
	return nil
}

// number sets the numbers of the terms of quads.
func (w *digestWriter) number(tuples []quadfile.Tuple) {
	w.tuples, w.quads = tuples, w.quads[:0]
	var last quadfile.Tuple
	var numbers [4]uint32
	for i := range tuples {
		for place, id := range tuples[i] {
			switch {
			case id == last[place]:
				continue
			case w.seen.Fits(id) && w.seen.Has(id):
				numbers[place] = w.recurring.terms.Number(id) | recurs
			default:
				numbers[place] = w.own.terms.Number(id)
			}
			last[place] = id
		}
		w.quads = append(w.quads, numbers)
	}
}

// lineTexts is the texts of terms in N-Quads, each with a space after it, by the numbers of
// the terms.
type lineTexts struct {
	terms  quadfile.TermBatch
	memory []byte
	ends   [][2]int // where each text is
}

func (t *lineTexts) reset() {
	t.terms.Reset()
	t.memory, t.ends = t.memory[:0], t.ends[:0]
}

func (t *lineTexts) text(n uint32) []byte { return t.memory[t.ends[n][0]:t.ends[n][1]] }

// read reads the terms that were added to the batch since the last call.
func (t *lineTexts) read(r *quadfile.Reader) error {
	t.ends = slices.Grow(t.ends, 1+t.terms.Len()-len(t.ends))[:1+t.terms.Len()]
	return t.terms.Read(r, func(n uint32, term []byte) (err error) {
		from := len(t.memory)
		t.memory, err = appendTermText(t.memory, term)
		t.memory = append(t.memory, ' ')
		t.ends[n] = [2]int{from, len(t.memory)}
		return err
	})
}

// appendTermText appends the text of an encoded term.
func appendTermText(dst, term []byte) ([]byte, error) {
	switch {
	case len(term) > 1 && rdf.Kind(term[0]) == rdf.KindIRI:
		return appendIRI(dst, term[1:]), nil
	case len(term) > 1 && rdf.Kind(term[0]) == rdf.KindString:
		return appendLiteral(dst, term[1:]), nil
	}
	value, err := rdf.DecodeTerm(term)
	if err != nil {
		return dst, err
	}
	return appendNTerm(dst, rdf.Canonical(value)), nil
}

// Digest is a sum of hashes, as of [Snapshot.Digest]: a number of 256 bits.
type Digest struct {
	sum  [4]uint64 // the lowest word first
	line []byte
}

// Remove subtracts the hash of a quad.
func (d *Digest) Remove(q quad.Quad) {
	var one Digest
	one.line = appendNQuad(d.line[:0], q)
	one.addLine()
	d.subtract(one)
	d.line = one.line
}

// AddTogether adds one hash for several quads: of their sorted lines.
func (d *Digest) AddTogether(quads []quad.Quad) {
	lines := make([]string, len(quads))
	for i, q := range quads {
		lines[i] = string(appendNQuad(nil, q))
	}
	slices.Sort(lines)
	d.line = append(d.line[:0], strings.Join(lines, "")...)
	d.addLine()
}

// addLine adds the hash of the line.
func (d *Digest) addLine() {
	hash := sha256.Sum256(d.line)
	var carry uint64
	for i := range d.sum {
		word := binary.BigEndian.Uint64(hash[24-8*i:])
		d.sum[i], carry = bits.Add64(d.sum[i], word, carry)
	}
}

func (d *Digest) join(other Digest) {
	var carry uint64
	for i := range d.sum {
		d.sum[i], carry = bits.Add64(d.sum[i], other.sum[i], carry)
	}
}

func (d *Digest) subtract(other Digest) {
	var borrow uint64
	for i := range d.sum {
		d.sum[i], borrow = bits.Sub64(d.sum[i], other.sum[i], borrow)
	}
}

// ParseDigest reads the text of a digest.
func ParseDigest(text string) (d Digest, err error) {
	b, err := hex.DecodeString(text)
	if err == nil && len(b) != 32 {
		err = fmt.Errorf("a digest of %d bytes, not 32", len(b))
	}
	for i := range d.sum {
		if err == nil {
			d.sum[i] = binary.BigEndian.Uint64(b[24-8*i:])
		}
	}
	return d, err
}

func (d *Digest) String() string {
	var b []byte
	for i := range d.sum {
		b = binary.BigEndian.AppendUint64(b, d.sum[3-i])
	}
	return hex.EncodeToString(b)
}

func appendNQuad(dst []byte, q quad.Quad) []byte {
	for _, d := range quad.Directions {
		if v := q.Get(d); v != nil {
			dst = append(appendNTerm(dst, rdf.Canonical(v)), ' ')
		}
	}
	return append(dst, '.', '\n')
}

func appendNTerm(dst []byte, v quad.Value) []byte {
	switch v := v.(type) {
	case quad.IRI:
		return appendIRI(dst, string(v))
	case quad.BNode:
		return append(append(dst, "_:"...), v...)
	case quad.String:
		return appendLiteral(dst, string(v))
	case quad.LangString:
		return append(append(appendLiteral(dst, string(v.Value)), '@'), v.Lang...)
	case quad.TypedString:
		return appendTyped(dst, string(v.Value), string(v.Type))
	case quad.Int:
		return appendTyped(dst, strconv.FormatInt(int64(v), 10), "xsd:integer")
	case quad.Float:
		return appendTyped(dst, formatDouble(float64(v)), "xsd:double")
	case quad.Bool:
		return appendTyped(dst, strconv.FormatBool(bool(v)), "xsd:boolean")
	case quad.Time:
		return appendTyped(dst, time.Time(v).UTC().Format(time.RFC3339Nano), "xsd:dateTime")
	}
	return append(dst, quad.StringOf(v)...)
}

// formatDouble formats a number; infinity is "INF" or "-INF".
func formatDouble(f float64) string {
	switch s := strconv.FormatFloat(f, 'E', -1, 64); s {
	case "+Inf":
		return "INF"
	case "-Inf":
		return "-INF"
	default:
		return s
	}
}

func appendTyped(dst []byte, text, datatype string) []byte {
	return appendIRI(append(appendLiteral(dst, text), "^^"...), datatype)
}

func appendIRI[T string | []byte](dst []byte, iri T) []byte {
	dst = append(dst, '<')
	for i := range len(iri) {
		switch c := iri[i]; {
		case c <= ' ', c == '<', c == '>', c == '"', c == '{', c == '}', c == '|', c == '^', c == '`', c == '\\':
			dst = appendEscape(dst, c)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '>')
}

// appendLiteral appends a literal with the escapes of canonical N-Quads. Bytes
// that are not UTF-8 stay unchanged.
func appendLiteral[T string | []byte](dst []byte, s T) []byte {
	const short, letters = "\b\t\n\f\r\"\\", `btnfr"\`
	dst = append(dst, '"')
	for i := range len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			if at := strings.IndexByte(short, c); at >= 0 {
				dst = append(dst, '\\', letters[at])
				continue
			}
			if c < ' ' || c == 0x7f {
				dst = appendEscape(dst, c)
				continue
			}
		}
		dst = append(dst, c)
	}
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
}
