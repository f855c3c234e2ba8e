// Package format writes YAML datasets in a canonical form, with their comments, so
// that the changes of two people merge line by line.
//
// A text is parsed, then read a second time along the parsed tree for its comments,
// since the parser loses some of them and moves others. The keys and records are put
// in their order and written. The result is parsed and compared with the original
// before it is returned: its data and its comments are the same.
package format

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

// MaxSize is the largest size of a file, in bytes. Formatting needs some fifty times
// as much memory.
const MaxSize = 1 << 25

// ErrChanged means that the formatted text would not have the same data and comments:
// a defect of this package.
var ErrChanged = errors.New("formatting would change the data or the comments of this file: please report it")

// YAML returns a YAML file in canonical form. The name is the file's, for errors, which
// name the place. Files of verbs and mappings keep the order of their keys and
// items, since it has a meaning there.
//
// The result is UTF-8 without a byte order mark, with line feeds alone. Formatting it
// again changes nothing.
func YAML(name string, text []byte) ([]byte, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("%s: larger than %d bytes, which are not formatted", name, MaxSize)
	}
	source, err := normalize(name, string(text))
	if err != nil {
		return nil, err
	}
	out, before, err := formatted(name, source)
	if err != nil {
		return nil, err
	}
	doc, tree, err := parse(name, out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w (%w)", name, ErrChanged, err)
	}
	if after := contentOf(doc, tree, before.shape); after.data != before.data || !slices.Equal(after.comments, before.comments) {
		return nil, fmt.Errorf("%s: %w", name, ErrChanged)
	}
	return []byte(out), nil
}

// content is what formatting must not change.
type content struct {
	shape    *shape
	data     string
	comments []string // sorted
}

func contentOf(d *document, tree *yaml.Node, s *shape) content {
	return content{s, dataOf(tree, s, false), d.sortedComments()}
}

// formatted returns a text in canonical form, and the content of the original.
func formatted(name, source string) (out string, before content, err error) {
	doc, tree, err := parse(name, source)
	if err != nil {
		return "", content{}, err
	}
	s, err := shapeOf(name, doc)
	if err != nil {
		return "", content{}, err
	}
	before = contentOf(doc, tree, s)
	arrange(doc, s)
	return write(doc, s), before, nil
}

// normalize returns a text without a byte order mark, with line feeds as its only line
// breaks besides the line breaks of Unicode.
func normalize(name, text string) (string, error) {
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return "", fmt.Errorf("%s: is UTF-16: save it as UTF-8 to format it", name)
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if i := firstInvalid(text); i >= 0 {
		line := strings.Count(text[:i], "\n") + 1
		column := utf8.RuneCountInString(text[strings.LastIndexByte(text[:i], '\n')+1:i]) + 1
		return "", fmt.Errorf("%v: not UTF-8: byte 0x%02x", schema.Position{File: name, Line: line, Col: column}, text[i])
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n").Replace(text), nil
}

// firstInvalid returns the offset of the first byte that is not of a character, or -1.
func firstInvalid(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return i
		}
	}
	return -1
}

// parse returns a text as a document with comments, and as the YAML parser's tree.
func parse(name, text string) (*document, *yaml.Node, error) {
	tree, err := loaders.DecodeYAML(name, text)
	if err != nil {
		return nil, nil, err
	}
	d, err := read(name, text, tree)
	if err != nil {
		return nil, nil, err
	}
	return d, tree.Content[0], nil
}

// shapeOf returns the shape of a document: of a dataset, or of a file of verbs or a
// mapping, whose shape is free.
func shapeOf(name string, d *document) (*shape, error) {
	s := datasetShape()
	if isDataset(d.root, s) {
		return s, nil
	}
	known := append(otherKeys(), s.first...)
	if !slices.ContainsFunc(d.root.entries, func(e *entry) bool { return slices.Contains(known, e.name()) }) {
		return nil, fmt.Errorf("%s: not a dataset, a mapping or a file of verbs: it has none of their keys", name)
	}
	return free(), nil
}
