package draw_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// check fails if two texts or two nodes of a drawing overlap, or if something leaves
// the canvas.
func check(t *testing.T, d *draw.Drawing) {
	t.Helper()
	width, height := d.Size()
	texts, nodes := draw.Boxes(d)
	for _, list := range [][]draw.Box{texts, nodes} {
		for i, a := range list {
			if a.X < 0 || a.Y < 0 || a.X+a.W > width || a.Y+a.H > height {
				t.Errorf("%q leaves the canvas of %v x %v: %v", a.Words, width, height, a)
			}
			for _, b := range list[:i] {
				if a.Overlaps(b) {
					t.Errorf("%q overlaps %q: %v, %v", a.Words, b.Words, a, b)
				}
			}
		}
	}
}

// svg returns a drawing as SVG, and fails if it is not well-formed.
func svg(t *testing.T, d *draw.Drawing) string {
	t.Helper()
	var b bytes.Buffer
	if err := d.SVG(&b); err != nil {
		t.Fatal(err)
	}
	for dec := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
		if _, err := dec.Token(); err == io.EOF {
			return b.String()
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAroundOverlapsNothing(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 10, 60, 200} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			f := open(t, records(max(n, 1)))
			for _, by := range draw.Groupings() {
				o := draw.Options{Top: n, GroupBy: by}
				d, err := draw.Around(t.Context(), f, person(0), paths.Query{}, o)
				if err != nil {
					t.Fatal(err)
				}
				check(t, d)
				if lines := draw.Behind(d); len(lines) > 0 {
					t.Errorf("lines pass behind nodes: %v", lines)
				}
				again, err := draw.Around(t.Context(), f, person(0), paths.Query{}, o)
				if err != nil {
					t.Fatal(err)
				}
				if svg(t, d) != svg(t, again) {
					t.Error("two drawings differ")
				}
			}
		})
	}
}

func TestPathsOverlapNothing(t *testing.T) {
	t.Parallel()
	f := open(t, records(40))
	var found []paths.Path
	for _, to := range []int{9, 19, 29, 39} {
		for p, err := range f.Between(t.Context(), person(to), person(to-5), paths.Query{}) {
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, p)
		}
	}
	for _, width := range []float64{0, 320, 700} {
		d, err := draw.Paths(t.Context(), f.Graph(), found, draw.Options{Width: width})
		if err != nil {
			t.Fatal(err)
		}
		check(t, d)
		text := svg(t, d)
		for _, want := range []string{`role="img"`, `data-entity="person:p0"`, `data-from="person:p9"`, ">From<", ">To<", "&lt;/text&gt;"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is not in the SVG", want)
			}
		}
		if strings.Contains(text, "<script") {
			t.Error("a name became an element")
		}
	}
}

// A country has the same colour in all drawings in which no other country claims it.
func TestColoursFollowFromCountries(t *testing.T) {
	t.Parallel()
	f := open(t, records(20))
	strokes := func(center int) string {
		d, err := draw.Around(t.Context(), f, person(center), paths.Query{Hops: 1}, draw.Options{Countries: []schema.ID{country(0), country(1)}})
		if err != nil {
			t.Fatal(err)
		}
		return svg(t, d)
	}
	colour := regexp.MustCompile(`data-entity="person:p0"[^>]*>\s*(?:<title>[^<]*</title>)?\s*<path[^>]*stroke="([^"]*)"`)
	one, two := colour.FindStringSubmatch(strokes(1)), colour.FindStringSubmatch(strokes(0))
	if one == nil || two == nil || one[1] != two[1] {
		t.Errorf("the colours of one country: %q, %q", one, two)
	}
}

func TestAroundTooLarge(t *testing.T) {
	t.Parallel()
	f := open(t, records(draw.MostNodes+1))
	if _, err := draw.Around(t.Context(), f, person(0), paths.Query{}, draw.Options{}); !errors.Is(err, draw.ErrTooLarge) {
		t.Errorf("the error is %v", err)
	}
}
