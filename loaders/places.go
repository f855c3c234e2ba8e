package loaders

import (
	"sort"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// stride is the distance in bytes between the offsets of a file for which the
// number of preceding characters is stored. A column then costs a count over at
// most stride bytes, even in a file of one long line.
const stride = 1 << 8

// columnAt returns the column of byte i in the line that begins at byte start.
func (s *source) columnAt(start, i int) int {
	if i-start <= stride {
		return s.countRunes(start, i) + 1
	}
	return s.runesBefore(i) - s.runesBefore(start) + 1
}

// skipRunes returns the offset after a number of characters from byte start, or
// the end of the file.
func (s *source) skipRunes(start, characters int) int {
	if characters > stride {
		characters += s.runesBefore(start)
		k := sort.Search(len(s.runeCounts), func(k int) bool { return s.runeCounts[k] > characters }) - 1
		start, characters = k*stride, characters-s.runeCounts[k]
	}
	i := start
	for i < len(s.text) && (characters > 0 || !beginsRune(s.text[i])) {
		if beginsRune(s.text[i]) {
			characters--
		}
		i++
	}
	s.scanned.Add(int64(i - start))
	return i
}

// runesBefore counts the characters before a byte.
func (s *source) runesBefore(i int) int {
	if s.runeCounts == nil {
		n := 0
		for at := 0; at <= len(s.text); at += stride {
			s.runeCounts = append(s.runeCounts, n)
			n += s.countRunes(at, min(at+stride, len(s.text)))
		}
	}
	return s.runeCounts[i/stride] + s.countRunes(i/stride*stride, i)
}

// countRunes counts the characters that begin between two bytes.
func (s *source) countRunes(from, to int) (n int) {
	for i := from; i < to; i++ {
		if beginsRune(s.text[i]) {
			n++
		}
	}
	s.scanned.Add(int64(to - from))
	return n
}

// beginsRune reports whether the byte begins a character of UTF-8.
func beginsRune(b byte) bool { return b&0xC0 != 0x80 }

// longLine is the length in bytes from which a line is assumed to contain several
// items.
const longLine = 4 << 10

// excerpt returns the text of an item from its position to its last line: whole
// lines, but only the item itself from a long line.
func (s *source) excerpt(pos schema.Position, last int) string {
	from := s.lineStart(pos.Line)
	to := max(from, s.lineStart(last+1))
	raw := s.text[from:to]
	if pos.Line == last && len(raw) > longLine {
		raw = firstItem(s.text[min(s.skipRunes(from, max(pos.Col-1, 0)), to):to])
	}
	raw = raw[:min(len(raw), maxRowText)]
	s.scanned.Add(int64(len(raw)))
	return strings.ToValidUTF8(strings.TrimRight(raw, "\r\n"), "")
}

// firstItem returns the first item of a list on one line: up to its closing
// bracket, or to the comma after it, and at most maxRowText bytes.
func firstItem(raw string) string {
	raw = raw[:min(len(raw), maxRowText)]
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i += quotedLength(raw[i:]) - 1
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return raw[:i+1]
			}
		case ',':
			if depth == 0 {
				return raw[:i]
			}
		}
		if depth < 0 {
			return raw[:i]
		}
	}
	return raw
}

// quotedLength returns the length of a text in double quotes, including the
// quotes.
func quotedLength[T string | []byte](raw T) int {
	for i := 1; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			return i + 1
		case '\\':
			i++ // the escaped byte
		}
	}
	return len(raw)
}
