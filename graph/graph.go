// Package graph is the knowledge graph: datasets go in whole, and entities,
// facts and edges come out with their evidence.
//
// A [Graph] is a folder that holds one store ([github.com/entente-kg/entente/graph/store]).
// One process may write it at a time, and none may read it meanwhile; within a
// process, readers and a writer do not wait for each other.
package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// File is the name of the store in its folder.
const File = "graph.db"

// ErrNoGraph is wrapped where a folder to be read holds no graph.
var ErrNoGraph = errors.New("no graph here")

// Options say how to open a graph. The zero value writes, with the default
// vocabulary, and waits for no other process.
type Options struct {
	ReadOnly   bool
	Vocabulary *schema.Vocabulary
	Wait       time.Duration // how long to wait for another process

	// AcceptLoss opens a graph for writing also where its last change may be lost,
	// and gives that change up: see [store.ErrStale].
	AcceptLoss bool

	// Temporary says that the folder will not stay where it is: the places that
	// datasets came from are noted without it.
	Temporary bool

	// Memory is about how many bytes a change may take before it is sorted on
	// disk; 0 is [store.DefaultMemory].
	Memory int64
}

// Graph is an open graph. Its methods may be called from several goroutines.
type Graph struct {
	store      *store.Store
	vocabulary atomic.Pointer[schema.Vocabulary]
	dir        string
	temporary  *safefile.Folder // to remove on Close; nil for none
	passing    bool             // the folder will not stay
	at         *store.Snapshot
}

