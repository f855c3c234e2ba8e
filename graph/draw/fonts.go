package draw

import (
	"bytes"
	"slices"
	"unicode"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	unibidi "golang.org/x/text/unicode/bidi"
	"golang.org/x/text/width"
)

// typeface is the size and the weight of a text.
type typeface struct {
	size float64
	bold bool
}

// lineHeight is the distance between the baselines of two lines, in sizes of the font.
const lineHeight = 1.3

// Ascent and descent of a line, in sizes of the font. Both are at least as large as the
// metrics of the fonts that a browser may choose for a wide script.
const (
	ascent  = 0.95
	descent = 0.3
)

// fonts measures texts with the embedded fonts: Liberation Sans, whose widths are the
// widths of Arial and Helvetica, and DejaVu Sans for scripts that it lacks. It must not
// be used by several goroutines at once.
type fonts struct {
	regular, bold []*font.Face
	shaper        shaping.HarfbuzzShaper
	widths        map[widthKey]float64
	lines         map[wrapKey][]string

	// fallback returns a face for a character that no embedded font has, or nil. It is
	// nil while a drawing is laid out, so that its layout does not depend on the fonts
	// of the machine.
	fallback func(r rune) *font.Face
}

type widthKey struct {
	text string
	bold bool
}

// newFonts parses the embedded fonts.
func newFonts() (*fonts, error) {
	var faces []*font.Face
	for _, data := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF, dejavusans.TTF} {
		face, err := font.ParseTTF(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		faces = append(faces, face)
	}
	return &fonts{
		regular: []*font.Face{faces[0], faces[2]}, bold: []*font.Face{faces[1], faces[2]},
		widths: map[widthKey]float64{}, lines: map[wrapKey][]string{},
	}, nil
}

// width returns the width of a text on one line.
func (f *fonts) width(s string, t typeface) float64 {
	key := widthKey{s, t.bold}
	w, ok := f.widths[key]
	if !ok {
		for _, r := range f.runs(s, t.bold) {
			w += r.width
		}
		f.widths[key] = w
	}
	return w * t.size
}

// run is a piece of a text with one face and one direction. The text and the width of a
// run without a face are an estimate: no font has its characters.
type run struct {
	text  string
	face  *font.Face // nil if no font has the characters
	rtl   bool
	width float64 // in sizes of the font
	out   shaping.Output
}

// shapingSize is the size of the font at which runs are shaped; large, so that widths
// are precise.
const shapingSize = 1000

// runs divides a text into runs in visual order, from left to right.
func (f *fonts) runs(s string, bold bool) (list []run) {
	for _, d := range directions(s) {
		pieces := f.byFace(d.text, bold)
		rtl := d.level%2 == 1
		if rtl {
			slices.Reverse(pieces)
		}
		for _, piece := range pieces {
			list = append(list, f.shape(piece, rtl))
		}
	}
	return list
}

// directed is a part of a text with its level of the bidirectional algorithm: odd for
// text from right to left.
type directed struct {
	text  string
	level bidi.Level
}

// directions divides a text into parts of one direction, in visual order. The text is
// part of a line from left to right, as in SVG.
func directions(s string) []directed {
	if isLeftToRight(s) {
		return []directed{{s, 0}}
	}
	const leftToRightMark = '\u200e'
	letters := append([]rune{leftToRightMark}, []rune(s)...)
	var p bidi.Paragraph
	runs := p.Segment(letters, bidi.LeftToRight)
	var list []directed
	highest := bidi.Level(0)
	for i := range runs.NumRuns() {
		r := runs.Run(i)
		list = append(list, directed{string(letters[max(r.Start, 1):r.End]), r.Level})
		highest = max(highest, r.Level)
	}
	for level := highest; level > 0; level-- { // rule L2
		for i := 0; i < len(list); i++ {
			k := i
			for k < len(list) && list[k].level >= level {
				k++
			}
			if k > i {
				slices.Reverse(list[i:k])
				i = k
			}
		}
	}
	return list
}

// isLeftToRight reports whether no character of a text is written from right to left.
func isLeftToRight(s string) bool {
	for _, r := range s {
		switch p, _ := unibidi.LookupRune(r); p.Class() {
		case unibidi.R, unibidi.AL, unibidi.AN:
			return false
		}
	}
	return true
}

// byFace divides a text where the face or the script changes.
func (f *fonts) byFace(s string, bold bool) (list []run) {
	start, face, script := 0, (*font.Face)(nil), language.Common
	for i, r := range s {
		sc := language.LookupScript(r)
		if joins(r, sc) && i > start {
			continue
		}
		next := f.faceOf(r, bold)
		if i > start && (next != face || script != language.Common && sc != language.Common && sc != script) {
			list = append(list, run{text: s[start:i], face: face})
			start = i
			script = language.Common
		}
		face = next
		if sc != language.Common {
			script = sc
		}
	}
	if start < len(s) {
		list = append(list, run{text: s[start:], face: face})
	}
	return list
}

// joins reports whether a character belongs to the run of the character before it.
func joins(r rune, sc language.Script) bool {
	return sc == language.Inherited || r == ' ' || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || r == '\u200d' || unicode.Is(unicode.Variation_Selector, r)
}

// faceOf returns the first face that has a character; nil if there is none.
func (f *fonts) faceOf(r rune, bold bool) *font.Face {
	faces := f.regular
	if bold {
		faces = f.bold
	}
	for _, face := range faces {
		if _, ok := face.NominalGlyph(r); ok {
			return face
		}
	}
	if f.fallback != nil {
		return f.fallback(r)
	}
	return nil
}

// shape computes the glyphs of a run and its width.
func (f *fonts) shape(r run, rtl bool) run {
	r.rtl = rtl
	if r.face == nil {
		r.width = estimate(r.text)
		return r
	}
	text := []rune(r.text)
	dir := di.DirectionLTR
	if rtl {
		dir = di.DirectionRTL
	}
	r.out = f.shaper.Shape(shaping.Input{
		Text: text, RunEnd: len(text), Direction: dir, Face: r.face, Size: fixed.I(shapingSize), Script: scriptOf(text), Language: "en",
	})
	r.width = float64(r.out.Advance) / 64 / shapingSize
	return r
}

// scriptOf returns the first script of a text.
func scriptOf(text []rune) language.Script {
	for _, r := range text {
		if s := language.LookupScript(r); s != language.Common && s != language.Inherited {
			return s
		}
	}
	return language.Latin
}

// estimate returns the approximate width of characters that no embedded font has, in
// sizes of the font. A wide character is as wide as it is high.
func estimate(s string) (w float64) {
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		case isWide(r):
			w++
		default:
			w += 0.7
		}
	}
	return w
}

// isWide reports whether a character is as wide as it is high, as Chinese ones are.
func isWide(r rune) bool {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return true
	}
	return r >= 0x1F000
}
