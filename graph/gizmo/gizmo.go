// Package gizmo runs scripts in Gizmo, Cayley's query language, over a snapshot
// of a quad store.
//
// Scripts see Cayley's own g and graph and a few names more, which [Help]
// lists. What Cayley would meet with a panic or with a silently wrong answer is
// an error that names its place in the script.
package gizmo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/worker"
	"github.com/entente-kg/entente/schema"
)

// DefaultTimeout is how long a script may run where its limits do not say.
const DefaultTimeout = 3 * time.Second

var (
	// ErrTimeout is wrapped by the error of a script that ran out of time.
	ErrTimeout = worker.ErrTime
	// ErrRows is wrapped by the error of a script that has more rows to give
	// than its limits allow. All rows before the error are good.
	ErrRows = errors.New("more rows than asked for")
	// ErrOutput is wrapped by the error of a script whose rows take more bytes
	// than its limits allow. All rows before the error are good.
	ErrOutput = errors.New("more output than allowed")
	// ErrMemory is wrapped by the error of a script that ran out of memory.
	ErrMemory = worker.ErrMemory
)

// Options say what names a script may use.
type Options struct {
	// Vocabulary has the verbs; nil stands for [schema.DefaultVocabulary].
	Vocabulary *schema.Vocabulary
	// Find returns the entities of a name: none where it is unknown, several
	// where it is ambiguous. An error of its own, which may name the nearest
	// names, is passed on to the script. Where Find is nil, the graph is asked
	// who has the [schema.NameKey] of the name as [schema.NameTerm].
	Find func(ctx context.Context, name string) ([]schema.ID, error)
	// Names looks up what the entities in rows are called, for [Row.Name].
	Names bool
	// Label tells what an entity is called, and an empty text where it has no name.
	// Where it is nil, it is called by any label that the graph has.
	Label func(ctx context.Context, id schema.ID) (string, error)
}

// Limits bound one run.
type Limits struct {
	Rows    int           // zero for no limit
	Timeout time.Duration // zero for [DefaultTimeout], below zero for none
	Output  int64         // bytes of the rows as JSON; zero for no limit
}

// timeout is the time in force, below zero for no bound.
func (l Limits) timeout() time.Duration { return cmp.Or(l.Timeout, DefaultTimeout) }

// Runner runs scripts over one quad store or snapshot. It may be used by
// several goroutines where the store may.
type Runner struct {
	qs   cgraph.QuadStore
	opts Options

	knownPredicates map[quad.IRI]valueKinds // the known ones, with what their objects are
	knownNodes      map[quad.IRI]valueKinds // these, and the dip: words that nodes may be
}

// New returns a runner over a store. The store is read from the goroutine that
// runs the script and from the caller's, at the same time.
func New(qs cgraph.QuadStore, opts *Options) *Runner {
	r := &Runner{qs: cgraph.Unwrap(qs)}
	if opts != nil {
		r.opts = *opts
	}
	if r.opts.Vocabulary == nil {
		r.opts.Vocabulary = schema.DefaultVocabulary()
	}
	if r.opts.Label == nil {
		r.opts.Label = r.storedLabel
	}
	if r.opts.Find == nil {
		r.opts.Find = r.find
	}
	r.collectKnown()
	return r
}

// Run runs a script and yields its rows: those that all, getLimit and emit send
// or else the value of its last expression, a row for each item of a list. An
// error is the last pair: a [*ScriptError] for what is wrong in the script, one
// that wraps [context.Cause] where ctx ended, [ErrTimeout] or [ErrRows].
//
// When the sequence ends, so has the script, unless it is deep in one step of
// the store that heeds no context: then Run returns after five seconds more,
// says so, and the step ends by itself.
//
// The memory of a script is that of this process, and so are its accidents: a
// script that builds huge strings or lists, values nested hundreds of thousands
// deep, or patterns as deep, ends the whole program, and a regular expression with
// look-around or back-references may keep a processor busy long after it was
// given up. [Workers] keep scripts that are not trusted apart.
func (r *Runner) Run(ctx context.Context, script string, l Limits) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		ctx, cancel := withTimeout(ctx, l.timeout())
		defer cancel()
		q := newRun(ctx, r, script)
		err := q.rows(l, func(row Row) bool { return yield(row, nil) })
		if err != nil && !errors.Is(err, errReaderStopped) {
			yield(Row{}, err)
		}
	}
}

func withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d < 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, d, fmt.Errorf("%w after %v", ErrTimeout, d))
}
