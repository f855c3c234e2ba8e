package gizmo

import "strings"

// Incomplete reports whether a script ends too soon, so that what is typed next
// belongs to it: in brackets, a string with backquotes or a comment, after an
// operator or a dot, or before the body of a statement. It reads the script once,
// as [LineScanner] does, and parses nothing.
func Incomplete(script string) bool {
	t := NewLineScanner()
	for line := range strings.SplitSeq(script, "\n") {
		t.Add(line)
	}
	return t.Incomplete()
}

// LineScanner is a script that is typed line by line. It knows whether the script may
// end with the line that was added last, in time that grows with the length of
// the lines alone, whatever they say.
type LineScanner struct {
	open     []bracket   // what is open, the innermost last; the first is the script itself
	expected expectation // what the last token leaves to come
	word     string      // the last token, where it is a word
	ended    bool        // the line ended after the last token
	size     int         // bytes of the lines
	broken   bool        // no further line makes it a script
}

// bracket is one that is open, or a string, a template or a comment that goes on
// in the next line.
type bracket struct {
	kind          byte // ( [ { ` " ' or * for a comment; zero for the script itself
	header        bool // the parentheses of if, for, function and so on: a statement or body follows
	block         bool // the braces of statements, not of an object
	try           bool // the block of try: catch or finally follows
	inTemplate    bool // the braces of a template: the template goes on after them
	openTernaries int  // question marks that wait for their colon
	openDos       int  // the word do, waiting for its while
}

// expectation is what may come after a token.
type expectation uint8

const (
	expectAnything expectation = iota // a statement, or nothing: at the beginning and after ; and blocks
	expectMore                        // something must follow
	expectName                        // a name must follow
	expectHeader                      // parentheses, a name or a body must follow
	expectOperator                    // a value has ended: an operator, or nothing
)

// NewLineScanner returns a script without lines.
func NewLineScanner() *LineScanner { return &LineScanner{open: []bracket{{}}} }

// Incomplete reports whether the lines so far are no whole script, and what
// follows may complete it. It is false where they are wrong: running them says
// how.
func (t *LineScanner) Incomplete() bool {
	top := t.top()
	return !t.broken && t.size <= maxScript+1 &&
		(len(t.open) > 1 || t.expected == expectMore || t.expected == expectName || t.expected == expectHeader || top.openTernaries > 0 || top.openDos > 0)
}

// Add adds a line, without its end.
func (t *LineScanner) Add(line string) {
	t.size += len(line) + 1
	if t.broken || t.size > maxScript+1 {
		t.broken = true
		return
	}
	i := 0
	for i < len(line) && !t.broken {
		switch t.top().kind {
		case '*':
			i = t.comment(line, i)
		case '`':
			i = t.template(line, i)
		case '"', '\'':
			i = t.quoted(line, i)
		default:
			i = t.token(line, i)
		}
	}
	if kind := t.top().kind; (kind == '"' || kind == '\'') && i <= len(line) {
		t.broken = true // no backslash carries the string over the end of the line
	}
	t.ended = true
}

func (t *LineScanner) top() *bracket { return &t.open[len(t.open)-1] }

func (t *LineScanner) push(b bracket) {
	if len(t.open) > maxBrackets {
		t.broken = true
		return
	}
	t.open = append(t.open, b)
}

func (t *LineScanner) pop() bracket {
	b := *t.top()
	t.open = t.open[:len(t.open)-1]
	return b
}

// comment goes on to the end of a comment, or of the line.
func (t *LineScanner) comment(line string, i int) int {
	end := strings.Index(line[i:], "*/")
	if end < 0 {
		return len(line)
	}
	t.pop()
	return i + end + len("*/")
}

// template goes on to the end of a template, to what stands in its braces, or to
// the end of the line.
func (t *LineScanner) template(line string, i int) int {
	for ; i < len(line); i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] == '`':
			t.pop()
			t.expect(expectOperator, "")
			return i + 1
		case strings.HasPrefix(line[i:], "${"):
			t.push(bracket{kind: '{', inTemplate: true})
			t.expect(expectMore, "")
			return i + 2
		}
	}
	return i
}

// quoted goes on to the end of a string, or of the line.
func (t *LineScanner) quoted(line string, i int) int {
	for ; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case t.top().kind:
			t.pop()
			t.expect(expectOperator, "")
			return i + 1
		}
	}
	return i
}

// expect keeps what the last token leaves to come.
func (t *LineScanner) expect(f expectation, word string) {
	t.expected, t.word, t.ended = f, word, false
}
