package loaders

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// Limits of a sample.
const (
	maxSample     = 32 << 20 // bytes of a document of JSON, YAML or XML
	maxSampleRows = 300      // of a table, or of JSON lines
)

// Sample is the beginning of a file of any shape.
type Sample struct {
	Table [][]string      // the rows of a table, the header first; nil for other formats
	Rows  []*mapping.Node // of JSON lines
	Root  *mapping.Node   // the document, of other formats; an XML root is its only child
	IsXML bool            // the root element is the only child of Root
}

// ReadSample reads the beginning of a file of any shape: the first rows of a table or
// of JSON lines, and any other document whole. Of the options only the encoding
// counts; nil is allowed. Its errors wrap [ErrInput].
func ReadSample(name string, opts *Options) (*Sample, error) {
	s, err := readSample(name, opts)
	if err != nil {
		return nil, inputError{err}
	}
	return s, nil
}

func readSample(name string, opts *Options) (*Sample, error) {
	in := newInput(&Options{Mapping: &mapping.Mapping{}, Encoding: opts.orDefault().Encoding})
	if err := in.openFile(name); err != nil {
		return nil, err
	}
	f := in.files[0]
	l := unmapped(f.loader)
	if l == (NQuads{}) {
		return nil, fmt.Errorf("%s: N-Quads need no mapping", name)
	}
	if f.size > maxSample && l != (CSV{}) && l != (JSONLines{}) {
		return nil, withHint(fmt.Errorf("%s: is too large for a sample: %d bytes, more than %d", name, f.size, maxSample),
			"write its first rows to a file of their own, "+filepath.Base(name))
	}
	text, err := f.beginning()
	if err != nil {
		return nil, err
	}
	return f.sample(l, text)
}

// beginning returns the text of a file, up to the size of a sample.
func (f *file) beginning() (*source, error) {
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxSample))
	if err != nil {
		return nil, f.readError(err)
	}
	s := &source{file: f, text: string(data), firstLine: 1, firstRow: 1, last: int64(len(data)) == f.size}
	if len(s.text) >= len(byteOrderMark) && s.text[:len(byteOrderMark)] == byteOrderMark {
		s.text = s.text[len(byteOrderMark):]
	}
	return s, nil
}

func (f *file) sample(l Loader, s *source) (*Sample, error) {
	out := &Sample{Root: &mapping.Node{}}
	switch l.(type) {
	case CSV:
		return s.sampleTable()
	case JSONLines:
		p := newParser(nil, nil)
		p.begin(s, newCollector(&block{file: f}, nil))
		eachJSONLine(p, func(n *node) {
			if len(out.Rows) < maxSampleRows {
				row := &mapping.Node{}
				fillTree(nil, row, n)
				out.Rows = append(out.Rows, row)
			}
		})
	case xmlFile:
		out.IsXML = true
		v := &visitor{rows: &mapping.RowPath{}, row: func(n *mapping.Node, _ int32, _, _ int) { out.Root.Add(n) }}
		if !scanXML(s, nil, v) {
			return nil, xmlError(s)
		}
	case YAML:
		n, err := parseYAML(s)
		if err != nil {
			return nil, err
		}
		fillTree(nil, out.Root, n)
	default:
		n, err := newJSONParser(s, s.text, 1).single()
		if err != nil {
			return nil, err
		}
		fillTree(nil, out.Root, n)
	}
	return out, nil
}

// sampleTable reads the first rows of a table.
func (s *source) sampleTable() (*Sample, error) {
	layout := &csvLayout{comma: Separator(s.text)}
	t := layout.reader(newParser(nil, nil), s)
	header, err := t.header(1 + separatorRows(s.text))
	if err != nil {
		return nil, err
	}
	out := &Sample{Table: [][]string{trimmed(header)}}
	for len(out.Table) <= maxSampleRows {
		record, err := t.csv.Read()
		if err != nil {
			break
		}
		out.Table = append(out.Table, trimmed(record))
	}
	return out, nil
}

// checkCodes returns an error if codes of CAMEO may lack a leading zero.
func (in *Input) checkCodes() error {
	c := &in.Tally.Codes
	if !c.AreAmbiguous() {
		return nil
	}
	at := schema.Position{File: in.Path, Line: int(c.First.Line)}
	if len(in.files) > 1 {
		at.Line = 0
	}
	why := "no code here has a leading zero"
	if c.Lost > 0 {
		why = "other codes here lack their leading zero"
	}
	err := faultf(schema.UnknownVerb, "{%s}: the code %s may be %s or 0%s: %s", c.First.Field, c.First.Text, c.First.Text, c.First.Text, why)
	return &positionedError{at, &fault{field: c.First.Field, value: c.First.Text, error: withHint(err,
		"write digits: 3 beside cameo: in the mapping if all codes have three digits or more, digits: 2 if they are roots from 01 to 20; or restore the zeros in the file")}}
}

// checkMapping returns what a mapping makes of a whole input that is an error.
func (in *Input) checkMapping() error {
	return cmp.Or(in.checkRows(), checkSourceKeys(in), in.checkCodes())
}

// checkSourceKeys returns an error if the source-key of facts is of a parent that no row
// has, such as one with too few "../".
func checkSourceKeys(in *Input) error {
	for _, m := range in.mappings() {
		for _, lost := range m.LostKeys(&in.Tally) {
			err := faultf(schema.MissingValue, "none of %d rows has the field {%s} of source-key, so that facts of different records would be one", in.Tally.Rows, lost.Field)
			return &positionedError{lost.Pos, withHint(err, cmp.Or(lost.Hint, fmt.Sprintf("{%s?} is a field that may be missing", lost.Field)))}
		}
	}
	return nil
}

// pathsOfRows counts the nodes of each path of the first file that may be rows: those
// that have fields.
func (in *Input) pathsOfRows() map[string]int {
	f := in.files[0]
	text, err := f.beginning()
	if err != nil || !text.last {
		return nil
	}
	s, err := f.sample(unmapped(f.loader), text)
	if err != nil {
		return nil
	}
	counts := make(map[string]int)
	for _, root := range append(s.Rows, s.Root) {
		countPaths(root, "", counts)
	}
	return counts
}

func countPaths(n *mapping.Node, path string, counts map[string]int) {
	for _, c := range n.Children {
		below := path
		if c.Name != "" {
			below += "/" + c.Name
		}
		if len(c.Children) > 0 && below != "" {
			counts[below]++
		}
		countPaths(c, below, counts)
	}
}
