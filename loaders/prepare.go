package loaders

import (
	"cmp"
	"errors"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

// Source describes the input for the graph that loads it.
func (in *Input) Source() schema.Source {
	path := in.Path
	if in.isStream {
		path = StreamOrigin
	}
	parts, follows := partsOf(in)
	return schema.Source{
		Dataset: in.Dataset, Parts: parts, Follows: follows, Path: path, SHA256: in.SHA256, About: in.About,
		Names: cmp.Or(in.names, in.opts.Known.Digest()), Vocabulary: in.opts.Vocabulary, SourceKeys: in.sourceKeys,
		IsShared: in.isShared, Settings: strings.TrimSpace(string(in.opts.Dates) + " " + string(in.opts.Encoding) + " " + in.opts.Contexts.Digest()),
		IsText: !slices.ContainsFunc(in.files, func(f *file) bool { return f.loader != NQuads{} }),
	}
}

// Prepare is called by a graph before it loads the input. It sets the vocabulary
// with which the input is read, and adds entities to which names in the input may
// refer. If [Options] has a vocabulary, the input is read with the verbs of both.
// Known may be nil.
func (in *Input) Prepare(v *schema.Vocabulary, known iter.Seq2[schema.Entity, error]) error {
	if in.given != nil {
		var err error
		if v, err = schema.WithExtensions(in.given, v); err != nil {
			return err
		}
	}
	in.extend(v)
	if known == nil {
		return nil
	}
	if in.opts.Known == nil {
		in.opts.Known = NewNames()
	}
	for e, err := range known {
		if err != nil {
			return err
		}
		in.opts.Known.Add(e)
	}
	in.names = ""
	return nil
}

// PrepareSources is called by a graph after [Input.Prepare]. It adds documents that the
// input may cite by keys of other datasets.
func (in *Input) PrepareSources(keys iter.Seq2[string, schema.ID]) {
	if in.opts.Known == nil {
		in.opts.Known = NewNames()
	}
	for key, id := range keys {
		in.opts.Known.AddSource(key, id)
	}
	in.names = ""
}

// MappingOf returns the mapping that reads a file of the input; nil for none. The path is
// as in [Input.Files].
func (in *Input) MappingOf(path string) *mapping.Mapping {
	for _, f := range in.files {
		if f.path == path {
			return f.mapping()
		}
	}
	return in.opts.Mapping
}

// IsUTF8 reports whether a file of the input is UTF-8. The path is as in [Input.Files].
func (in *Input) IsUTF8(path string) bool {
	return slices.ContainsFunc(in.files, func(f *file) bool { return f.path == path && f.encoding == charset.UTF8 })
}

// FileOf returns the name of the format of a file of the input, such as CSV, and a
// function that opens its unpacked text as UTF-8. The path is as in [Input.Files].
func (in *Input) FileOf(path string) (format string, open func() (io.ReadCloser, error), ok bool) {
	for _, f := range in.files {
		if f.path != path {
			continue
		}
		l := unmapped(f.loader)
		if l == (xmlFile{}) {
			return "XML", f.open, true
		}
		for _, known := range formats() {
			if known.loader == l {
				return known.name, f.open, true
			}
		}
	}
	return "", nil, false
}

// findByKnownKey returns the source of another input with a key; empty if there is none.
func (t *documentTable) findByKnownKey(key string) (schema.ID, error) {
	switch ids := t.names.scope.known.sources[key]; len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], nil
	default:
		return "", t.names.ambiguous(key, ids)
	}
}

// identifyByKnownKey searches for a source of another input with the key.
func (t *documentTable) identifyByKnownKey(d *documentOccurrence) {
	id, err := t.findByKnownKey(d.document.Label)
	if d.err = err; id != "" {
		d.document.ID, d.isElsewhere = id, true
	}
}

// sourceKeys returns the keys by which the input cites sources that it declares, each of
// one source.
func (t *documentTable) sourceKeys() map[string]schema.ID {
	keys := make(map[string]schema.ID)
	for key, numbers := range t.drafts.sources.all {
		if len(numbers) != 1 {
			continue
		}
		if c := t.citation(numbers[0]); c.id != "" && c.err == nil && !c.isElsewhere {
			keys[key] = c.id
		}
	}
	return keys
}

// extend sets the vocabulary for reading the input: the given one with the own verbs of
// the dataset. If these have an error, [Input.Records] returns it.
func (in *Input) extend(v *schema.Vocabulary) {
	in.opts.Vocabulary, in.verbsError = v, nil
	if len(in.verbs) == 0 {
		return
	}
	wider, err := schema.ExtendByDataset(v, in.Dataset, in.verbs)
	if at := (*schema.VerbsError)(nil); errors.As(err, &at) {
		fault := faultOf(schema.BadVerbs, withHint(at.Err, schema.Hint(err)))
		in.verbsError = &positionedError{at.Pos, fault}
	} else if err != nil {
		in.verbsError = faultOf(schema.BadVerbs, err)
	} else {
		in.opts.Vocabulary = wider
	}
}

