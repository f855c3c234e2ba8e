package gizmo

import "strings"

// Incomplete reports whether a script ends too soon, so that the next line
// belongs to it: in brackets, a template or a comment, after an operator or a
// dot, or before the body of a statement. It scans the script once, as
// [LineScanner] does, and parses nothing.
func Incomplete(script string) bool {
	t := NewLineScanner()
	for line := range strings.SplitSeq(script, "\n") {
		t.Add(line)
	}
	return t.Incomplete()
}

// LineScanner scans a script line by line and reports whether the script may end
// with the last line. Its time is linear in the length of the lines.
type LineScanner struct {
	open     []bracket   // open brackets, the innermost last; the first is the script itself
	expected expectation // what may follow the last token
	word     string      // the last token, if it is a word
	ended    bool        // a line ended after the last token
	size     int         // bytes of the lines
	broken   bool        // no further line makes this a valid script
}

// bracket is an open bracket, or a string, a template or a comment that goes on
// in the next line.
type bracket struct {
	kind          byte // ( [ { ` " ' or * for a comment; zero for the script itself
	header        bool // parentheses of if, for, function and so on: a statement or body follows
	block         bool // braces of statements, not of an object
	try           bool // block of try: catch or finally follows
	inTemplate    bool // braces in a template: the template goes on after them
	openTernaries int  // question marks without their colon so far
	openDos       int  // words do without their while so far
}

// expectation is what may follow a token.
type expectation uint8

const (
	expectAnything expectation = iota // a statement, or nothing: at the beginning and after ; and blocks
	expectMore                        // something must follow
	expectName                        // a name must follow
	expectHeader                      // parentheses, a name or a body must follow
	expectOperator                    // a value has ended: an operator, or nothing
)

// NewLineScanner returns a scanner that has read no lines.
func NewLineScanner() *LineScanner { return &LineScanner{open: []bracket{{}}} }

// Incomplete reports whether the lines so far are not a whole script, and further
// lines may complete it. It is false for lines with a syntax error, so that
// running them reports the error.
func (t *LineScanner) Incomplete() bool {
	top := t.top()
	return !t.broken && t.size <= maxScript+1 &&
		(len(t.open) > 1 || t.expected == expectMore || t.expected == expectName || t.expected == expectHeader || top.openTernaries > 0 || top.openDos > 0)
}

// Add scans a line, given without its line end.
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
		t.broken = true // no backslash continues the string in the next line
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

// comment scans to the end of a comment or of the line.
func (t *LineScanner) comment(line string, i int) int {
	end := strings.Index(line[i:], "*/")
	if end < 0 {
		return len(line)
	}
	t.pop()
	return i + end + len("*/")
}

// template scans to the end of a template, to an expression in it, or to the end
// of the line.
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

// quoted scans to the end of a string or of the line.
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

// expect records what may follow the last token.
func (t *LineScanner) expect(f expectation, word string) {
	t.expected, t.word, t.ended = f, word, false
}
