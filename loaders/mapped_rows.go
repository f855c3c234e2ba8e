package loaders

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/loaders/sniff"
	"github.com/entente-kg/entente/schema"
)

// table returns the layout of a table that a mapping reads, or nil if its header is
// not yet read.
func (m *mapper) table(v *schema.Vocabulary, head *source) (rowLayout, error) {
	comma, skip := TableHead(m.mapping, head.text)
	layout := &csvLayout{comma: comma, skip: skip}
	if _, rows := layout.cut([]byte(head.text), true, false); !head.last && rows < max(skip, 1) {
		return nil, nil
	}
	header := m.mapping.Columns
	t := layout.reader(newParser(v, nil), head)
	for range skip {
		record, err := t.csv.Read()
		if err != nil {
			return nil, t.syntaxError(err, 0)
		}
		if len(m.mapping.Columns) == 0 {
			header = trimmed(record)
		}
	}
	if err := t.checkColumns(header); err != nil {
		return nil, err
	}
	header, optional := withoutMarks(header, len(m.mapping.Columns) > 0)
	names, err := m.mapping.BindColumns(header)
	layout.plan = tablePlan{columns: make([]column, len(header)), mapped: &mappedTable{m, names, optional}}
	return layout, err
}

// withoutMarks returns names of columns that a mapping gives, without the question
// marks after those that may be missing at the end of a row, and their number.
func withoutMarks(columns []string, areGiven bool) (names []string, optional int) {
	names = slices.Clone(columns)
	for i := len(names) - 1; areGiven && i >= 0 && strings.HasSuffix(names[i], "?"); i-- {
		names[i], optional = strings.TrimSuffix(names[i], "?"), optional+1
	}
	return names, optional
}

// planRenamed plans the columns of a table of which a mapping renames some. Columns
// without a meaning are not read.
func (t *tableReader) planRenamed(layout *csvLayout, header []string, m *mapping.Mapping) error {
	names, err := m.RenameColumns(header)
	if err != nil {
		return err
	}
	folded := foldedNames(names)
	_, read := t.planFor(folded)
	unread := make([]string, len(names))
	for i, n := range folded {
		if _, known := read(n); known || strings.HasPrefix(names[i], "_") {
			continue
		}
		for _, r := range m.Renames {
			if r.Key == n {
				return schema.WithHint(fmt.Errorf("--map %s=%s: unknown key %q", r.Column, r.Key, r.Key), func() string { return t.columnHint(n) })
			}
		}
		unread[i], names[i] = header[i], "_"+header[i]
	}
	layout.plan, err = t.planColumns(names, header)
	layout.plan.unread = unread
	return err
}

// countUnread counts the row and the values of the columns that are not read.
func (t *tableReader) countUnread(record []string) {
	t.tally.Rows++
	for i, name := range t.plan.unread {
		if name != "" && strings.TrimSpace(record[i]) != "" {
			t.tally.CountUnmapped(name)
		}
	}
}

func trimmed(cells []string) []string {
	cells = slices.Clone(cells)
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return cells
}

// TableHead returns the separator of a table, and the number of rows before its data:
// those that the mapping skips, and the header if the mapping does not name the columns.
// The mapping may be nil.
func TableHead(m *mapping.Mapping, text string) (comma rune, rows int) {
	if m == nil {
		m = &mapping.Mapping{}
	}
	if comma, _ = sniff.SeparatorLine(text); comma == 0 {
		comma = Separator(afterLines(text, m.Skip))
	}
	if m.Separator != 0 {
		comma = m.Separator
	}
	rows = m.Skip + separatorRows(text)
	if len(m.Columns) == 0 {
		rows++
	}
	return comma, rows
}

// afterLines returns a text without its first lines, of which empty ones do not count.
func afterLines(text string, n int) string {
	for n > 0 && text != "" {
		line, rest, _ := strings.Cut(text, "\n")
		if text = rest; strings.TrimSpace(line) != "" {
			n--
		}
	}
	return text
}

