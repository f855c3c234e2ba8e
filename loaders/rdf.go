package loaders

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/turtle"
)

// RDF reads Turtle, TriG and JSON-LD. It passes on all statements as N-Quads, which the
// graph reads; what the statements say of people and organizations becomes entities and
// facts beside them, unless [Options].From is [foreign.Own].
type RDF struct{ Syntax rdf.Syntax }

// Load implements [Loader].
func (l RDF) Load(ctx context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return load(ctx, l, nil, name, r)
}

// parse reads a text to its end, and makes nothing of it.
func (l RDF) parse(_ context.Context, p *parser) error {
	for _, err := range l.statements(p.source) {
		if err != nil {
			return err
		}
	}
	return nil
}

// rows makes the records of the entities and facts in a text.
func (l RDF) rows(r *mappedRun) error {
	rows, err := rdf.Rows(r.p.source.text, l.statements(r.p.source))
	if err != nil {
		return err
	}
	for _, row := range rows {
		r.row(row, row.Line, func() string { return r.p.source.lineText(int(row.Line)) })
	}
	if l.Syntax == rdf.JSONLD {
		for key, n := range rdf.Unmapped(r.p.source.text, r.p.source.contexts) {
			r.run.Tally.Unmapped[key] += n
		}
	}
	r.end()
	return nil
}

// statements yields the statements of a text. An error, the last pair, has its place.
func (l RDF) statements(s *source) iter.Seq2[turtle.Statement, error] {
	return func(yield func(turtle.Statement, error) bool) {
		for statement, err := range l.Syntax.Statements(s.text, s.contexts) {
			if err == nil {
				err = s.foreignError(statement, l.Syntax)
			}
			if err != nil {
				yield(statement, s.rdfError(err))
				return
			}
			if !yield(statement, nil) {
				return
			}
		}
	}
}

// rdfError gives an error of a text the place that it knows.
func (s *source) rdfError(err error) error {
	pos := schema.Position{File: s.path, Line: 1, Col: 1}
	if at := (*turtle.Error)(nil); errors.As(err, &at) {
		pos.Line, pos.Col, err = at.Line, at.Col, at.Err
	}
	if hint := rdf.Declaration(err); hint != "" {
		err = withHint(err, hint)
	}
	return &positionedError{pos, &fault{error: err, kind: schema.BadSyntax}}
}

// foreignError returns an error for a statement that uses the terms of facts outside of
// the graph of a dataset.
func (s *source) foreignError(t turtle.Statement, syntax rdf.Syntax) error {
	const ours = "urn:entente:"
	if strings.HasPrefix(t.Graph.Text, ours+"data:") || strings.HasPrefix(t.Graph.Text, ours+"fact:") {
		return nil
	}
	short := func(t turtle.Term) string { return strings.TrimPrefix(t.Text, ours) }
	if !strings.HasPrefix(t.Subject.Text+t.Predicate.Text, ours) && !strings.HasPrefix(t.Predicate.Text, ours) && !strings.HasPrefix(t.Object.Text, ours) {
		return nil
	}
	predicate := short(t.Predicate)
	if predicate == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type" {
		predicate = string(schema.TypeTerm)
	}
	if !schema.UsesFactTerms(short(t.Subject), predicate, short(t.Object)) {
		return nil
	}
	line, col := turtle.Place(s.text, t.Offset)
	return &turtle.Error{Line: line, Col: col, Err: withHint(schema.ErrForeign, syntax.Restores())}
}

// asNQuads opens a text as N-Quads.
func (l RDF) asNQuads(s *source) opener {
	return inputErrorOpener(func() (io.ReadCloser, error) { return turtle.Reader(l.statements(s)), nil })
}
