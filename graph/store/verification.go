package store

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Verification is the result of Verify.
type Verification struct {
	Quads, Terms int64    // counted, not read from the record
	Digest       string   // as by Snapshot.Digest; empty if there are problems
	Problems     []string // none if the store is sound; after maxProblems, "and more"
}

const maxProblems = 100

// check is one run of Verify.
type check struct {
	ctx      context.Context
	without  *Pattern
	snapshot *Snapshot
	reader   *quadfile.Reader
	seed     maphash.Seed
	entries  map[string]int64 // the number of entries by table
	found    Verification
	broken   bool  // a problem was found
	err      error // ctx or the store ended
}

func (c *check) problem(format string, args ...any) {
	c.broken = true
	switch len(c.found.Problems) {
	case maxProblems:
		c.found.Problems = append(c.found.Problems, "and more")
	case maxProblems + 1:
	default:
		c.found.Problems = append(c.found.Problems, fmt.Sprintf(format, args...))
	}
}

// fail records an error. It is the end of the check if the store is closed or ctx
// has ended, and otherwise a problem of the file.
func (c *check) fail(what string, err error) {
	switch {
	case err == nil:
	case errors.Is(err, ErrClosed), c.ctx.Err() != nil:
		c.err = errors.Join(c.err, err)
	default:
		c.problem("%s: %v", what, err)
	}
}
