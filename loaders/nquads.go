package loaders

import (
	"bytes"
	"context"
	"io"
	"iter"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// NQuads passes N-Quads on unparsed as one [schema.NQuads], which the graph
// reads.
type NQuads struct{}

// Load implements [Loader]. The record reads from r, so it can be opened only
// once.
func (NQuads) Load(_ context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		yield(schema.NQuads{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}, nil)
	}
}

// looksNQuads reports whether the first line is a statement.
func looksNQuads(head []byte) bool {
	if len(head) == 0 || head[0] != '<' && head[0] != '_' && head[0] != '#' {
		return false
	}
	for line := range bytes.Lines(head) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			_, err := nquads.NewReader(bytes.NewReader(line), "").Read()
			return err == nil
		}
	}
	return false
}
