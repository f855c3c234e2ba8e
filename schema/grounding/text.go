package grounding

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Span is a part of a text: the bytes from Start to End, exclusive.
type Span struct{ Start, End int }

// Len returns the number of bytes.
func (s Span) Len() int { return s.End - s.Start }

func (s Span) contains(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// Text is the text of a document in UTF-8, prepared for the search of quotes. Several
// goroutines may use it at once.
type Text struct {
	Name string // for errors, such as the name of its file
	raw  string
	normalized
	characters []int32      // where each code point begins, and the end of the text
	dates      []datePhrase // the dates that the text has, in order
}

// NewText prepares a text.
func NewText(name, text string) *Text {
	t := &Text{Name: name, raw: text, normalized: normalize(text)}
	for i := range text {
		t.characters = append(t.characters, int32(i))
	}
	t.characters = append(t.characters, int32(len(text)))
	t.dates = findDates(t.text)
	return t
}

// SHA256 returns the hash of the bytes of the text, in hexadecimal.
func (t *Text) SHA256() string {
	sum := sha256.Sum256([]byte(t.raw))
	return hex.EncodeToString(sum[:])
}

// Words returns the words of the text at a span, as the text has them.
func (t *Text) Words(s Span) string { return t.raw[s.Start:s.End] }

// Around returns up to a number of bytes of the text before and after a span, cut between
// words where there are any.
func (t *Text) Around(s Span, size int) (before, after string) {
	from, to := max(0, s.Start-size), min(len(t.raw), s.End+size)
	before, after = t.raw[from:s.Start], t.raw[s.End:to]
	if i := strings.IndexFunc(before, unicode.IsSpace); from > 0 && i >= 0 {
		before = "…" + before[i:]
	}
	if i := strings.LastIndexFunc(after, unicode.IsSpace); to < len(t.raw) && i >= 0 {
		after = after[:i] + " …"
	}
	return strings.ToValidUTF8(before, ""), strings.ToValidUTF8(after, "")
}

// Find returns every place of a quote in the text that neither begins nor ends within a
// word or a number.
func (t *Text) Find(quote string) (places []Span) {
	for _, p := range t.find(quote) {
		if !t.cutsWord(p) {
			places = append(places, t.span(p))
		}
	}
	return places
}

// IsAt reports whether a quote is at a span of the text.
func (t *Text) IsAt(quote string, s Span) bool {
	if s.Start < 0 || s.End > len(t.raw) || s.Start >= s.End {
		return false
	}
	return strings.Trim(normalize(t.raw[s.Start:s.End]).text, " ") == strings.Trim(normalize(quote).text, " ")
}

// FromCharacters returns the bytes of a span whose offsets count Unicode code points; ok
// is false if the text is shorter.
func (t *Text) FromCharacters(start, end int) (s Span, ok bool) {
	if start < 0 || end <= start || end >= len(t.characters) {
		return Span{}, false
	}
	return Span{int(t.characters[start]), int(t.characters[end])}, true
}

// unitOf returns the unit by which offsets that should count code points lead to a quote:
// bytes or UTF-16 units; empty for neither.
func (t *Text) unitOf(quote string, start, end int) string {
	if t.IsAt(quote, Span{start, end}) {
		return "bytes of UTF-8"
	}
	from, to, n := -1, -1, 0
	for i, r := range t.raw {
		if n == start {
			from = i
		}
		if n == end {
			to = i
		}
		n += max(1, 1+btoi(r > 0xffff))
	}
	if n == end {
		to = len(t.raw)
	}
	if from >= 0 && to > from && t.IsAt(quote, Span{from, to}) {
		return "UTF-16 units"
	}
	return ""
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// normalized is a text after normalization.
type normalized struct {
	text       string
	begin, end []int32 // of the original bytes from which each byte of the text came
}

// part is a part of a normalized text.
type part struct{ from, to int }

func (n *normalized) span(p part) Span { return Span{int(n.begin[p.from]), int(n.end[p.to-1])} }

// partOf returns the normalized part of a span of the original.
func (n *normalized) partOf(s Span) part {
	from, _ := slices.BinarySearch(n.begin, int32(s.Start))
	to, _ := slices.BinarySearch(n.end, int32(s.End)+1)
	return part{from, max(from, to)}
}

// normalize applies the rule of the package comment.
func normalize(text string) normalized {
	var out strings.Builder
	n := normalized{begin: make([]int32, 0, len(text)), end: make([]int32, 0, len(text))}
	var it norm.Iter
	it.InitString(norm.NFC, text)
	space := false // the last sign was white space
	for !it.Done() {
		from := it.Pos()
		segment := it.Next()
		to := it.Pos()
		for len(segment) > 0 {
			r, size := utf8.DecodeRune(segment)
			sign := string(segment[:size])
			segment = segment[size:]
			switch {
			case isNothing(r):
				continue
			case unicode.IsSpace(r) && space:
				n.end[len(n.end)-1] = int32(to)
				continue
			case unicode.IsSpace(r):
				sign = " "
			default:
				sign = plain(r, sign)
			}
			space = sign == " "
			out.WriteString(sign)
			for range len(sign) {
				n.begin, n.end = append(n.begin, int32(from)), append(n.end, int32(to))
			}
		}
	}
	n.text = out.String()
	return n
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

// find returns every part of the text that equals a quote, also within words.
func (n *normalized) find(quote string) (places []part) {
	wanted := strings.Trim(normalize(quote).text, " ")
	if wanted == "" || !utf8.ValidString(wanted) {
		return nil
	}
	for from := 0; ; {
		i := strings.Index(n.text[from:], wanted)
		if i < 0 {
			return places
		}
		places = append(places, part{from + i, from + i + len(wanted)})
		_, size := utf8.DecodeRuneInString(n.text[from+i:])
		from += i + size
	}
}

// cutsWord reports whether a part begins or ends within a word or a number.
func (n *normalized) cutsWord(p part) bool { return n.isWithin(p.from) || n.isWithin(p.to) }

// isWithin reports whether a place is within a word or a number.
func (n *normalized) isWithin(at int) bool {
	before, size := utf8.DecodeLastRuneInString(n.text[:at])
	after, next := utf8.DecodeRuneInString(n.text[at:])
	if size == 0 || next == 0 {
		return false
	}
	if isOfWord(before) && isOfWord(after) {
		return !isUnspaced(before) && !isUnspaced(after) || unicode.IsMark(after)
	}
	if unicode.IsDigit(before) && strings.ContainsRune(".,:", after) {
		r, _ := utf8.DecodeRuneInString(n.text[at+next:])
		return unicode.IsDigit(r)
	}
	if strings.ContainsRune(".,:", before) && unicode.IsDigit(after) {
		r, _ := utf8.DecodeLastRuneInString(n.text[:at-size])
		return unicode.IsDigit(r)
	}
	return false
}

func isOfWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// isUnspaced reports whether a letter is of a script that does not put spaces between
// words.
func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
