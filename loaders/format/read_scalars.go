package format

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// scalar reads a text, a number or nothing.
func (r *reader) scalar(out *node, e *entry, indent int) {
	n := out.yaml
	if isEmptyNode(n) {
		return
	}
	r.flush(e)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		r.quoted('"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		r.quoted('\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		out.lines = r.block(e, indent)
	default:
		r.plain(n.Value)
	}
}

// quoted passes over a text in quotes.
func (r *reader) quoted(quote byte) {
	rest := r.text[r.pos:]
	if r.next() != quote {
		r.unexpected()
		return
	}
	for i := 1; i < len(rest); i++ {
		switch {
		case rest[i] == '\\' && quote == '"':
			i++
		case rest[i] == quote && quote == '\'' && i+1 < len(rest) && rest[i+1] == quote:
			i++
		case rest[i] == quote:
			r.token(i + 1)
			return
		}
	}
	r.unexpected()
}

// token passes over n bytes of a token that may have several lines.
func (r *reader) token(n int) {
	for end := r.pos + n; r.pos < end; {
		size := breakAt(r.text[r.pos:])
		r.pos += max(size, 1)
		if size > 0 {
			r.lineStart = r.pos
		}
	}
	r.fresh, r.breaks = false, 0
}

// plain passes over a text without quotes. The value is known, so that its end is
// where all of it is read: lines of the text are joined as in YAML.
func (r *reader) plain(value string) {
	rest := r.text[r.pos:]
	at := 0
	for value != "" {
		n := 0
		for at+n < len(rest) && (isBlank(rest[at+n]) || breakAt(rest[at+n:]) > 0) {
			n += max(1, breakAt(rest[at+n:]))
		}
		joined := joinLines(rest[at : at+n])
		if n == 0 {
			if n = 1; at == len(rest) {
				break
			}
			joined = rest[at : at+1]
		}
		ok := false
		if value, ok = strings.CutPrefix(value, joined); !ok {
			break
		}
		at += n
	}
	if value != "" {
		r.unexpected()
		return
	}
	r.token(at)
}

// joinLines returns what the spaces and line breaks between two words of a plain
// text are in its value.
func joinLines(space string) string {
	var breaks string
	for i := 0; i < len(space); {
		n := breakAt(space[i:])
		breaks += space[i : i+n]
		i += max(n, 1)
	}
	switch {
	case breaks == "":
		return space
	case breaks == "\n":
		return " "
	}
	return strings.TrimPrefix(breaks, "\n")
}

// block reads a text in block style and returns its lines without indentation and
// without blank lines at the end.
func (r *reader) block(e *entry, indent int) (lines []string) {
	if c := r.next(); c != '|' && c != '>' {
		r.unexpected()
		return nil
	}
	r.skip(1)
	explicit := 0
	for c := r.next(); c == '+' || c == '-' || '0' <= c && c <= '9'; c = r.next() {
		if c > '0' {
			explicit = int(c - '0')
		}
		r.skip(1)
	}
	r.endOfLine(e)
	first := max(indent, 0) + explicit
	if explicit == 0 {
		first = max(detectIndent(r.text[r.pos:]), indent+1, 1)
	}
	for r.pos < len(r.text) && r.err == nil {
		line, size := cutLine(r.text[r.pos:])
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if spaces < first && spaces < len(line) {
			break
		}
		lines = append(lines, line[min(first, len(line)):])
		r.pos += size
	}
	r.lineStart, r.fresh, r.breaks = r.pos, true, 1
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
		r.breaks++
	}
	return lines
}

// endOfLine passes over the rest of a line: spaces and a comment.
func (r *reader) endOfLine(e *entry) {
	for isBlank(r.next()) {
		r.pos++
	}
	if r.next() == '#' {
		r.comment(r.text[r.pos:], e)
	}
	n := breakAt(r.text[r.pos:])
	if n == 0 && r.pos < len(r.text) {
		r.unexpected()
	}
	r.pos += n
}

// cutLine returns the first line of a text, and its length with the line break.
func cutLine(text string) (line string, size int) {
	end := strings.IndexAny(text, "\n\u2028\u2029")
	if end < 0 {
		return text, len(text)
	}
	return text[:end], end + breakAt(text[end:])
}

// detectIndent returns the largest indentation of the blank lines at the beginning of a
// text and of the line after them.
func detectIndent(text string) (indent int) {
	for text != "" {
		line, size := cutLine(text)
		spaces := len(line) - len(strings.TrimLeft(line, " "))
		if indent = max(indent, spaces); spaces < len(line) {
			break
		}
		text = text[size:]
	}
	return indent
}
