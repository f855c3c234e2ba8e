package loaders

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// valueReader reads the values of an item and checks their types.
type valueReader struct {
	item   *item
	memory *textMemory
	dates  written.Order // of the dates in the file
}

// fields maps each key that a mapping may have to the function that reads its
// value into a T. R is the reader that the function uses.
type fields[R, T any] map[string]func(R, *T, *node)

// names lists the keys, sorted.
func (f fields[R, T]) names() []string { return slices.Sorted(maps.Keys(f)) }

// entries calls set for each key of a mapping. A key for which set returns false
// is an error, with the nearest known key as a hint. Errors of values have the
// field of their key.
func (v valueReader) entries(n *node, what string, set func(key text, value *node) bool, known func() []string) {
	if n.kind != mapNode {
		v.wrongType(n, "a mapping")
		return
	}
	var seen keySet
	outer := v.item.field
	for i, key := range n.keys {
		if strings.HasPrefix(key.value, "_") { // a note, as in a column of a table
			continue
		}
		v.item.field = key.value
		if first, ok := seen.add(n.keys, i); ok {
			v.item.fail(schema.RepeatedKey, key, "duplicate key: %q, first in line %d", key.value, first.line)
		} else if !set(key, n.items[i]) {
			v.item.failWith(key, faultOf(schema.UnknownKey, unknownWord("key of "+what, key.value, known)))
		}
	}
	v.item.field = outer
}

// mayHave reports whether a mapping has one of some keys, or an unknown key that
// may be a misspelling of one: what is missing then is reported already.
func (v valueReader) mayHave(n *node, keys ...string) bool {
	return slices.ContainsFunc(n.keys, func(k text) bool { return slices.Contains(keys, k.value) }) ||
		slices.ContainsFunc(v.item.errs, func(e *positionedError) bool { return schema.ProblemKindOf(e.err) == schema.UnknownKey })
}

// keySet finds keys that a mapping has twice.
type keySet struct{ index map[string]int }

// fewKeys is the number of keys up to which they are compared one by one.
const fewKeys = 24

// add adds key i of a mapping, after all keys before it. It returns an earlier key
// that is equal.
func (s *keySet) add(keys []text, i int) (first text, again bool) {
	if len(keys) <= fewKeys {
		for _, k := range keys[:i] {
			if k.value == keys[i].value {
				return k, true
			}
		}
		return text{}, false
	}
	if s.index == nil {
		s.index = make(map[string]int, len(keys))
	}
	if at, ok := s.index[keys[i].value]; ok {
		return keys[at], true
	}
	s.index[keys[i].value] = i
	return text{}, false
}

func unknownWord(what, word string, known func() []string) error {
	word = strings.Clone(word)
	return schema.WithHint(fmt.Errorf("unknown %s: %q", what, word), func() string {
		all := known()
		if near := schema.Nearest(word, all, 3); len(near) > 0 {
			return schema.DidYouMean(near)
		}
		return "known are " + strings.Join(all, ", ")
	})
}

// wrongType records the error of a value that has the wrong type.
func (v valueReader) wrongType(n *node, want string) {
	if n.kind == textNode || n.kind == numberNode || n.kind == boolNode {
		v.item.fail(schema.WrongType, n.text, "want %s: %q", want, shorten(n.value))
		return
	}
	v.item.fail(schema.WrongType, n.text, "want %s, not %s", want, n.kind)
}

