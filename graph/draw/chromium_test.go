package draw_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// measure returns the rectangles of all texts and of all nodes, and the size of the
// canvas, as a browser lays them out.
const measure = `(() => {
	const boxes = list => Array.from(list, e => {
		const r = e.getBoundingClientRect()
		return {X: r.x, Y: r.y, W: r.width, H: r.height, Words: e.textContent || e.parentNode.dataset.entity || ""}
	})
	const r = document.documentElement.getBoundingClientRect()
	return {Texts: boxes(document.querySelectorAll("text")), Nodes: boxes(document.querySelectorAll(".entente-node > path:first-of-type")), W: r.width, H: r.height}
})()`

type measured struct {
	Texts, Nodes []draw.Box
	W, H         float64
}

// In Chromium, no two texts and no two nodes of a drawing overlap, and nothing leaves the
// canvas.
func TestInChromium(t *testing.T) {
	t.Parallel()
	chromium := needs(t, "chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	for _, n := range []int{10, 60, 200} {
		f := open(t, records(n))
		for name, d := range drawings(t, f, n) {
			file := filepath.Join(t.TempDir(), "x.svg")
			if err := os.WriteFile(file, []byte(svg(t, d)), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
				t.Fatal(err)
			}
			got, err := chromedp.Run(ctx, chromedp.Evaluate[measured](measure))
			if err != nil {
				t.Fatal(err)
			}
			checkMeasured(t, fmt.Sprintf("%s of %d", name, n), d, got)
		}
	}
}

// drawings returns a path, a neighbourhood and a timeline of n entities each.
func drawings(t *testing.T, f *paths.Finder, n int) map[string]*draw.Drawing {
	t.Helper()
	all := map[string]*draw.Drawing{}
	keep := func(name string, d *draw.Drawing, err error) {
		if err != nil {
			t.Fatal(err)
		}
		all[name] = d
	}
	d, err := draw.Around(t.Context(), f, person(0), paths.Query{}, draw.Options{})
	keep("neighbourhood", d, err)
	var found []paths.Path
	for i := 1; i+3 <= n; i += 4 { // four entities a path
		if p, ok, err := f.Shortest(t.Context(), person(i), person(i+3), paths.Query{}); err != nil {
			t.Fatal(err)
		} else if ok {
			found = append(found, p)
		}
	}
	d, err = draw.Paths(t.Context(), f.Graph(), found, draw.Options{})
	keep("paths", d, err)
	facts, err := f.Graph().Timeline(t.Context(), graph.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	d, err = draw.Timeline(t.Context(), f.Graph(), []schema.ID{person(0), person(8)}, facts, draw.Options{})
	keep("timeline", d, err)
	d, err = draw.Network(t.Context(), f.Graph(), facts, nil, draw.Options{Top: 60})
	keep("network", d, err)
	return all
}

// checkMeasured compares what a browser measured with the rules of a drawing.
func checkMeasured(t *testing.T, name string, d *draw.Drawing, got measured) {
	t.Helper()
	width, height := d.Size()
	texts, _ := draw.Boxes(d)
	if len(got.Texts) != len(texts) || len(got.Nodes) == 0 {
		t.Errorf("%s: the browser has %d texts and %d nodes, and the drawing %d texts", name, len(got.Texts), len(got.Nodes), len(texts))
	}
	if got.W < width-1 || got.H < height-1 {
		t.Errorf("%s: the canvas is %v x %v, want %v x %v", name, got.W, got.H, width, height)
	}
	for _, list := range [][]draw.Box{got.Texts, got.Nodes} {
		for i, a := range list {
			if a.X < 0 || a.Y < 0 || a.X+a.W > width || a.Y+a.H > height {
				t.Errorf("%s: %q leaves the canvas: %v", name, a.Words, a)
			}
			for _, b := range list[:i] {
				if a.Overlaps(b) {
					t.Errorf("%s: %q overlaps %q: %v, %v", name, a.Words, b.Words, a, b)
				}
			}
			if strings.HasSuffix(a.Words, "…") {
				t.Errorf("%s: %q is cut", name, a.Words)
			}
		}
	}
}
