package grounding

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalized is a text after normalization. Its pieces lead back to the original.
type normalized struct {
	text   string
	pieces []piece
	length int32 // of the original
}

// piece is a part of a normalized text, up to the next piece. Its bytes are those of the
// original at an offset or, if it was changed, all of them are all of the original up to
// the begin of the next piece.
type piece struct {
	at, from  int32 // in the normalized text, and in the original
	isChanged bool
}

// part is a part of a normalized text.
type part struct{ from, to int }

// pieceOf returns the piece that has a byte of the normalized text.
func (n *normalized) pieceOf(at int) int {
	i, found := slices.BinarySearchFunc(n.pieces, int32(at), func(p piece, at int32) int { return int(p.at) - int(at) })
	for found && i+1 < len(n.pieces) && n.pieces[i+1].at == int32(at) {
		i++
	}
	if found {
		return i
	}
	return i - 1
}

// span returns the bytes of the original from which a part that is not empty came.
func (n *normalized) span(p part) Span {
	first := n.pieces[n.pieceOf(p.from)]
	s := Span{Start: int(first.from)}
	if !first.isChanged {
		s.Start += p.from - int(first.at)
	}
	i := n.pieceOf(p.to - 1)
	last := n.pieces[i]
	switch {
	case !last.isChanged:
		s.End = int(last.from) + p.to - int(last.at)
	case i+1 < len(n.pieces):
		s.End = int(n.pieces[i+1].from)
	default:
		s.End = int(n.length)
	}
	return s
}

// partOf returns the normalized part that came from a span of the original alone.
func (n *normalized) partOf(s Span) part {
	p := part{n.place(s.Start, true), n.place(s.End, false)}
	return part{p.from, max(p.from, p.to)}
}

// place returns where a byte of the original is in the normalized text. Within what was
// changed that is the end of the change, or its begin.
func (n *normalized) place(at int, isStart bool) int {
	i, _ := slices.BinarySearchFunc(n.pieces, int32(at), func(p piece, at int32) int { return int(p.from) - int(at) })
	// Pieces of which nothing is left in the normalized text begin where others do.
	if i < len(n.pieces) && int(n.pieces[i].from) == at {
		return int(n.pieces[i].at)
	}
	if i == 0 {
		return 0
	}
	p, end := n.pieces[i-1], len(n.text)
	if i < len(n.pieces) {
		end = int(n.pieces[i].at)
	}
	switch {
	case !p.isChanged:
		return min(int(p.at)+at-int(p.from), end)
	case isStart || at >= int(n.length):
		return end
	}
	return int(p.at)
}

// normalizer applies the rule of the package comment.
type normalizer struct {
	out     strings.Builder
	pieces  []piece
	isSpace bool // the last sign was white space
}

func normalize(text string) normalized {
	n := &normalizer{}
	n.out.Grow(len(text))
	if norm.NFC.IsNormalString(text) {
		n.unchanged(text)
	} else {
		n.composed(text)
	}
	return normalized{n.out.String(), n.pieces, int32(len(text))}
}

// unchanged normalizes a text that is in the form NFC.
func (n *normalizer) unchanged(text string) {
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		n.add(r, text[i:i+size], i, false)
		i += size
	}
}

// composed normalizes a text part by part, of which each is composed by itself.
func (n *normalizer) composed(text string) {
	var it norm.Iter
	it.InitString(norm.NFC, text)
	for !it.Done() {
		from := it.Pos()
		segment := it.Next()
		isChanged := string(segment) != text[from:it.Pos()]
		for at := from; len(segment) > 0; {
			r, size := utf8.DecodeRune(segment)
			if isChanged {
				n.add(r, string(segment[:size]), at, true)
			} else {
				n.add(r, text[at:at+size], at, false)
				at += size
			}
			segment = segment[size:]
		}
	}
}

// add adds a sign of the original, which came from a place there.
func (n *normalizer) add(r rune, sign string, from int, isChanged bool) {
	plainSign := sign
	switch {
	case isNothing(r):
		n.begin(from, true)
		return
	case unicode.IsSpace(r) && n.isSpace:
		n.begin(from, true)
		return
	case unicode.IsSpace(r):
		plainSign = " "
	case r >= utf8.RuneSelf:
		plainSign = plain(r, sign)
	}
	n.isSpace = plainSign == " "
	n.begin(from, isChanged || plainSign != sign)
	n.out.WriteString(plainSign)
}

// begin begins a piece, unless the last one goes on.
func (n *normalizer) begin(from int, isChanged bool) {
	if len(n.pieces) > 0 {
		last := n.pieces[len(n.pieces)-1]
		if last.isChanged && isChanged && int(last.from) == from || !last.isChanged && !isChanged && int(last.from)+n.out.Len()-int(last.at) == from {
			return
		}
	}
	n.pieces = append(n.pieces, piece{int32(n.out.Len()), int32(from), isChanged})
}

func isSpaceOrNothing(r rune) bool { return unicode.IsSpace(r) || isNothing(r) }

func isNothing(r rune) bool { return r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff' }

// plain returns the sign that stands for a quotation mark, a hyphen or a dash.
func plain(r rune, sign string) string {
	switch r {
	case '“', '”', '„', '‟', '«', '»':
		return `"`
	case '‘', '’', '‚', '‛', '‹', '›':
		return "'"
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹘', '﹣', '－':
		return "-"
	}
	return sign
}

// normalizeQuote normalizes words that are searched in a text: they have no space at their
// ends.
func normalizeQuote(words string) string { return strings.Trim(normalize(words).text, " ") }
