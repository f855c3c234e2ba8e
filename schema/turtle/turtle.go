// Package turtle reads Turtle and TriG, the W3C's texts of RDF 1.1, strictly and one
// statement at a time. Nothing is fetched: relative IRIs need a base in the text.
package turtle

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema/nquads"
)

// ErrSyntax is wrapped by the errors of a malformed text.
var ErrSyntax = errors.New("bad Turtle")

// Error is an error in a text, and its place. Columns count characters from 1.
type Error struct {
	Line, Col int
	Err       error
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %v", e.Line, e.Col, e.Err) }

// Unwrap returns the error without its place.
func (e *Error) Unwrap() error { return e.Err }

// Term is a term of RDF whose IRIs are absolute.
type Term struct {
	Kind           nquads.Kind
	Text           string
	Lang, Datatype string // of a literal
}

// Statement is a statement, and the byte at which its object begins.
type Statement struct {
	Subject, Predicate, Object Term
	Graph                      Term // of no kind for the default graph
	Offset                     int
}

// maxDepth is the deepest nesting of blank nodes and collections.
const maxDepth = 100

// Names of RDF.
const (
	rdfNS    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	xsdNS    = "http://www.w3.org/2001/XMLSchema#"
	rdfType  = rdfNS + "type"
	rdfFirst = rdfNS + "first"
	rdfRest  = rdfNS + "rest"
	rdfNil   = rdfNS + "nil"
)

// parser reads one text.
type parser struct {
	text     string
	pos      int
	isTriG   bool
	base     string
	prefixes map[string]string
	blanks   int // blank nodes without a label so far
	depth    int
	graph    Term
	emit     func(Statement) error
}

// failure carries an error to Parse.
type failure struct{ err error }

// Parse calls emit for each statement of a text, in order, and ends with the first error
// of the text, an [*Error], or of emit.
func Parse(text string, isTriG bool, emit func(Statement) error) (err error) {
	p := &parser{text: text, isTriG: isTriG, prefixes: make(map[string]string), emit: emit}
	defer func() {
		if f, is := recover().(failure); is {
			err = f.err
		}
	}()
	if i := invalid(text); i >= 0 {
		p.pos = i
		p.fail("a byte that is not UTF-8")
	}
	for p.space(); p.pos < len(text); p.space() {
		p.statement()
	}
	return nil
}

// invalid returns the offset of the first byte that is not UTF-8, or -1.
func invalid(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			return i
		}
	}
	return -1
}

