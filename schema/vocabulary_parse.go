package schema

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// ErrVocabulary is wrapped by the errors of vocabulary files.
var ErrVocabulary = errors.New("bad vocabulary")

// Limits of a vocabulary file: its bytes, the entries of a list and the bytes of
// a text.
const (
	maxVocabulary = 1 << 20
	maxEntries    = 10_000
	maxText       = 500
)

// ParseVocabulary parses a vocabulary file; the page "verbs" of the manual
// (cmd/entente/manual) documents the format. An unknown key, kind, role or verb
// is an error, and so is a phrase of two verbs, a YAML anchor or an alias. Errors
// contain the name and the position; [Hint] suggests a correction.
func ParseVocabulary(name string, data []byte) (*Vocabulary, error) {
	return (&Vocabulary{}).Extend(name, data)
}

// Extend returns a vocabulary with the sets, roles, verbs and codes of a file added. A
// definition may be repeated but not changed; a verb may be widened by kinds and
// phrases.
func (v *Vocabulary) Extend(name string, data []byte) (*Vocabulary, error) {
	return extend(v, name, data, false)
}

// ExtendStored is [Vocabulary.Extend] for a file that a graph keeps. Where the file
// and the vocabulary of this module differ about a verb or a phrase, the file
// counts: the module had no such verb when the facts of the graph were loaded.
func (v *Vocabulary) ExtendStored(name string, data []byte) (*Vocabulary, error) {
	return extend(v, name, data, true)
}

func extend(v *Vocabulary, name string, data []byte, isStored bool) (*Vocabulary, error) {
	p := newVocabularyParser(name, v, isStored)
	root, err := p.document(data)
	if err != nil {
		return nil, err
	}
	return parseTree(p, root, data)
}

func newVocabularyParser(name string, v *Vocabulary, isStored bool) *vocabularyParser {
	return &vocabularyParser{name: name, before: v, v: clone(v), isStored: isStored, file: extension{adds: map[string]bool{}, uses: map[string]bool{}}}
}

// parseTree adds the definitions of a file to the vocabulary of a parser. The nodes of the
// file are under root, and data is its text.
func parseTree(p *vocabularyParser, root *yaml.Node, data []byte) (*Vocabulary, error) {
	p.mapping(root, fields{"sets": p.sets, "roles": p.roles, "verbs": p.verbs, "widest": p.readWidest, "codes": p.readCodes})
	p.indexPhrases()
	p.defineEdges()
	p.checkReferences()
	p.checkWider()
	p.checkCodes()
	if p.err != nil {
		return nil, p.err
	}
	finish(p.v)
	if len(p.before.verbs) > 0 && !slices.Contains(p.before.Extensions(), string(data)) {
		p.file.name, p.file.text = p.name, string(data)
		if owner := VerbsOwner(p.file.text); owner != "" {
			p.file.adds[ownKey(owner)] = true
		}
		p.v.extensions = append(p.v.extensions, p.file)
	}
	return p.v, nil
}

// clone copies the definitions, without the values that finish computes, so that
// an extension never changes the vocabulary that it extends.
func clone(v *Vocabulary) *Vocabulary {
	c := &Vocabulary{
		verbs:      make(map[Verb]*Definition, len(v.verbs)),
		roles:      make(map[Role]*RoleDefinition, len(v.roles)),
		edges:      maps.Clone(v.edges),
		stated:     make(map[Verb]*Definition, len(v.stated)),
		sets:       make(map[string][]Kind, len(v.sets)),
		widest:     make(map[string][]Verb, len(v.widest)),
		codes:      v.codes,
		phrases:    phrasebook{byWord: make(map[string]Phrase, 1000)},
		yielded:    make(map[string]bool, len(v.yielded)),
		extensions: slices.Clone(v.extensions),
		base:       v.base,
	}
	if c.base == nil && len(v.verbs) > 0 {
		c.base = v
	}
	if c.edges == nil {
		c.edges = make(map[Verb]*EdgeDefinition)
	}
	maps.Copy(c.roles, v.roles)
	maps.Copy(c.stated, v.stated)
	maps.Copy(c.yielded, v.yielded)
	maps.Copy(c.sets, v.sets)
	maps.Copy(c.widest, v.widest)
	if c.codes == nil {
		c.codes = func() codeTable { return nil }
	}
	for id, d := range v.verbs {
		fresh := *d
		fresh.OpenedBy, fresh.ClosedBy = nil, nil
		c.verbs[id] = &fresh
	}
	return c
}

