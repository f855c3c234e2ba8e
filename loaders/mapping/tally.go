package mapping

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Tally counts what a mapping made of the rows of an input, and what it left out.
type Tally struct {
	Rows     int
	LeftOut  int               // rows that a condition of the mapping leaves out
	Unmapped map[string]int    // the values of fields that the mapping does not use, by path
	ByRoot   map[string]int    // codes that have only the verb of a wider code, with that code
	Unknown  map[string]int    // the values that no lookup and no verb has, by field and text
	found    map[string]bool   // fields that a row has
	tried    map[string]bool   // fields whose value was wanted
	above    map[string]string // for a field with ".." that a row lacks, the field with more of them that it has
	made     map[*item]int     // the records of items with guesses
	Codes    Codes
}

// maxDistinct is the largest number of paths, and of texts, that are counted apart.
const maxDistinct = 1000

func newTally() Tally {
	return Tally{Unmapped: make(map[string]int), Unknown: make(map[string]int), ByRoot: make(map[string]int), found: make(map[string]bool), tried: make(map[string]bool), above: make(map[string]string), made: make(map[*item]int)}
}

func (r *Run) unknown(v Value) {
	text := v.Text
	if v.Field != "" {
		text = fmt.Sprintf("{%s}: %s", v.Field, v.Text)
	}
	count(r.Tally.Unknown, text, 1)
}

// count adds to a number, or to the rest once there are many.
func count(in map[string]int, key string, n int) {
	if _, known := in[key]; !known && len(in) >= maxDistinct {
		key = "others"
	}
	in[key] += n
}

// CountUnmapped counts a value of a field that is not read.
func (t *Tally) CountUnmapped(path string) {
	if t.found == nil {
		*t = newTally()
	}
	count(t.Unmapped, path, 1)
}

// Add adds the numbers of another part of the input.
func (t *Tally) Add(other *Tally) {
	if t.found == nil {
		*t = newTally()
	}
	t.Rows, t.LeftOut = t.Rows+other.Rows, t.LeftOut+other.LeftOut
	for _, pair := range [][2]map[string]int{{t.Unmapped, other.Unmapped}, {t.Unknown, other.Unknown}, {t.ByRoot, other.ByRoot}} {
		for _, key := range slices.Sorted(maps.Keys(pair[1])) {
			count(pair[0], key, pair[1][key])
		}
	}
	for it, n := range other.made {
		t.made[it] += n
	}
	t.Codes.merge(&other.Codes)
	maps.Copy(t.found, other.found)
	maps.Copy(t.tried, other.tried)
	for field, above := range other.above {
		t.above[field] = cmp.Or(t.above[field], above)
	}
}

// reasonField is the field in which a file of rejected rows has the reason of each.
const reasonField = "_problem"

// countUnmapped counts the values below a node that no field of the mapping has.
// Names lead from the row to the node.
func (r *Run) countUnmapped(n *Node, names []string) {
	for _, c := range n.Children {
		if c.Name == "" || c.Name == reasonField {
			continue
		}
		below := append(names, c.Name)
		if len(c.Children) > 0 {
			r.countUnmapped(c, below)
			if !c.hasText() {
				continue
			}
		}
		if c.Value() == "" {
			continue
		}
		r.path = r.path[:0]
		for i, name := range below {
			if i > 0 {
				r.path = append(r.path, '/')
			}
			r.path = append(r.path, name...)
		}
		if known, ok := r.covered[string(r.path)]; !ok {
			r.CountUnless(string(r.path), slices.Clone(below))
		} else if !known.isCovered {
			count(r.Tally.Unmapped, known.path, 1)
		}
	}
}

// coveredPath is the path of a field, and whether the mapping uses the field.
type coveredPath struct {
	path      string
	isCovered bool
}

// CountLeftOut counts the values below a node that a [Reader] does not read. It is for
// readers that count what they leave out by themselves.
func (r *Run) CountLeftOut(n *Node) { r.countUnmapped(n, make([]string, 0, 8)) }

// CountUnless counts a value, unless the mapping uses the names that lead to it.
func (r *Run) CountUnless(key string, names []string) {
	known, ok := r.covered[key]
	if !ok {
		key = strings.Clone(key)
		known = coveredPath{key, r.covers(names)}
		r.covered[key] = known
	}
	if !known.isCovered {
		count(r.Tally.Unmapped, known.path, 1)
	}
}

// covers reports whether the mapping uses the names below a row. A field that leads to
// them is found, even if no condition lets the mapping use it.
func (r *Run) covers(names []string) (covered bool) {
	if r.Mapping.reader != nil {
		return r.Mapping.reader.Reads(names)
	}
	for _, use := range r.Mapping.fields {
		for _, p := range use.field.cover {
			if p.covers(names) {
				covered = true
				if p.isBelow() {
					r.Tally.found[use.field.text] = true
				}
			}
		}
	}
	return covered
}

