package gizmo

import (
	"context"
	"errors"
	"iter"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/store"
)

// OpenOptions are options of [Open]. The zero value runs scripts in this process.
type OpenOptions struct {
	// Program is the result of [Main]. It starts the child processes that run
	// scripts. Without it, scripts run in this process: see [Open] for the risk.
	Program Program
	// Memory bounds the data of each child process, in bytes; zero is
	// [DefaultMemory]. Scripts that run in this process have no such bound.
	Memory int64
	// Names adds the names of the entities in rows, for [Row.Name].
	Names bool
}

// Session runs scripts over a graph that this program has open. Several goroutines
// may use it.
type Session struct{ scripts scripts }

// scripts runs scripts in child processes or in this process.
type scripts interface {
	Run(ctx context.Context, script string, l Limits) iter.Seq2[Row, error]
	Explain(ctx context.Context, script string, l Limits) (*Explanation, error)
	Close() error
}

// Open returns a Session that runs scripts over an open graph. Each script reads the
// graph as it is when the script begins; the program may write it meanwhile.
// entity and called find names as the graph does.
//
// With [OpenOptions.Program], scripts run in child processes, with limits of memory
// and time: a script cannot end this program. While this program has the graph open
// for writing, no other process can read its file. The children read a copy, which
// is made in a private temporary folder for the first script, and again for the first
// script after a change of the graph. A copy is about as large as the file of the
// graph; copying a million quads takes about a third of a second. A graph that is open
// for reading only is not copied: the children read its file.
//
// Without Program, scripts run in this process. Their time is bounded and their memory
// is not: a script that builds huge strings or lists ends the whole program, as
// [Runner.Run] describes. Run only trusted scripts without Program.
//
// The Session must be closed before the graph.
func Open(ctx context.Context, g *graph.Graph, opts *OpenOptions) (*Session, error) {
	if opts == nil {
		opts = &OpenOptions{}
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	if !opts.Program.ofMain {
		life, end := context.WithCancelCause(context.Background())
		return &Session{&localScripts{graph: g, names: opts.Names, life: life, end: end}}, nil
	}
	source, err := sourceOf(g)
	if err != nil {
		return nil, err
	}
	w, err := newWorkers(opts.Program, source, WorkerOptions{Vocabulary: g.Vocabulary(), Memory: opts.Memory, Names: opts.Names})
	if err != nil {
		return nil, errors.Join(err, source.close())
	}
	return &Session{w}, nil
}

// Run runs a script and yields its rows as [Runner.Run] does. The error of a script
// whose child process ended wraps [ErrEnded].
func (s *Session) Run(ctx context.Context, script string, l Limits) iter.Seq2[Row, error] {
	return s.scripts.Run(ctx, script, l)
}

// Explain runs a script as [Session.Run] does, and returns its plans instead of its
// rows.
func (s *Session) Explain(ctx context.Context, script string, l Limits) (*Explanation, error) {
	return s.scripts.Explain(ctx, script, l)
}

// Close ends the scripts that still run, ends the child processes, and removes the
// copy of the graph. Closing twice is no error.
func (s *Session) Close() error { return s.scripts.Close() }

// localScripts runs scripts in this process.
type localScripts struct {
	graph *graph.Graph
	names bool
	life  context.Context // ends when the Session is closed
	end   context.CancelCauseFunc
}

func (l *localScripts) Run(ctx context.Context, script string, limits Limits) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		err := l.withRunner(ctx, func(ctx context.Context, r *Runner) error {
			for row, err := range r.Run(ctx, script, limits) {
				if err != nil {
					return err
				}
				if !yield(row, nil) {
					return errReaderStopped
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errReaderStopped) {
			yield(Row{}, err)
		}
	}
}

func (l *localScripts) Explain(ctx context.Context, script string, limits Limits) (e *Explanation, err error) {
	err = l.withRunner(ctx, func(ctx context.Context, r *Runner) (err error) {
		e, err = r.Explain(ctx, script, limits)
		return err
	})
	return e, err
}

// withRunner calls fn with a runner over the graph as it is now, and a context that
// also ends when the Session is closed.
func (l *localScripts) withRunner(ctx context.Context, fn func(context.Context, *Runner) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	defer context.AfterFunc(l.life, func() { end(errClosed) })()
	if l.life.Err() != nil {
		return errClosed
	}
	snapshot, err := l.graph.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	return fn(ctx, runnerAt(l.graph, snapshot, l.names))
}

func (l *localScripts) Close() error {
	l.end(errClosed)
	return nil
}

// runnerAt returns a runner over a snapshot of a graph, which finds names as the
// graph does.
func runnerAt(g *graph.Graph, snapshot *store.Snapshot, names bool) *Runner {
	then := g.At(snapshot)
	return New(cayley.New(snapshot), &Options{Vocabulary: g.Vocabulary(), Find: finder(then), Names: names, Label: then.Label})
}

// errReplaced is the error of a script over a graph whose folder has another graph now.
var errReplaced = errors.New("the folder of the graph has another graph now")