// Open opens the graph in a folder, which is made if there is none, unless for
// reading only. The empty folder is a temporary graph, gone when closed. Errors
// wrap [ErrNoGraph] or those of the store, such as [store.ErrLocked]; where ctx
// ends while another process is waited for, that ends with its cause.
func Open(ctx context.Context, dir string, opts *Options) (*Graph, error) {
	if opts == nil {
		opts = &Options{}
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	switch {
	case dir == "":
		return openTemporary(ctx, opts)
	case opts.ReadOnly:
		return openThere(ctx, dir, opts)
	}
	return openOrMake(ctx, dir, opts)
}

func openTemporary(ctx context.Context, opts *Options) (*Graph, error) {
	folder, err := safefile.TempFolder(safefile.AnyPrefix)
	if err != nil {
		return nil, err
	}
	writing := *opts
	writing.ReadOnly = false
	g, err := open(ctx, filepath.Join(folder.Path, File), &writing, folder)
	if err != nil {
		return nil, errors.Join(err, folder.Remove())
	}
	g.dir = folder.Path
	return g, nil
}

func openThere(ctx context.Context, dir string, opts *Options) (*Graph, error) {
	if err := mustExist(dir); err != nil {
		return nil, err
	}
	g, err := open(ctx, filepath.Join(dir, File), opts, nil)
	if errors.Is(err, fs.ErrNotExist) { // discarded while it was waited for
		return nil, fmt.Errorf("%s: %w", dir, ErrNoGraph)
	}
	if err != nil {
		return nil, err
	}
	g.dir, g.passing = dir, opts.Temporary
	return g, nil
}

// openOrMake opens a graph for writing. Another process whose first load was
// rejected may remove its folder meanwhile, and a third may make it again.
func openOrMake(ctx context.Context, dir string, opts *Options) (g *Graph, err error) {
	for range attempts {
		if err = safefile.MakeDir(dir); err == nil {
			g, err = open(ctx, filepath.Join(dir, File), opts, nil)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	g.dir, g.passing = dir, opts.Temporary
	return g, nil
}

const attempts = 100

// open opens the graph in a file. The temporary folder is removed when it is
// closed.
func open(ctx context.Context, path string, opts *Options, temporary *safefile.Folder) (g *Graph, err error) {
	g = &Graph{temporary: temporary}
	g.vocabulary.Store(cmp.Or(opts.Vocabulary, schema.DefaultVocabulary()))
	g.store, err = store.OpenContext(ctx, path, &store.Options{ReadOnly: opts.ReadOnly, Wait: opts.Wait, NoSync: temporary != nil, Memory: opts.Memory, AcceptLoss: opts.AcceptLoss})
	if err != nil {
		return nil, err
	}
	if err := g.learnVerbs(ctx); err != nil {
		return nil, errors.Join(err, g.Close())
	}
	return g, nil
}

// Exists reports whether a folder holds a graph.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, File))
	return err == nil
}

// Discard closes the graph and removes it where nothing is loaded, and its folder
// where nothing else is in it: what a load leaves that made the graph and was
// rejected. It is removed before its lock is released, so that nobody else's
// dataset is.
func (g *Graph) Discard(ctx context.Context) error {
	if g.at != nil {
		return nil
	}
	sets, err := g.Datasets(context.WithoutCancel(ctx))
	if err != nil || len(sets) > 0 || g.temporary != nil {
		return errors.Join(err, g.Close())
	}
	_ = os.Remove(filepath.Join(g.dir, File)) // some systems keep files that are open
	err = g.Close()
	_ = os.Remove(g.dir) // not where something else is in it
	return err
}

// mustExist checks that a folder holds a graph.
func mustExist(dir string) error {
	_, err := os.Stat(filepath.Join(dir, File))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%s: %w", dir, ErrNoGraph)
	}
	return err
}

// Close closes the graph. A temporary one is removed.
func (g *Graph) Close() error {
	if g.at != nil {
		return nil
	}
	return errors.Join(g.store.Close(), g.removeTemporary())
}

func (g *Graph) removeTemporary() error {
	if g.temporary == nil {
		return nil
	}
	return g.temporary.Remove()
}

// Vocabulary is the vocabulary that the graph was opened with, and the verbs
// that its datasets brought.
func (g *Graph) Vocabulary() *schema.Vocabulary { return g.vocabulary.Load() }

// Stale says why the last change of the graph may be lost, with an error that
// wraps [store.ErrStale]; it is nil where nothing is known to be. What is read of
// a stale graph is the state before that change.
func (g *Graph) Stale() error { return g.store.Stale() }

// Dir is the folder of the graph; empty for a temporary one.
func (g *Graph) Dir() string {
	if g.temporary != nil {
		return ""
	}
	return g.dir
}

// Snapshot is the quads of a graph at one moment. It is a reader for
// [github.com/entente-kg/entente/graph/cayley.New], whose quad store answers
// Cayley's queries and Gizmo.
type Snapshot = store.Snapshot

// Pattern selects quads of a [Snapshot]. A nil part matches anything.
type Pattern = store.Pattern

// Snapshot returns the quads of the graph as it is now, or of a graph at a moment
// those of that moment. It must be closed.
func (g *Graph) Snapshot() (*Snapshot, error) {
	if g.at != nil {
		return g.at.Clone()
	}
	return g.store.Snapshot()
}

// At is the graph as a snapshot of it has it: facts, entities, documents, names and
// counts are those of the snapshot, for as long as that is open. What would change it
// is an error that wraps [store.ErrReadOnly]; to close it does nothing.
func (g *Graph) At(s *Snapshot) *Graph {
	then := &Graph{store: g.store, dir: g.dir, temporary: g.temporary, at: s}
	then.vocabulary.Store(g.Vocabulary())
	return then
}

// errMoment is the error of a change of a graph at a moment.
var errMoment = fmt.Errorf("a graph at a moment cannot be changed: %w", store.ErrReadOnly)

// update changes the graph in one transaction.
func (g *Graph) update(ctx context.Context, fn func(*store.Tx) error) error {
	if g.at != nil {
		return errMoment
	}
	return g.store.Update(ctx, fn)
}

// read calls fn with a reader of the graph as it is now.
func (g *Graph) read(ctx context.Context, fn func(reader) error) error {
	return g.withSnapshot(ctx, func(s *store.Snapshot) error { return fn(reader{s, g.Vocabulary()}) })
}

func (g *Graph) withSnapshot(ctx context.Context, fn func(*store.Snapshot) error) error {
	if g.at != nil {
		return fn(g.at)
	}
	return g.store.View(ctx, fn)
}
