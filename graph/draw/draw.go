// Package draw makes drawings of paths, of neighbourhoods and of timelines, as SVG, PNG
// and PDF.
//
// [Paths] draws how entities are connected, hop by hop, with the dates and the sources
// of each hop:
//
//	drawing, err := draw.Paths(ctx, finder.Graph(), found, draw.Options{})
//	if err != nil {
//		return err
//	}
//	err = drawing.SVG(w)
//
// A drawing shows several facts between two entities as one edge, with the most telling
// fact and a count. What no source asserts, or did not happen, is dashed and says so in
// words; what a source denies has another colour and says so in words. Every drawing
// has a legend, a list of its sources, and a text for readers who do not see it.
//
// Texts are measured with embedded fonts, so that no two of them overlap. The same graph
// gives the same bytes.
package draw

import (
	"io"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Options change a drawing. The zero Options are sensible.
type Options struct {
	// Theme is the colours; empty means [Light].
	Theme Theme

	// Width is the width in CSS pixels in which a drawing should fit; 0 lets the
	// drawing choose. A drawing that does not fit is wider.
	Width float64

	// Layout is the layout of a network.
	Layout Layout

	// AllFacts adds to each line of a neighbourhood all other facts between its two
	// entities, also facts that the query does not allow.
	AllFacts bool

	// Title replaces the title of the drawing.
	Title string

	// Top is the largest number of entities of a neighbourhood, without its center: the
	// nearest, and at equal distance those with most neighbours. 0 is no limit.
	Top int

	// GroupBy is what the entities of a neighbourhood are grouped by; empty means
	// [ByCountry].
	GroupBy Grouping

	// Countries are countries that have colours of their own before others, so that
	// several drawings give each of them the same colour; the first 8 count.
	Countries []schema.ID

	// Notes are lines at the foot of the drawing, such as the question that it answers.
	Notes []string
}

// Drawing is a drawing that was laid out.
type Drawing struct {
	scene *scene
	theme Theme
}

// canonically calls draw with the graph as it is now, whatever the order in which its
// datasets were loaded.
func canonically(g *graph.Graph, draw func(*graph.Graph) (*Drawing, error)) (*Drawing, error) {
	snapshot, err := g.Snapshot()
	if err != nil {
		return nil, err
	}
	defer snapshot.Close()
	return draw(g.Canonical(snapshot))
}

// Size returns the width and the height in CSS pixels.
func (d *Drawing) Size() (width, height float64) { return d.scene.width, d.scene.height }

// LettersOnA4 returns the size, in points, of the smallest letters of the drawing on a
// sheet of A4 that it fills, upright or across, within margins of a centimetre.
func (d *Drawing) LettersOnA4() (points float64) {
	const long, short = 277 / 25.4 * 96, 190 / 25.4 * 96 // in CSS pixels
	width, height := d.Size()
	scale := min(1, long/max(width, height), short/min(width, height))
	smallest := titleFace.size
	for _, g := range d.scene.groups {
		for _, t := range g.texts {
			smallest = min(smallest, t.face.size)
		}
	}
	return smallest * scale * 72 / 96
}

// Text returns the drawing in words, for readers who do not see it.
func (d *Drawing) Text() string { return d.scene.desc }

// SVG writes the drawing as SVG. Its nodes have the attribute data-entity, its edges
// data-from, data-to and data-facts.
func (d *Drawing) SVG(w io.Writer) error { return writeSVG(w, d.scene, d.theme) }

// PNG writes the drawing as PNG, with two pixels for each CSS pixel, or fewer if it is
// very large. Characters that the embedded fonts lack are drawn with fonts of the
// machine; see [Drawing.Unprintable].
func (d *Drawing) PNG(w io.Writer) error {
	f, err := newPrintFonts()
	if err != nil {
		return err
	}
	return writePNG(w, d.scene, f, palette(d.theme == Dark))
}

// PDF writes the drawing as PDF on one page of its size. Its texts can be searched.
func (d *Drawing) PDF(w io.Writer) error {
	f, err := newPrintFonts()
	if err != nil {
		return err
	}
	return writePDF(w, d.scene, f, palette(d.theme == Dark))
}

// Unprintable returns the texts of which no font of this machine has all characters, so
// that a PNG or a PDF has boxes in their place. An SVG has the texts, which its reader
// shows with fonts of its own.
func (d *Drawing) Unprintable() (texts []string, err error) {
	f, err := newPrintFonts()
	if err != nil {
		return nil, err
	}
	for _, g := range d.scene.groups {
		for _, t := range g.texts {
			missing := func(r run) bool { return r.face == nil && r.width > 0 }
			if slices.ContainsFunc(f.runs(t.s, t.face.bold), missing) && !slices.Contains(texts, t.s) {
				texts = append(texts, t.s)
			}
		}
	}
	return texts, nil
}

// newPrintFonts returns the embedded fonts, and for other characters the fonts of the
// machine.
func newPrintFonts() (*fonts, error) {
	f, err := newFonts()
	if err == nil {
		f.fallback = new(systemFonts).face
	}
	return f, err
}
