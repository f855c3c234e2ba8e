package loaders

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/loaders/sniff"
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

// Separator returns the separator of a table: the sign that a line "sep=;" before the
// header says, or else the most frequent of comma, semicolon and tab in the header,
// outside quoted fields. Only a header with none of them has the separator "|".
func Separator(data string) rune {
	if declared, _ := sniff.SeparatorLine(data); declared != 0 {
		return declared
	}
	line, _, _ := strings.Cut(data, "\n")
	var commas, semicolons, tabs, bars int
	quoted := false
	for _, b := range []byte(line) {
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
		case b == '|':
			bars++
		}
	}
	switch {
	case bars > 0 && commas+semicolons+tabs == 0:
		return '|'
	case tabs > max(commas, semicolons):
		return '\t'
	case semicolons > commas:
		return ';'
	}
	return ','
}

func (CSV) layout(v *schema.Vocabulary, head *source) (rowLayout, error) {
	return tableLayout(v, head, nil)
}

// tableLayout returns the layout of a table of entente's own format, of which a
// mapping may rename columns; it may be nil.
func tableLayout(v *schema.Vocabulary, head *source, renames *mapping.Mapping) (rowLayout, error) {
	layout := &csvLayout{comma: Separator(head.text), skip: 1 + separatorRows(head.text)}
	if _, rows := layout.cut([]byte(head.text), true, false); !head.last && rows < layout.skip {
		return nil, nil
	}
	t := layout.reader(newParser(v, factKeysOf(v)), head)
	header, err := t.header(layout.skip)
	if err != nil {
		return nil, err
	}
	if renames != nil {
		err = t.planRenamed(layout, header, renames)
	} else {
		layout.plan, err = t.planColumns(header, header)
	}
	if err != nil {
		err = cmp.Or(t.noHeader(slices.Clone(header)), err)
	}
	return layout, err
}

// csvLayout is the layout of one table.
type csvLayout struct {
	comma rune
	skip  int // the rows before the first row of data
	plan  tablePlan
}

func (l *csvLayout) reader(p *parser, s *source) *tableReader {
	t := &tableReader{parser: p, source: s, csv: csv.NewReader(strings.NewReader(s.text)), plan: l.plan}
	t.csv.Comma = l.comma
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	return t
}

func (l *csvLayout) parse(p *parser) error {
	t := l.reader(p, p.source)
	for p.row = p.source.firstRow; p.row <= l.skip; p.row++ {
		_, _ = t.csv.Read() // the header, which layout has read
	}
	if l.plan.mapped != nil {
		t.mapped = l.plan.mapped.begin(p)
		defer t.mapped.end()
	}
	if l.plan.unread != nil {
		t.tally = &mapping.Tally{}
		defer p.drafts.addTally(t.tally)
	}
	t.rows()
	return nil
}

func (l *csvLayout) cut(text []byte, _, last bool) (size, rows int) {
	for size < len(text) {
		n := csvRowLength(text[size:], byte(l.comma))
		if n == 0 && last {
			return len(text), rows
		}
		if n == 0 {
			break
		}
		size, rows = size+n, rows+1
	}
	return size, rows
}

// csvRowLength returns the length of the first row of a text, with the empty lines
// before it, or 0 if its last line has no end. It finds the same rows as
// encoding/csv, also where quotes are wrong.
func csvRowLength(text []byte, comma byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(text[at:], '\n') + 1
		line := text[at : at+n]
		switch {
		case n == 0:
			return 0
		case n == 1 || n == 2 && line[0] == '\r':
			at += n
		case bytes.IndexByte(line, '"') < 0:
			return at + n
		default:
			return csvQuotedLength(text, at, comma)
		}
	}
}

// csvQuotedLength returns where the row that begins at an offset ends, if it has
// quotes; 0 if its last line has no end.
func csvQuotedLength(text []byte, at int, comma byte) int {
	separators := string([]byte{comma, '\n', '"'})
	for {
		if at < len(text) && text[at] == '"' {
			if at = afterQuotedField(text, at+1); at == 0 {
				return 0
			}
			if at < len(text) && text[at] == comma {
				at++
				continue
			}
		} else if i := bytes.IndexAny(text[at:], separators); i >= 0 && text[at+i] == comma {
			at += i + 1
			continue
		}
		n := bytes.IndexByte(text[at:], '\n') // the end of the line of the last field, also after a wrong quote
		if n < 0 {
			return 0
		}
		return at + n + 1
	}
}

// afterQuotedField returns the offset after the quote that closes a field, or 0
// if there is none.
func afterQuotedField(text []byte, at int) int {
	for {
		i := bytes.IndexByte(text[at:], '"')
		if i < 0 {
			return 0
		}
		if at += i + 1; at == len(text) || text[at] != '"' {
			return at
		}
		at++
	}
}

// tableReader reads the rows of one block of a table.
type tableReader struct {
	parser *parser
	source *source
	csv    *csv.Reader
	plan   tablePlan
	mapped *mappedRun     // nil for a table of entente's own format
	tally  *mapping.Tally // nil unless columns are renamed
	cells  []byte         // those that describe the source of the row, joined
}

