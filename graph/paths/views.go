package paths

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/entente-kg/entente/graph"
)

// Views opens Finders of one graph that share one [View] until the graph changes. A
// view that it loads or builds stays in memory for the next Finder. Several goroutines
// may use it.
type Views struct {
	graph   *graph.Graph
	mu      sync.Mutex
	current *View
}

// NewViews returns a Views of a graph, which must stay open.
func NewViews(g *graph.Graph) *Views { return &Views{graph: g} }

// Open does what the function [Open] does. It reads no file if the graph has not
// changed since the last Open.
func (vs *Views) Open(ctx context.Context) (*Finder, error) {
	s, err := vs.graph.Snapshot()
	if err != nil {
		return nil, err
	}
	v, err := vs.at(ctx, s)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &Finder{View: v, graph: vs.graph.At(s), snapshot: s}, nil
}

// at returns the view of a snapshot.
func (vs *Views) at(ctx context.Context, s *graph.Snapshot) (*View, error) {
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

// find loads the view of a snapshot from its file, or builds and saves it.
func (vs *Views) find(ctx context.Context, s *graph.Snapshot) (*View, error) {
	dir := vs.graph.Dir()
	st, ok := vs.stamp(dir, s)
	if ok {
		if v, err := load(ctx, dir, st, vs.graph.Vocabulary()); err == nil {
			return v, nil
		}
	}
	v, err := build(ctx, s, vs.graph.Vocabulary())
	if err == nil && ok {
		_ = v.save(dir, st) // the folder may not be writable
	}
	return v, err
}

// stamp returns the stamp of the graph's file at the snapshot. It returns false if
// there is no file, or if the graph has changed since the snapshot.
func (vs *Views) stamp(dir string, s *graph.Snapshot) (st stamp, ok bool) {
	if dir == "" {
		return st, false
	}
	info, err := os.Stat(filepath.Join(dir, graph.File))
	if err != nil {
		return st, false
	}
	latest, err := s.Latest()
	return stamp{Generation: s.Generation(), Mark: s.Mark(), Size: info.Size(), Written: info.ModTime().UnixNano(), Vocabulary: vs.graph.Vocabulary().Hash()},
		err == nil && latest
}
