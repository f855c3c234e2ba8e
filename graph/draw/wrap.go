package draw

import (
	"strings"
	"unicode"

	"github.com/go-text/typesetting/segmenter"
)

type wrapKey struct {
	text  string
	face  typeface
	width float64
	most  int
}

// wrap divides a text into at most the given number of lines, each at most as wide as
// the given width. If the text does not fit, the last line ends in an ellipsis.
func (f *fonts) wrap(s string, t typeface, max float64, most int) []string {
	key := wrapKey{s, t, max, most}
	if lines, ok := f.lines[key]; ok {
		return lines
	}
	w := wrapper{fonts: f, face: t, max: max, most: most}
	lines := w.wrap(s)
	f.lines[key] = lines
	return lines
}

// longestText is the number of characters of a text that a drawing reads. What comes
// after them fits nowhere.
const longestText = 600

// wrapper breaks one text into lines.
type wrapper struct {
	fonts *fonts
	face  typeface
	max   float64
	most  int

	lines []string
	line  string
	cut   bool
}

func (w *wrapper) wrap(s string) []string {
	if n := []rune(s); len(n) > longestText {
		s, w.cut = string(n[:longestText]), true
	}
	var seg segmenter.Segmenter
	seg.Init([]rune(s))
	piece := ""
	for it := seg.LineIterator(); it.Next() && len(w.lines) <= w.most; {
		if piece += string(it.Line().Text); !strings.HasSuffix(piece, "/") { // dates stay on one line
			w.add(piece)
			piece = ""
		}
	}
	w.add(piece)
	w.flush()
	if len(w.lines) > w.most {
		w.lines, w.cut = w.lines[:w.most], true
	}
	if last := len(w.lines) - 1; w.cut && last >= 0 {
		w.lines[last] = w.ellipsis(w.lines[last])
	}
	return w.lines
}

// add adds a piece of text that may be followed by a line break.
func (w *wrapper) add(piece string) {
	if w.fits(w.line + piece) {
		w.line += piece
		return
	}
	w.flush()
	if w.fits(piece) {
		w.line = piece
		return
	}
	w.addLong(piece)
}

// addLong adds a piece that is wider than a line, and breaks it between characters.
func (w *wrapper) addLong(piece string) {
	var seg segmenter.Segmenter
	seg.Init([]rune(piece))
	for it := seg.GraphemeIterator(); it.Next() && len(w.lines) <= w.most; {
		letter := string(it.Grapheme().Text)
		if w.line != "" && !w.fits(w.line+letter) {
			w.flush()
		}
		w.line += letter
	}
}

func (w *wrapper) fits(s string) bool {
	return w.fonts.width(strings.TrimRightFunc(s, unicode.IsSpace), w.face) <= w.max
}

func (w *wrapper) flush() {
	if line := strings.TrimFunc(w.line, unicode.IsSpace); line != "" {
		w.lines = append(w.lines, strings.ReplaceAll(line, "\u00a0", " "))
	}
	w.line = ""
}

// ellipsis ends a line in an ellipsis, and shortens it so that it fits.
func (w *wrapper) ellipsis(line string) string {
	var seg segmenter.Segmenter
	seg.Init([]rune(line))
	ends := []string{""}
	for it := seg.GraphemeIterator(); it.Next(); {
		ends = append(ends, ends[len(ends)-1]+string(it.Grapheme().Text))
	}
	for i := len(ends) - 1; i > 0; i-- {
		if cut := strings.TrimRightFunc(ends[i], unicode.IsSpace) + "…"; w.fits(cut) {
			return cut
		}
	}
	return "…"
}

// widest returns the width of the widest of several lines.
func (f *fonts) widest(lines []string, t typeface) (w float64) {
	for _, line := range lines {
		w = max(w, f.width(line, t))
	}
	return w
}
