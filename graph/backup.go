package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
)

// Compact rewrites the store without the space that changes have freed.
func (g *Graph) Compact(ctx context.Context) error {
	if g.at != nil {
		return errSnapshotReadOnly
	}
	return g.store.Compact(ctx)
}

// Size returns the size of the graph on disk in bytes.
func (g *Graph) Size() (int64, error) {
	info, err := os.Stat(filepath.Join(g.dir, File))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Backup writes the graph as it is now into a new file, all or nothing. Readers and a
// writer in this process continue meanwhile. Errors wrap [fs.ErrExist] if the file
// exists.
func (g *Graph) Backup(ctx context.Context, path string) error {
	return g.withSnapshot(ctx, func(s *store.Snapshot) error { return s.Backup(ctx, path) })
}

// Copy returns a temporary copy of a graph as it is now, open for writing, which Close
// removes: what a load would change can be tried on it. The copy compares the origins of
// datasets as the graph does. The options Vocabulary, Memory and AcceptLoss count. It needs
// free disk space for the whole copy.
func Copy(ctx context.Context, g *Graph, opts *Options) (*Graph, error) {
	if g.at != nil {
		return nil, errSnapshotReadOnly
	}
	writing := Options{Vocabulary: g.Vocabulary()}
	if opts != nil {
		writing = Options{Vocabulary: cmp.Or(opts.Vocabulary, writing.Vocabulary), Memory: opts.Memory, AcceptLoss: opts.AcceptLoss}
	}
	folder, err := safefile.TempFolder(safefile.AnyPrefix)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder.Path, File)
	if err = g.store.Copy(ctx, path); err != nil {
		return nil, errors.Join(err, folder.Remove())
	}
	c, err := open(ctx, path, &writing, folder)
	if err != nil {
		return nil, errors.Join(err, folder.Remove())
	}
	c.dir, c.original = folder.Path, g.folderOf()
	return c, nil
}

// Restore makes a graph from a backup, in a folder that has no graph yet and is made
// if missing. It verifies the backup first, and makes nothing if there are problems.
// Errors wrap [fs.ErrExist] if the folder has a graph.
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
		return v, moveOrigins(ctx, dir, &from)
	}
	if absent != nil {
		_ = os.Remove(dir) // fails if the folder is not empty
	}
	return v, err
}

// moveOrigins rewrites the origins in a copy of a graph, since inputs were not copied.
func moveOrigins(ctx context.Context, dir string, opts *Options) (err error) {
	g, err := Open(ctx, dir, &Options{Vocabulary: opts.Vocabulary, Wait: opts.Wait})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	return moveNotes(ctx, g, g.folderOf())
}
