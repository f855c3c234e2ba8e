package format

import "strings"

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

// breakAt returns the length of the line break at the beginning of a text, 0 for
// none. The line and paragraph separators of Unicode break lines in YAML 1.1.
func breakAt(text string) int {
	switch {
	case strings.HasPrefix(text, "\n"):
		return 1
	case strings.HasPrefix(text, "\u2028"), strings.HasPrefix(text, "\u2029"):
		return 3
	}
	return 0
}

// column returns the column of the next token, from zero.
func (r *reader) column() int { return r.pos - r.lineStart }

// gap passes over spaces, line breaks and comments after a token of an entry. A
// comment at the end of the token's line belongs to the entry; without an entry, and
// on lines of their own, comments are pending.
func (r *reader) gap(e *entry) {
	for r.pos < len(r.text) && r.err == nil {
		rest := r.text[r.pos:]
		switch n := breakAt(rest); {
		case n > 0:
			r.pos += n
			r.lineStart, r.fresh = r.pos, true
			r.breaks++
		case isBlank(rest[0]):
			r.pos++
		case rest[0] == '#':
			r.comment(rest, e)
		default:
			return
		}
	}
}

// comment reads one comment at the beginning of a text.
func (r *reader) comment(rest string, e *entry) {
	end := strings.IndexAny(rest, "\n\u2028\u2029")
	if end < 0 {
		end = len(rest)
	}
	text := strings.TrimRight(rest[:end], " \t")
	if r.fresh || e == nil {
		r.pending = append(r.pending, comment{text, r.breaks > 1, r.column()})
	} else {
		e.addLine(text)
	}
	r.pos, r.breaks = r.pos+end, 0
}

// flush puts the pending comments above an entry.
func (r *reader) flush(e *entry) {
	e.head, r.pending = append(e.head, r.pending...), nil
}

// takeHead puts the pending comments above an entry. Comments directly below the
// last entry, with a blank line after them, belong to the last entry.
func (r *reader) takeHead(e, last *entry) {
	head := r.pending
	r.pending = nil
	e.spaced = r.breaks > 1
	if len(head) == 0 {
		return
	}
	if last != nil && !head[0].spaced {
		end := 1
		for end < len(head) && !head[end].spaced {
			end++
		}
		if end < len(head) || e.spaced {
			last.tail, head = head[:end:end], head[end:]
		}
	}
	e.head = head
}

// claim returns the pending comments that stand at the end of a block collection: as
// far in as its entries, and further in than what follows.
func (r *reader) claim(indent int) []comment {
	after := r.column()
	if r.pos == len(r.text) || r.isMarker("...") {
		after = -1
	}
	n := 0
	for after < indent && n < len(r.pending) && r.pending[n].column >= indent {
		n++
	}
	claimed := r.pending[:n:n]
	r.pending = r.pending[n:]
	return claimed
}

// claimEmpty gives an empty value the pending comments further in than its entry.
func (r *reader) claimEmpty(e *entry, indent int) {
	if r.err == nil && e.value.isEmpty() && (r.pos == len(r.text) || r.column() <= indent) {
		e.value.foot = r.claim(indent + 1)
	}
}
