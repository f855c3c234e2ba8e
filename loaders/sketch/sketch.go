// Package sketch writes a first mapping for a file of any shape, from the names of
// its fields and the values of its first rows.
package sketch

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// maxRows is the number of rows that are looked at.
const maxRows = 300

// sketch is a mapping that is being written.
type sketch struct {
	out     strings.Builder
	fields  []*field
	parents []string // fields of the parents of rows, as paths
	keyed   bool     // the rows stand under keys that are values
	rows    int
	order   written.Order // of dates; empty for a guess
	used    map[*field]bool
}

// Of returns a first mapping for a file. It loads the file as it is, wherever the
// fields allow a guess; its comments say what is guessed, and list the fields that
// it leaves out. The options say the vocabulary, the order of dates and the encoding; nil is
// allowed.
func Of(name string, opts *loaders.Options) (string, error) {
	s, err := loaders.ReadSample(name, opts)
	if err != nil {
		return "", err
	}
	if opts == nil {
		opts = &loaders.Options{}
	}
	v := cmp.Or(opts.Vocabulary, schema.DefaultVocabulary())
	k := &sketch{order: opts.Dates, used: make(map[*field]bool)}
	var path string
	var rows []*mapping.Node
	var columns []string
	headless := false
	if s.Table != nil {
		columns, rows, headless = tableRows(s.Table)
	} else {
		path, rows = rowsOf(s)
		k.keyed = strings.HasSuffix(path, "*")
		k.parents = parentFields(rows)
	}
	rows = rows[:min(len(rows), maxRows)]
	k.rows = len(rows)
	k.fields = fieldsOf(columns, rows)
	if k.keyed {
		k.addKeys(rows)
	}
	for _, f := range k.fields {
		f.look(v)
	}
	k.edges()
	if k.keyed {
		k.lookAtKeys()
	}
	k.begin(filepath.Base(name), headless, columns, path)
	k.dates()
	k.items(v)
	k.rest()
	return k.out.String(), nil
}

// edges makes a field "source" the actor where another field is "target", as in the
// edges of networks and in event data.
func (k *sketch) edges() {
	named := func(name string) *field {
		i := slices.IndexFunc(k.fields, func(f *field) bool { return slices.Equal(tokens(f.path), []string{name}) })
		if i < 0 {
			return nil
		}
		return k.fields[i]
	}
	if source, target := named("source"), named("target"); source != nil && target != nil && source.numbers < len(source.values) {
		source.meaning = actor
	}
}

func (k *sketch) line(format string, args ...any) { fmt.Fprintf(&k.out, format+"\n", args...) }

func (k *sketch) begin(file string, headless bool, header []string, path string) {
	file = comment(file)
	k.line("# A first mapping of %s, written by entente map: look at each line.", file)
	k.line("# entente help mapping explains the keys. Load it with")
	k.line("#   entente load %s --map THIS-FILE --graph DIR", file)
	if headless {
		k.line("# The file seems to have no header: give the columns names that say what they are.")
		k.line("columns: [%s]", strings.Join(header, ", "))
	}
	if path != "" && (isPlain(strings.TrimPrefix(path, "/")) || path == "*") {
		k.line("rows: %s", quoted(path))
	}
}

// dates writes the order of dates, if it matters.
func (k *sketch) dates() {
	dmy, mdy, example, ambiguous := 0, 0, "", ""
	for _, f := range k.fields {
		if slices.Contains([]meaning{when, since, until, born, published, archiving, accessed}, f.meaning) {
			dmy, mdy = dmy+f.dmy, mdy+f.mdy
			example, ambiguous = cmp.Or(example, f.ordered), cmp.Or(ambiguous, f.ambiguous)
		}
	}
	switch {
	case k.order != written.AnyOrder:
		k.line("dates: %s", k.order)
	case dmy > 0 && mdy > 0:
		k.line("# dates: dmy or mdy?  Some dates can only be the one, and some only the other.")
	case dmy > 0:
		k.line("dates: dmy  # as in %s", comment(example))
	case mdy > 0:
		k.line("dates: mdy  # as in %s", comment(example))
	case ambiguous != "":
		k.line("dates: dmy  # guessed: %s may be mdy", comment(ambiguous))
	}
}

// isHeadless reports whether the first row of a table is no header: names are rarely
// numbers or dates.
func isHeadless(header []string) bool {
	odd := 0
	for _, h := range header {
		if h == "" || number().MatchString(h) || len(h) > 4 && isDate(h) || strings.Contains(h, "://") {
			odd++
		}
	}
	return odd*4 > len(header)
}

// all returns the fields with a meaning that some row has.
func (k *sketch) all(m meaning) (found []*field) {
	for _, f := range k.fields {
		if f.meaning == m && f.count > 0 {
			found = append(found, f)
		}
	}
	return found
}

// take returns the first field with one of some meanings that is not used yet; nil if
// there is none.
func (k *sketch) take(meanings ...meaning) *field {
	for _, m := range meanings {
		if f := k.unused(m); f != nil {
			k.used[f] = true
			return f
		}
	}
	return nil
}

// takeSingle is take for fields of which a row has one value.
func (k *sketch) takeSingle(meanings ...meaning) *field {
	for _, m := range meanings {
		for _, f := range k.all(m) {
			if !k.used[f] && !f.several {
				k.used[f] = true
				return f
			}
		}
	}
	return nil
}

// unused returns the first field with a meaning that is not used yet.
func (k *sketch) unused(m meaning) *field {
	for _, f := range k.all(m) {
		if !k.used[f] {
			return f
		}
	}
	return nil
}

// rest lists the fields that the mapping leaves out.
func (k *sketch) rest() {
	var lines []string
	for _, f := range k.fields {
		if !k.used[f] && f.count > 0 && !f.isInList() {
			lines = append(lines, fmt.Sprintf("#   %s  %s", f.ref(), examples(f.values)))
		}
	}
	for _, p := range k.parents {
		lines = append(lines, fmt.Sprintf("#   {%s}  of a parent of the row", p))
	}
	if len(lines) > 0 {
		k.line("\n# Not mapped, with values from the first rows:\n%s", strings.Join(lines, "\n"))
	}
	k.restOfLists()
}

// restOfLists lists the fields in lists that the mapping leaves out, by list.
func (k *sketch) restOfLists() {
	items := make(map[string][]string)
	var lists []string
	for _, f := range k.fields {
		if k.used[f] || f.count == 0 || !f.isInList() {
			continue
		}
		list, ref := f.each()
		if items[list] == nil {
			lists = append(lists, list)
		}
		items[list] = append(items[list], fmt.Sprintf("#     %s  %s", ref, examples(f.values)))
	}
	if len(lists) > 0 {
		k.line("\n# Lists of which something is not mapped: an entity or a fact with each: is made for\n# every item, and its fields begin there. Of all items of a list, {LIST[1]/FIELD} is the first.")
	}
	for _, list := range lists {
		k.line("#   each: %s\n%s", quoted(list), strings.Join(items[list], "\n"))
	}
}

// examples returns the first values, shortened, in one line.
func examples(values []string) string {
	var all []string
	for _, v := range values[:min(len(values), 3)] {
		all = append(all, comment(v))
	}
	return strings.Join(all, "; ")
}

// comment returns a value for a comment: one short line.
func comment(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return text
}

// quoted returns a text for YAML, in quotes.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\t", `\t`).Replace(text) + `"`
}