// ownWords returns the ids of the verbs and roles that the files of the dataset define.
func (in *Input) ownWords() map[string]bool {
	words := make(map[string]bool)
	var collect func(n *yaml.Node)
	collect = func(n *yaml.Node) {
		for i, child := range n.Content {
			if i > 0 && n.Kind == yaml.MappingNode && n.Content[i-1].Value == "id" {
				words[child.Value] = true
			}
			collect(child)
		}
	}
	for _, part := range in.verbs {
		collect(part.Root)
	}
	return words
}

// withVerbsError joins the error of a dataset's own verbs with another error of its files,
// unless that is an unknown column that is among some words.
func withVerbsError(err, other error, words map[string]bool) error {
	follows := func(p *RowError) bool { return p.Kind == schema.UnknownColumn && words[p.Value] }
	if other == nil || other == err || !slices.ContainsFunc(Problems(other), func(p *RowError) bool { return !follows(p) }) {
		return err
	}
	return fileErrors{err, other}
}

// isVerbsKey reports whether a key of a dataset is a key of a file of verbs.
func isVerbsKey(name string) bool { return slices.Contains(schema.VerbsKeys(), name) }

// readVerbs reads what a file says about verbs, if it has a key of a file of verbs. It
// leaves errors of syntax to [Input.Records].
func (in *Input) readVerbs(f *file) error {
	if !f.isMapping() || !f.mayHaveVerbs {
		return nil
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	add := func(s *source, key text, value *node) {
		if isVerbsKey(key.value) {
			root.Content = append(root.Content, yamlNode(s, &node{kind: textNode, text: key}), yamlNode(s, value))
		}
	}
	err := f.eachEntry(add)
	if at := (*positionedError)(nil); err != nil && !errors.As(err, &at) && schema.ProblemKindOf(err) == schema.OtherProblem {
		return err
	}
	if len(root.Content) > 0 {
		in.verbs = append(in.verbs, schema.VerbsPart{File: f.path, Root: root})
	}
	return nil
}

// eachEntry passes the key and the value of each entry of a mapping to a function. The
// value of a list of entities, sources or facts may be empty.
func (f *file) eachEntry(add func(s *source, key text, value *node)) error {
	entries, _, err := f.outline(f.outliner(blockSize))
	for _, e := range entries {
		if !isVerbsKey(e.name) {
			continue
		}
		key, value, wrong := e.parse()
		if wrong != nil {
			err = errUndivided
			break
		}
		add(e.source, key, value)
	}
	if err != errUndivided {
		return err
	}
	s, err := f.whole()
	if err != nil {
		return err
	}
	root, err := s.mapping()
	if err != nil {
		return err
	}
	for i, key := range root.keys {
		add(s, key, root.items[i])
	}
	return nil
}

// mapping parses a file of one mapping.
func (s *source) mapping() (*node, error) {
	if s.loader == (YAML{}) {
		return parseYAML(s)
	}
	return newJSONParser(s, s.text, 1).single()
}

// yamlNode converts a node and its positions. It leaves out notes: keys that begin with
// an underscore.
func yamlNode(s *source, n *node) *yaml.Node {
	pos := s.position(n.text)
	out := &yaml.Node{Line: pos.Line, Column: pos.Col, Value: n.value}
	switch n.kind {
	case mapNode:
		out.Kind = yaml.MappingNode
	case listNode:
		out.Kind = yaml.SequenceNode
	case nullNode:
		out.Kind, out.Tag = yaml.ScalarNode, "!!null"
	default:
		out.Kind, out.Tag = yaml.ScalarNode, "!!str"
	}
	for i, item := range n.items {
		if n.kind == mapNode {
			if strings.HasPrefix(n.keys[i].value, "_") {
				continue
			}
			out.Content = append(out.Content, yamlNode(s, &node{kind: textNode, text: n.keys[i]}))
		}
		out.Content = append(out.Content, yamlNode(s, item))
	}
	return out
}

// datasetName returns the base name without extension. Characters that an id
// cannot contain become hyphens.
func datasetName(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		abs = name
	}
	base := unpackedName(filepath.Base(abs))
	base = cmp.Or(strings.TrimSuffix(base, filepath.Ext(base)), base)
	base = strings.Map(func(r rune) rune {
		if schema.CheckID(schema.ID("doc:"+string(r))) != nil {
			return '-'
		}
		return r
	}, base)
	return cmp.Or(strings.Trim(base, "-"), "dataset")
}

func (o *Options) orDefault() *Options {
	if o == nil {
		o = &Options{}
	}
	c := *o
	if c.Vocabulary == nil {
		c.Vocabulary = schema.DefaultVocabulary()
	}
	return &c
}