// vocabularyParser parses one file into v. After the first error it reads nothing
// more.
type vocabularyParser struct {
	name       string
	before, v  *Vocabulary
	addedVerbs []verbSource // the verbs of this file, in order
	isStored   bool         // a graph keeps the file: see ExtendStored
	widened    []verbSource // the verbs that this file widens
	addedEdges []edgeSource // the edges of the roles of this file
	addedCodes []codeSource // the codes of this file
	widestNode *yaml.Node   // the widest verbs of groups; nil for none
	file       extension
	dataset    string                // whose own verbs are parsed; empty for a file of verbs
	files      map[*yaml.Node]string // the files of nodes; nil if all are in the file with the name
	err        error
}

// verbSource is a verb and where the file defines it.
type verbSource struct {
	verb *Definition
	node *yaml.Node
	at   entries
}

func (p *vocabularyParser) document(data []byte) (*yaml.Node, error) {
	if len(data) > maxVocabulary {
		return nil, fmt.Errorf("%s: %w: %d bytes, more than %d", p.name, ErrVocabulary, len(data), maxVocabulary)
	}
	var doc, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", p.name, ErrVocabulary, yamlReason(err))
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w: more than one document", p.name, ErrVocabulary)
	}
	return doc.Content[0], nil
}

// yamlReason returns the reason of a YAML error on one line.
func yamlReason(err error) string {
	if errors.Is(err, io.EOF) {
		return "empty"
	}
	return shorten(strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " "))
}

// shorten limits a text of the file to maxText bytes for an error message.
func shorten(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "") + "..."
}

// fail sets the first error, with its position and the text at fault.
func (p *vocabularyParser) fail(n *yaml.Node, format string, args ...any) {
	if p.err == nil {
		err := fmt.Errorf("%w: %s", ErrVocabulary, shorten(fmt.Sprintf(format, args...)))
		p.err = &VerbsError{Position{cmp.Or(p.files[n], p.name), n.Line, n.Column}, err}
	}
}

// unknown sets the error of an unknown word, with the nearest known word as a
// hint.
func (p *vocabularyParser) unknown(n *yaml.Node, word string, known []string, format string, args ...any) {
	if p.err == nil {
		p.fail(n, format, args...)
		p.err = withNearest(p.err, word, known)
	}
}

// fields maps each key that a mapping may have to the function that reads its
// value.
type fields map[string]func(*yaml.Node)

func (p *vocabularyParser) mapping(n *yaml.Node, known fields) entries {
	if n.Kind != yaml.MappingNode {
		p.fail(n, "want keys and values, not %s", describeNode(n))
		return nil
	}
	for i := 0; i+1 < len(n.Content) && p.err == nil; i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := known[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode:
			p.fail(key, "want a key, not %s", describeNode(key))
		case !ok:
			p.unknown(key, key.Value, slices.Sorted(maps.Keys(known)), "unknown key %q", key.Value)
		case entries(n.Content[:i]).of(key.Value) != nil:
			p.fail(key, "key %q stands twice", key.Value)
		default:
			read(value)
		}
	}
	return n.Content
}

// entries are the keys of a mapping, each before its value.
type entries []*yaml.Node

// of returns the value of a key, or nil.
func (e entries) of(key string) *yaml.Node {
	for i := 0; i+1 < len(e); i += 2 {
		if e[i].Value == key {
			return e[i+1]
		}
	}
	return nil
}

func (p *vocabularyParser) list(n *yaml.Node) []*yaml.Node {
	switch {
	case n.Kind != yaml.SequenceNode:
		p.fail(n, "want a list, not %s", describeNode(n))
		return nil
	case len(n.Content) > maxEntries:
		p.fail(n, "%d entries, more than %d", len(n.Content), maxEntries)
		return nil
	}
	return n.Content
}

// text reads a scalar exactly as written: 040 stays "040".
func (p *vocabularyParser) text(n *yaml.Node) string {
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null":
		p.fail(n, "want text, not %s", describeNode(n))
	case strings.TrimSpace(n.Value) == "":
		p.fail(n, "want text, not an empty one")
	case len(n.Value) > maxText:
		p.fail(n, "%d bytes, more than %d", len(n.Value), maxText)
	}
	return strings.TrimSpace(n.Value)
}