// mappedTable is a table that a mapping reads: the mapping, and its names of the
// columns.
type mappedTable struct {
	*mapper
	names    []string
	optional int // the columns that may be missing at the end of a row
}

// row makes the records of one row.
func (m *mappedTable) row(r *mappedRun, t *tableReader, record []string, begin int64) {
	cells := make([]mapping.Node, len(record)+1)
	row := &cells[len(record)]
	at := t.fieldPlace(0)
	row.Line, row.Col = at.line, at.col
	for i, value := range record {
		if value = strings.TrimSpace(value); value != "" && m.names[i] != "" {
			at := t.fieldPlace(i)
			cells[i] = mapping.Node{Name: m.names[i], Text: value, Line: at.line, Col: at.col}
			row.Add(&cells[i])
		}
	}
	if len(row.Children) == 0 {
		return
	}
	end := t.source.text[begin:t.csv.InputOffset()]
	last := at.line + int32(strings.Count(strings.TrimRight(end, "\r\n"), "\n")) - int32(strings.Count(end[:len(end)-len(strings.TrimLeft(end, "\r\n"))], "\n"))
	r.row(row, last, func() string { return t.rowText(begin) })
}

// mappedLines is the layout of JSON lines that a mapping reads: each line is a
// document of its own.
type mappedLines struct{ *mapper }

func (m mappedLines) cut(text []byte, first, last bool) (size, rows int) {
	size, _ = jsonRows{}.cut(text, first, last)
	return size, m.countLines(text[:size], last)
}

// countLines returns the number of rows in lines of JSON, if the mapping needs it: it
// numbers rows, and more lines follow.
func (m mappedLines) countLines(text []byte, last bool) (rows int) {
	if last || !m.mapping.NumbersRows() {
		return 0
	}
	f := &file{}
	p := newParser(nil, nil)
	p.begin(&source{file: f, text: string(text), firstLine: 1}, newCollector(&block{file: f}, nil))
	tree := &treeNodes{}
	eachJSONLine(p, func(n *node) { m.eachRow(tree, n, func(*mapping.Node, int32) { rows++ }) })
	return rows
}

func (m mappedLines) parse(p *parser) error {
	r := m.begin(p)
	eachJSONLine(p, r.rowsIn)
	r.end()
	return r.refused
}

// rowsIn makes the records of the rows of a document that is in memory.
func (r *mappedRun) rowsIn(n *node) { r.eachRow(&r.p.tree, n, r.treeRow) }

// eachRow calls do for each row of a document that is in memory, with its last line. The
// rows are valid until the next call with the tree.
func (m *mapper) eachRow(t *treeNodes, n *node, do func(row *mapping.Node, last int32)) {
	t.reset()
	root := t.add()
	root.Line, root.Col = n.line, n.col
	if n.kind == listNode && m.mapping.Rows.Is(nil, false) {
		for _, item := range n.items {
			addTree(t, root, "", item)
		}
		for _, row := range root.Children {
			do(row, row.Last)
		}
		return
	}
	root.Last = fillTree(t, root, n)
	m.mapping.Rows.In(root, func(row *mapping.Node) { do(row, row.Last) })
}

func (r *mappedRun) treeRow(row *mapping.Node, last int32) {
	r.row(row, last, func() string {
		s := r.p.source
		return s.excerpt(s.position(text{line: row.Line, col: row.Col}), int(last))
	})
}

// mappedDocument is the layout of a document of JSON or XML of which a mapping reads
// parts as rows. Blocks end between rows, so a layout knows what the blocks before
// its own leave open.
type mappedDocument struct {
	*mapper
	scan documentScan
	open openNodes
	next *mappedDocument // for the block that cut found
}

// documentScan reads a part of a document, and calls the functions of a visitor. It
// returns false at the first thing that is not well-formed, or cut off.
type documentScan func(s *source, open openNodes, v *visitor) bool

