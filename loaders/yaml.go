package loaders

import (
	"context"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
	"gopkg.in/yaml.v3"
)

// YAML reads files written by hand: one mapping in each file.
type YAML struct{ Options *Options }

// Load implements [Loader].
func (l YAML) Load(ctx context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return load(ctx, l, l.Options, name, r)
}

var yamlKey = pattern.New(`(?m)^(---|[a-z]+:(\s|$))`)

func looksYAML(head []byte) bool { return yamlKey().Match(head) }

func (YAML) parse(_ context.Context, p *parser) error {
	root, err := parseYAML(p.source)
	if err != nil {
		return err
	}
	return p.dataset(root)
}

// Limits of the values that aliases repeat: nodes, and bytes of their texts.
const (
	maxAliased  = 100_000
	maxRepeated = 16 << 20
)

func parseYAML(s *source) (root *node, err error) {
	if len(s.text) > maxTree {
		return nil, faultf(schema.TooLarge, "%s: a YAML file of %d bytes, more than %d, that cannot be read item by item: use JSON lines", s.path, len(s.text), maxTree)
	}
	doc, err := decodeYAML(s)
	if err != nil {
		return nil, err
	}
	t := yamlTree{source: s}
	root = t.node(doc, 0)
	if t.err != nil {
		return nil, t.err
	}
	if root.kind == nullNode {
		return nil, faultf(schema.UnreadableFile, "%s: is empty", s.path)
	}
	return root, nil
}

// decodeYAML decodes a text of one document.
func decodeYAML(s *source) (doc *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			doc, err = nil, faultf(schema.BadSyntax, "%s: not readable as YAML: %v", s.path, p)
		}
	}()
	dec := yaml.NewDecoder(strings.NewReader(s.text))
	var more yaml.Node
	doc = &yaml.Node{}
	if err := dec.Decode(doc); errors.Is(err, io.EOF) {
		return nil, faultf(schema.UnreadableFile, "%s: is empty", s.path)
	} else if err != nil {
		return nil, yamlError(s, err)
	}
	if err := dec.Decode(&more); err == nil {
		pos := schema.Position{File: s.path, Line: s.lineOf(more.Line), Col: more.Column}
		return nil, &positionedError{pos, faultf(schema.BadSyntax, "a second YAML document: want one in each file")}
	} else if !errors.Is(err, io.EOF) {
		return nil, yamlError(s, err)
	}
	return doc, nil
}

// lineOf returns the line of the file for a line of the text.
func (s *source) lineOf(inText int) int { return s.firstLine + inText - 1 }

var errDeep = faultf(schema.TooLarge, "nested deeper than %d levels", maxDepth)

var yamlLine = pattern.New(`^yaml: (?:line (\d+): )?`)

// yamlError gives an error of the YAML parser its position. The parser only names
// the line where the enclosing block begins.
func yamlError(s *source, err error) error {
	message := err.Error()
	m := yamlLine().FindStringSubmatch(message)
	if m == nil {
		return faultf(schema.BadSyntax, "%s: %w", s.path, err)
	}
	pos := schema.Position{File: s.path}
	if line, _ := strconv.Atoi(m[1]); line > 0 {
		pos.Line = s.lineOf(line)
	}
	if len(s.text) <= maxRetried {
		pos.Line = firstBadLine(s)
	}
	what := strings.TrimPrefix(message, m[0])
	hinted := func(err error, line string) error {
		if hint := yamlHint(line, what); hint != "" {
			return withHint(err, hint)
		}
		return err
	}
	if line := strings.TrimSpace(s.lineText(pos.Line)); pos.Line > 0 && line != "" {
		pos.Col = likelyColumn(s.lineText(pos.Line), what)
		return &positionedError{pos, hinted(faultf(schema.BadSyntax, "not YAML: %s: %q", what, shorten(line)), s.lineText(pos.Line))}
	}
	return &positionedError{pos, faultf(schema.BadSyntax, "not YAML: %s", what)}
}

// yamlHint says what is often wrong in a line that is not YAML.
func yamlHint(line, what string) string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	switch _, value, _ := strings.Cut(strings.TrimSpace(line), ": "); {
	case strings.Contains(indent, "\t"):
		return "YAML is indented by spaces, not by tabs"
	case strings.Contains(value, ": ") && strings.Contains(what, "mapping values"):
		return "put a text with a colon in quotes"
	case strings.Contains(what, "cannot start any token"):
		return "put a text that begins with @, ` or % in quotes"
	case strings.Contains(what, "unknown anchor"), strings.Contains(what, "alphabetic or numeric"):
		return "put a text that begins with * or & in quotes"
	}
	return ""
}

// likelyColumn guesses the column of an error in its line: a tab, a bracket or
// quote that is not closed, or else the first character.
func likelyColumn(line, what string) int {
	at := len(line) - len(strings.TrimLeft(line, " "))
	if tab := strings.IndexByte(line, '\t'); tab >= 0 {
		at = tab
	} else if open := strings.LastIndexAny(line, "[{\"'"); open >= 0 && (strings.Contains(what, "end of stream") || strings.Contains(what, "expected ','")) {
		at = open
	}
	return 1 + utf8.RuneCountInString(line[:at])
}

