package paths

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
)

// Views keeps the view of a graph up to date: it returns the same view until the
// graph changes. It loads a view from the file beside the graph where that fits,
// else it builds one and writes the file if it can. It may be used by several
// goroutines.
type Views struct {
	graph   *graph.Graph
	mu      sync.Mutex
	current *View
}

// NewViews returns the views of a graph, which must stay open.
func NewViews(g *graph.Graph) *Views { return &Views{graph: g} }

// Current is the view of the graph as it is now.
func (vs *Views) Current(ctx context.Context) (*View, error) {
	s, err := vs.graph.Snapshot()
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return vs.At(ctx, s)
}

// At is the view of a snapshot of the graph: evidence read from the snapshot is
// the evidence of the view's paths.
func (vs *Views) At(ctx context.Context, s *graph.Snapshot) (*View, error) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if vs.current != nil && vs.current.generation == s.Generation() {
		return vs.current, nil
	}
	v, err := vs.find(ctx, s)
	if err == nil && (vs.current == nil || vs.current.generation < v.generation) {
		vs.current = v
	}
	return v, err
}

func (vs *Views) find(ctx context.Context, s *store.Snapshot) (*View, error) {
	dir := vs.graph.Dir()
	st, ok := vs.stamp(dir, s)
	if ok {
		if v, err := load(ctx, dir, st, vs.graph.Vocabulary()); err == nil {
			return v, nil
		}
	}
	v, err := build(ctx, s, vs.graph.Vocabulary())
	if err == nil && ok {
		_ = v.save(dir, st) // the folder may not be ours to write
	}
	return v, err
}

// stamp is the stamp of the graph's file as of the snapshot; ok is false where
// there is no file, or the graph has changed since.
func (vs *Views) stamp(dir string, s *store.Snapshot) (st stamp, ok bool) {
	if dir == "" {
		return st, false
	}
	info, err := os.Stat(filepath.Join(dir, graph.File))
	if err != nil {
		return st, false
	}
	now, err := vs.graph.Snapshot()
	if err != nil {
		return st, false
	}
	defer now.Close()
	return stamp{Generation: s.Generation(), Mark: s.Mark(), Size: info.Size(), Written: info.ModTime().UnixNano(), Vocabulary: vs.graph.Vocabulary().Hash()},
		now.Generation() == s.Generation()
}
