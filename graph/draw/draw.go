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
)

// Options change a drawing. The zero Options are sensible.
type Options struct {
	// Theme is the colours; empty means [Light].
	Theme Theme

	// Width is the width in CSS pixels in which a drawing should fit; 0 lets the
	// drawing choose. A drawing that does not fit is wider.
	Width float64

	// Title replaces the title of the drawing.
	Title string

	// Top is the largest number of entities of a neighbourhood, without its center: the
	// nearest, and at equal distance those with most neighbours. 0 is no limit.
	Top int

	// GroupBy is what the entities of a neighbourhood are grouped by; empty means
	// [ByCountry].
	GroupBy Grouping

	// Notes are lines at the foot of the drawing, such as the question that it answers.
	Notes []string
}

// Drawing is a drawing that was laid out.
type Drawing struct {
	scene *scene
	theme Theme
}

// Size returns the width and the height in CSS pixels.
func (d *Drawing) Size() (width, height float64) { return d.scene.width, d.scene.height }

// Text returns the drawing in words, for readers who do not see it.
func (d *Drawing) Text() string { return d.scene.desc }

// SVG writes the drawing as SVG. Its nodes have the attribute data-entity, its edges
// data-from, data-to and data-facts.
func (d *Drawing) SVG(w io.Writer) error { return writeSVG(w, d.scene, d.theme) }
