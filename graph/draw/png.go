package draw

import (
	"image/color"
	"image/png"
	"io"
	"math"

	"github.com/fogleman/gg"
)

// pngScale is the number of pixels of a PNG for each CSS pixel.
const pngScale = 2.0

// mostPixels is the largest number of pixels of a PNG. A larger drawing has fewer pixels
// for each CSS pixel.
const mostPixels = 60e6

func writePNG(w io.Writer, s *scene, f *fonts, colors [inks]color.RGBA) error {
	scale := min(pngScale, math.Sqrt(mostPixels/(s.width*s.height)))
	c := gg.NewContext(int(math.Ceil(s.width*scale)), int(math.Ceil(s.height*scale)))
	c.SetColor(colors[paper])
	c.Clear()
	c.SetLineJoinRound()
	c.SetLineCapButt()
	out := &pngWriter{c, scale, colors}
	for _, g := range s.groups {
		for _, sh := range g.shapes {
			out.shape(sh)
		}
		for _, t := range g.texts {
			for _, p := range f.place(t) {
				out.fill(p.outlines(), t.fill, 1)
			}
		}
	}
	return png.Encode(w, c.Image())
}

// pngWriter paints shapes on an image.
type pngWriter struct {
	*gg.Context
	scale  float64
	colors [inks]color.RGBA
}

func (o *pngWriter) shape(s shape) {
	opacity := s.opacity
	if opacity == 0 {
		opacity = 1
	}
	if s.fill != none {
		o.fill(s.path, s.fill, opacity)
	}
	if s.stroke == none {
		return
	}
	o.SetDash()
	if s.dash != (dashing{}) {
		o.SetDash(s.dash.on*o.scale, s.dash.off*o.scale)
	}
	o.trace(s.path)
	o.paint(s.stroke, opacity)
	o.SetLineWidth(s.width * o.scale)
	o.Stroke()
}

func (o *pngWriter) fill(path []op, fill ink, opacity float64) {
	o.trace(path)
	o.paint(fill, opacity)
	o.Fill()
}

// paint sets the colour.
func (o *pngWriter) paint(i ink, opacity float64) {
	c := o.colors[i]
	o.SetColor(color.NRGBA{c.R, c.G, c.B, uint8(opacity*255 + 0.5)})
}

// trace sets the path.
func (o *pngWriter) trace(path []op) {
	o.ClearPath()
	trace(o, o.CubicTo, path, o.scale)
}
