package store

import (
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Short names of the file layer for the Cayley side.
type (
	pattern = quadfile.TuplePattern
	tuple   = quadfile.Tuple
	keyed   = quadfile.KeyEntry
	keys    = quadfile.KeyCoder

	merger[E any, C quadfile.Coder[E]] = quadfile.Merger[E, C]
)

const (
	longTerm = quadfile.LongTerm
	idSize   = quadfile.IDSize
)

func appendID(dst []byte, id uint64) []byte { return quadfile.AppendID(dst, id) }
func part(d quad.Direction) int             { return quadfile.PartOf(d) }
