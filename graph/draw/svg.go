package draw

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// fontFamily lists fonts of the widths that the layout has measured, then a font for
// other scripts.
const fontFamily = "Arial, Helvetica, 'Liberation Sans', Arimo, 'DejaVu Sans', sans-serif"

// svgWriter writes a scene as SVG. Colours are attributes, which every program reads;
// classes say what each colour is for, so that a style may replace it.
type svgWriter struct {
	w      *bufio.Writer
	colors [inks]string
}

// inkNames are the names of colours in classes.
func inkNames() [inks]string {
	names := [inks]string{"", "paper", "words", "muted", "rule", "line", "warning", "plain", "plain-fill"}
	for i := range ink(sides) {
		names[side0+i], names[fill0+i] = "side"+strconv.Itoa(int(i)+1), "fill"+strconv.Itoa(int(i)+1)
	}
	return names
}

func writeSVG(w io.Writer, s *scene, theme Theme) error {
	out := &svgWriter{w: bufio.NewWriter(w)}
	for i, c := range palette(theme == Dark) {
		out.colors[i] = hex(c)
	}
	width, height := number(s.width), number(s.height)
	out.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" role="img" aria-labelledby="entente-title entente-desc" font-family="%s" xml:space="preserve">`+"\n", width, height, fontFamily)
	out.printf("<title id=\"entente-title\">%s</title>\n<desc id=\"entente-desc\">%s</desc>\n", escapeXML(s.title), escapeXML(s.desc))
	if theme == Auto {
		out.writeDarkStyle()
	}
	out.printf(`<rect class="entente-fill-paper" width="%s" height="%s" fill="%s"/>`+"\n", width, height, out.colors[paper])
	for _, g := range s.groups {
		out.writeGroup(g)
	}
	out.printf("</svg>\n")
	return out.w.Flush()
}

// printf ignores errors of the writer: Flush returns them.
func (o *svgWriter) printf(format string, args ...any) { fmt.Fprintf(o.w, format, args...) }

// writeDarkStyle writes the dark colours for readers who prefer them.
func (o *svgWriter) writeDarkStyle() {
	o.printf("<style>@media (prefers-color-scheme: dark) {\n")
	names, dark := inkNames(), palette(true)
	for i := paper; i < inks; i++ {
		o.printf(".entente-fill-%s { fill: %s } .entente-stroke-%[1]s { stroke: %[2]s }\n", names[i], hex(dark[i]))
	}
	o.printf("}</style>\n")
}

func (o *svgWriter) writeGroup(g *group) {
	o.printf(`<g class="entente-%s"`, g.class)
	o.attribute("data-entity", string(g.entity))
	o.attribute("data-from", string(g.from))
	o.attribute("data-to", string(g.to))
	o.attribute("data-facts", joinIDs(g.facts))
	o.printf(">\n")
	if g.title != "" {
		o.printf("<title>%s</title>\n", escapeXML(g.title))
	}
	for _, s := range g.shapes {
		o.writeShape(s)
	}
	for _, t := range g.texts {
		o.writeText(t)
	}
	o.printf("</g>\n")
}

// attribute writes an attribute unless it is empty.
func (o *svgWriter) attribute(name, value string) {
	if value != "" {
		o.printf(` %s="%s"`, name, escapeXML(value))
	}
}

func (o *svgWriter) writeShape(s shape) {
	names := inkNames()
	var classes []string
	fill, stroke := "none", ""
	if s.fill != none {
		classes, fill = append(classes, "entente-fill-"+names[s.fill]), o.colors[s.fill]
	}
	if s.stroke != none {
		classes = append(classes, "entente-stroke-"+names[s.stroke])
		stroke = fmt.Sprintf(` stroke="%s" stroke-width="%s" stroke-linejoin="round"`, o.colors[s.stroke], number(s.width))
	}
	o.printf(`<path class="%s" d="%s" fill="%s"%s`, strings.Join(classes, " "), pathData(s.path), fill, stroke)
	if s.dash != (dashing{}) {
		o.printf(` stroke-dasharray="%s %s"`, number(s.dash.on), number(s.dash.off))
	}
	if s.opacity != 0 && s.opacity != 1 {
		o.printf(` opacity="%s"`, number(s.opacity))
	}
	o.printf("/>\n")
}

func (o *svgWriter) writeText(t text) {
	o.printf(`<text class="entente-fill-%s" x="%s" y="%s" font-size="%s"`, inkNames()[t.fill], number(t.at.x), number(t.at.y), number(t.face.size))
	if t.face.bold {
		o.printf(` font-weight="bold"`)
	}
	if t.anchor != start {
		o.printf(` text-anchor="%s"`, t.anchor)
	}
	if t.width > 0 {
		o.printf(` textLength="%s" lengthAdjust="spacingAndGlyphs"`, number(t.width))
	}
	o.printf(` fill="%s">%s</text>`+"\n", o.colors[t.fill], escapeXML(t.s))
}

// pathData returns an outline in the syntax of the attribute d.
func pathData(path []op) string {
	var b strings.Builder
	for _, step := range path {
		b.WriteByte(step.kind)
		for i, p := range step.points() {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(number(p.x) + " " + number(p.y))
		}
	}
	return b.String()
}

// number writes a number with at most two decimals.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
}

func joinIDs(ids []schema.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, " ")
}

// escapeXML writes a text so that an XML parser reads the same text. It leaves out the
// characters that XML does not allow, and replaces bytes that are not UTF-8 and line
// breaks, which attributes would not keep, by character references.
func escapeXML(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\t' || r == '\n' || r == '\r' || string(r) == leftToRightMark: // which readers of the file should see
			fmt.Fprintf(&b, "&#%d;", r)
		case isXML(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isXML reports whether XML 1.0 allows a character.
func isXML(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}
