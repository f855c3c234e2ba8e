package draw

import (
	"image/color"
	"io"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// pointsPerPixel is the size of a CSS pixel in points, the unit of PDF.
const pointsPerPixel = 0.75

// longestPage is the largest size of a page that every program reads, in points.
const longestPage = 14400.0

// pdfFamily is the name of the embedded font in a PDF.
const pdfFamily = "Liberation Sans"

// writePDF writes a PDF of one page. Texts in the embedded font are texts; others are
// outlines with an invisible text over them, so that all can be searched.
func writePDF(w io.Writer, s *scene, f *fonts, colors [inks]color.RGBA) error {
	unit := min(pointsPerPixel, longestPage/max(s.width, s.height))
	d := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: s.width * unit, Ht: s.height * unit}})
	out := &pdfWriter{Fpdf: d, fonts: f, unit: unit, colors: colors}
	out.prepare(s)
	for _, g := range s.groups {
		for _, sh := range g.shapes {
			out.shape(sh)
		}
		for _, t := range g.texts {
			for _, p := range f.place(t) {
				out.text(p, t)
			}
		}
	}
	return d.Output(w)
}

// pdfWriter paints shapes and texts on a page.
type pdfWriter struct {
	*fpdf.Fpdf
	fonts  *fonts
	unit   float64
	colors [inks]color.RGBA
}

// prepare sets everything of a document that does not depend on shapes. The dates are
// fixed, so that the same drawing gives the same bytes.
func (o *pdfWriter) prepare(s *scene) {
	o.SetCatalogSort(true)
	o.SetCreationDate(time.Unix(0, 0).UTC())
	o.SetModificationDate(time.Unix(0, 0).UTC())
	o.SetTitle(s.title, true)
	o.SetSubject(s.desc, true)
	o.SetCreator("entente", true)
	o.SetMargins(0, 0, 0)
	o.SetAutoPageBreak(false, 0)
	o.AddUTF8FontFromBytes(pdfFamily, "", liberationsansregular.TTF)
	o.AddUTF8FontFromBytes(pdfFamily, "B", liberationsansbold.TTF)
	o.AddPage()
	o.SetLineJoinStyle("round")
	o.SetFillColor(o.rgb(paper))
	o.Rect(0, 0, s.width*o.unit, s.height*o.unit, "F")
}

func (o *pdfWriter) rgb(i ink) (r, g, b int) {
	c := o.colors[i]
	return int(c.R), int(c.G), int(c.B)
}

func (o *pdfWriter) shape(s shape) {
	if s.opacity != 0 && s.opacity != 1 {
		o.SetAlpha(s.opacity, "Normal")
		defer o.SetAlpha(1, "Normal")
	}
	style := ""
	if s.fill != none {
		o.SetFillColor(o.rgb(s.fill))
		style = "F"
	}
	if s.stroke != none {
		o.SetDrawColor(o.rgb(s.stroke))
		o.SetLineWidth(s.width * o.unit)
		style += "D"
		dash := []float64{}
		if s.dash != (dashing{}) {
			dash = []float64{s.dash.on * o.unit, s.dash.off * o.unit}
		}
		o.SetDashPattern(dash, 0)
	}
	o.trace(s.path)
	o.DrawPath(style)
}

// trace writes an outline.
func (o *pdfWriter) trace(path []op) { trace(o, o.CurveBezierCubicTo, path, o.unit) }

// pen draws the lines of an outline.
type pen interface {
	MoveTo(x, y float64)
	LineTo(x, y float64)
	ClosePath()
}

// trace draws an outline with a pen and a function for its curves, enlarged by a scale.
func trace(to pen, curve func(x0, y0, x1, y1, x, y float64), path []op, scale float64) {
	for _, step := range path {
		p := step.p
		for i := range p {
			p[i] = point{p[i].x * scale, p[i].y * scale}
		}
		switch step.kind {
		case 'M':
			to.MoveTo(p[0].x, p[0].y)
		case 'L':
			to.LineTo(p[0].x, p[0].y)
		case 'C':
			curve(p[0].x, p[0].y, p[1].x, p[1].y, p[2].x, p[2].y)
		case 'Z':
			to.ClosePath()
		}
	}
}

// text writes a run of a text.
func (o *pdfWriter) text(p placed, t text) {
	style := ""
	if t.face.bold {
		style = "B"
	}
	o.SetFont(pdfFamily, style, p.size*o.unit)
	o.SetTextColor(o.rgb(t.fill))
	if o.hasFont(p, t) {
		o.Text(p.at.x*o.unit, p.at.y*o.unit, p.text)
		return
	}
	o.SetFillColor(o.rgb(t.fill))
	if path := p.outlines(); len(path) > 0 {
		o.trace(path)
		o.DrawPath("F")
	}
	o.SetTextRenderingMode(3) // invisible
	letters := []rune(p.text)
	if p.rtl {
		slices.Reverse(letters) // from left to right, as all other letters of the page
	}
	o.Text(p.at.x*o.unit, p.at.y*o.unit, string(letters))
	o.SetTextRenderingMode(0)
}

// hasFont reports whether a run is in the font that the PDF embeds.
func (o *pdfWriter) hasFont(p placed, t text) bool {
	first := o.fonts.regular[0]
	if t.face.bold {
		first = o.fonts.bold[0]
	}
	return p.face == first && !p.rtl && p.scale > 0.99
}
