package loaders

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// Limits of an input.
const (
	maxFile    = 1 << 30 // bytes of a file
	maxTree    = 1 << 26 // bytes of a YAML file, which becomes a tree in memory
	maxLine    = 10 << 20
	maxDepth   = 100
	maxRowText = 64 << 10 // bytes of a row in a reject file

	maxDefaults = 16 << 10 // bytes of the defaults of a file
)

// source is the text of one file. It converts positions in the parsed tree to
// positions in the text.
type source struct {
	path        string // the path as the user wrote it, for error messages
	relPath     string // the path inside the dataset
	data        []byte // without a byte order mark
	hash        string // SHA-256 of all bytes, in hexadecimal
	runeColumns bool   // columns of texts count runes, not bytes
	unit        string // the unit of locators: line or row
	lineStarts  []int  // the offset of each line, computed when first needed
	runeCounts  []int  // the characters before every stride-th byte, computed when first needed
	scanned     int    // how many bytes were read to compute positions, for tests
}

func newSource(path, rel string, data []byte) (*source, error) {
	sum := sha256.Sum256(data)
	s := &source{path: path, relPath: rel, hash: hex.EncodeToString(sum[:]), unit: "line"}
	for _, mark := range [][]byte{{0xFF, 0xFE}, {0xFE, 0xFF}} {
		if bytes.HasPrefix(data, mark) {
			return nil, fmt.Errorf("%s: is UTF-16: save it as UTF-8", path)
		}
	}
	s.data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	return s, s.check()
}

func (s *source) check() error {
	if len(bytes.TrimSpace(s.data)) == 0 {
		return fmt.Errorf("%s: is empty", s.path)
	}
	if i := bytes.IndexByte(s.data, 0); i >= 0 {
		return &positionedError{s.positionOfByte(i), errors.New("is binary, not text: a NUL byte")}
	}
	if !utf8.Valid(s.data) {
		i := firstInvalid(s.data)
		return &positionedError{s.positionOfByte(i), fmt.Errorf("not UTF-8: byte 0x%02x", s.data[i])}
	}
	return s.checkLines()
}

func (s *source) checkLines() error {
	line := 0
	for start := 0; start < len(s.data); line++ {
		length := bytes.IndexByte(s.data[start:], '\n')
		if length < 0 {
			length = len(s.data) - start
		}
		if length > maxLine {
			pos := schema.Position{File: s.path, Line: line + 1}
			return &positionedError{pos, fmt.Errorf("a line of %d bytes, more than %d", length, maxLine)}
		}
		start += length + 1
	}
	return nil
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}

func (s *source) lineStart(line int) int {
	if s.lineStarts == nil {
		s.lineStarts = []int{0}
		for i, b := range s.data {
			if b == '\n' || s.runeColumns && isYAMLBreak(s.data, i) {
				s.lineStarts = append(s.lineStarts, i+1)
			}
		}
	}
	if line-1 >= len(s.lineStarts) {
		return len(s.data)
	}
	return s.lineStarts[max(line-1, 0)]
}

// isYAMLBreak reports whether byte i ends a line break that only YAML recognizes:
// a CR without LF, NEL, LS or PS.
func isYAMLBreak(data []byte, i int) bool {
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
func (s *source) lineText(line int) string { return string(s.data[s.lineStart(line):s.lineEnd(line)]) }

// lineEnd returns the offset where a line ends, before its line break.
func (s *source) lineEnd(line int) int {
	start, end := s.lineStart(line), s.lineStart(line+1)
	for _, b := range []byte("\n\r") {
		if end > start && s.data[end-1] == b {
			end--
		}
	}
	return end
}

// positionOfByte returns the position of a byte.
func (s *source) positionOfByte(i int) schema.Position {
	s.lineStart(1)
	line := sort.SearchInts(s.lineStarts, i+1)
	return schema.Position{File: s.path, Line: line, Col: s.columnAt(s.lineStart(line), i)}
}

// position returns the position of a text.
func (s *source) position(t text) schema.Position { return s.positionWithin(t, 0) }

// positionWithin returns the position of byte i of a text. If the file spells
// the text differently from its value (with escapes, for example), it returns the
// position where the text begins.
func (s *source) positionWithin(t text, i int) schema.Position {
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
	if raw := s.data[start:last]; len(raw) > 0 && (raw[0] == '"' || raw[0] == '\'') && !strings.HasPrefix(t.value, string(raw[:1])) {
		start++
	}
	if end := start + i; i <= len(t.value) && end <= last && string(s.data[start:end]) == t.value[:i] {
		pos.Col = s.columnAt(first, end)
	}
	return pos
}

// errorAt returns an error at the beginning of a text.
func (s *source) errorAt(t text, err error) *positionedError { return s.errorWithin(t, 0, err) }

// errorWithin returns an error at byte i of a text.
func (s *source) errorWithin(t text, i int, err error) *positionedError {
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
