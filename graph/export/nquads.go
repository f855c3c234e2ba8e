package export

import (
	"context"
	"io"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema/nquads"
)

// writeNQuads writes the quads of a selection, one a line.
func writeNQuads(ctx context.Context, w io.Writer, s Selection, o Options) error {
	return writeQuads(ctx, w, s, o, rdfSyntax{Syntax: store.Syntax{
		Term: func(dst []byte, t nquads.Term) ([]byte, error) { return nquads.AppendTerm(dst, t), nil },
		Subject: func(dst []byte, quads []store.TextQuad) []byte {
			for i := range quads {
				for _, part := range quads[i] {
					if part.Kind != nquads.None {
						dst = append(append(dst, part.Bytes...), ' ')
					}
				}
				dst = append(dst, '.', '\n')
			}
			return dst
		},
	}})
}
