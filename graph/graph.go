// Package graph is a knowledge graph in a folder: datasets of facts are loaded,
// changed and removed, and entities and facts are read with their evidence.
//
//	g, err := graph.Open(ctx, "folder", nil) // made if it does not exist
//	if err != nil {
//		return err
//	}
//	defer g.Close()
//	in, err := loaders.Open("facts.yaml", nil)
//	if err != nil {
//		return err
//	}
//	if _, err := g.LoadInput(ctx, in, nil); err != nil {
//		return err
//	}
//	for fact, err := range g.Facts(ctx, graph.Filter{With: "person:xie-feng"}) {
//		…
//	}
//
// # Changes
//
// A dataset is a set of facts, entities and documents with a name.
// [Graph.LoadInput] loads a file or folder as a dataset and replaces its previous
// content; [Graph.Load] does so with records that a program makes. [Graph.Update]
// adds, changes and removes single records of a dataset, and [Graph.Forget] removes
// a dataset. Each of them is one transaction, which is kept completely or not at
// all. If several datasets state a fact, the graph keeps the evidence of each, and
// edges and standings follow from all evidence. The [Report] of a change counts the
// records and lists contradictions that a person should check.
//
// # Reading
//
// [Graph.Resolve] returns the entity that a name refers to, and [Graph.Find] finds
// similar names. [Graph.Entity], [Graph.Fact] and [Graph.Document] read one record
// by its id. [Graph.Facts] yields the facts that a [Filter] picks, and
// [Graph.Timeline] returns them in order of time. [Graph.At] reads a graph as it was
// at one moment, whatever is written meanwhile. The packages render, paths, office,
// gizmo and export, in folders below this one, put facts into words, find paths and
// terms of office, run scripts, and write graphs.
//
// # Processes
//
// A [Graph] has one store ([github.com/entente-kg/entente/graph/store]). While a
// process has it open for writing, no other process may open it; any number of
// processes may have it open for reading ([Options].ReadOnly). Within a process,
// readers and a writer do not block each other.
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

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// File is the name of the store's file in the graph's folder.
const File = "graph.db"

// ErrNoGraph is wrapped if a folder opened for reading has no graph.
var ErrNoGraph = errors.New("no graph here")

// Options are the options of [Open]. The zero value opens for writing, with the
// default vocabulary, and does not wait for another process.
type Options struct {
	ReadOnly   bool
	Vocabulary *schema.Vocabulary
	Wait       time.Duration // how long to wait for another process

	// AcceptLoss allows writing to a graph whose last change may be lost, and gives
	// that change up: see [ErrStale].
	AcceptLoss bool

	// Temporary says that the graph's folder will be moved or removed. The origins of
	// datasets are then not stored relative to it.
	Temporary bool

	// Memory is the approximate number of bytes of a change that are kept in memory
	// before it is sorted on disk; 0 means [store.DefaultMemory].
	Memory int64
}

// Graph is an open graph. Several goroutines may call its methods.
type Graph struct {
	store      *store.Store
	vocabulary atomic.Pointer[schema.Vocabulary]
	given      *schema.Vocabulary // of the options, or else the default
	dir        string
	temporary  *safefile.Folder // removed by Close; nil if there is none
	willMove   bool             // the folder will be moved or removed
	original   folder           // of the graph of which this is a copy; see [Copy]
	at         *store.Snapshot
	canonical  bool // see [Graph.Canonical]
}

// Open opens the graph in a folder. For writing, it makes the graph if there is none.
// An empty folder name makes a temporary graph that Close removes. Errors wrap
// [ErrNoGraph] or an error of the store, such as [ErrLocked]. If ctx ends while
// Open waits for another process, the error is its cause.
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
	if errors.Is(err, fs.ErrNotExist) { // another process discarded it during the wait
		return nil, fmt.Errorf("%s: %w", dir, ErrNoGraph)
	}
	if err != nil {
		return nil, err
	}
	g.dir, g.willMove = dir, opts.Temporary
	return g, nil
}

// openOrMake opens a graph for writing. It tries again if another process removes the
// folder meanwhile, as [Graph.Discard] does after a rejected first load.
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
	for _, folder := range []string{recordsFolder, deltasFolder} {
		records.Sweep(filepath.Join(dir, folder))
	}
	g.dir, g.willMove = dir, opts.Temporary
	return g, nil
}

const attempts = 100

// open opens the graph in a file. Close removes the temporary folder, if any.
func open(ctx context.Context, path string, opts *Options, temporary *safefile.Folder) (g *Graph, err error) {
	g = &Graph{temporary: temporary}
	g.given = cmp.Or(opts.Vocabulary, schema.DefaultVocabulary())
	g.vocabulary.Store(g.given)
	g.store, err = store.OpenContext(ctx, path, &store.Options{ReadOnly: opts.ReadOnly, Wait: opts.Wait, NoSync: temporary != nil, Memory: opts.Memory, AcceptLoss: opts.AcceptLoss})
	if err != nil {
		return nil, err
	}
	if err := learnVerbs(ctx, g); err != nil {
		return nil, errors.Join(err, g.Close())
	}
	return g, nil
}

// Exists reports whether a folder has a graph.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, File))
	return err == nil
}

