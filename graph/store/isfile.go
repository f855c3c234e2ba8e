package store

import (
	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/safefile"
)

// IsFile reports whether a file begins as a store does, or the backup of one,
// also where it is damaged: one of its two meta pages is enough. A link is none.
func IsFile(path string) bool {
	f, err := safefile.OpenRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return quadfile.HasMagic(f)
}