func (t *tableReader) rows() {
	for ; ; t.parser.row++ {
		begin := t.csv.InputOffset()
		record, err := t.csv.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			err = t.checkWidth(record)
		} else {
			err = t.syntaxError(err, begin)
		}
		if err != nil {
			t.parser.drafts.reject(err, t.rowText(begin))
			continue
		}
		if t.mapped != nil {
			t.plan.mapped.row(t.mapped, t, record, begin)
			continue
		}
		if t.tally != nil {
			t.countUnread(record)
		}
		last := len(record) - 1
		t.parser.rowEnd = t.fieldPlace(last).line + int32(strings.Count(record[last], "\n"))
		if n := t.rowNode(record); len(n.keys) > 0 {
			if err := t.parser.attempt(func() { t.plan.read(t.parser, n) }); err != nil {
				t.parser.drafts.reject(err, t.rowText(begin))
			}
		}
	}
}

func (t *tableReader) rowText(begin int64) string {
	raw := t.source.text[begin:t.csv.InputOffset()]
	return strings.ToValidUTF8(strings.Trim(raw[:min(len(raw), maxRowText)], "\r\n"), "")
}

func (t *tableReader) fieldPlace(field int) text {
	line, col := t.csv.FieldPos(field)
	return text{line: int32(t.source.lineOf(line)), col: int32(col)}
}

func (t *tableReader) checkWidth(record []string) error {
	want := len(t.plan.columns)
	if len(record) == want || t.mapped != nil && len(record) < want && len(record) >= want-t.plan.mapped.optional {
		return nil
	}
	at := t.fieldPlace(min(want, len(record)-1))
	err := faultf(schema.WrongWidth, "a row of %d fields, not %d as in the header: %q",
		len(record), want, shorten(strings.Join(record, string(t.csv.Comma))))
	if len(record) > want {
		err = withHint(err, "put a cell that has the separator itself in double quotes")
	}
	return &positionedError{t.source.position(at), err}
}

// syntaxError gives an error of the CSV reader its position. If the file ended
// inside a quoted field, that is the position of the opening quote.
func (t *tableReader) syntaxError(err error, begin int64) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return faultf(schema.BadSyntax, "%s: not CSV: %w", t.source.path, err)
	}
	if errors.Is(parse.Err, csv.ErrQuote) && t.source.last && int(t.csv.InputOffset()) >= len(t.source.text) {
		if i, open := openQuote(t.source.text[begin:]); open {
			return &positionedError{t.source.positionOfByte(int(begin) + i), faultf(schema.BadSyntax, "a quote that is never closed: %q",
				shorten(t.source.lineText(t.source.lineOf(parse.StartLine))))}
		}
	}
	at := text{line: int32(t.source.lineOf(parse.Line)), col: int32(parse.Column)}
	return &positionedError{t.source.position(at), faultf(schema.BadSyntax, "not CSV: %v: %q", parse.Err,
		shorten(t.source.lineText(t.source.lineOf(parse.Line))))}
}

// openQuote finds the last quote that opens a field and is never closed.
func openQuote(data string) (at int, open bool) {
	for i := range len(data) {
		if data[i] == '"' {
			open = !open
			at = i
		}
	}
	return at, open
}

// rowNode turns a row into a mapping without its empty fields. Columns that
// describe the source become a mapping under the key "source".
func (t *tableReader) rowNode(record []string) *node {
	nodes := &t.parser.nodes
	nodes.reset()
	begin := nodes.begin()
	described := false
	for i, col := range t.plan.columns {
		described = described || col.describesSource
		if value := strings.TrimSpace(record[i]); value != "" && !col.ignored && !col.describesSource {
			at := t.fieldPlace(i)
			nodes.pushKey(text{col.key, at.line, at.col}, nodes.cell(value, at, col.list))
		}
	}
	if described {
		if cited := t.citedNode(record); len(cited.keys) > 0 {
			nodes.pushKey(text{"source", cited.line, cited.col}, cited)
		}
	}
	n := nodes.add()
	n.kind, n.text = mapNode, t.fieldPlace(0)
	n.keys, n.items = nodes.pushedKeys(begin)
	return n
}

// citedNode turns the columns that describe the source of a row into a mapping. Its
// value is different for rows with different cells.
func (t *tableReader) citedNode(record []string) *node {
	nodes := &t.parser.nodes
	n := nodes.add()
	n.kind = mapNode
	begin := nodes.begin()
	t.cells = t.cells[:0]
	for i, col := range t.plan.columns {
		value := strings.TrimSpace(record[i])
		if value == "" || !col.describesSource {
			continue
		}
		at := t.fieldPlace(i)
		nodes.pushKey(text{col.key, at.line, at.col}, nodes.cell(value, at, false))
		t.cells = append(append(append(append(t.cells, col.key...), 0), value...), 0)
	}
	n.keys, n.items = nodes.pushedKeys(begin)
	if len(n.keys) > 0 {
		n.value, n.line, n.col = string(t.cells), n.keys[0].line, n.keys[0].col
		citeURL(n)
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

// cell returns a field as a text, or as a list if bars separate several values.
func (a *nodeArena) cell(value string, at text, list bool) *node {
	n := a.add()
	if !list || !strings.Contains(value, "|") {
		n.kind, n.text = textNode, text{value, at.line, at.col}
		return n
	}
	n.kind, n.text = listNode, at
	begin := a.begin()
	for part := range strings.SplitSeq(value, "|") {
		item := a.add()
		item.kind, item.text = textNode, text{strings.TrimSpace(part), at.line, at.col}
		a.push(item)
	}
	n.items = a.pushed(begin)
	return n
}
