package store

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// Verification is what Verify found.
type Verification struct {
	Quads, Terms int64    // counted, not taken from the record
	Digest       string   // as Snapshot.Digest
	Problems     []string // empty when all is well; at most maxProblems and a last line
}

const maxProblems = 100

// check is one run of Verify.
type check struct {
	ctx      context.Context
	without  *Pattern
	snapshot *Snapshot
	reader   *quadfile.Reader
	seed     maphash.Seed
	entries  map[string]int64 // by table
	found    Verification
	broken   bool  // there are problems
	err      error // of ctx, or of a closed store
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

// fail sorts an error into a problem of the file or an end of the check.
func (c *check) fail(what string, err error) {
	switch {
	case err == nil:
	case errors.Is(err, ErrClosed), c.ctx.Err() != nil:
		c.err = errors.Join(c.err, err)
	default:
		c.problem("%s: %v", what, err)
	}
}
