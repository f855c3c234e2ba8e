package problems

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph/render"
)

// List writes problems as they are found: as text, or in a format of answers.
type List struct {
	w       io.Writer
	format  string
	rows    *output.Rows
	limit   int // 0 for none
	written int
	Omitted int             // problems beyond the limit
	hints   map[string]bool // that are written already, as text
}

// maxShownHints is the number of hints that a list remembers, so as not to repeat them.
const maxShownHints = 1000

// NewList returns a list that writes at most limit problems, or all if limit is 0, in
// the format of an answer.
func NewList(o *output.Writer, w io.Writer, limit int) *List {
	l := &List{w: w, format: o.Format, limit: limit, hints: make(map[string]bool)}
	switch o.Format {
	case "csv":
		l.rows = o.NewRows()
	case "json", "jsonl":
		l.rows = (&output.Writer{Format: "jsonl"}).NewRows()
	}
	return l
}

// IsText reports whether the list is a text for people.
func (l *List) IsText() bool { return l.format == "" || l.format == "table" }

// Begin writes what is before the first problem.
func (l *List) Begin() error {
	switch l.format {
	case "json":
		return l.text("[")
	case "csv":
		return l.cells(Columns())
	}
	return nil
}

// Add writes a problem, unless it is beyond the limit.
func (l *List) Add(p Problem) error {
	if l.limit > 0 && l.written == l.limit {
		l.Omitted++
		return nil
	}
	l.written++
	switch l.format {
	case "csv":
		return l.cells([]string{p.File, number(p.Line), number(p.Column), string(p.Kind), p.Field, p.Value, p.Text, p.Hint})
	case "json", "jsonl":
		return l.object(p)
	}
	if err := l.text(render.Clean(p.String()) + "\n"); err != nil || p.Hint == "" || l.hints[p.Hint] {
		return err
	}
	if len(l.hints) < maxShownHints {
		l.hints[p.Hint] = true
	}
	return l.text("  hint: " + render.Clean(p.Hint) + "\n")
}

// End writes what is after the last problem.
func (l *List) End() error {
	switch {
	case l.format == "json" && l.written > 0:
		return l.text("\n]\n")
	case l.format == "json":
		return l.text("]\n")
	}
	return nil
}

func (l *List) text(s string) error {
	_, err := io.WriteString(l.w, s)
	return err
}

func (l *List) cells(cells []string) error {
	if err := l.rows.AddCells(cells); err != nil {
		return err
	}
	_, err := l.rows.WriteTo(l.w)
	return err
}

func (l *List) object(p Problem) error {
	if err := l.rows.AddJSON(p); err != nil {
		return err
	}
	if l.format == "jsonl" {
		_, err := l.rows.WriteTo(l.w)
		return err
	}
	var line bytes.Buffer
	if _, err := l.rows.WriteTo(&line); err != nil {
		return err
	}
	before := ",\n  "
	if l.written == 1 {
		before = "\n  "
	}
	_, err := fmt.Fprintf(l.w, "%s%s", before, bytes.TrimSuffix(line.Bytes(), []byte("\n")))
	return err
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