// Place returns the line and the column of a byte in a text.
func Place(text string, offset int) (line, col int) {
	before := text[:min(offset, len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// fail ends the reading with an error at the next byte.
func (p *parser) fail(format string, args ...any) {
	line, col := Place(p.text, p.pos)
	panic(failure{&Error{line, col, fmt.Errorf("%w: "+format, append([]any{ErrSyntax}, args...)...)}})
}

// state emits a statement.
func (p *parser) state(s, predicate, object Term, offset int) {
	if err := p.emit(Statement{s, predicate, object, p.graph, offset}); err != nil {
		line, col := Place(p.text, offset)
		panic(failure{&Error{line, col, err}})
	}
}

// statement reads a directive, triples, or a graph.
func (p *parser) statement() {
	switch {
	case p.word("@prefix"):
		p.prefix()
		p.want('.')
	case p.word("@base"):
		p.setBase()
		p.want('.')
	case p.keyword("PREFIX"):
		p.prefix()
	case p.keyword("BASE"):
		p.setBase()
	case p.isTriG && p.keyword("GRAPH"):
		p.space()
		p.block(p.label())
	case p.isTriG && p.peek() == '{':
		p.block(Term{})
	default:
		p.triplesOrGraph()
	}
}

// triplesOrGraph reads triples in the default graph, or in TriG a graph that begins with
// its name.
func (p *parser) triplesOrGraph() {
	start := p.pos
	subject, mayEnd := p.subject()
	p.space()
	if isName := p.text[start] != '[' && p.text[start] != '(' || p.isEmptyBlank(start); p.isTriG && p.peek() == '{' && isName {
		p.block(subject)
		return
	}
	if !mayEnd || p.peek() != '.' {
		p.predicates(subject)
	}
	p.want('.')
}

// isEmptyBlank reports whether the brackets at a byte have nothing between them.
func (p *parser) isEmptyBlank(at int) bool {
	end := strings.IndexByte(p.text[at:p.pos], ']')
	return p.text[at] == '[' && end > 0 && strings.TrimSpace(p.text[at+1:at+end]) == ""
}

// label reads the name of a graph.
func (p *parser) label() Term {
	start := p.pos
	t, _ := p.subject()
	if p.text[start] == '(' || p.text[start] == '[' && !p.isEmptyBlank(start) {
		p.pos = start
		p.fail("want the name of a graph")
	}
	return t
}

// block reads the triples between braces.
func (p *parser) block(graph Term) {
	p.want('{')
	outer := p.graph
	p.graph = graph
	for p.space(); p.peek() != '}'; p.space() {
		if p.pos == len(p.text) {
			p.fail("a graph without its closing brace")
		}
		subject, mayEnd := p.subject()
		if p.space(); !mayEnd || p.peek() != '.' && p.peek() != '}' {
			p.predicates(subject)
		}
		if p.space(); p.peek() != '}' {
			p.want('.')
		}
	}
	p.pos++
	p.graph = outer
}

// predicates reads predicates and their objects, as far as they go.
func (p *parser) predicates(subject Term) {
	for {
		p.space()
		verb := p.verb()
		for {
			p.space()
			offset := p.pos
			p.state(subject, verb, p.object(), offset)
			if p.space(); p.peek() != ',' {
				break
			}
			p.pos++
		}
		if p.peek() != ';' {
			return
		}
		for p.peek() == ';' {
			p.pos++
			p.space()
		}
		if c := p.peek(); c == '.' || c == ']' || c == '}' || c == 0 && p.pos == len(p.text) {
			return
		}
	}
}

func (p *parser) verb() Term {
	if p.peek() == 'a' && !p.isNameAt(p.pos+1) {
		p.pos++
		return Term{Kind: nquads.IRI, Text: rdfType}
	}
	if c := p.peek(); c != '<' && c != ':' && !p.isNameAt(p.pos) {
		p.fail("want a predicate%s", p.found())
	}
	return p.iri()
}

// subject reads a subject, and reports whether its triples may end without a predicate.
func (p *parser) subject() (t Term, mayEnd bool) {
	switch p.peek() {
	case '[':
		return p.blankWith()
	case '(':
		return p.collection(), false
	case '_':
		return p.blank(), false
	case '"', '\'':
		p.fail("a text cannot be a subject")
	}
	return p.iri(), false
}

// blankWith reads a blank node in brackets with its statements.
func (p *parser) blankWith() (t Term, hasAny bool) {
	p.enter()
	p.pos++
	t = p.newBlank()
	if p.space(); p.peek() != ']' {
		hasAny = true
		p.predicates(t)
		if p.space(); p.peek() != ']' {
			p.fail("want ; or ] %s", p.found())
		}
	}
	p.pos++
	p.depth--
	return t, hasAny
}

// collection reads a list in parentheses.
func (p *parser) collection() Term {
	p.enter()
	p.pos++
	list := Term{Kind: nquads.IRI, Text: rdfNil}
	var last Term
	for p.space(); p.peek() != ')'; p.space() {
		if p.pos == len(p.text) {
			p.fail("a list without its closing parenthesis")
		}
		offset, item := p.pos, p.newBlank()
		if last.Kind == 0 {
			list = item
		} else {
			p.state(last, Term{Kind: nquads.IRI, Text: rdfRest}, item, offset)
		}
		p.state(item, Term{Kind: nquads.IRI, Text: rdfFirst}, p.object(), offset)
		last = item
	}
	if last.Kind != 0 {
		p.state(last, Term{Kind: nquads.IRI, Text: rdfRest}, Term{Kind: nquads.IRI, Text: rdfNil}, p.pos)
	}
	p.pos++
	p.depth--
	return list
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.fail("more than %d levels", maxDepth)
	}
}

func (p *parser) object() Term {
	switch c := p.peek(); {
	case c == '[':
		t, _ := p.blankWith()
		return t
	case c == '(':
		return p.collection()
	case c == '_':
		return p.blank()
	case c == '"', c == '\'':
		return p.literal()
	case c == '+', c == '-', c == '.', '0' <= c && c <= '9':
		return p.number()
	case p.word("true"):
		return Term{Kind: nquads.Literal, Text: "true", Datatype: xsdNS + "boolean"}
	case p.word("false"):
		return Term{Kind: nquads.Literal, Text: "false", Datatype: xsdNS + "boolean"}
	}
	return p.iri()
}

// errStop ends the reading of statements that nothing wants.
var errStop = errors.New("stopped")

func isStop(err error) bool { return errors.Is(err, errStop) }
