package graph

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
)

// Compact writes the store anew, without the room that changes have left in it.
func (g *Graph) Compact(ctx context.Context) error {
	if g.at != nil {
		return errMoment
	}
	return g.store.Compact(ctx)
}

// Size is how many bytes the graph takes on disk.
func (g *Graph) Size() (int64, error) {
	info, err := os.Stat(filepath.Join(g.dir, File))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Backup writes the graph as it is now into a new file, all or nothing; readers
// and a writer in this process go on meanwhile. Errors wrap [fs.ErrExist] where
// there is a file already.
func (g *Graph) Backup(ctx context.Context, path string) error {
	return g.withSnapshot(ctx, func(s *store.Snapshot) error { return s.Backup(ctx, path) })
}

// Restore makes the graph of a backup in a folder that holds none, which is made
// if it is not there. The backup is verified first: where that finds problems,
// they are returned and nothing is made. Errors wrap [fs.ErrExist] where the
// folder holds a graph.
func Restore(ctx context.Context, backup, dir string, opts *Options) (v Verification, err error) {
	if Exists(dir) {
		return v, fmt.Errorf("%s: %w", filepath.Join(dir, File), fs.ErrExist)
	}
	from := Options{}
	if opts != nil {
		from = *opts
	}
	from.ReadOnly = true
	g, err := open(ctx, backup, &from, nil)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	if v, err = g.Verify(ctx); err != nil || len(v.Problems) > 0 {
		return v, err
	}
	_, absent := os.Stat(dir)
	if err := safefile.MakeDir(dir); err != nil {
		return v, err
	}
	if err = g.Backup(ctx, filepath.Join(dir, File)); err == nil {
		return v, movePlaces(ctx, dir, &from)
	}
	if absent != nil {
		_ = os.Remove(dir) // not where something else is in it
	}
	return v, err
}

// movePlaces tells a graph, made from another one, that its inputs stay where they are.
func movePlaces(ctx context.Context, dir string, opts *Options) (err error) {
	g, err := Open(ctx, dir, &Options{Vocabulary: opts.Vocabulary, Wait: opts.Wait})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	return g.moveNotes(ctx, g.folderOf())
}
