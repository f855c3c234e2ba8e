package grounding

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
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
	characters characters
	dates      func() []datePhrase // the dates that the text has, in order
	words      func() *wordIndex
	search     *search
	memory     memory
}

// NewText prepares a text.
func NewText(name, text string) *Text {
	t := &Text{Name: name, raw: text, normalized: normalize(text), characters: countCharacters(text)}
	t.dates = sync.OnceValue(func() []datePhrase { return findDates(t.text) })
	t.words = sync.OnceValue(func() *wordIndex { return indexWords(t.text) })
	t.search = &search{text: t.text}
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
// word or a number, in order. Of a quote at more than 1000 places it returns some.
func (t *Text) Find(quote string) []Span {
	places, _ := t.places(quote)
	return places
}

// isIn reports whether words are in a part of the text, not cut from other words.
func (t *Text) isIn(words string, in part) bool {
	wanted := normalizeQuote(words)
	if wanted == "" {
		return false
	}
	for from := in.from; ; {
		i := strings.Index(t.text[from:in.to], wanted)
		if i < 0 {
			return false
		}
		if p := (part{from + i, from + i + len(wanted)}); !t.cutsWord(p) {
			return true
		}
		_, size := utf8.DecodeRuneInString(t.text[from+i:])
		from += i + size
	}
}

// IsAt reports whether a quote is at a span of the text.
func (t *Text) IsAt(quote string, s Span) bool {
	if s.Start < 0 || s.End > len(t.raw) || s.Start >= s.End {
		return false
	}
	p := t.partOf(s)
	return strings.Trim(t.text[p.from:p.to], " ") == normalizeQuote(quote)
}

// FromCharacters returns the bytes of a span whose offsets count Unicode code points; ok
// is false if the text is shorter.
func (t *Text) FromCharacters(start, end int) (s Span, ok bool) {
	if start < 0 || end <= start || end > t.characters.count {
		return Span{}, false
	}
	return Span{t.characters.place(t.raw, start), t.characters.place(t.raw, end)}, true
}

// unitOf returns the unit by which offsets that should count code points lead to a quote:
// bytes or UTF-16 units; empty for neither.
func (t *Text) unitOf(quote string, start, end int) string {
	if t.IsAt(quote, Span{start, end}) {
		return "bytes of UTF-8"
	}
	from, to := t.characters.fromUTF16(start), t.characters.fromUTF16(end)
	if s, ok := t.FromCharacters(from, to); ok && t.IsAt(quote, s) {
		return "UTF-16 units"
	}
	return ""
}

// characters finds the code points of a text.
type characters struct {
	count  int
	each   []int32 // where every characterStep-th code point begins
	astral []int32 // the numbers of the code points that are two units of UTF-16
}

const characterStep = 64

func countCharacters(text string) (c characters) {
	for i, r := range text {
		if c.count%characterStep == 0 {
			c.each = append(c.each, int32(i))
		}
		if r > 0xffff {
			c.astral = append(c.astral, int32(c.count))
		}
		c.count++
	}
	return c
}

// place returns the byte at which a code point begins, or the end of the text.
func (c *characters) place(text string, number int) int {
	if number >= c.count {
		return len(text)
	}
	at := int(c.each[number/characterStep])
	for range number % characterStep {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// fromUTF16 returns the number of the code point that begins at an offset in units of
// UTF-16.
func (c *characters) fromUTF16(unit int) int {
	i, _ := slices.BinarySearchFunc(c.astral, unit, func(a int32, unit int) int {
		before, _ := slices.BinarySearch(c.astral, a)
		return int(a) + before + 1 - unit
	})
	return unit - i
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
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
