package loaders

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// CSV reads tables of facts, of entities or of sources. The header says which.
// Fields are separated by commas, semicolons or tabs.
type CSV struct{ Options *Options }

// Load implements [Loader].
func (l CSV) Load(ctx context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return load(ctx, l, l.Options, name, r)
}

func looksCSV(head []byte) bool {
	line, _, more := bytes.Cut(head, []byte("\n"))
	return more && bytes.ContainsAny(line, ",;\t")
}

// separator returns the most frequent of comma, semicolon and tab in the header,
// outside quoted fields.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	var commas, semicolons, tabs int
	quoted := false
	for _, b := range line {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == ',':
			commas++
		case b == ';':
			semicolons++
		case b == '\t':
			tabs++
		}
	}
	switch {
	case tabs > max(commas, semicolons):
		return '\t'
	case semicolons > commas:
		return ';'
	}
	return ','
}

func (CSV) parse(ctx context.Context, p *parser) error {
	t := &tableReader{parser: p, source: p.source, csv: csv.NewReader(bytes.NewReader(p.source.data))}
	t.csv.Comma = separator(p.source.data)
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	p.source.unit = "row"
	p.cited = make(map[string]*documentDraft)
	header, err := t.csv.Read()
	if err != nil {
		return t.syntaxError(err, 0)
	}
	if t.plan, err = t.planColumns(header); err != nil {
		return err
	}
	return t.rows(ctx)
}

// tableReader reads the rows of one table.
type tableReader struct {
	parser *parser
	source *source
	csv    *csv.Reader
	plan   tablePlan
}

func (t *tableReader) rows(ctx context.Context) error {
	for t.parser.row = 2; ; t.parser.row++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		begin := t.csv.InputOffset()
		record, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		row := t.rowText(begin)
		if err == nil {
			err = t.checkWidth(record)
		} else {
			err = t.syntaxError(err, begin)
		}
		if err != nil {
			t.parser.problems.reject(err, row)
			continue
		}
		if n := t.rowNode(record); len(n.keys) > 0 {
			if err := t.parser.attempt(func() { t.plan.read(t.parser, n) }); err != nil {
				t.parser.problems.reject(err, row)
			}
		}
	}
}

func (t *tableReader) rowText(begin int64) string {
	raw := t.source.data[begin:t.csv.InputOffset()]
	return strings.ToValidUTF8(strings.Trim(string(raw[:min(len(raw), maxRowText)]), "\r\n"), "")
}

func (t *tableReader) fieldPlace(field int) text {
	line, col := t.csv.FieldPos(field)
	return text{line: int32(line), col: int32(col)}
}

func (t *tableReader) checkWidth(record []string) error {
	want := len(t.plan.columns)
	if len(record) == want {
		return nil
	}
	at := t.fieldPlace(min(want, len(record)-1))
	return &positionedError{t.source.position(at), fmt.Errorf("a row of %d fields, not %d as in the header: %q",
		len(record), want, shorten(strings.Join(record, string(t.csv.Comma))))}
}

// syntaxError gives an error of the CSV reader its position. If the file ended
// inside a quoted field, that is the position of the opening quote.
func (t *tableReader) syntaxError(err error, begin int64) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return fmt.Errorf("%s: not CSV: %w", t.source.path, err)
	}
	if errors.Is(parse.Err, csv.ErrQuote) && int(t.csv.InputOffset()) >= len(t.source.data) {
		if i, open := openQuote(t.source.data[begin:]); open {
			return &positionedError{t.source.positionOfByte(int(begin) + i), fmt.Errorf("a quote that is never closed: %q",
				shorten(t.source.lineText(parse.StartLine)))}
		}
	}
	at := text{line: int32(parse.Line), col: int32(parse.Column)}
	return &positionedError{t.source.position(at), fmt.Errorf("not CSV: %v: %q", parse.Err,
		shorten(t.source.lineText(parse.Line)))}
}

// openQuote finds the last quote that opens a field and is never closed.
func openQuote(data []byte) (at int, open bool) {
	for i, b := range data {
		if b == '"' {
			open = !open
			at = i
		}
	}
	return at, open
}

// rowNode turns a row into a mapping without its empty fields. Columns that
// describe the source become a mapping under the key "source".
func (t *tableReader) rowNode(record []string) *node {
	n := &node{kind: mapNode, text: t.fieldPlace(0)}
	cited := &node{kind: mapNode}
	for i, col := range t.plan.columns {
		value := strings.TrimSpace(record[i])
		if value == "" || col.ignored {
			continue
		}
		at := t.fieldPlace(i)
		key := text{col.key, at.line, at.col}
		if col.describesSource {
			cited.add(key, cellNode(value, at, false))
			cited.value += fmt.Sprintf("%s=%q ", col.key, value)
			continue
		}
		n.add(key, cellNode(value, at, col.list))
	}
	if len(cited.keys) > 0 {
		cited.line, cited.col = cited.keys[0].line, cited.keys[0].col
		citeURL(cited)
		n.add(text{"source", cited.line, cited.col}, cited)
	}
	return n
}

// citeURL turns a title that is an address into a URL, if the source has no
// other field.
func citeURL(n *node) {
	for i, key := range n.keys {
		if len(n.keys) == 1 && key.value == "title" && strings.Contains(n.items[i].value, "://") {
			n.keys[i].value = "url"
		}
	}
}

func (n *node) add(key text, v *node) {
	n.keys = append(n.keys, key)
	n.items = append(n.items, v)
}

// cellNode returns a field as a text, or as a list if bars separate several
// values.
func cellNode(value string, at text, list bool) *node {
	if !list || !strings.Contains(value, "|") {
		return &node{kind: textNode, text: text{value, at.line, at.col}}
	}
	n := &node{kind: listNode, text: at}
	for part := range strings.SplitSeq(value, "|") {
		n.items = append(n.items, &node{kind: textNode, text: text{strings.TrimSpace(part), at.line, at.col}})
	}
	return n
}