// isBelow reports whether a path leads to values below the row.
func (p *path) isBelow() bool { return p.up == 0 && !p.absolute && !p.isKey && len(p.steps) > 0 }

// Unfound lists the fields of the mapping that no row has, with their positions.
// The list is empty if there are no rows.
func (m *Mapping) Unfound(t *Tally) (all []Unfound) {
	seen := make(map[string]bool)
	for _, use := range m.fields {
		text := use.field.text
		isWanted := t.tried[text] || slices.ContainsFunc(use.field.cover, (*path).isBelow)
		if t.Rows > t.LeftOut && isWanted && !t.found[text] && !seen[text] && !use.field.optional && use.field.special == "" {
			all = append(all, Unfound{use.pos, text, unfoundHint(text, t)})
		}
		seen[text] = true
	}
	return all
}

// Without returns the keys of facts that lack a value because no row has a field, with
// that field: of the key itself, or of the name of the entity to which it refers.
func (m *Mapping) Without(t *Tally) map[string]string {
	unfound := make(map[string]bool)
	for _, u := range m.Unfound(t) {
		unfound[u.Field] = true
	}
	keys := make(map[string]string)
	for _, it := range m.facts {
		for _, k := range it.record.keys {
			fields := k.fields
			for _, e := range entitiesOf(k.value) {
				fields = append(fields, m.entities[e].record.naming()...)
			}
			if i := slices.IndexFunc(fields, func(f *field) bool { return unfound[f.text] }); i >= 0 {
				keys[k.name] = fields[i].text
			}
		}
	}
	return keys
}

// LostKeys lists the fields of parents of rows, in the source-key of a fact, that no row
// has. Facts of different records would be one fact.
func (m *Mapping) LostKeys(t *Tally) (all []Unfound) {
	for _, u := range m.Unfound(t) {
		uses := func(it *item) bool {
			return slices.ContainsFunc(it.record.keys, func(k recordKey) bool {
				return k.name == "source-key" && slices.ContainsFunc(k.fields, func(f *field) bool { return f.text == u.Field && f.isAbove() })
			})
		}
		if slices.ContainsFunc(m.facts, uses) {
			if above := t.above[u.Field]; above != "" {
				u.Hint = "write {" + above + "}: each ../ leads to the element around, first to the one around the row"
			}
			all = append(all, u)
		}
	}
	return all
}

// isAbove reports whether a field is one of a parent.
func (f *field) isAbove() bool {
	return slices.ContainsFunc(f.paths, func(p *path) bool { return p.up > 0 })
}

// maxAbove is how many parents more than written a field is searched in.
const maxAbove = 4

// noteAbove notes in which parent further up a field is that a row lacks.
func (f *field) noteAbove(c *context) {
	if _, known := c.run.Tally.above[f.text]; known || !f.isAbove() {
		return
	}
	for _, p := range f.paths {
		higher, text := *p, f.text
		for range maxAbove {
			higher.up++
			text = "../" + text
			for _, n := range higher.follow(c.node) {
				if n.Value() != "" {
					c.run.Tally.above[f.text] = text
					return
				}
			}
		}
	}
	c.run.Tally.above[f.text] = "" // so that it is searched for once
}

// naming lists the fields of the id and the name of an entity.
func (r *record) naming() (all []*field) {
	for _, k := range r.keys {
		if k.name == "id" || k.name == "name" {
			all = append(all, k.fields...)
		}
	}
	return all
}

// Unfound is a field of a mapping that no row has, and advice, which may be empty.
type Unfound struct {
	Pos   schema.Position
	Field string
	Hint  string
}

// unfoundHint returns advice about a field that no row has.
func unfoundHint(text string, t *Tally) string {
	switch name := lastName(strings.TrimSpace(text)); name {
	case keyStep:
		return `rows of a list have no key; rows: "*" makes a row of each value in an object`
	case ".":
		return "it is the text of a row or an item without fields of its own"
	case "key", "@key", "$key", "_key", "*", "~":
		return "{#key} is the key under which the row stands"
	default:
		return schema.DidYouMean(schema.Nearest(name, lastNames(t.Unmapped), 1))
	}
}

func lastName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func lastNames(counts map[string]int) (names []string) {
	for _, path := range slices.Sorted(maps.Keys(counts)) {
		names = append(names, lastName(path))
	}
	return names
}

// Counted is a text and how often it occurs.
type Counted struct {
	Text  string
	Count int
}

// ByCount lists the texts of a tally, the most frequent first.
func ByCount(counts map[string]int) (all []Counted) {
	for text, n := range counts {
		all = append(all, Counted{text, n})
	}
	slices.SortFunc(all, func(a, b Counted) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return all
}
