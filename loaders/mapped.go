package loaders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// mapped is the loader of a file that is read by a mapping. Inner says the format.
type mapped struct {
	inner   Loader
	mapping *mapping.Mapping
	dataset string

	isGrounded bool // the mapping holds quotes to texts itself
}

// Load implements [Loader].
func (l mapped) Load(ctx context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return load(ctx, l, &Options{Mapping: l.mapping}, name, r)
}

// xmlFile stands for the format XML, which only mappings read.
type xmlFile struct{}

// Load implements [Loader].
func (xmlFile) Load(_ context.Context, name string, _ io.Reader) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) { yield(nil, needsMapping(name)) }
}

func needsMapping(name string) error {
	return withHint(fmt.Errorf("%s: XML needs a mapping, which says what its elements mean", name),
		fmt.Sprintf("entente map %s > mapping.yaml writes a first one, which load reads with --map mapping.yaml", name))
}

func isXML(name string, head []byte) bool {
	text := strings.TrimSpace(strings.TrimPrefix(string(head), byteOrderMark))
	return strings.EqualFold(path.Ext(unpackedName(name)), ".xml") || strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<!--")
}

// byExtension returns the loader of a file by the extension of its name.
func (in *Input) byExtension(name string) (Loader, bool) {
	if in.opts.Mapping != nil && isXML(name, nil) {
		return xmlFile{}, true
	}
	return byExtension(name)
}

// xml returns the loader of a file of XML.
func (in *Input) xml(name string) (Loader, error) {
	if in.opts.Mapping == nil {
		return nil, needsMapping(name)
	}
	return xmlFile{}, nil
}

// dateOrder returns the order of the numbers in dates, which the options and a mapping
// may say.
func (in *Input) dateOrder(m *mapping.Mapping) (written.Order, error) {
	if m == nil || m.Dates == written.AnyOrder || m.Dates == in.opts.Dates {
		return in.opts.Dates, nil
	}
	if in.opts.Dates != written.AnyOrder {
		return "", fmt.Errorf("%s has dates: %s, not %s", m.Name, m.Dates, in.opts.Dates)
	}
	return m.Dates, nil
}

// checkRows returns an error if a mapping says where rows are, and none are there.
func (in *Input) checkRows() error {
	all := in.mappings()
	if in.Tally.Rows > 0 || len(all) != 1 || all[0].Rows.String() == "" {
		return nil
	}
	m := all[0]
	return schema.WithHint(fmt.Errorf("%s: no row is at the path %s of %s", in.Path, m.Rows, m.Name), func() string {
		counts := in.pathsOfRows()
		if len(counts) == 0 {
			return "entente map finds the rows of a sample"
		}
		var paths []string
		for _, c := range mapping.ByCount(counts) {
			paths = append(paths, fmt.Sprintf("%s (%d)", c.Text, c.Count))
		}
		near := schema.Nearest(m.Rows.String(), slices.Sorted(maps.Keys(counts)), 3)
		return strings.TrimSpace(schema.DidYouMean(near) + " there are " + strings.Join(paths[:min(len(paths), maxPaths)], ", "))
	})
}

// maxPaths is the number of paths that the hint about a wrong path of rows lists.
const maxPaths = 8

// isMappingFile reports whether a file of a folder is the mapping itself.
func (in *Input) isMappingFile(name string) bool {
	if in.opts.Mapping == nil {
		return false
	}
	a, errA := os.Stat(name)
	b, errB := os.Stat(in.opts.Mapping.Name)
	return errA == nil && errB == nil && os.SameFile(a, b)
}

// withMapping returns the loader that reads a file by the mapping of the options,
// if there is one.
func (in *Input) withMapping(l Loader) Loader {
	if _, is := l.(mapped); is || in.opts.Mapping == nil || isStatements(l) {
		return l
	}
	return mapped{l, in.opts.Mapping, in.Dataset, false}
}

// unmapped returns the format of a file, whether a mapping reads it or not.
func unmapped(l Loader) Loader {
	if m, ok := l.(mapped); ok {
		return m.inner
	}
	return l
}

// rows returns how to read a file in blocks, or nil for YAML, which is parsed whole.
func (l mapped) rows() rowLoader {
	if _, isRDF := l.inner.(RDF); isRDF || l.inner == (YAML{}) {
		return nil
	}
	return l
}

