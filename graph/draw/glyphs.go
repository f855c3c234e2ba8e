package draw

import (
	"cmp"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/fontscan"
)

// placed is a run of a text at its position.
type placed struct {
	run
	at    point   // on the baseline, at the left
	size  float64 // of the font
	scale float64 // of widths: less than 1 if the run is wider than the layout allows
}

// place returns the runs of a text from left to right.
func (f *fonts) place(t text) (list []placed) {
	runs := f.runs(t.s, t.face.bold)
	natural := 0.0
	for _, r := range runs {
		natural += r.width * t.face.size
	}
	if natural == 0 {
		return nil
	}
	scale := min(1, t.width/natural)
	at := point{t.box().x, t.at.y}
	switch t.anchor {
	case middle:
		at.x += (t.width - natural*scale) / 2
	case end:
		at.x += t.width - natural*scale
	}
	for _, r := range runs {
		list = append(list, placed{r, at, t.face.size, scale})
		at.x += r.width * t.face.size * scale
	}
	return list
}

// outlines returns the shapes of the glyphs of a run. Characters that no font has are
// boxes.
func (p placed) outlines() (path []op) {
	if p.face == nil {
		return p.boxes()
	}
	unit := p.size / float64(p.face.Upem())
	pen := p.at
	for _, g := range p.out.Glyphs {
		outline, _ := p.face.GlyphDataOutline(g.GlyphID)
		toScene := p.size / shapingSize / 64
		origin := pen.plus(float64(g.XOffset)*toScene*p.scale, -float64(g.YOffset)*toScene)
		path = append(path, glyph(outline, origin, unit, p.scale)...)
		pen.x += float64(g.Advance) * toScene * p.scale
	}
	return path
}

// boxes returns a box for each character of a run.
func (p placed) boxes() (path []op) {
	x := p.at.x
	for _, r := range p.text {
		w := estimate(string(r)) * p.size * p.scale
		if w > 0 {
			outer, inner := box{x + w*0.1, p.at.y - 0.7*p.size, w * 0.8, 0.75 * p.size}, 0.06*p.size
			path = append(path, rectangle(outer)...)
			path = append(path, hole(outer.grown(-inner))...)
		}
		x += w
	}
	return path
}

// hole returns a rectangle in the other direction than [rectangle].
func hole(b box) []op {
	return polygon(point{b.x, b.y}, point{b.x, b.bottom()}, point{b.right(), b.bottom()}, point{b.right(), b.y})
}

// glyph returns the outline of a glyph in the scene.
func glyph(g font.GlyphOutline, at point, unit, scale float64) (path []op) {
	on := func(p opentype.SegmentPoint) point {
		return point{at.x + float64(p.X)*unit*scale, at.y - float64(p.Y)*unit}
	}
	var last point
	for _, s := range g.Segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if len(path) > 0 {
				path = append(path, op{kind: 'Z'})
			}
			last = on(s.Args[0])
			path = append(path, op{'M', [3]point{last}})
		case opentype.SegmentOpLineTo:
			last = on(s.Args[0])
			path = append(path, op{'L', [3]point{last}})
		case opentype.SegmentOpQuadTo:
			c, to := on(s.Args[0]), on(s.Args[1])
			path = append(path, op{'C', [3]point{toward(last, c), toward(to, c), to}})
			last = to
		case opentype.SegmentOpCubeTo:
			last = on(s.Args[2])
			path = append(path, op{'C', [3]point{on(s.Args[0]), on(s.Args[1]), last}})
		}
	}
	if len(path) > 0 {
		path = append(path, op{kind: 'Z'})
	}
	return path
}

// toward returns the control point of a cubic curve that equals a quadratic one.
func toward(from, control point) point {
	return point{from.x + (control.x-from.x)*2/3, from.y + (control.y-from.y)*2/3}
}

// systemFonts finds faces for characters among the fonts of the machine. It reads their
// list at the first character that it looks for.
type systemFonts struct {
	read   bool
	prints []fontscan.Footprint
	faces  map[fontscan.Location]*font.Face
}

// quiet ignores what the scanner reports about fonts that it cannot read.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// face returns a face that has a character, or nil.
func (s *systemFonts) face(r rune) *font.Face {
	if !s.read {
		s.read, s.faces = true, map[fontscan.Location]*font.Face{}
		s.list()
	}
	for _, p := range s.prints {
		if p.Runes.Contains(r) {
			if face := s.load(p.Location); face != nil {
				return face
			}
		}
	}
	return nil
}

// list reads which fonts there are: the most suitable first, then by family and file.
func (s *systemFonts) list() {
	dir, err := os.MkdirTemp("", "entente-fonts-")
	if err != nil {
		return
	}
	defer os.RemoveAll(dir)
	s.prints, _ = fontscan.SystemFonts(quiet{}, dir)
	slices.SortFunc(s.prints, func(a, b fontscan.Footprint) int {
		return cmp.Or(cmp.Compare(unsuitable(a), unsuitable(b)), cmp.Compare(a.Family, b.Family), cmp.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.Index, b.Location.Index))
	})
}

// unsuitable rates a font: the fewer points the better.
func unsuitable(p fontscan.Footprint) (points int) {
	if p.Aspect.Style != font.StyleNormal {
		points += 8
	}
	if p.Aspect.Weight != font.WeightNormal {
		points += 4
	}
	if !strings.Contains(p.Family, "sans") {
		points += 2
	}
	if !strings.Contains(p.Family, "cjksc") {
		points++
	}
	return points
}

// load reads a face; nil if it cannot be read or has no outlines.
func (s *systemFonts) load(at fontscan.Location) *font.Face {
	if face, ok := s.faces[at]; ok {
		return face
	}
	s.faces[at] = nil
	file, err := os.Open(at.File)
	if err != nil {
		return nil
	}
	defer file.Close()
	faces, err := font.ParseTTC(struct {
		io.Reader
		io.Seeker
		io.ReaderAt
	}{file, file, file})
	if err == nil && int(at.Index) < len(faces) {
		s.faces[at] = faces[at.Index]
	}
	return s.faces[at]
}
