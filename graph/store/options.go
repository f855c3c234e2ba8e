package store

import (
	"io/fs"
	"math"
	"time"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Options say how to open a store. The zero value opens it for writing, without
// waiting for another process.
type Options struct {
	// ReadOnly opens an existing file for reading. Any number of processes may do
	// so at the same time.
	ReadOnly bool
	// NoSync leaves writing to disk to the operating system. That is faster, but
	// a crash of the machine may lose the file. It is for temporary stores.
	NoSync bool
	// Wait is how long to wait until another process closes the file.
	Wait time.Duration
	// AcceptLoss also opens a store for writing when its last change may be lost,
	// and gives up that change; see ErrStale.
	AcceptLoss bool
	// Mode is the permissions of a new file, before the umask; 0 means 0666.
	Mode fs.FileMode

	// Memory is about how many bytes of memory a transaction uses before it
	// writes its changes to sorted runs on disk, which are files without a name
	// beside the store. 0 means DefaultMemory. A load that does not need runs is
	// faster.
	Memory int64

	// First, if set, leaves the first ids of a new store to the terms of a quad for
	// [Tx.AddFirst]: id 1 is for the label of the first quad for whose label, an IRI,
	// First returns true.
	First func(label []byte) bool

	rewriteFrom, spillFrom, levelRoom int // for tests; 0 means the constant
}

// levelCap returns how many changed quads a level may hold.
func (o *Options) levelCap(level int) int64 {
	if o.levelRoom > 0 {
		return int64(o.levelRoom) << (2 * level)
	}
	return quadfile.LevelCaps[level]
}

// DefaultMemory is the default of Options.Memory, in bytes. It is enough for a
// load of about seven million quads.
const DefaultMemory = 512 << 20

// minMemory is the least useful value of Options.Memory, in bytes.
const minMemory = 16 << 20

func (o *Options) memory() int {
	if o.Memory <= 0 {
		return DefaultMemory
	}
	return int(min(max(o.Memory, minMemory), math.MaxInt))
}
