// Package changes writes the list of changes of entente diff.
package changes

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph/diff"
)

// List writes changes as they are found: as text, or in a format of answers.
type List struct {
	Input string // the path of the input of the next changes, if there are several inputs

	out     *output.Writer
	w       io.Writer
	rows    *output.Rows
	counts  bool // only counts are written
	begun   bool
	written int
	heading string // the input of the last change that was written
	tally   map[tallied]int
}

// tallied is what counts in one number.
type tallied struct {
	what   diff.What
	action diff.Action
	guess  bool
}

// NewList returns a list in the format of an answer, or counts alone.
func NewList(out *output.Writer, counts bool) *List {
	format := out.Format
	if format == "json" {
		format = "jsonl"
	}
	return &List{out: out, rows: (&output.Writer{Format: format}).NewRows(), counts: counts, tally: map[tallied]int{}}
}

// Total returns how many changes were added.
func (l *List) Total() (n int) {
	for _, count := range l.tally {
		n += count
	}
	return n
}

// Write calls fn, which adds all changes, and writes the list.
func (l *List) Write(ctx context.Context, fn func() error) error {
	if l.counts {
		if err := fn(); err != nil {
			return err
		}
		return l.out.Print(ctx, l.stat())
	}
	err := l.out.Write(ctx, func(w io.Writer) error {
		l.w = w
		if err := fn(); err != nil {
			return err
		}
		return l.end()
	})
	if left := l.Total() - l.written; err == nil && left > 0 {
		l.out.Note("%s not listed: %s", phrase.Plural(left, "more change"), l.out.ForMore)
	}
	return err
}

// begin writes what is before the first change, once.
func (l *List) begin() error {
	if l.begun {
		return nil
	}
	l.begun = true
	switch l.out.Format {
	case "json":
		return l.text("[")
	case "csv":
		return l.cells([]string{"input", "action", "what", "dataset", "id", "name", "changes", "same"})
	}
	return nil
}

// IsFull reports whether further changes are only counted.
func (l *List) IsFull() bool { return l.counts || l.out.Rows > 0 && l.written == l.out.Rows }

// Add adds a change. It is written unless it is beyond the limit of rows.
func (l *List) Add(c *diff.Change) error {
	l.tally[tallied{c.What, c.Action, !c.Same.Certain()}]++
	if l.IsFull() {
		return nil
	}
	l.written++
	if err := l.begin(); err != nil {
		return err
	}
	switch c.Input = l.Input; l.out.Format {
	case "csv":
		return l.cells([]string{c.Input, string(c.Action), string(c.What), c.Dataset, string(c.ID), c.Name, fields(c), string(c.Same)})
	case "json", "jsonl":
		return l.object(c)
	}
	if l.Input != l.heading {
		l.heading = l.Input
		if err := l.text(l.Input + ":\n"); err != nil {
			return err
		}
	}
	return l.text(c.Text())
}

// fields returns the fields of a change in one cell.
func fields(c *diff.Change) string {
	var texts []string
	for _, f := range c.Fields {
		texts = append(texts, f.Text())
	}
	return strings.Join(texts, "; ")
}

func (l *List) end() error {
	if err := l.begin(); err != nil {
		return err
	}
	switch l.out.Format {
	case "json":
		if l.written > 0 {
			return l.text("\n]\n")
		}
		return l.text("]\n")
	case "table":
		if l.Total() == 0 {
			return l.text("no differences: a load would change nothing\n")
		}
		return l.text("\n" + l.summary() + "\n")
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

func (l *List) object(c *diff.Change) error {
	if err := l.rows.AddJSON(c); err != nil {
		return err
	}
	if l.out.Format == "jsonl" {
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

// plurals are the words for several of a kind.
var plurals = map[diff.What]string{diff.Dataset: "datasets", diff.Entity: "entities", diff.Document: "sources", diff.Name: "names from other datasets",
	diff.Fact: "facts", diff.Statement: "statements", diff.Match: "matches"}

// count returns how many changes are of a kind and an action, and how many of them are
// guesses.
func (l *List) count(what diff.What, action diff.Action) (n, guesses int) {
	guesses = l.tally[tallied{what, action, true}]
	return guesses + l.tally[tallied{what, action, false}], guesses
}

// summary returns the counts in words.
func (l *List) summary() string {
	var parts []string
	for _, what := range diff.Kinds() {
		var counts []string
		for _, action := range []diff.Action{diff.Added, diff.Changed, diff.Removed} {
			n, guesses := l.count(what, action)
			if n == 0 {
				continue
			}
			text := fmt.Sprintf("%d %s", n, action)
			if guesses > 0 {
				text += fmt.Sprintf(" (%d of them perhaps)", guesses)
			}
			counts = append(counts, text)
		}
		if len(counts) > 0 {
			parts = append(parts, plurals[what]+": "+strings.Join(counts, ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// stat returns the counts as an answer.
func (l *List) stat() *output.Answer {
	t := &output.Answer{Columns: []string{"what", "added", "changed", "perhaps changed", "removed"}}
	for _, what := range diff.Kinds() {
		added, _ := l.count(what, diff.Added)
		changed, guesses := l.count(what, diff.Changed)
		removed, _ := l.count(what, diff.Removed)
		t.Add(plurals[what], added, changed-guesses, guesses, removed)
	}
	return t
}