// visitor receives what is in a document. Functions may be nil.
type visitor struct {
	rows  *mapping.RowPath
	keep  []string // names of fields outside of rows that rows use
	row   func(row *mapping.Node, last int32, begin, end int)
	other func(n *mapping.Node, names []string) // a value outside of rows
	// between is called between rows, at the end of a line.
	between func(offset int, open openNodes)
}

// openNodes are the objects, lists and elements that are open at a place of a
// document, outermost first.
type openNodes []openNode

type openNode struct {
	node     *mapping.Node
	path     []string // the names that lead to it
	isList   bool
	children int // how many children the node had
}

// clone returns copies, whose nodes have the children they had when o was made.
func (o openNodes) clone() openNodes {
	copies := make(map[*mapping.Node]*mapping.Node)
	out := slices.Clone(o)
	for i := range out {
		old := out[i].node
		if copies[old] == nil {
			fresh := *old
			fresh.Children = old.Children[:out[i].children:out[i].children]
			fresh.Parent = copies[old.Parent]
			copies[old] = &fresh
		}
		out[i].node = copies[old]
	}
	return out
}

// mark returns the open nodes with the numbers of children that they have now.
func (o openNodes) mark() openNodes {
	marked := slices.Clone(o)
	for i := range marked {
		marked[i].children = len(marked[i].node.Children)
	}
	return marked
}

func (m *mappedDocument) visitor() *visitor {
	return &visitor{rows: m.mapping.Rows, keep: m.mapping.FromParents()}
}

func (m *mappedDocument) cut(text []byte, first, last bool) (size, rows int) {
	if last {
		return len(text), 0
	}
	v := m.visitor()
	var open openNodes
	found := 0
	if m.mapping.NumbersRows() {
		v.row = func(*mapping.Node, int32, int, int) { found++ }
	}
	v.between = func(offset int, o openNodes) { size, rows, open = offset, found, append(open[:0], o.mark()...) }
	mark := 0
	if first && bytes.HasPrefix(text, []byte(byteOrderMark)) {
		mark = len(byteOrderMark)
	}
	m.scan(&source{text: string(text[mark:]), firstLine: 1}, m.open.clone(), v)
	if size == 0 {
		return 0, 0
	}
	m.next = &mappedDocument{mapper: m.mapper, scan: m.scan, open: open.clone()}
	return size + mark, rows
}

// following returns the layout of the block after the one that cut found.
func (m *mappedDocument) following() rowLayout { return m.next }

func (m *mappedDocument) parse(p *parser) error {
	r, v := m.begin(p), m.visitor()
	v.row = func(row *mapping.Node, last int32, begin, end int) {
		r.row(row, last, func() string {
			return strings.ToValidUTF8(p.source.text[begin:min(end, begin+maxRowText)], "")
		})
	}
	v.other = func(n *mapping.Node, names []string) { r.other(n, names) }
	ok := m.scan(p.source, m.open.clone(), v)
	r.end()
	if !ok {
		return m.errorIn(p.source.file)
	}
	return nil
}

// other counts the values in a node outside of rows.
func (r *mappedRun) other(n *mapping.Node, names []string) {
	for _, c := range n.Children {
		if c.Name != "" {
			r.other(c, append(names[:len(names):len(names)], c.Name))
		}
	}
	if len(n.Children) == 0 && n.Text != "" {
		r.run.CountUnless("/"+strings.Join(names, "/"), names)
	}
}

// errorIn returns the error of a document that is not well-formed.
func (m *mappedDocument) errorIn(f *file) error {
	s, err := f.whole()
	if err != nil {
		return err
	}
	if unmapped(f.loader) == (xmlFile{}) {
		return xmlError(s)
	}
	if _, err = newJSONParser(s, s.text, 1).single(); err == nil {
		err = fmt.Errorf("%s: not JSON", f.path)
	}
	return err
}
