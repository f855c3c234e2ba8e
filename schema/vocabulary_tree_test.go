package schema

import (
	"flag"
	"os"
	"reflect"
	"testing"

	"gopkg.in/yaml.v3"
)

var write = flag.Bool("write", false, "write vocabulary.tree")

// TestTreeOfVocabulary compares vocabulary.tree with vocabulary.yaml. With -write, it
// writes vocabulary.tree.
func TestTreeOfVocabulary(t *testing.T) {
	tree, err := writeTree(defaultVocabulary)
	if err != nil {
		t.Fatal(err)
	}
	if *write {
		if err := os.WriteFile("vocabulary.tree", tree, 0o666); err != nil {
			t.Fatal(err)
		}
		defaultTree = tree
	}
	got, err := readTree(defaultTree, defaultVocabulary)
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(defaultVocabulary, &doc); err != nil {
		t.Fatal(err)
	}
	if want := values(doc.Content[0]); !reflect.DeepEqual(values(got), want) {
		t.Errorf("the tree has other values than the YAML: %.300v", values(got))
	}
	if v, err := ParseVocabulary("vocabulary.yaml", defaultVocabulary); err != nil || v.Hash() != vocabularyOfTree(t).Hash() {
		t.Errorf("the vocabulary of the tree differs from the YAML: %v", err)
	}
}

func vocabularyOfTree(t *testing.T) *Vocabulary {
	t.Helper()
	root, err := readTree(defaultTree, defaultVocabulary)
	if err != nil {
		t.Fatal(err)
	}
	v, err := parseTree(newVocabularyParser("vocabulary.tree", &Vocabulary{}, false), root, defaultVocabulary)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// values is a node without its position and style.
func values(n *yaml.Node) any {
	if n.Kind == yaml.ScalarNode {
		return [2]any{n.Value, n.Tag == "!!null"}
	}
	list := []any{n.Kind}
	for _, child := range n.Content {
		list = append(list, values(child))
	}
	return list
}

// TestTreesOfOtherFiles: a tree of another file, or a damaged one, is an error.
func TestTreesOfOtherFiles(t *testing.T) {
	source := []byte("a: [b, {c: d}, ~]\n")
	tree, err := writeTree(source)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readTree(tree, source); err != nil {
		t.Error(err)
	}
	if _, err := readTree(tree, []byte("a: [b, {c: e}, ~]\n")); err == nil {
		t.Error("a tree of another file is read")
	}
	for cut := range len(tree) - 1 {
		if _, err := readTree(tree[:cut], source); err == nil {
			t.Errorf("the first %d bytes of %q are read", cut, tree)
		}
	}
	if _, err := writeTree([]byte("a: &x b\nc: *x\n")); err == nil {
		t.Error("an alias has a tree")
	}
}

func BenchmarkDefaultVocabulary(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseDefault(); err != nil {
			b.Fatal(err)
		}
	}
}
