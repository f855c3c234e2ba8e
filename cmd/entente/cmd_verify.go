package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

func verifyCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check the whole graph, and print a digest of all that it states",
		Long: `Verify checks every page, block and index of a graph, and every fact. It reads the
graph of --graph in a separate process with limits of memory and time, so that damage that makes
the process crash or hang is reported too.

Equal datasets have an equal digest, from whatever files and in whatever order they were
loaded: entente help keeping says what the digest covers.`,
		GroupID: "data",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := verify(cmd.Context(), a.opener(), a.children())
			if err != nil {
				return err
			}
			if err := a.output(cmd).Print(cmd.Context(), verification(v)); err != nil || len(v.Problems) == 0 {
				return err
			}
			return fmt.Errorf("%w: %s", errDamaged, phrase.Plural(len(v.Problems), "problem"))
		},
	}
	return reading(cmd)
}

func verification(v graph.Verification) *output.Answer {
	t := &output.Answer{Columns: []string{"what", "value"}}
	t.Add("quads", v.Quads)
	t.Add("terms", v.Terms)
	t.Add("facts", v.Facts)
	t.Add("edges", v.Edges)
	t.Add("digest", v.Digest)
	t.Add("dangling", len(v.Dangling))
	t.Add("problems", len(v.Problems))
	for _, p := range v.Problems {
		t.Add("problem", p)
	}
	t.JSON = map[string]any{"quads": v.Quads, "terms": v.Terms, "facts": v.Facts, "edges": v.Edges,
		"digest": v.Digest, "dangling": append([]schema.ID{}, v.Dangling...), "problems": append([]string{}, v.Problems...)}
	return t
}

// verify checks a graph in a child process. A temporary graph of inputs is checked in
// this process.
func verify(ctx context.Context, o *opener, c children) (v graph.Verification, err error) {
	if o.config.Graph != "" && len(o.config.In) == 0 {
		err = c.doOnUntrusted(ctx, "verify", o.config.Graph, o.config, &v)
		return v, err
	}
	return verifyHere(ctx, o)
}

func verifyJob(ctx context.Context, request []byte) (any, error) {
	o := &opener{console: &console{}}
	if err := json.Unmarshal(request, &o.config); err != nil {
		return nil, err
	}
	return verifyHere(ctx, o)
}

func verifyHere(ctx context.Context, o *opener) (v graph.Verification, err error) {
	err = o.withGraph(ctx, func(g *graph.Graph) error {
		v, err = g.Verify(ctx)
		return err
	})
	return v, err
}