func (l mapped) layout(v *schema.Vocabulary, head *source) (rowLayout, error) {
	if l.mapping.Renames != nil && l.inner == (CSV{}) {
		return tableLayout(v, head, l.mapping)
	}
	m, err := l.mapper(v, head)
	if err != nil {
		return nil, err
	}
	switch l.inner.(type) {
	case CSV:
		return m.table(v, head)
	case JSONLines:
		return mappedLines{m}, nil
	case xmlFile:
		return &mappedDocument{mapper: m, scan: scanXML}, nil
	}
	return &mappedDocument{mapper: m, scan: scanJSON}, nil
}

// parse reads a file of YAML or RDF.
func (l mapped) parse(_ context.Context, p *parser) error {
	m, err := l.mapper(p.vocabulary, p.source)
	if err != nil {
		return err
	}
	if text, isRDF := l.inner.(RDF); isRDF {
		return text.rows(m.begin(p))
	}
	tree, err := parseYAML(p.source)
	if err != nil {
		return err
	}
	r := m.begin(p)
	r.rowsIn(tree)
	r.end()
	return nil
}

// mapper applies a mapping to the rows of one file.
type mapper struct {
	mapping *mapping.Mapping
	format  *mapping.Format
	dataset string
}

func (l mapped) mapper(v *schema.Vocabulary, s *source) (*mapper, error) {
	if l.mapping.Renames != nil {
		return nil, withHint(fmt.Errorf("%s: --map COLUMN=KEY is for tables", s.path), "write a mapping: see entente help mapping")
	}
	if l.mapping.Separator == 0 && len(l.mapping.Columns) == 0 || unmapped(s.loader) == (CSV{}) {
		m := &mapper{l.mapping, newMappingFormat(v), l.dataset}
		return m, l.mapping.Check(m.format)
	}
	return nil, fmt.Errorf("%s: columns: and separator: are for tables, and %s is none", l.mapping.Name, s.path)
}

// Keys lists the keys that YAML and JSON may have in each section of entente's own
// format, sorted. Package keys lists the sections. A vocabulary has the roles
// of facts and the relations of entities.
func Keys(v *schema.Vocabulary) map[string][]string {
	all := sectionKeys(newParser(v, factKeysOf(v)))
	all["dataset"] = append(datasetKeys(), "dataset", schemaKey)
	all["defaults"] = defaultsKeys()
	return all
}

// sectionKeys lists the keys of the sections of which mappings make records.
func sectionKeys(p *parser) map[string][]string {
	fact := p.knownFactKeys()
	post := slices.DeleteFunc(slices.Clone(fact), func(key string) bool { return !isKeyOfPost(key) })
	return map[string][]string{
		mapping.Entity: p.entityKeys(), mapping.Source: sourceFields.names(), mapping.Fact: fact, mapping.Evidence: evidenceKeys(),
		mapping.Alias: aliasKeys(), mapping.Archived: archivedKeys(), mapping.Post: append(post, "post"),
	}
}

// mappedRun applies a mapping to the rows of the text of a parser.
type mappedRun struct {
	*mapper
	run     *mapping.Run
	p       *parser
	isFirst bool // no row has been read yet
	number  int  // the rows of the file so far, unless it is a table
	fields  fieldPlaces
	seen    map[string]bool // the entities that this text has declared
	refused error           // why the whole file is refused; nil if it is not
}