// Limits of the search for a bad line, which parses the file again.
const (
	maxRetried = 256 << 10 // bytes of the file
	maxRetries = 80
)

// firstBadLine returns the line after the longest prefix of the file that is
// valid YAML. Inside a flow collection or a quoted text of several lines a prefix
// is never valid, so that the search also tries some lines further on.
func firstBadLine(s *source) int {
	s.lineStart(s.firstLine)
	tries := 0
	parses := func(lines int) bool {
		tries++
		return tries <= maxRetries && isYAML(s.text[:s.lineStart(s.lineOf(lines+1))])
	}
	good, bad := 0, len(s.lineStarts)
	for bad-good > 1 {
		middle := (good + bad) / 2
		if !parses(middle) {
			bad = middle
		} else {
			good = middle
		}
		for next := bad + 1; bad == good+1 && next < min(bad+20, len(s.lineStarts)); next++ {
			if parses(next) {
				good, bad = next, len(s.lineStarts)
			}
		}
	}
	return s.lineOf(good + 1)
}

func isYAML(data string) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	var n yaml.Node
	err := yaml.NewDecoder(strings.NewReader(data)).Decode(&n)
	return err == nil || errors.Is(err, io.EOF)
}

// yamlTree converts a YAML tree to nodes.
type yamlTree struct {
	source   *source
	aliases  []*yaml.Node // the aliases being expanded
	aliased  int          // how many nodes were reached through aliases
	repeated int          // how many bytes their texts have
	err      error
}

func (t *yamlTree) fail(n *yaml.Node, err error) *node {
	if t.err == nil {
		t.err = &positionedError{schema.Position{File: t.source.path, Line: t.source.lineOf(n.Line), Col: n.Column}, err}
	}
	return &node{}
}

// place returns where a node begins.
func (t *yamlTree) place(n *yaml.Node) text {
	return text{line: int32(t.source.lineOf(n.Line)), col: int32(n.Column)}
}

func (t *yamlTree) node(n *yaml.Node, depth int) *node {
	if t.err != nil {
		return &node{}
	}
	if depth > maxDepth {
		return t.fail(n, errDeep)
	}
	if len(t.aliases) > 0 {
		t.aliased, t.repeated = t.aliased+1, t.repeated+len(n.Value)
		if t.aliased > maxAliased {
			return t.fail(n, faultf(schema.TooLarge, "aliases repeat more than %d values", maxAliased))
		}
		if t.repeated > maxRepeated {
			return t.fail(n, faultf(schema.TooLarge, "aliases repeat more than %d bytes of text", maxRepeated))
		}
	}
	if n.Style&yaml.TaggedStyle != 0 && n.Kind != yaml.DocumentNode {
		return t.fail(n, faultf(schema.BadSyntax, "tags are not supported: %q", n.Tag))
	}
	out := &node{text: t.place(n)}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 1 {
			return t.node(n.Content[0], depth)
		}
	case yaml.AliasNode:
		return t.alias(n, depth)
	case yaml.SequenceNode:
		out.kind = listNode
		for _, item := range n.Content {
			out.items = append(out.items, t.node(item, depth+1))
		}
	case yaml.MappingNode:
		t.mapping(n, out, depth)
	case yaml.ScalarNode:
		out.kind, out.value = scalarKind(n), n.Value
	}
	return out
}

func (t *yamlTree) alias(n *yaml.Node, depth int) *node {
	for _, a := range t.aliases {
		if a == n.Alias {
			return t.fail(n, faultf(schema.BadSyntax, "an alias inside of its own anchor: %q", "*"+n.Value))
		}
	}
	t.aliases = append(t.aliases, n.Alias)
	out := t.node(n.Alias, depth+1)
	t.aliases = t.aliases[:len(t.aliases)-1]
	return out
}

func (t *yamlTree) mapping(n *yaml.Node, out *node, depth int) {
	out.kind = mapNode
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind == yaml.AliasNode && key.Alias != nil {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			t.fail(n.Content[i], faultf(schema.BadSyntax, "a key that is not text"))
			return
		}
		if key.Tag == "!!merge" {
			t.fail(key, faultOf(schema.BadSyntax, withHint(errors.New(`merge keys are not supported: "<<"`), "use defaults:")))
			return
		}
		name := t.place(key)
		name.value = key.Value
		out.keys = append(out.keys, name)
		out.items = append(out.items, t.node(n.Content[i+1], depth+1))
	}
}

func scalarKind(n *yaml.Node) nodeKind {
	switch n.Tag {
	case "!!null":
		return nullNode
	case "!!int", "!!float":
		return numberNode
	case "!!bool":
		return boolNode
	}
	return textNode
}

// DecodeYAML parses a text of one YAML document from a file with a name. Its errors equal
// the errors of [Open] and [Input.Records] for the same text, with their positions.
func DecodeYAML(name, text string) (*yaml.Node, error) {
	doc, err := decodeYAML(&source{file: &file{path: name, runeColumns: true}, text: text, firstLine: 1})
	if err != nil {
		return nil, inputError{err}
	}
	return doc, nil
}
