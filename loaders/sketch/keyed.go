package sketch

import (
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema/pattern"
)

// keyField is the field of the keys under which rows stand.
const keyField = "#key"

// codeKey matches keys that are values for certain, such as codes, years and ids.
var codeKey = pattern.New(`^([A-Z0-9][A-Z0-9._-]*|.*[0-9].*)$`)

// Limits of an object whose keys are values.
const (
	minCodeKeys = 2 // keys, if all of them are codes
	minKeys     = 8 // other keys
	maxDepth    = 3 // objects above it
)

// keyedRows returns the path to an object whose keys are values, and what is under
// these keys: objects, or lists of objects, of one shape. There are no rows if the
// document has no such object.
func keyedRows(n *mapping.Node, names []string) (path []string, rows []*mapping.Node) {
	if isKeyed(n) {
		return append(names, "*"), n.Children
	}
	for i, c := range n.Children {
		isRepeated := i > 0 && n.Children[i-1].Name == c.Name || i+1 < len(n.Children) && n.Children[i+1].Name == c.Name
		if len(names) >= maxDepth || c.Name == "" || isRepeated {
			continue
		}
		if path, rows := keyedRows(c, append(names[:len(names):len(names)], c.Name)); rows != nil {
			return path, rows
		}
	}
	return nil, nil
}

// isKeyed reports whether the keys of an object are values: there are many of them, or
// they are codes, and four fifths of what is under them have most of the usual fields.
func isKeyed(n *mapping.Node) bool {
	counts := make(map[string]int)
	groups := make(map[string]*mapping.Node) // the first node under each key
	areCodes := true
	for _, c := range n.Children {
		if len(c.Children) == 0 || groups[c.Name] != nil {
			continue
		}
		groups[c.Name] = c
		areCodes = areCodes && codeKey().MatchString(c.Name)
		for name := range fieldNames(c) {
			counts[name]++
		}
	}
	if len(groups) < minCodeKeys || !areCodes && len(groups) < minKeys {
		return false
	}
	alike := 0
	for _, c := range groups {
		if has, usual := shared(fieldNames(c), counts, len(groups)); usual > 0 && has*2 > usual {
			alike++
		}
	}
	return alike*5 >= len(groups)*4
}

// shared counts the fields that more than half of the groups have, and how many of these
// a node has.
func shared(names map[string]bool, counts map[string]int, groups int) (has, usual int) {
	for name, n := range counts {
		if n*2 > groups {
			usual++
			if names[name] {
				has++
			}
		}
	}
	return has, usual
}

func fieldNames(n *mapping.Node) map[string]bool {
	names := make(map[string]bool)
	for _, c := range n.Children {
		names[c.Name] = true
	}
	delete(names, "")
	return names
}

// addKeys adds the field of the keys of rows. A field "title" is then the title of a
// person: the rows of a list of documents rarely stand under keys.
func (k *sketch) addKeys(rows []*mapping.Node) {
	f := &field{path: keyField}
	for _, row := range rows {
		f.add(row.Name, true)
	}
	k.fields = append(k.fields, f)
}

// lookAtKeys guesses what the keys of rows mean.
func (k *sketch) lookAtKeys() {
	for _, f := range k.fields {
		switch {
		case f.path == keyField && isYears(f.values):
			f.meaning = when
		case f.path == keyField && f.isCountries():
			f.meaning = country
		case f.path == keyField:
			f.meaning = org
		case f.meaning == title && slices.Equal(tokens(f.path), []string{"title"}):
			f.meaning = post
		}
	}
}

var year = pattern.New(`^(1[5-9]|20)[0-9][0-9]$`)

func isYears(values []string) bool {
	return len(values) > 0 && countMatches(values, year) == len(values)
}

// postHint says how the posts of rows under keys are mapped.
func (k *sketch) postHint(whom *entity) {
	f := k.unused(post)
	if !k.keyed || f == nil || !strings.Contains(whom.name, keyField) {
		return
	}
	k.used[f] = true
	k.line("# %s may be a post: add to the entities", f.ref())
	k.line("#   post: {if: %s, kind: Post, name: %s, post-at: %s}", quoted(f.ref()), quoted(f.ref()+" of {#key}"), whom.key)
	k.line("# and make the facts a list, with - {if: %s, verb: holds-post, actor: who, recipient: post}", quoted(f.ref()))
}
