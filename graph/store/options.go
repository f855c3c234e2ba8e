package store

import (
	"io/fs"
	"math"
	"time"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Options say how to open a store. The zero value opens it for writing and
// does not wait.
type Options struct {
	// ReadOnly opens an existing file; any number of processes may do so at a
	// time.
	ReadOnly bool
	// NoSync leaves writing to disk to the operating system: faster, and a
	// crash of the machine may lose the file. For temporary stores.
	NoSync bool
	// Wait is how long to wait for another process to close the file.
	Wait time.Duration
	// AcceptLoss opens a store for writing also where its last change may be lost,
	// and gives that change up; see ErrStale.
	AcceptLoss bool
	// Mode is what a new file lets be done with it, as far as the umask leaves
	// that; 0 is 0666.
	Mode fs.FileMode

	// Memory is about how many bytes a transaction takes before what it changes
	// goes to sorted runs on disk, which are files without a name beside the
	// store; 0 is DefaultMemory. A load that does not need runs is faster.
	Memory int64

	rewriteFrom, spillFrom, levelRoom int // for tests; 0 is the constant
}

// levelCap is how many changed quads a level holds.
func (o *Options) levelCap(level int) int64 {
	if o.levelRoom > 0 {
		return int64(o.levelRoom) << (2 * level)
	}
	return quadfile.LevelCaps[level]
}

// DefaultMemory is enough for a load of about ten million quads.
const DefaultMemory = 768 << 20

// minMemory is the least that is of use.
const minMemory = 16 << 20

func (o *Options) memory() int {
	if o.Memory <= 0 {
		return DefaultMemory
	}
	return int(min(max(o.Memory, minMemory), math.MaxInt))
}
