package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// keyStep is the last step of a path to the keys of nodes.
const keyStep = "#key"

// values returns what a field has at a node: the value of the node, or its key. A key
// that the values before have already is left out: the items of a list share it.
func (p *path) values(n *Node, before []Value) []Value {
	if !p.isKey {
		return n.values(p.text)
	}
	name := strings.TrimPrefix(n.Name, "@")
	if name == "" || slices.ContainsFunc(before, func(v Value) bool { return v.Text == name }) {
		return nil
	}
	return []Value{{Text: name, Line: n.Line, Col: n.Col, Field: p.text}}
}

// beginsWithKey reports whether the text of a field begins with #key, not with a longer
// word.
func beginsWithKey(text string) bool {
	rest, found := strings.CutPrefix(text, keyStep)
	return found && (rest == "" || strings.ContainsAny(rest[:1], "?|/[ "))
}

// isWholeParent reports whether a path leads to a parent itself, which has no value.
func (p *path) isWholeParent() bool { return p.up > 0 && len(p.steps) == 0 && !p.isKey }

func wholeParentError(text string) error {
	return withHint(fmt.Errorf("{%s} is the whole parent, not a field", text),
		"write {../#key} for the key under which the parent stands, and {../name} for a field of the parent")
}

func keyStepError(name, text string) error {
	err := fmt.Errorf("%q stands where the name of a field is expected: %q", name, text)
	if name == keyStep {
		return withHint(err, "write #key at the end of a path, as in {#key} or {../#key}")
	}
	return withHint(err, "write {#row}, {#line} or {#file} alone; #key is the only such word that stands after a path")
}

var errKeyInPath = errors.New("#key is a field, not a place of rows or items")

// checkPlaces returns an error if a path leads to keys, where nodes are expected.
func (p *path) checkPlaces() error {
	if p.isKey {
		return withHint(errKeyInPath, `write * for everything in an object, and "{#key}" where the key is wanted`)
	}
	return nil
}

// functions are the functions of XPath, jq and their like that people try, and what
// stands for them.
func functions() map[string]string {
	const key, text = `write {#key} for the key or the name of the element, {../#key} for the key of the parent`, "write {.} for the text of the row or item itself"
	return map[string]string{
		"name": key, "local-name": key, "key": key, "keys": key, "path": key, "parent": key,
		"text": text, "string": text, "value": text, "node": text, "current": text, "self": text,
		"position": "write {#row} for the number of the row", "index": "write {#row} for the number of the row",
		"last": "write [1], [2], and so on, for one of several values",
	}
}

// isFunction reports whether a step is a call of one of the known functions, of the
// node itself. Names of columns may have other words in parentheses.
func isFunction(step string) bool {
	name, rest, _ := strings.Cut(step, "(")
	of, isClosed := strings.CutSuffix(rest, ")")
	return isClosed && strings.Trim(of, ".@*") == "" && functions()[strings.TrimPrefix(name, "@")] != ""
}

func functionError(step, text string) error {
	name, _, _ := strings.Cut(step, "(")
	return withHint(fmt.Errorf("a path has no functions: %q in %q", step, text), functions()[strings.TrimPrefix(name, "@")])
}

// noKeyInTable is the error of {#key} in a table.
func noKeyInTable(pos schema.Position) error {
	return &Error{pos, withHint(errors.New("the rows of a table have no key"), "write the name of a column in braces, or {#row} for the number of the row")}
}
