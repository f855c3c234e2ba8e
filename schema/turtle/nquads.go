package turtle

import (
	"io"
	"iter"

	"github.com/entente-kg/entente/schema/nquads"
)

// AppendNQuads appends a statement as a line of N-Quads.
func AppendNQuads(dst []byte, s Statement) []byte {
	dst = append(appendTerm(dst, s.Subject), ' ')
	dst = append(appendTerm(dst, s.Predicate), ' ')
	dst = append(appendTerm(dst, s.Object), ' ')
	if s.Graph.Kind != nquads.None {
		dst = append(appendTerm(dst, s.Graph), ' ')
	}
	return append(dst, '.', '\n')
}

func appendTerm(dst []byte, t Term) []byte {
	switch t.Kind {
	case nquads.IRI:
		return append(append(append(dst, '<'), t.Text...), '>')
	case nquads.Blank:
		return append(append(dst, "_:"...), t.Text...)
	}
	dst = nquads.AppendString(dst, []byte(t.Text))
	switch {
	case t.Lang != "":
		return append(append(dst, '@'), t.Lang...)
	case t.Datatype != "":
		return append(append(append(dst, "^^<"...), t.Datatype...), '>')
	}
	return dst
}

// Reader returns statements as a text of N-Quads. An error of the statements ends it.
// Close it if it is not read to its end.
func Reader(statements iter.Seq2[Statement, error]) io.ReadCloser {
	next, stop := iter.Pull2(statements)
	return &reader{next: next, stop: stop}
}

type reader struct {
	next func() (Statement, error, bool)
	stop func()
	buf  []byte
	at   int
	err  error
}

func (r *reader) Read(b []byte) (n int, err error) {
	for r.at == len(r.buf) {
		if r.err != nil {
			return 0, r.err
		}
		r.buf, r.at = r.buf[:0], 0
		for r.err == nil && len(r.buf) < 32<<10 {
			s, err, more := r.next()
			switch {
			case err != nil:
				r.err = err
			case !more:
				r.err = io.EOF
			default:
				r.buf = AppendNQuads(r.buf, s)
			}
		}
	}
	n = copy(b, r.buf[r.at:])
	r.at += n
	return n, nil
}

func (r *reader) Close() error {
	r.stop()
	return nil
}

// All yields the statements of a text, in order. An error, an [*Error], is the last pair.
func All(text string, isTriG bool) iter.Seq2[Statement, error] {
	return func(yield func(Statement, error) bool) {
		err := Parse(text, isTriG, func(s Statement) error {
			if !yield(s, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !isStop(err) {
			yield(Statement{}, err)
		}
	}
}