func shorten(s string) string {
	const most = 80
	if runes := []rune(s[:min(len(s), 4*most)]); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// text reads a text; null is an empty text.
func (v valueReader) text(n *node) text {
	switch n.kind {
	case textNode, numberNode:
		t := n.text
		v.checkText(t)
		t.value = strings.TrimSpace(t.value)
		return t
	case nullNode:
		return text{}
	}
	v.wrongType(n, "text")
	return text{}
}

// checkText refuses control characters other than tabs and line breaks.
func (v valueReader) checkText(t text) {
	if !mayHaveControl(t.value) {
		return
	}
	i := strings.IndexFunc(strings.ReplaceAll(t.value, "\r\n", "\n\n"), isControl)
	if i < 0 {
		return
	}
	r, _ := utf8.DecodeRuneInString(t.value[i:])
	err := faultf(schema.BadText, "a control character, %U, in %q", r, shorten(t.value))
	if 0x80 <= r && r <= 0x9F && v.item.source.encoding == charset.Latin1 {
		err = withHint(err, fmt.Sprintf("--encoding windows-1252 reads it as %q", charset.As1252([]byte{byte(r)})))
	}
	v.item.failWithin(t, i, err)
}

// mayHaveControl reports whether a text has a byte that is a control character or
// begins one.
func mayHaveControl(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < ' ' && b != '\t' && b != '\n' || b == 0x7F || b == 0xC2 {
			return true
		}
	}
	return false
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' }

// name reads a name of one line. Each run of spaces becomes one space.
func (v valueReader) name(n *node) string { return v.nameOf(v.text(n)) }

func (v valueReader) nameOf(t text) string {
	if i := strings.IndexAny(t.value, "\r\n"); i >= 0 {
		v.item.failWithin(t, i, faultf(schema.BadText, "a name of several lines: %q", shorten(t.value)))
	}
	return strings.Join(strings.Fields(t.value), " ")
}

// texts reads a text or a list of texts.
func (v valueReader) texts(n *node) []text {
	items, single := n.items, [1]*node{n}
	if n.kind != listNode {
		items = single[:]
	}
	all := v.memory.take(len(items))
	for _, item := range items {
		if item.kind == listNode || item.kind == mapNode {
			v.wrongType(item, "text")
			return nil
		}
		if t := v.text(item); t.isSet() {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// textMemory allocates lists of texts from large pieces.
type textMemory struct{ free []text }

// take returns an empty list with room for n texts.
func (m *textMemory) take(n int) []text {
	const piece = 256
	if n > piece/4 {
		return make([]text, 0, n)
	}
	if n > len(m.free) {
		m.free = make([]text, piece)
	}
	list := m.free[:0:n]
	m.free = m.free[n:]
	return list
}

// list calls read for each item of a list.
func (v valueReader) list(n *node, read func(*node)) {
	if n.kind == nullNode {
		return
	}
	if n.kind != listNode {
		v.wrongType(n, "a list")
		return
	}
	for _, item := range n.items {
		read(item)
	}
}

func (v valueReader) boolean(n *node) bool {
	switch strings.ToLower(n.value) {
	case "true", "yes":
		return true
	case "false", "no", "":
		if n.kind != listNode && n.kind != mapNode {
			return false
		}
	}
	v.wrongType(n, "true or false")
	return false
}

func (v valueReader) wholeNumber(n *node) int {
	t := v.text(n)
	i, err := strconv.Atoi(t.value)
	if (err != nil || i < 0) && t.isSet() {
		v.wrongType(n, "a whole number, 0 or more")
	}
	return i
}

// fraction reads a number above 0 and up to 1.
func (v valueReader) fraction(n *node) float64 {
	t := v.text(n)
	x, err := strconv.ParseFloat(t.value, 64)
	if (err != nil || !(x > 0 && x <= 1)) && t.isSet() {
		v.wrongType(n, "a number above 0 and up to 1")
		return 0
	}
	return x
}

// parseWord reads one of a fixed set of words.
func parseWord[T ~string](i *item, t text, what string, list func() []T) T {
	if !t.isSet() {
		return ""
	}
	w := T(strings.ToLower(t.value))
	known := list()
	at := slices.Index(known, w)
	if at < 0 {
		i.failWith(t, faultOf(schema.UnknownWord, unknownWord(what, t.value, func() []string {
			all := make([]string, len(known))
			for j, k := range known {
				all[j] = string(k)
			}
			return all
		})))
		return ""
	}
	return known[at]
}
