package schema

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// VerbsError is an error in a file of verbs, with its position.
type VerbsError struct {
	Pos Position
	Err error
}

func (e *VerbsError) Error() string { return fmt.Sprintf("%v: %v", e.Pos, e.Err) }

// Unwrap returns the error without the position.
func (e *VerbsError) Unwrap() error { return e.Err }

// VerbsPart is what one file of a dataset says about verbs: a mapping with some of the
// keys of a file of verbs ([VerbsKeys]).
type VerbsPart struct {
	File string
	Root *yaml.Node
}

// VerbsKeys lists the keys of a file of verbs. A dataset may have the same keys.
func VerbsKeys() []string { return []string{"sets", "roles", "verbs", "widest", "codes"} }

// ExtendByDataset is [Vocabulary.Extend] by the verbs that the files of a dataset define.
// The order of the files, and of their entries, has no part in the result. The text among
// [Vocabulary.Extensions] has the same entries in one order, without comments, and names
// the dataset: see [VerbsOwner]. An error in a file is a [*VerbsError].
func ExtendByDataset(v *Vocabulary, dataset string, parts []VerbsPart) (*Vocabulary, error) {
	own := ownVerbs{files: make(map[*yaml.Node]string)}
	for _, part := range parts {
		own.note(part.Root, part.File)
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range VerbsKeys() {
		if keyNode, value := own.merged(parts, key); value != nil {
			root.Content = append(root.Content, keyNode, value)
		}
	}
	if len(root.Content) == 0 {
		return v, nil
	}
	text, err := ownText(dataset, root)
	if err != nil {
		return nil, err
	}
	p := newVocabularyParser(parts[0].File, v, false)
	p.files, p.dataset = own.files, dataset
	return parseTree(p, root, text)
}

// ownMark begins the text of the own verbs of a dataset, before its name.
const ownMark = "# The verbs of the dataset "

// VerbsOwner returns the name of the dataset whose own verbs a text of
// [Vocabulary.Extensions] has; empty for other files of verbs.
func VerbsOwner(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	name, _ := strings.CutPrefix(first, ownMark)
	if name == first {
		return ""
	}
	return name
}

// ownKey returns the word that the own verbs of a dataset define.
func ownKey(dataset string) string { return "@" + dataset }

// ownText returns the entries of a dataset as a file of verbs.
func ownText(dataset string, root *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintln(&b, ownMark+dataset)
	w := yaml.NewEncoder(&b)
	w.SetIndent(2)
	if err := w.Encode(canonicalEntries(root)); err != nil {
		return nil, err
	}
	if b.Len() > maxVocabulary {
		return nil, fmt.Errorf("%w: %d bytes of verbs, more than %d", ErrVocabulary, b.Len(), maxVocabulary)
	}
	return b.Bytes(), nil
}

// canonicalEntries returns a tree without positions and styles, and with the keys of
// mappings sorted below the first level.
func canonicalEntries(root *yaml.Node) *yaml.Node {
	c := plainCopy(root)
	for i := 1; i < len(c.Content); i += 2 {
		sortKeys(c.Content[i])
	}
	return c
}

// plainCopy copies the kinds, tags and values of nodes.
func plainCopy(n *yaml.Node) *yaml.Node {
	c := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value}
	for _, child := range n.Content {
		c.Content = append(c.Content, plainCopy(child))
	}
	return c
}

// sortKeys sorts the keys of all mappings.
func sortKeys(n *yaml.Node) {
	if n.Kind == yaml.MappingNode {
		sortPairs(n)
	}
	for _, child := range n.Content {
		sortKeys(child)
	}
}

// sortPairs sorts the pairs of a mapping by their keys.
func sortPairs(n *yaml.Node) {
	pairs := slices.Collect(slices.Chunk(n.Content, 2))
	slices.SortStableFunc(pairs, func(a, b []*yaml.Node) int { return strings.Compare(a[0].Value, b[0].Value) })
	n.Content = slices.Concat(pairs...)
}

// ownVerbs are the nodes of the files of a dataset.
type ownVerbs struct {
	files map[*yaml.Node]string
}

