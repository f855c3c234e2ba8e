package gizmo

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/safefile"
)

// source says in which folder the children find the graph.
type source interface {
	// acquire returns a folder that stays as it is until release is called.
	acquire(ctx context.Context) (f folder, release func() error, err error)
	close() error
}

// folder is a folder with a graph. A Mark other than 0 is the mark of the state that
// children must find there; a copy has another mark than the graph.
type folder struct {
	Path string
	Mark uint64
}

// fixedFolder is the folder of a graph that only the children open.
type fixedFolder string

func (f fixedFolder) acquire(context.Context) (folder, func() error, error) {
	return folder{Path: string(f)}, func() error { return nil }, nil
}

func (f fixedFolder) close() error { return nil }

// sourceOf returns the source of a graph that this process has open.
func sourceOf(g *graph.Graph) (source, error) {
	if !g.ReadOnly() || g.Dir() == "" {
		return &copies{graph: g, making: make(chan struct{}, 1)}, nil
	}
	dir, err := filepath.Abs(g.Dir())
	return &sharedFolder{g, dir}, err
}

// sharedFolder is the folder of a graph that this process reads: no process can write
// it meanwhile, and the children can read it too.
type sharedFolder struct {
	graph *graph.Graph
	dir   string
}

func (s *sharedFolder) acquire(context.Context) (folder, func() error, error) {
	snapshot, err := s.graph.Snapshot()
	if err != nil {
		return folder{}, nil, err
	}
	return folder{s.dir, snapshot.Mark()}, snapshot.Close, nil
}

func (s *sharedFolder) close() error { return nil }

// copies are copies of a graph that this process writes, one for each state of the
// graph for which a script was run. A copy is removed when no script reads it and
// there is a newer copy.
type copies struct {
	graph  *graph.Graph
	making chan struct{} // has an element while a copy is made

	mu     sync.Mutex
	newest *graphCopy // nil before the first script
	closed bool
}

// graphCopy is a copy of one state of a graph.
type graphCopy struct {
	folder *safefile.Folder
	mark   uint64
	users  int // scripts, and one more for the newest copy; guarded by the mutex of copies
}

func (c *copies) acquire(ctx context.Context) (folder, func() error, error) {
	copied, err := c.current(ctx)
	if copied == nil && err == nil {
		select {
		case c.making <- struct{}{}:
			copied, err = c.currentOrNew(ctx)
			<-c.making
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	}
	if err != nil {
		return folder{}, nil, err
	}
	return folder{Path: copied.folder.Path}, sync.OnceValue(func() error { return c.release(copied) }), nil
}

// current returns the copy of the present state, with one more user; nil for none.
func (c *copies) current(ctx context.Context) (*graphCopy, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	snapshot, err := c.graph.Snapshot()
	if err != nil {
		return nil, err
	}
	mark := snapshot.Mark()
	if err := snapshot.Close(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return nil, errClosed
	case c.newest == nil || c.newest.mark != mark:
		return nil, nil
	}
	c.newest.users++
	return c.newest, nil
}

// currentOrNew makes a copy, unless another script has made it meanwhile.
func (c *copies) currentOrNew(ctx context.Context) (*graphCopy, error) {
	if copied, err := c.current(ctx); copied != nil || err != nil {
		return copied, err
	}
	copied, err := copyOf(ctx, c.graph)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	old, closed := c.newest, c.closed
	if !closed {
		c.newest, copied.users = copied, 2
	}
	c.mu.Unlock()
	if closed {
		return nil, errors.Join(errClosed, copied.folder.Remove())
	}
	if old != nil {
		_ = c.release(old) // a later process removes what cannot be removed now
	}
	return copied, nil
}

// copyOf writes a copy of the graph as it is now.
func copyOf(ctx context.Context, g *graph.Graph) (*graphCopy, error) {
	snapshot, err := g.Snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	folder, err := safefile.TempFolder(safefile.AnyPrefix)
	if err != nil {
		return nil, err
	}
	if err := snapshot.Backup(ctx, filepath.Join(folder.Path, graph.File)); err != nil {
		return nil, errors.Join(err, folder.Remove())
	}
	return &graphCopy{folder: folder, mark: snapshot.Mark()}, nil
}

// release removes one user of a copy, and the copy after its last user.
func (c *copies) release(copied *graphCopy) error {
	c.mu.Lock()
	copied.users--
	last := copied.users == 0
	c.mu.Unlock()
	if !last {
		return nil
	}
	return copied.folder.Remove()
}

func (c *copies) close() error {
	c.mu.Lock()
	newest := c.newest
	c.newest, c.closed = nil, true
	c.mu.Unlock()
	if newest == nil {
		return nil
	}
	return c.release(newest)
}
