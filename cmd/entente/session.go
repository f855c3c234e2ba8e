package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/schema"
)

// session runs scripts over a graph in child processes. The graph is closed between
// two scripts.
type session struct {
	dir        string
	temporary  *safefile.Folder // folder of a graph made from inputs; nil with --graph
	vocabulary *schema.Vocabulary
	workers    *gizmo.Workers
	opener     *opener
	children   children
	stale      bool // the graph lacks its last change, or may lack it
}

// withSession calls fn with a session of the graph that the flags name.
func withSession(ctx context.Context, o *opener, c children, fn func(*session) error) (err error) {
	s := &session{opener: o, children: c, dir: o.config.Graph}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.open(ctx); err != nil {
		return err
	}
	return s.diagnoseCrash(ctx, fn(s))
}

// open finds the graph, or makes one from the inputs, and starts its workers.
func (s *session) open(ctx context.Context) (err error) {
	if err := s.opener.checkSource(); err != nil {
		return err
	}
	if s.vocabulary, err = s.opener.vocabulary(); err != nil {
		return err
	}
	if err := s.findFolder(ctx); err != nil {
		return err
	}
	c := s.opener.config
	s.workers, err = gizmo.NewWorkers(s.children.program, s.dir, &gizmo.WorkerOptions{
		Vocabulary: s.vocabulary, Wait: c.Wait, Memory: int64(c.QueryMemory) << 20, Names: true,
	})
	if err != nil {
		return err
	}
	if gizmo.MissingLimits != "" {
		s.opener.console.warn("%s", gizmo.MissingLimits)
	}
	if s.temporary != nil {
		return s.loadInputs(ctx)
	}
	return nil
}

// findFolder finds the folder of the graph, or makes a temporary one.
func (s *session) findFolder(ctx context.Context) (err error) {
	switch {
	case s.dir == "":
		if s.temporary, err = safefile.TempFolder(safefile.AnyPrefix); err == nil {
			s.dir = s.temporary.Path
		}
		return err
	case !graph.Exists(s.dir):
		return noGraphError(s.dir)
	}
	if err := s.checkStale(ctx); err != nil || !s.opener.config.Reviewed {
		return err
	}
	return s.copyReviewed(ctx)
}

// copyReviewed makes a temporary copy of the graph, from which unreviewed evidence is
// removed, if the graph has any.
func (s *session) copyReviewed(ctx context.Context) (err error) {
	g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, ReadOnly: true, Wait: s.opener.config.Wait})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	unreviewed, err := graph.ListUnreviewed(ctx, g)
	if err != nil || len(unreviewed) == 0 {
		return err
	}
	if s.temporary, err = safefile.TempFolder(safefile.AnyPrefix); err != nil {
		return err
	}
	s.dir = s.temporary.Path
	return g.Backup(ctx, filepath.Join(s.dir, graph.File))
}

// checkStale opens the graph, warns if it is stale, and closes it.
func (s *session) checkStale(ctx context.Context) error {
	g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, ReadOnly: true, Wait: s.opener.config.Wait})
	if err != nil {
		return err
	}
	s.stale = g.Stale() != nil
	s.opener.warnStale(g)
	return g.Close()
}

// loadInputs makes the temporary graph from the inputs.
func (s *session) loadInputs(ctx context.Context) (err error) {
	g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, Temporary: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	if err := s.opener.loadInputs(ctx, g); err != nil || !s.opener.config.Reviewed {
		return err
	}
	return s.opener.removeUnreviewed(ctx, g)
}

// entities yields the entities of the graph, which is open only while they are read.
func (s *session) entities(ctx context.Context) iter.Seq2[schema.Entity, error] {
	return func(yield func(schema.Entity, error) bool) {
		g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, ReadOnly: true})
		if err != nil {
			yield(schema.Entity{}, err)
			return
		}
		defer g.Close()
		g.Entities(ctx)(yield)
	}
}

// close ends the workers and removes a temporary graph.
func (s *session) close() error {
	var errs []error
	if s.workers != nil {
		errs = append(errs, s.workers.Close())
	}
	if s.temporary != nil {
		errs = append(errs, s.temporary.Remove())
	}
	return errors.Join(errs...)
}

// limits returns the limits of a script, which yields at most rows rows; 0 for all.
func (s *session) limits(rows int) gizmo.Limits { return s.opener.config.scriptLimits(rows) }

// scriptLimits returns the limits of a script, which yields at most rows rows; 0 for all.
func (c config) scriptLimits(rows int) gizmo.Limits {
	return gizmo.Limits{Rows: rows, Timeout: cmp.Or(c.Timeout, -1), Output: int64(c.MaxOutput) << 20}
}

// diagnoseCrash returns the error of a script. If the process that ran the script
// ended, and not because of a limit, it verifies the graph: damage may be the reason.
func (s *session) diagnoseCrash(ctx context.Context, err error) error {
	limit := errors.Is(err, gizmo.ErrMemory) || errors.Is(err, gizmo.ErrTimeout) || errors.Is(err, gizmo.ErrOutput)
	if !errors.Is(err, gizmo.ErrEnded) || limit || s.temporary != nil || ctx.Err() != nil {
		return err
	}
	v, failed := verify(ctx, s.opener, s.children)
	if failed == nil && len(v.Problems) > 0 {
		failed = fmt.Errorf("%w: %s", errDamaged, v.Problems[0])
	}
	if failed != nil && exitCode(failed) == exitDamaged {
		return fmt.Errorf("%w: %w", failed, err)
	}
	return err
}