// note records the file of a node and of all nodes below it.
func (o *ownVerbs) note(n *yaml.Node, file string) {
	o.files[n] = file
	for _, child := range n.Content {
		o.note(child, file)
	}
}

// merged returns the values of a key in all files as one value, in one order. A value of
// the wrong kind is returned alone, for its error.
func (o *ownVerbs) merged(parts []VerbsPart, key string) (keyNode, value *yaml.Node) {
	kind := yaml.MappingNode
	if key == "roles" || key == "verbs" {
		kind = yaml.SequenceNode
	}
	for _, part := range parts {
		for i := 0; i+1 < len(part.Root.Content); i += 2 {
			name, v := part.Root.Content[i], part.Root.Content[i+1]
			switch {
			case name.Value != key || v.Tag == "!!null":
				continue
			case v.Kind != kind:
				return name, v
			case value == nil:
				keyNode, value = name, &yaml.Node{Kind: kind, Line: v.Line, Column: v.Column}
				o.files[value] = part.File
			}
			value.Content = append(value.Content, v.Content...)
		}
	}
	switch {
	case value == nil:
	case kind == yaml.SequenceNode:
		sortEntries(value)
	case key == "codes":
		o.mergeSystems(value)
	default:
		sortPairs(value)
	}
	return keyNode, value
}

// sortEntries sorts verbs and roles by what they define or widen, and removes repeated
// entries.
func sortEntries(list *yaml.Node) {
	slices.SortStableFunc(list.Content, func(a, b *yaml.Node) int {
		return cmp.Or(strings.Compare(entryID(a), entryID(b)), strings.Compare(entryText(a), entryText(b)))
	})
	list.Content = slices.CompactFunc(list.Content, func(a, b *yaml.Node) bool { return entryText(a) == entryText(b) })
}

// entryID returns the id of a verb or role, or the verb that an entry widens.
func entryID(n *yaml.Node) string {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if key := n.Content[i].Value; key == "id" || key == "widens" {
			return n.Content[i+1].Value
		}
	}
	return ""
}

// entryText returns the text of an entry in one order of keys.
func entryText(n *yaml.Node) string {
	c := plainCopy(n)
	sortKeys(c)
	text, err := yaml.Marshal(c)
	if err != nil {
		return ""
	}
	return string(text)
}

// mergeSystems joins the codes of each system, and sorts both.
func (o *ownVerbs) mergeSystems(n *yaml.Node) {
	sortPairs(n)
	var all []*yaml.Node
	for pair := range slices.Chunk(n.Content, 2) {
		name, codes := pair[0], pair[1]
		if last := len(all) - 1; last > 0 && all[last-1].Value == name.Value && all[last].Kind == yaml.MappingNode && codes.Kind == yaml.MappingNode {
			all[last].Content = append(all[last].Content, codes.Content...)
			continue
		}
		if codes.Kind == yaml.MappingNode {
			merged := &yaml.Node{Kind: codes.Kind, Line: codes.Line, Column: codes.Column, Content: slices.Clone(codes.Content)}
			o.files[merged] = o.files[codes]
			codes = merged
		}
		all = append(all, name, codes)
	}
	n.Content = all
	for i := 1; i < len(all); i += 2 {
		if all[i].Kind == yaml.MappingNode {
			sortPairs(all[i])
		}
	}
}

// definer says in which other file, or where in the same dataset, a word is defined.
func definer(p *vocabularyParser, word string) string {
	for _, s := range slices.Concat(p.addedVerbs, p.widened) {
		if p.files != nil && string(s.verb.ID) == word {
			n := firstNode(s.at.of("id"), s.at.of("widens"), s.node)
			return fmt.Sprintf(" at %v", Position{cmp.Or(p.files[n], p.name), n.Line, n.Column})
		}
	}
	for _, e := range p.before.extensions {
		if !e.adds[word] {
			continue
		}
		if owner := VerbsOwner(e.text); owner != "" && owner != p.dataset {
			return " in the dataset " + owner
		}
		return " in " + e.name
	}
	return ""
}