// begin prepares for the rows of the text of a parser.
func (m *mapper) begin(p *parser) *mappedRun {
	name := path.Base(strings.ReplaceAll(p.source.relPath, `\`, "/"))
	name = unpackedName(name)
	r := &mappedRun{mapper: m, run: m.mapping.NewRun(m.format, cmp.Or(strings.TrimSuffix(name, path.Ext(name)), name)), p: p,
		isFirst: p.source.firstLine == 1, number: max(p.source.firstRow-1, 0), seen: make(map[string]bool)}
	r.run.Dataset, p.source.fields = m.dataset, &r.fields
	if r.isFirst {
		for _, pair := range m.mapping.About {
			p.drafts.setAbout(pair.Key, pair.Text)
		}
	}
	return r
}

func (r *mappedRun) end() { r.p.drafts.addTally(&r.run.Tally) }

// row makes the records of one row, which ends on line last. Text returns the text
// of the row, for a reject file.
func (r *mappedRun) row(row *mapping.Node, last int32, text func() string) {
	r.p.lastLine = last
	r.number++
	r.run.Row(row, cmp.Or(r.p.row, r.number), r.isFirst, func(made mapping.Made) {
		r.p.nodes.reset()
		if err := r.record(made, row); err != nil {
			r.p.drafts.reject(err, text())
		}
	})
	r.isFirst, r.p.lastLine, r.p.made = false, 0, nil
}

// fail adds an error of a value to the item that is read, at its position in the row.
func (r *mappedRun) fail(row *mapping.Node, v *mapping.ValueError) {
	at := text{v.Value.Text, v.Value.Line, v.Value.Col}
	if at.line == 0 {
		at.line, at.col = row.Line, row.Col
	} else if v.Value.Field != "" {
		r.fields.add(at.line, at.col, v.Value.Field)
	}
	err := v.Err
	if errors.Is(err, mapping.ErrRefused) {
		if r.refused == nil {
			r.refused = r.p.source.errorAt(at, err)
		}
		return
	}
	if errors.Is(err, mapping.ErrEntity) {
		err = faultf(schema.RejectedReference, "refers to an entity %w", errRejected)
	}
	r.p.item.field = v.Key
	r.p.item.failWith(at, err)
	r.p.item.field = ""
}

func (r *mappedRun) failAll(row *mapping.Node, errs []*mapping.ValueError) {
	for _, err := range errs {
		r.fail(row, err)
	}
}

// record parses one record that a row makes, as a record of entente's own format.
// Errors of its values are reported together with those that the parser finds.
func (r *mappedRun) record(made mapping.Made, row *mapping.Node) error {
	if made.Item == nil {
		return r.p.attempt(func() { r.failAll(row, made.Errs) })
	}
	n := r.node(made.Item)
	if r.p.made = made.Item; !made.IsPlaced {
		n.line, n.col = row.Line, row.Col
	}
	err := r.p.attempt(func() {
		r.failAll(row, made.Errs)
		switch made.Section {
		case mapping.Fact:
			r.p.fact(n)
		case mapping.Source:
			r.p.document(n, false)
		case mapping.Mention:
			r.p.mention(n, false)
		case mapping.AnyMention:
			r.p.mention(n, true)
		default:
			r.entity(n)
		}
	})
	if err == nil {
		return nil
	}
	return err
}

// entity declares an entity. One that the text has declared already with the same
// words, and that makes no facts, is not declared again.
func (r *mappedRun) entity(n *node) {
	isPlain := !slices.ContainsFunc(n.keys, func(k text) bool { return entityFields[k.value] == nil || k.value == "posts" })
	isPlain = isPlain && !r.p.item.failed()
	if content := n.content(); isPlain && r.seen[content] {
		return
	} else if isPlain {
		r.seen[content] = true
	}
	r.p.entity(n, "")
}

// content returns all keys and texts of a node, for comparing.
func (n *node) content() string {
	var out strings.Builder
	n.appendContent(&out)
	return out.String()
}

func (n *node) appendContent(out *strings.Builder) {
	out.WriteString(n.value)
	out.WriteByte(0)
	for i, item := range n.items {
		if n.kind == mapNode {
			out.WriteString(n.keys[i].value)
			out.WriteByte(1)
		}
		item.appendContent(out)
	}
	out.WriteByte(2)
}

// node turns what a mapping has made into a node. It notes the field from which each
// text came, for error messages.
func (r *mappedRun) node(i *mapping.Item) *node {
	nodes := &r.p.nodes
	n := nodes.add()
	n.line, n.col = i.Line, i.Col
	begin := nodes.begin()
	switch i.Kind {
	case mapping.Text:
		n.kind, n.value = textNode, i.Text
		if i.Field != "" && !strings.Contains(i.Field, "#") { // such a field has the place of its row
			r.fields.add(i.Line, i.Col, i.Field)
		}
	case mapping.List:
		n.kind = listNode
		for _, item := range i.Items {
			nodes.push(r.node(item))
		}
		n.items = nodes.pushed(begin)
	case mapping.Map:
		n.kind = mapNode
		for k, item := range i.Items {
			nodes.pushKey(text{i.Keys[k], item.Line, item.Col}, r.entry(i.Keys[k], item))
		}
		n.keys, n.items = nodes.pushedKeys(begin)
	}
	return n
}

// entry turns the value of a key into a node. The description of a source gets a
// value that is the same for equal sources, so that each is read once.
func (r *mappedRun) entry(key string, i *mapping.Item) *node {
	n := r.node(i)
	if key == "source" && n.kind == mapNode && len(n.keys) > 0 {
		citeURL(n)
		n.value = n.content()
	}
	return n
}
