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
}

// withSession calls fn with a session of the graph that the flags name.
func (a *app) withSession(ctx context.Context, fn func(*session) error) (err error) {
	if err := a.checkSource(); err != nil {
		return err
	}
	s := &session{dir: a.config.Graph}
	if s.vocabulary, err = a.vocabulary(); err != nil {
		return err
	}
	if s.dir == "" {
		if s.temporary, err = safefile.TempFolder(safefile.AnyPrefix); err != nil {
			return err
		}
		s.dir = s.temporary.Path
	} else if !graph.Exists(s.dir) {
		return notThere(s.dir)
	}
	if s.temporary == nil {
		if err := a.checkStale(ctx, s); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, s.close()) }()
	s.workers, err = gizmo.NewWorkers(a.program, s.dir, &gizmo.WorkerOptions{
		Vocabulary: s.vocabulary, Wait: a.config.Wait, Memory: int64(a.config.QueryMemory) << 20, Names: true,
	})
	if err != nil {
		return err
	}
	if gizmo.MissingLimits != "" {
		a.warn("%s", gizmo.MissingLimits)
	}
	if s.temporary != nil {
		if err := a.fill(ctx, s); err != nil {
			return err
		}
	}
	return a.blamed(ctx, s, fn(s))
}

// fill makes the temporary graph of the inputs.
func (a *app) fill(ctx context.Context, s *session) (err error) {
	g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, Temporary: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	return a.loadInputs(ctx, g)
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
func (a *app) queryLimits(rows int) gizmo.Limits {
	return gizmo.Limits{Rows: rows, Timeout: cmp.Or(a.config.Timeout, -1), Output: int64(a.config.MaxOutput) << 20}
}

// blamed is the error of a script. Where the process that ran it just ended, and
// no limit ended it, the graph is verified: damage may have been the reason.
func (a *app) blamed(ctx context.Context, s *session, err error) error {
	limit := errors.Is(err, gizmo.ErrMemory) || errors.Is(err, gizmo.ErrTimeout) || errors.Is(err, gizmo.ErrOutput)
	if !errors.Is(err, gizmo.ErrEnded) || limit || s.temporary != nil || ctx.Err() != nil {
		return err
	}
	v, failed := a.verify(ctx)
	if failed == nil && len(v.Problems) > 0 {
		failed = fmt.Errorf("%w: %s", errDamaged, v.Problems[0])
	}
	if failed != nil && exitCode(failed) == exitDamaged {
		return fmt.Errorf("%w: %w", failed, err)
	}
	return err
}
