package loaders

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonScanner reads well-formed JSON into nodes, fast. It only reports that
// something else is not well-formed: [jsonParser] then finds the error.
type jsonScanner struct {
	text  string
	i     int   // the offset of the next byte
	line  int32 // the line of that byte
	start int   // the offset of that line
	nodes nodeArena
}

// reset prepares the scanner for another text, which begins on a line. Nodes of
// the text before become invalid.
func (s *jsonScanner) reset(text string, line int) {
	s.text, s.i, s.line, s.start = text, 0, int32(line), 0
	s.nodes.reset()
}

// single reads a text that is a single value. It returns nil if the text is not
// well-formed.
func (s *jsonScanner) single() *node {
	n := s.value(0)
	if s.skipSpace(); n == nil || s.i < len(s.text) {
		return nil
	}
	return n
}

// elements calls read for each element of an array, or of a part of an array that
// has its beginning or its end or neither; a part without the end ends with a
// comma. The elements are at a depth. It returns false at the first element that is
// not well-formed. A node is valid until read returns.
func (s *jsonScanner) elements(begin, end bool, depth int, read func(*node)) bool {
	if begin && (!s.next('[') || s.next(']')) {
		return end && s.atEnd()
	}
	for {
		item := s.value(depth)
		if item == nil {
			return false
		}
		read(item)
		s.nodes.reset()
		switch {
		case !s.next(','):
			return end && s.next(']') && s.atEnd()
		case !end && s.atEnd():
			return true
		}
	}
}

func (s *jsonScanner) atEnd() bool {
	s.skipSpace()
	return s.i == len(s.text)
}

func (s *jsonScanner) skipSpace() {
	for s.i < len(s.text) {
		switch s.text[s.i] {
		case '\n':
			s.line++
			s.start = s.i + 1
		case ' ', '\t', '\r':
		default:
			return
		}
		s.i++
	}
}

// next reads spaces and then the byte b. It reports whether b was there.
func (s *jsonScanner) next(b byte) bool {
	s.skipSpace()
	if s.i < len(s.text) && s.text[s.i] == b {
		s.i++
		return true
	}
	return false
}

// value reads one value. It returns nil if it is not well-formed.
func (s *jsonScanner) value(depth int) *node {
	s.skipSpace()
	if s.i == len(s.text) || depth > maxDepth {
		return nil
	}
	n := s.nodes.add()
	n.line, n.col = s.line, int32(s.i-s.start+1)
	ok := false
	switch b := s.text[s.i]; b {
	case '"':
		n.kind = textNode
		n.value, ok = s.quoted()
	case '{':
		n.kind = mapNode
		ok = s.object(n, depth)
	case '[':
		n.kind = listNode
		ok = s.array(n, depth)
	case 't':
		n.kind, n.value, ok = boolNode, "true", s.word("true")
	case 'f':
		n.kind, n.value, ok = boolNode, "false", s.word("false")
	case 'n':
		ok = s.word("null")
	default:
		n.kind = numberNode
		n.value, ok = s.number()
	}
	if !ok {
		return nil
	}
	return n
}

func (s *jsonScanner) word(w string) bool {
	ok := strings.HasPrefix(s.text[s.i:], w)
	s.i += len(w)
	return ok
}

func (s *jsonScanner) array(n *node, depth int) bool {
	s.i++
	if s.next(']') {
		return true
	}
	begin := s.nodes.begin()
	for {
		item := s.value(depth + 1)
		if item == nil {
			return false
		}
		s.nodes.push(item)
		if s.next(',') {
			continue
		}
		n.items = s.nodes.pushed(begin)
		return s.next(']')
	}
}

func (s *jsonScanner) object(n *node, depth int) bool {
	s.i++
	if s.next('}') {
		return true
	}
	begin := s.nodes.begin()
	for {
		key, ok := s.key()
		if !ok {
			return false
		}
		item := s.value(depth + 1)
		if item == nil {
			return false
		}
		s.nodes.pushKey(key, item)
		if s.next(',') {
			continue
		}
		n.keys, n.items = s.nodes.pushedKeys(begin)
		return s.next('}')
	}
}

// key reads a key and the colon after it.
func (s *jsonScanner) key() (key text, ok bool) {
	if s.skipSpace(); s.i == len(s.text) || s.text[s.i] != '"' {
		return key, false
	}
	key.line, key.col = s.line, int32(s.i-s.start+1)
	key.value, ok = s.quoted()
	return key, ok && s.next(':')
}

// quoted reads a text in quotes.
func (s *jsonScanner) quoted() (string, bool) {
	s.i++
	begin := s.i
	for ; s.i < len(s.text); s.i++ {
		switch b := s.text[s.i]; {
		case b == '"':
			s.i++
			return s.text[begin : s.i-1], true
		case b == '\\':
			return s.escaped(begin)
		case b < ' ':
			return "", false
		}
	}
	return "", false
}

// escaped reads the rest of a text with escapes, which begins at an offset.
func (s *jsonScanner) escaped(begin int) (string, bool) {
	value := []byte(s.text[begin:s.i])
	for s.i < len(s.text) {
		b := s.text[s.i]
		s.i++
		switch {
		case b == '"':
			return string(value), true
		case b < ' ':
			return "", false
		case b != '\\':
			value = append(value, b)
		default:
			r, ok := s.escape()
			if !ok {
				return "", false
			}
			value = utf8.AppendRune(value, r)
		}
	}
	return "", false
}

// escape reads an escape after its backslash. It refuses half of a surrogate
// pair.
func (s *jsonScanner) escape() (rune, bool) {
	if s.i == len(s.text) {
		return 0, false
	}
	b := s.text[s.i]
	s.i++
	if b != 'u' {
		const letters, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		i := strings.IndexByte(letters, b)
		if i < 0 {
			return 0, false
		}
		return rune(meanings[i]), true
	}
	r, ok := s.hex()
	if !ok || !utf16.IsSurrogate(r) {
		return r, ok
	}
	if !strings.HasPrefix(s.text[s.i:], `\u`) {
		return 0, false
	}
	s.i += len(`\u`)
	second, ok := s.hex()
	r = utf16.DecodeRune(r, second)
	return r, ok && r != utf8.RuneError
}

func (s *jsonScanner) hex() (r rune, ok bool) {
	if len(s.text)-s.i < 4 {
		return 0, false
	}
	for _, b := range []byte(s.text[s.i : s.i+4]) {
		switch {
		case '0' <= b && b <= '9':
			r = r<<4 + rune(b-'0')
		case 'a' <= b|0x20 && b|0x20 <= 'f':
			r = r<<4 + rune(b|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	s.i += 4
	return r, true
}

// number reads a number and returns it as written.
func (s *jsonScanner) number() (string, bool) {
	begin := s.i
	s.skip('-')
	ok := s.skip('0') || s.digits()
	if s.skip('.') {
		ok = s.digits() && ok
	}
	if s.skip('e') || s.skip('E') {
		_ = s.skip('+') || s.skip('-')
		ok = s.digits() && ok
	}
	return s.text[begin:s.i], ok
}

func (s *jsonScanner) skip(b byte) bool {
	if s.i < len(s.text) && s.text[s.i] == b {
		s.i++
		return true
	}
	return false
}

func (s *jsonScanner) digits() bool {
	begin := s.i
	for s.i < len(s.text) && '0' <= s.text[s.i] && s.text[s.i] <= '9' {
		s.i++
	}
	return s.i > begin
}
