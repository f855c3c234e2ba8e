package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
)

// withGraph calls fn with the graph that the flags name.
func (a *app) withGraph(ctx context.Context, fn func(*graph.Graph) error) error {
	return a.opener().withGraph(ctx, func(g *graph.Graph) error {
		a.stale = g.Stale() != nil
		return fn(g)
	})
}

func (a *app) print(cmd *cobra.Command, t *answer) error {
	o := a.output(cmd)
	o.stale = a.stale
	return o.print(cmd.Context(), t)
}

func (a *app) write(cmd *cobra.Command, fn func(io.Writer) error) error {
	return a.output(cmd).write(cmd.Context(), fn)
}

func (a *app) limit(cmd *cobra.Command) int { return a.output(cmd).rows }

func (a *app) forMore() string {
	if a.typed {
		return ":limit N or :limit all"
	}
	return "--rows N or --all"
}

func (a *app) rank(_ *cobra.Command, key string) int { return a.settings.rank(key) }

func (a *app) warn(format string, args ...any) { a.console.warn(format, args...) }