func describeNode(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if n.Tag == "!!null" {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}

// textInto returns a function that reads a text into a variable.
func textInto[T ~string](p *vocabularyParser, into *T) func(*yaml.Node) {
	return func(n *yaml.Node) { *into = T(p.text(n)) }
}

// textsInto returns a function that reads a list of different texts.
func textsInto[T ~string](p *vocabularyParser, into *[]T) func(*yaml.Node) {
	return func(n *yaml.Node) {
		for _, item := range p.list(n) {
			word := T(p.text(item))
			if slices.Contains(*into, word) {
				p.fail(item, "%q stands twice", word)
			}
			*into = append(*into, word)
		}
	}
}

func (p *vocabularyParser) boolInto(into *bool) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if *into = n.Value == "true"; !*into && n.Value != "false" {
			p.fail(n, "want true or false, not %s", describeNode(n))
		}
	}
}

// kindsInto returns a function that reads a kind, the name of a set of kinds, or
// a list of both.
func (p *vocabularyParser) kindsInto(into *[]Kind) func(*yaml.Node) {
	return func(n *yaml.Node) {
		items := []*yaml.Node{n}
		if n.Kind != yaml.ScalarNode {
			items = p.list(n)
		}
		for _, item := range items {
			for _, k := range p.kind(item) {
				if !slices.Contains(*into, k) {
					*into = append(*into, k)
				}
			}
		}
	}
}

func (p *vocabularyParser) kind(n *yaml.Node) []Kind {
	word := p.text(n)
	if set, ok := p.v.sets[word]; ok {
		p.file.uses[setKey(word)] = true
		return set
	}
	if k := Kind(word); k.Prefix() != "" {
		return []Kind{k}
	}
	p.unknown(n, word, slices.Concat(slices.Sorted(maps.Keys(p.v.sets)), toStrings(Kinds()), []string{string(KindFact)}), "unknown kind %q", word)
	return nil
}

func (p *vocabularyParser) sets(n *yaml.Node) {
	p.pairs(n, func(name, value *yaml.Node) {
		word := p.text(name)
		if !isWord(word) {
			p.fail(name, "a set is named in lower case, not %q", word)
		}
		var kinds []Kind
		p.kindsInto(&kinds)(value)
		if old, ok := p.v.sets[word]; ok && !slices.Equal(old, kinds) {
			p.fail(name, "set %q is defined already%s, and differs", word, definer(p, setKey(word)))
		}
		p.v.sets[word] = kinds
		p.file.adds[setKey(word)] = p.v.base == nil || p.v.base.sets[word] == nil
	})
}

func (p *vocabularyParser) roles(n *yaml.Node) {
	for _, item := range p.list(n) {
		r := &RoleDefinition{}
		at := p.mapping(item, fields{
			"id": textInto(p, &r.ID), "kinds": p.kindsInto(&r.Kinds), "common": p.boolInto(&r.Common), "note": textInto(p, &r.Note),
			"edges": p.edgeList(r),
		})
		if p.err != nil {
			return
		}
		p.file.adds[string(r.ID)] = p.v.base == nil || p.v.base.roles[r.ID] == nil
		id := firstNode(at.of("id"), item)
		switch old := p.v.roles[r.ID]; {
		case !isWord(string(r.ID)):
			p.fail(id, "a role needs an id of lower-case letters, digits and hyphens, not %q", r.ID)
		case r.ID != RoleAt && isReserved(string(r.ID)):
			p.fail(id, "role %q has the name of a predicate", r.ID)
		case slices.Contains(LinkTypes(), LinkType(r.ID)):
			p.fail(id, "role %q has the name of a link", r.ID)
		case old != nil && !sameRole(*old, *r):
			p.fail(id, "role %q is defined already%s, and differs", r.ID, definer(p, string(r.ID)))
		case old == nil:
			p.v.roles[r.ID] = r
		}
	}
}

// setKey returns the key of a set among the words of an [extension].
func setKey(set string) string { return ":" + set }

// firstNode returns the first node that is not nil.
func firstNode(nodes ...*yaml.Node) *yaml.Node {
	i := slices.IndexFunc(nodes, func(n *yaml.Node) bool { return n != nil })
	return nodes[i]
}

// isWord reports whether s can be the id of a verb or role: a lower-case letter,
// then lower-case letters, digits and hyphens.
func isWord(s string) bool {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (i == 0 || (r < '0' || r > '9') && r != '-') {
			return false
		}
	}
	return s != "" && len(s) <= 64 && !strings.HasSuffix(s, "-")
}
