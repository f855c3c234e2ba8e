package store

import (
	"os"

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
	for i := range int64(metaPages) {
		var magic [4]byte
		if _, err := f.ReadAt(magic[:], i*int64(os.Getpagesize())+pageHeader); err == nil && native.Uint32(magic[:]) == boltMagic {
			return true
		}
	}
	return false
}
