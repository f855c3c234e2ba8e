package loaders

import (
	"fmt"
	"sort"
	"strings"
	"sync"

	"github.com/entente-kg/entente/schema"
)

// source is the text of a file, or of a block of whole lines of it. It converts
// positions in the parsed tree to positions in the file.
type source struct {
	*file
	text       string    // without a byte order mark
	firstLine  int       // the number of its first line in the file
	firstRow   int       // the number of its first row in the file
	last       bool      // it ends where the file ends
	beside     []*source // other lines of the file, to which texts of this source may belong
	lineStarts []int     // the offset of each line, computed when first needed
	runeCounts []int     // the characters before every stride-th byte, computed when first needed

	fields *fieldPlaces // the fields from which a mapping took texts; nil without a mapping
}

// share prepares the source for use by several goroutines.
func (s *source) share() {
	s.lineStart(s.firstLine)
	s.runesBefore(0)
}

func (s *source) lineStart(line int) int {
	if s.lineStarts == nil {
		s.findLines()
	}
	if line -= s.firstLine; line >= len(s.lineStarts) {
		return len(s.text)
	}
	return s.lineStarts[max(line, 0)]
}

func (s *source) findLines() {
	s.lineStarts = []int{0}
	if !s.runeColumns {
		for i := 0; ; {
			n := strings.IndexByte(s.text[i:], '\n')
			if n < 0 {
				return
			}
			i += n + 1
			s.lineStarts = append(s.lineStarts, i)
		}
	}
	for i := range len(s.text) {
		if s.text[i] == '\n' || isYAMLBreak(s.text, i) {
			s.lineStarts = append(s.lineStarts, i+1)
		}
	}
}

// isYAMLBreak reports whether byte i ends a line break that only YAML recognizes:
// a CR without LF, NEL, LS or PS.
func isYAMLBreak[T string | []byte](data T, i int) bool {
	switch data[i] {
	case '\r':
		return i+1 == len(data) || data[i+1] != '\n'
	case 0x85:
		return i > 0 && data[i-1] == 0xC2
	case 0xA8, 0xA9:
		return i > 1 && data[i-1] == 0x80 && data[i-2] == 0xE2
	}
	return false
}

// lineText returns a line without its line break.
func (s *source) lineText(line int) string { return s.text[s.lineStart(line):s.lineEnd(line)] }

// lineEnd returns the offset where a line ends, before its line break.
func (s *source) lineEnd(line int) int {
	start, end := s.lineStart(line), s.lineStart(line+1)
	for _, b := range []byte("\n\r") {
		if end > start && s.text[end-1] == b {
			end--
		}
	}
	return end
}

// positionOfByte returns the position of a byte.
func (s *source) positionOfByte(i int) schema.Position {
	s.lineStart(s.firstLine)
	line := s.firstLine - 1 + sort.SearchInts(s.lineStarts, i+1)
	return schema.Position{File: s.path, Line: line, Col: s.columnAt(s.lineStart(line), i)}
}

// position returns the position of a text.
func (s *source) position(t text) schema.Position { return s.positionWithin(t, 0) }

// positionWithin returns the position of byte i of a text. If the file spells
// the text differently from its value (with escapes, for example), it returns the
// position where the text begins.
func (s *source) positionWithin(t text, i int) schema.Position {
	if other := s.other(int(t.line)); other != nil {
		return other.positionWithin(t, i)
	}
	pos := schema.Position{File: s.path, Line: int(t.line), Col: int(t.col)}
	if t.line == 0 || t.col == 0 {
		return pos
	}
	first, last := s.lineStart(pos.Line), s.lineEnd(pos.Line)
	start := s.textStart(t, first, last)
	pos.Col = s.columnAt(first, start)
	if i == 0 {
		return pos
	}
	if raw := s.text[start:last]; len(raw) > 0 && (raw[0] == '"' || raw[0] == '\'') && !strings.HasPrefix(t.value, raw[:1]) {
		start++
	}
	if end := start + i; i <= len(t.value) && end <= last && s.text[start:end] == t.value[:i] {
		pos.Col = s.columnAt(first, end)
	}
	return pos
}

// other returns the source that has a line which this one lacks; nil for this one.
func (s *source) other(line int) *source {
	if len(s.beside) == 0 || s.has(line) {
		return nil
	}
	for _, b := range s.beside {
		if b.has(line) {
			return b
		}
	}
	return nil
}

func (s *source) has(line int) bool {
	return line >= s.firstLine && s.lineStart(line) < len(s.text)
}

// errorAt returns an error at the beginning of a text.
func (s *source) errorAt(t text, err error) *positionedError { return s.errorWithin(t, 0, err) }

// errorWithin returns an error at byte i of a text.
func (s *source) errorWithin(t text, i int, err error) *positionedError {
	if field := s.fields.at(t); field != "" {
		err = &fault{error: fmt.Errorf("{%s}: %w", field, err), field: field}
	}
	return &positionedError{s.positionWithin(t, i), err}
}

// textStart returns the offset of a text in the line from byte first to byte
// last.
func (s *source) textStart(t text, first, last int) int {
	if s.runeColumns {
		return min(s.skipRunes(first, int(t.col)-1), last)
	}
	return min(first+int(t.col)-1, last)
}

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
	if pos.Line == last && len(raw) > longLine && s.unit != "row" {
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

// fieldPlaces remembers from which fields texts came, by their places. Only errors need
// it, so that it is indexed when one asks.
type fieldPlaces struct {
	all   []fieldPlace
	mu    sync.Mutex            // errors of a whole file are found in several goroutines
	index map[fieldPlace]string // of all before indexed, without their fields
	next  int                   // the first one that is not in the index
}

type fieldPlace struct {
	line, col int32
	field     string
}

func (f *fieldPlaces) add(line, col int32, field string) {
	f.all = append(f.all, fieldPlace{line, col, field})
}

// at returns the field of a text; empty if there is none. It may be called for nil.
func (f *fieldPlaces) at(t text) string {
	if f == nil {
		return ""
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil {
		f.index = make(map[fieldPlace]string)
	}
	for _, p := range f.all[f.next:] {
		f.index[fieldPlace{line: p.line, col: p.col}] = p.field
	}
	f.next = len(f.all)
	return f.index[fieldPlace{line: t.line, col: t.col}]
}