// Discard closes the graph. It removes a graph without datasets, and its folder if
// that is empty, such as a new graph after a rejected load. It removes the file before
// it releases the lock, so that it cannot remove another process's dataset.
func (g *Graph) Discard(ctx context.Context) error {
	if g.at != nil {
		return nil
	}
	sets, err := g.Datasets(context.WithoutCancel(ctx))
	if err != nil || len(sets) > 0 || g.temporary != nil {
		return errors.Join(err, g.Close())
	}
	_ = os.Remove(filepath.Join(g.dir, File)) // some systems keep open files
	err = g.Close()
	_ = os.Remove(g.dir) // fails if the folder is not empty
	return err
}

// mustExist returns an error if a folder has no graph.
func mustExist(dir string) error {
	_, err := os.Stat(filepath.Join(dir, File))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%s: %w", dir, ErrNoGraph)
	}
	return err
}

// Close closes the graph, and removes it if it is temporary.
func (g *Graph) Close() error {
	if g.at != nil {
		return nil
	}
	return errors.Join(g.store.Close(), removeTemporary(g))
}

func removeTemporary(g *Graph) error {
	if g.temporary == nil {
		return nil
	}
	return g.temporary.Remove()
}

// Vocabulary returns the vocabulary of [Options] with the verbs of the datasets added.
func (g *Graph) Vocabulary() *schema.Vocabulary { return g.vocabulary.Load() }

// Stale returns an error that wraps [ErrStale] if the last change of the graph
// may be lost, and nil otherwise. Reads of a stale graph return the state before that
// change.
func (g *Graph) Stale() error { return g.store.Stale() }

// ReadOnly reports whether the graph is open for reading only, by [Options.ReadOnly].
func (g *Graph) ReadOnly() bool { return g.store.ReadOnly() }

// Dir returns the folder of the graph; it is empty for a temporary graph.
func (g *Graph) Dir() string {
	if g.temporary != nil {
		return ""
	}
	return g.dir
}

// Snapshot is the quads of a graph at one moment.
// [github.com/entente-kg/entente/graph/cayley.New] makes a quad store from it, for
// Cayley's queries and Gizmo.
type Snapshot = store.Snapshot

// Pattern selects quads of a [Snapshot]. A nil field matches any value.
type Pattern = store.Pattern

// Snapshot returns the quads of the graph as it is now. For a graph from [Graph.At],
// it returns that graph's snapshot. It must be closed.
func (g *Graph) Snapshot() (*Snapshot, error) {
	if g.at != nil {
		return g.at.Clone()
	}
	return g.store.Snapshot()
}

// At returns a read-only graph with the facts, entities, documents, names and counts
// of the snapshot, while the snapshot is open. Methods that change a graph return an
// error that wraps [ErrReadOnly]. Close does nothing.
func (g *Graph) At(s *Snapshot) *Graph {
	then := &Graph{store: g.store, given: g.given, dir: g.dir, temporary: g.temporary, original: g.original, at: s, canonical: g.canonical}
	then.vocabulary.Store(g.Vocabulary())
	return then
}

// Canonical is [Graph.At] for answers that must not depend on the order of loads: of
// what datasets state equally often about an entity, such as two labels, the first
// dataset by name decides, and not the dataset that was loaded first. Graphs with the
// same digest then give the same answers.
func (g *Graph) Canonical(s *Snapshot) *Graph {
	then := g.At(s)
	then.canonical = true
	return then
}

// unordered is a snapshot that is read as by [Graph.Canonical].
type unordered struct{ *store.Snapshot }

// The errors of the store that a caller may branch on with [errors.Is].
var (
	// ErrLocked means that the graph is open elsewhere and was not closed within
	// Options.Wait. If ErrOpenHere is wrapped too, this process has it open.
	ErrLocked   = store.ErrLocked
	ErrOpenHere = store.ErrOpenHere
	// ErrReadOnly means that the graph was opened read-only, or is a graph at a
	// moment (see [Graph.At]).
	ErrReadOnly = store.ErrReadOnly
	// ErrDamaged means that the graph's file differs from what was written.
	// [Rebuild] copies what is readable.
	ErrDamaged = store.ErrDamaged
	// ErrVersion means that the graph's file has another format version.
	ErrVersion = store.ErrVersion
	// ErrStale means that the last change of the graph may be lost; see
	// [Graph.Stale] and Options.AcceptLoss.
	ErrStale = store.ErrStale
	// ErrClosed means that the graph, or the snapshot, was closed.
	ErrClosed = store.ErrClosed
)

// errSnapshotReadOnly is returned by changes to a graph from [Graph.At].
var errSnapshotReadOnly = fmt.Errorf("the graph is a snapshot of one moment: %w", ErrReadOnly)

// update calls fn in one write transaction.
func (g *Graph) update(ctx context.Context, fn func(*store.Tx) error) error {
	if g.at != nil {
		return errSnapshotReadOnly
	}
	return g.store.Update(ctx, fn)
}

// read calls fn with a reader of the graph as it is now.
func (g *Graph) read(ctx context.Context, fn func(reader) error) error {
	return g.withSnapshot(ctx, func(s *store.Snapshot) error { return fn(readerOf(g, s)) })
}

// readerOf returns a reader of a snapshot of the graph.
func readerOf(g *Graph, s *store.Snapshot) reader {
	if g.canonical {
		return reader{unordered{s}, g.Vocabulary()}
	}
	return reader{s, g.Vocabulary()}
}

func (g *Graph) withSnapshot(ctx context.Context, fn func(*store.Snapshot) error) error {
	if g.at != nil {
		return fn(g.at)
	}
	return g.store.View(ctx, fn)
}
