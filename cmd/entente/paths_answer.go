package main

import (
	"context"
	"io"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
)

// trace is the paths found, and how they are shown.
type trace struct {
	graph    *graph.Graph
	renderer *render.Renderer
	options  render.PathOptions
	paths    []*render.Path
}

// newTrace returns a trace without paths. With all it shows all facts and evidence; it
// shows evidence of the datasets first.
func newTrace(g *graph.Graph, all bool, datasets []string) *trace {
	o := render.PathOptions{All: all, Datasets: datasets, MoreFacts: "--all", MorePaths: "--paths N"}
	return &trace{graph: g, renderer: render.New(g), options: o}
}

func (t *trace) add(ctx context.Context, found paths.Path) error {
	p, err := t.renderer.Path(ctx, found)
	if err == nil {
		t.paths = append(t.paths, p)
	}
	return err
}

func (t *trace) last() *render.Path { return t.paths[len(t.paths)-1] }

// print writes the paths in the format of the answer.
func (t *trace) print(ctx context.Context, out *output.Writer) error {
	switch out.Format {
	case "table":
		text, err := t.renderer.PathText(ctx, t.paths, t.options)
		if err != nil {
			return err
		}
		return out.WriteHanging(ctx, text)
	case "dot":
		return out.Write(ctx, func(w io.Writer) error { return export.WriteLinks(ctx, w, t.graph, t.links()) })
	case "json", "jsonl":
		return out.Print(ctx, &output.Answer{JSON: t.paths})
	}
	table, err := t.renderer.PathTable(ctx, t.paths, t.options)
	if err != nil {
		return err
	}
	return out.Print(ctx, output.Of(table, nil))
}

// links returns the facts of all hops.
func (t *trace) links() (list []export.Link) {
	for _, p := range t.paths {
		for _, hop := range p.Hops {
			for _, s := range hop.Facts {
				list = append(list, export.Link{From: hop.From.ID, To: hop.To.ID, Fact: s.ID, Predicate: s.Predicate})
			}
		}
	}
	return list
}
