// Package gizmo runs scripts in Gizmo, Cayley's query language, over a graph.
//
// [Open] returns a [Session] over a graph that the program has open:
//
//	func main() {
//		program := gizmo.Main() // first: a child process does not return from it
//		…
//		session, err := gizmo.Open(ctx, g, &gizmo.OpenOptions{Program: program})
//		…
//		for row, err := range session.Run(ctx, `entity("Xie Feng").out(verb.met).all()`, gizmo.Limits{}) {
//			…
//			fmt.Println(row.Text("id"))
//		}
//	}
//
// Scripts then run in child processes, with limits of memory and time, so that no
// script can end the program. Without a Program they run in the process itself: see
// [Open] for the risk.
//
// Scripts see Cayley's own g and graph and a few names more, which [Help] lists.
// Where Cayley would panic or silently answer wrongly, a script gets an error
// that names its line and column.
//
// [Workers] run scripts over the graph of a folder that the program does not keep
// open. A [Runner] runs scripts over any quad store of Cayley.
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

// DefaultTimeout is how long a script may run by default.
const DefaultTimeout = 3 * time.Second

var (
	// ErrTimeout is wrapped by the error of a script that ran out of time.
	ErrTimeout = worker.ErrTime
	// ErrRows is wrapped by the error of a script that has more rows than its
	// limits allow. All rows before the error are valid.
	ErrRows = errors.New("more rows than asked for")
	// ErrOutput is wrapped by the error of a script whose rows have more bytes
	// than its limits allow. All rows before the error are valid.
	ErrOutput = errors.New("more output than allowed")
	// ErrMemory is wrapped by the error of a script that ran out of memory.
	ErrMemory = worker.ErrMemory
)

// Options are the names that a script can use and how they are looked up.
type Options struct {
	// Vocabulary has the verbs; nil is [schema.DefaultVocabulary].
	Vocabulary *schema.Vocabulary
	// Find returns the entities with a name: none if the name is unknown,
	// several if it is ambiguous. Its error, which may suggest similar names,
	// is thrown in the script. By default Find returns the entities whose
	// [schema.NameTerm] is the [schema.NameKey] of the name.
	Find func(ctx context.Context, name string) ([]schema.ID, error)
	// Names adds the names of the entities in rows, for [Row.Name].
	Names bool
	// Label returns the name of an entity, or an empty text if it has none. By
	// default it is any label of the entity in the graph.
	Label func(ctx context.Context, id schema.ID) (string, error)
}

// Limits bound one run of a script.
type Limits struct {
	Rows    int           // zero for no limit
	Timeout time.Duration // zero for [DefaultTimeout], below zero for none
	Output  int64         // bytes of the rows as JSON; zero for no limit
}

// timeout returns the timeout with its default; below zero is none.
func (l Limits) timeout() time.Duration { return cmp.Or(l.Timeout, DefaultTimeout) }

// Runner runs scripts over a quad store or a snapshot of one. Several goroutines
// may use it at a time if the store allows that.
type Runner struct {
	qs   cgraph.QuadStore
	opts Options

	knownPredicates map[quad.IRI]valueKinds // the kinds of the objects of known predicates
	knownNodes      map[quad.IRI]valueKinds // knownPredicates and the known dip: words that are nodes
}

// New returns a runner over a store. The goroutine that runs a script and the
// goroutine that calls Run read the store at the same time.
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

// Run runs a script and yields its rows: the rows that all, getLimit and emit
// send, or else the value of its last expression, with one row for each item of a
// list. An error is the last pair: a [*ScriptError] for an error in the script,
// or an error that wraps [context.Cause] if ctx ended, [ErrTimeout] or [ErrRows].
//
// The script has ended when the sequence ends, with one exception: if it is in a
// step of the store that does not check its context, Run returns after five
// seconds more with an error that says so, and the step ends later.
//
// The script uses the memory of this process. A script that builds huge strings
// or lists, or values or patterns that are nested hundreds of thousands deep,
// ends the whole program. A regular expression with look-around or
// back-references may use a processor long after the timeout. Use [Workers] to
// run scripts that are not trusted.
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
