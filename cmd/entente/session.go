package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/schema"
)

// session is a graph that scripts run over, in processes of their own. Nobody
// keeps it open between two of them.
type session struct {
	dir        string
	temporary  *safefile.Folder // made of inputs; nil for none
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

// open finds the graph, or makes one of the inputs, and prepares workers for it.
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
	return s.checkStale(ctx)
}

// checkStale opens the graph for a moment, to say whether it is stale.
func (s *session) checkStale(ctx context.Context) error {
	g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, ReadOnly: true, Wait: s.opener.config.Wait})
	if err != nil {
		return err
	}
	s.stale = g.Stale() != nil
	s.opener.warnStale(g)
	return g.Close()
}

// loadInputs makes the temporary graph of the inputs.
func (s *session) loadInputs(ctx context.Context) (err error) {
	g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, Temporary: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	return s.opener.loadInputs(ctx, g)
}

// entities are those of the graph, which is opened for as long as they are read.
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

// close ends the workers and removes what is temporary.
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

// limits are those of a query, where zero stands for none.
func (s *session) limits(rows int) gizmo.Limits {
	c := s.opener.config
	return gizmo.Limits{Rows: rows, Timeout: cmp.Or(c.Timeout, -1), Output: int64(c.MaxOutput) << 20}
}

// diagnoseCrash returns the error of a script. If the process that ran the script ended and
// no limit ended it, the graph is verified: damage may have been the reason.
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
