// Package problems lists the problems of inputs for people, editors and CI, and
// groups them by the change that would mend them.
package problems

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// Problem is one problem of an input, as JSON shows it.
type Problem struct {
	File   string             `json:"file"`
	Line   int                `json:"line,omitempty"`   // from 1; 0 for the whole file
	Column int                `json:"column,omitempty"` // in characters, from 1
	Kind   schema.ProblemKind `json:"kind"`
	Field  string             `json:"field,omitempty"`
	Value  string             `json:"value,omitempty"` // the text at fault
	Text   string             `json:"text"`            // what is wrong
	Hint   string             `json:"hint,omitempty"`
}

// Columns are the columns of a problem in CSV.
func Columns() []string {
	return []string{"file", "line", "column", "kind", "field", "value", "text", "hint"}
}

// Reader lists the problems of errors. It remembers hints, since the search for a
// suggestion is slow, and many rows may have the same mistake.
type Reader struct{ hints map[hintKey]string }

type hintKey struct{ file, field, text string }

// maxHints is the number of hints that are remembered.
const maxHints = 20_000

func (r *Reader) hint(p *schema.RowError) string {
	key := hintKey{p.Pos.File, p.Field, p.Err.Error()}
	hint, ok := r.hints[key]
	if !ok {
		if hint = p.Hint(); len(r.hints) < maxHints {
			if r.hints == nil {
				r.hints = make(map[hintKey]string)
			}
			r.hints[key] = hint
		}
	}
	return hint
}

// Of returns the problems of an error of the input at a path.
func (r *Reader) Of(err error, path string) []Problem {
	var all []Problem
	for _, p := range loaders.Problems(err) {
		kind := p.Kind
		if kind == "" {
			kind = schema.ProblemKindOf(p.Err)
		}
		one := Problem{p.Pos.File, p.Pos.Line, p.Pos.Col, kind, p.Field, p.Value, p.Err.Error(), r.hint(p)}
		if one.File == "" {
			one.File, one.Text = fileOf(one.Text, path)
		}
		all = append(all, one)
	}
	return all
}

// fileOf divides the text of an error about a whole file into the path of that file
// and what is wrong. A file of a folder is named in the text.
func fileOf(text, path string) (file, what string) {
	before, after, found := strings.Cut(text, ": ")
	if found && strings.HasPrefix(before, strings.TrimSuffix(path, "/")) {
		return before, after
	}
	return path, text
}

// compare orders problems by their places.
func (p Problem) compare(q Problem) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column), cmp.Compare(p.Text, q.Text))
}

// AppendJSON appends the problem as an object of JSON.
func (p Problem) AppendJSON(to []byte) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // strings and numbers
	return append(to, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}

// String returns the place and what is wrong, as a load prints it.
func (p Problem) String() string {
	pos := schema.Position{File: p.File, Line: p.Line, Col: p.Column}
	return pos.String() + ": " + p.Text
}
