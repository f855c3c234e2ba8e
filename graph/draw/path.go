package draw

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// Paths draws paths, one below the other, as hops from left to right. Both ends of a
// path are marked. The graph must be of the same moment as the paths: see
// [paths.Finder.Graph].
func Paths(ctx context.Context, g *graph.Graph, found []paths.Path, o Options) (*Drawing, error) {
	var chains [][]paths.Hop
	for _, p := range found {
		chains = append(chains, p.Hops)
	}
	return drawChains(ctx, g, chains, o)
}

// Journey draws a path in order of time, as [Paths] draws a path.
func Journey(ctx context.Context, g *graph.Graph, j paths.Journey, o Options) (*Drawing, error) {
	order := "In order of time: possible, not certain."
	if j.Certain {
		order = "In order of time under every reading of the dates."
	}
	o.Notes = append([]string{order}, o.Notes...)
	return drawChains(ctx, g, [][]paths.Hop{j.Hops}, o)
}

func drawChains(ctx context.Context, g *graph.Graph, chains [][]paths.Hop, o Options) (*Drawing, error) {
	return canonically(g, func(g *graph.Graph) (*Drawing, error) {
		d, err := newPathDrawing(g, o)
		if err != nil {
			return nil, err
		}
		for _, hops := range chains {
			if err := d.read(ctx, hops); err != nil {
				return nil, err
			}
		}
		return d.finish(), nil
	})
}

// pathDrawing lays out chains of hops.
type pathDrawing struct {
	options  Options
	scene    *scene
	fonts    *fonts
	gatherer *gatherer
	sides    *sideTable
	chains   [][]*link
	y        float64
}

func newPathDrawing(g *graph.Graph, o Options) (*pathDrawing, error) {
	f, err := newFonts()
	return &pathDrawing{options: o, scene: &scene{}, fonts: f, gatherer: newGatherer(g)}, err
}

// read reads the facts of a path.
func (d *pathDrawing) read(ctx context.Context, hops []paths.Hop) error {
	var chain []*link
	for _, h := range hops {
		l, err := d.gatherer.link(ctx, h)
		if err != nil {
			return err
		}
		chain = append(chain, l)
	}
	if len(chain) > 0 {
		d.chains = append(d.chains, chain)
	}
	return nil
}

// link reads the facts of a hop, one claim for each fact.
func (g *gatherer) link(ctx context.Context, h paths.Hop) (*link, error) {
	l := &link{from: h.From, to: h.To}
	for _, id := range []schema.ID{h.From, h.To} {
		if _, err := g.entity(ctx, id); err != nil {
			return nil, err
		}
	}
	for _, s := range h.Steps {
		if slices.ContainsFunc(l.claims, func(c claim) bool { return c.id == s.Fact }) {
			continue
		}
		f, err := g.graph.Fact(ctx, s.Fact)
		if err != nil {
			return nil, err
		}
		c, err := g.claim(ctx, f, s.Verb, h.From, h.To)
		if err != nil {
			return nil, err
		}
		l.claims = append(l.claims, c)
	}
	l.sort()
	return l, nil
}

// sort puts plain facts first, so that the label of an edge is one of them if there is
// any.
func (l *link) sort() {
	slices.SortStableFunc(l.claims, func(a, b claim) int {
		switch {
		case a.plain == b.plain:
			return 0
		case a.plain:
			return -1
		}
		return 1
	})
}

func (d *pathDrawing) finish() *Drawing {
	d.sides = assignSides(d.gatherer, d.options)
	for i, chain := range d.chains {
		if len(d.chains) > 1 {
			d.heading(i, len(chain))
		}
		d.drawChain(chain)
	}
	d.scene.title, d.scene.desc = d.title(), d.text()
	f := frame{scene: d.scene, fonts: d.fonts, gatherer: d.gatherer, sides: d.sides, subtitle: d.subtitle(), notes: d.options.Notes, lines: true}
	f.finish(d.options.Width)
	return &Drawing{d.scene, d.options.Theme}
}

// heading writes the number of a path above it.
func (d *pathDrawing) heading(i, hops int) {
	g := d.scene.add(&group{class: "heading"})
	text := fmt.Sprintf("Path %d of %d, %d %s", i+1, len(d.chains), hops, plural(hops, "hop"))
	d.y = g.lines(d.fonts, point{0, d.y}, start, []string{text}, headFace, words).y + 8
}

// title names the ends of the paths.
func (d *pathDrawing) title() string {
	if d.options.Title != "" {
		return d.options.Title
	}
	var from, to []string
	for _, chain := range d.chains {
		from = addWord(from, d.name(chain[0].from))
		to = addWord(to, d.name(chain[len(chain)-1].to))
	}
	return "From " + enumerate(from) + " to " + enumerate(to)
}

// enumerate returns the first names of a list, and the number of the others.
func enumerate(names []string) string {
	const most = 4
	if len(names) > most+1 {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(names, ", ")
}

func addWord(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}

func (d *pathDrawing) name(id schema.ID) string { return d.gatherer.entities[id].name }

func (d *pathDrawing) subtitle() string {
	if n := len(d.chains); n > 1 {
		return fmt.Sprintf("%d paths, the most telling first", n)
	}
	if len(d.chains) == 1 {
		n := len(d.chains[0])
		return fmt.Sprintf("%d %s", n, plural(n, "hop"))
	}
	return ""
}

// text returns the paths in words.
func (d *pathDrawing) text() string {
	var b strings.Builder
	for i, chain := range d.chains {
		if len(d.chains) > 1 {
			fmt.Fprintf(&b, "Path %d. ", i+1)
		}
		for k, l := range chain {
			fmt.Fprintf(&b, "Hop %d, from %s to %s: %s. ", k+1, d.name(l.from), d.name(l.to), strings.ReplaceAll(l.title(), "\n", "; "))
		}
	}
	return strings.TrimSpace(b.String())
}
