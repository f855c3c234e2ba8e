package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

func (a *app) verifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check the whole graph, and print a digest of all its quads",
		Long: `Verify checks every page, block and index of a graph, and every fact. It reads
the graph in a process of its own, with limits of memory and time: whatever
damage does to that process is reported.`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := a.verify(cmd.Context())
			if err != nil {
				return err
			}
			if err := a.print(cmd, verification(v)); err != nil || len(v.Problems) == 0 {
				return err
			}
			return fmt.Errorf("%w: %s", errDamaged, plural(len(v.Problems), "problem"))
		},
	}
	return a.reading(cmd)
}

func verification(v graph.Verification) *answer {
	t := &answer{columns: []string{"what", "value"}}
	t.add("quads", v.Quads)
	t.add("terms", v.Terms)
	t.add("facts", v.Facts)
	t.add("edges", v.Edges)
	t.add("digest", v.Digest)
	t.add("dangling", len(v.Dangling))
	t.add("problems", len(v.Problems))
	for _, p := range v.Problems {
		t.add("problem", p)
	}
	t.json = map[string]any{"quads": v.Quads, "terms": v.Terms, "facts": v.Facts, "edges": v.Edges,
		"digest": v.Digest, "dangling": append([]schema.ID{}, v.Dangling...), "problems": append([]string{}, v.Problems...)}
	return t
}

// verify checks a graph in a child. What is made of inputs is this process's own.
func (a *app) verify(ctx context.Context) (v graph.Verification, err error) {
	if a.config.Graph != "" && len(a.config.In) == 0 {
		err = a.guarded(ctx, "verify", a.config.Graph, a.config, &v)
		return v, err
	}
	return a.verifyHere(ctx)
}

func verifyJob(ctx context.Context, request []byte) (any, error) {
	a := &app{}
	if err := json.Unmarshal(request, &a.config); err != nil {
		return nil, err
	}
	return a.verifyHere(ctx)
}

func (a *app) verifyHere(ctx context.Context) (v graph.Verification, err error) {
	err = a.withGraph(ctx, func(g *graph.Graph) error {
		v, err = g.Verify(ctx)
		return err
	})
	return v, err
}

// guarded has a job done on a file or folder that may be damaged. Where that
// ends the child, it is damaged.
func (a *app) guarded(ctx context.Context, job, path string, request, reply any) error {
	err := a.inChild(ctx, job, a.limits(path), request, reply)
	if errors.Is(err, gizmo.ErrEnded) || errors.Is(err, gizmo.ErrTimeout) {
		return fmt.Errorf("%s: %w: %w", path, errDamaged, err)
	}
	return err
}

// limits are generous: what reads a sound graph keeps far below them.
func (a *app) limits(path string) gizmo.JobLimits {
	size := int64(0)
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // the child says what is wrong
		}
		if info, err := d.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	return gizmo.JobLimits{Memory: 1<<30 + size, Time: a.config.Wait + 5*time.Minute + time.Duration(size>>20)*2*time.Second}
}
