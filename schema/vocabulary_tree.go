package schema

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for vocabulary.tree
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// defaultTree has the nodes of vocabulary.yaml in the order of the file, a line each,
// after the hash of that file. Programs start sooner with it, since parsing YAML takes
// longer than all else that a short command does.
//
//go:generate go test -run ^TestTreeOfVocabulary$ . -write
//go:embed vocabulary.tree
var defaultTree []byte

// The first character of the line of a node. The number of nodes in a list or mapping
// follows, or the text of a scalar.
const (
	treeMapping  = '{'
	treeSequence = '['
	treeText     = '='
	treeNull     = '~'
)

// writeTree returns the nodes of a YAML file for readTree.
func writeTree(source []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(source, &doc); err != nil {
		return nil, err
	}
	return appendTree(fmt.Appendf(nil, "%x\n", sha256.Sum256(source)), doc.Content[0])
}

func appendTree(b []byte, n *yaml.Node) (_ []byte, err error) {
	switch {
	case n.Kind == yaml.MappingNode:
		b = fmt.Appendf(b, "%c%d\n", treeMapping, len(n.Content))
	case n.Kind == yaml.SequenceNode:
		b = fmt.Appendf(b, "%c%d\n", treeSequence, len(n.Content))
	case n.Kind != yaml.ScalarNode || strings.Contains(n.Value, "\n"):
		return nil, fmt.Errorf("line %d: an alias, or a text of several lines", n.Line)
	case n.Tag == "!!null":
		b = fmt.Appendf(b, "%c\n", treeNull)
	default:
		b = fmt.Appendf(b, "%c%s\n", treeText, n.Value)
	}
	for _, child := range n.Content {
		if b, err = appendTree(b, child); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// errTree says that a tree was not made from the YAML file beside it.
var errTree = errors.New("not the tree of the file: run go generate ./schema")

// readTree returns the root of the YAML file from which writeTree made a tree. Its nodes
// have no positions.
func readTree(tree, source []byte) (*yaml.Node, error) {
	hash, nodes, _ := strings.Cut(string(tree), "\n")
	if hash != fmt.Sprintf("%x", sha256.Sum256(source)) {
		return nil, errTree
	}
	lines := bytes.Count(tree, []byte("\n"))
	r := treeReader{rest: nodes, content: make([]*yaml.Node, 0, lines), keys: map[string]*yaml.Node{}}
	return r.read()
}

// treeReader reads nodes into memory that is allocated for many of them at once.
type treeReader struct {
	rest    string
	nodes   []yaml.Node
	content []*yaml.Node
	keys    map[string]*yaml.Node // by their lines
}

func (r *treeReader) read() (*yaml.Node, error) {
	line, rest, ok := strings.Cut(r.rest, "\n")
	if !ok || line == "" {
		return nil, errTree
	}
	if len(r.nodes) == cap(r.nodes) {
		r.nodes = make([]yaml.Node, 0, 256)
	}
	r.rest = rest
	r.nodes = append(r.nodes, yaml.Node{Kind: yaml.ScalarNode, Value: line[1:]})
	n := &r.nodes[len(r.nodes)-1]
	switch line[0] {
	case treeMapping:
		n.Kind = yaml.MappingNode
	case treeSequence:
		n.Kind = yaml.SequenceNode
	case treeNull:
		n.Tag = "!!null"
		return n, nil
	default:
		return n, nil
	}
	return n, r.readContent(n)
}

// readContent reads the nodes of a list or mapping.
func (r *treeReader) readContent(n *yaml.Node) error {
	count, err := strconv.Atoi(n.Value)
	if err != nil || count > cap(r.content)-len(r.content) {
		return errTree
	}
	n.Value = ""
	begin := len(r.content)
	r.content = r.content[:begin+count]
	n.Content = r.content[begin:len(r.content):len(r.content)]
	for i := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			n.Content[i], err = r.readKey()
		} else {
			n.Content[i], err = r.read()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readKey reads a key of a mapping. Equal keys are one node, which needs less memory.
func (r *treeReader) readKey() (n *yaml.Node, err error) {
	line, rest, _ := strings.Cut(r.rest, "\n")
	if n, ok := r.keys[line]; ok {
		r.rest = rest
		return n, nil
	}
	if n, err = r.read(); err == nil && n.Kind == yaml.ScalarNode {
		r.keys[line] = n
	}
	return n, err
}
