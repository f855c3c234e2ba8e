package sketch

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
	"github.com/entente-kg/entente/schema/written"
)

// field is one field of the rows of a sample.
type field struct {
	path    string
	values  []string // the first different values
	count   int      // of the rows that have it
	several bool     // a row has it several times
	list    string   // the path of the innermost list around it; empty for none
	first   string   // its path with [1] after each list
	meaning meaning

	lost                                           int    // codes that lack a leading zero
	dates, countries, codes, verbs, numbers, slugs int    // values that look like these
	dmy, mdy                                       int    // dates that only one order reads
	ordered, ambiguous                             string // the first such date, and the first that both read differently
}

// maxValues is the number of different values that are looked at.
const maxValues = 100

var (
	cameoCode = pattern.New(`^(0[1-9]|1[0-9]|20)[0-9]{0,2}$`)
	lostZero  = pattern.New(`^([1-9]|2[1-9]|[3-9][0-9]|2[1-9][0-9]|[3-9][0-9][0-9]|[1-9][0-9]{0,2}[.]0)$`)
	slugText  = pattern.New(`^[a-z][a-z0-9]*([-_][a-z0-9]+)+$`)
	number    = pattern.New(`^-?[0-9]+([.,][0-9]+)?$`)
)

// fieldsOf returns the fields of rows, in the order of a table's header or of their
// first row.
func fieldsOf(columns []string, rows []*mapping.Node) []*field {
	var all []*field
	byPath := make(map[string]*field)
	at := func(path string) *field {
		f := byPath[path]
		if f == nil {
			f = &field{path: path}
			byPath[path], all = f, append(all, f)
		}
		return f
	}
	lists := make(map[string]bool)
	for _, row := range rows {
		findLists(row, "", lists)
	}
	defer func() {
		for _, f := range all {
			f.place(lists)
		}
	}()
	for _, h := range columns {
		if isPlain(h) {
			at(h)
		}
	}
	for _, row := range rows {
		seen := make(map[string]bool)
		eachValue(row, "", func(path, text string) {
			if !isPlain(path) {
				return
			}
			f := at(path)
			f.several = f.several || seen[path]
			f.add(text, !seen[path])
			seen[path] = true
		})
	}
	return all
}

// findLists collects the paths at which a node below a row has several children of one
// name.
func findLists(n *mapping.Node, path string, lists map[string]bool) {
	counts := make(map[string]int)
	for _, c := range n.Children {
		if c.Name == "" {
			continue
		}
		below := strings.TrimPrefix(path+"/"+c.Name, "/")
		if counts[c.Name]++; counts[c.Name] > 1 {
			lists[below] = true
		}
		findLists(c, below, lists)
	}
}

// place finds the lists around a field.
func (f *field) place(lists map[string]bool) {
	path := ""
	for _, name := range strings.Split(f.path, "/") {
		path, f.first = strings.TrimPrefix(path+"/"+name, "/"), strings.TrimPrefix(f.first+"/"+name, "/")
		if lists[path] {
			f.first += "[1]"
			if path != f.path {
				f.list = path
			}
		}
	}
}

// isPlain reports whether a field may stand in braces: some signs mean something else
// there.
func isPlain(path string) bool {
	return path != "" && !strings.ContainsFunc(path, func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune("{}|[]\u2028\u2029\ufeff", r) }) &&
		!strings.HasPrefix(path, "#") && !strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") && !strings.HasSuffix(path, "?") &&
		!strings.Contains(path, "//") && !strings.Contains(path, "..") && strings.TrimSpace(path) == path
}

// eachValue calls do for each value below a node, with the path to it.
func eachValue(n *mapping.Node, path string, do func(path, text string)) {
	for _, c := range n.Children {
		if c.Name == "" {
			continue
		}
		below := strings.TrimPrefix(path+"/"+c.Name, "/")
		if text := c.Value(); text != "" {
			do(below, text)
		}
		eachValue(c, below, do)
	}
}

func (f *field) add(text string, isFirst bool) {
	if isFirst {
		f.count++
	}
	if len(f.values) >= maxValues || slices.Contains(f.values, text) {
		return
	}
	f.values = append(f.values, text)
}

// look counts what the values look like, and guesses the meaning of the field.
func (f *field) look(v *schema.Vocabulary) {
	f.meaning = byName(f.path)
	for _, text := range f.values {
		f.lookAt(text, v)
		if (f.meaning == code || f.meaning == verb || f.meaning == weakVerb) && lostZero().MatchString(text) {
			f.codes, f.lost = f.codes+1, f.lost+1
		}
	}
	n := len(f.values)
	mostly := func(count int) bool { return n > 0 && count*10 >= n*8 }
	switch isDate := mostly(f.dates); {
	case n == 0 || f.meaning == ignored:
	case (f.meaning == verb || f.meaning == weakVerb) && mostly(f.codes):
		f.meaning = code
	case f.meaning == weakVerb && f.verbs*3 >= n:
		f.meaning = verb
	case f.meaning == weakVerb:
		f.meaning = unknown
	case (f.meaning == actor || f.meaning == recipient || f.meaning == name) && mostly(f.slugs):
		f.meaning = slug
	case isDate && slices.Contains([]meaning{when, since, until, born, published, archiving, accessed}, f.meaning):
	case isDate && !mostly(f.numbers):
		f.meaning = when
	case slices.Contains([]meaning{when, since, until, born, published, archiving, accessed}, f.meaning) && !isDate:
		f.meaning = unknown
	case f.meaning == country && !f.isCountries():
		f.meaning = place
	case f.meaning == unknown && mostly(f.countries):
		f.meaning = country
	case f.meaning == unknown && mostly(f.verbs):
		f.meaning = verb
	case f.meaning == code && !mostly(f.codes):
		f.meaning = unknown
	case (f.meaning == actor || f.meaning == recipient || f.meaning == name) && mostly(f.numbers):
		f.meaning = unknown
	}
}

func (f *field) lookAt(text string, v *schema.Vocabulary) {
	if number().MatchString(text) {
		f.numbers++
	}
	if slugText().MatchString(text) {
		f.slugs++
	}
	if cameoCode().MatchString(text) {
		f.codes++
	}
	if mapping.CountryName(text) != "" {
		f.countries++
	}
	if _, _, ok := v.Resolve(text); ok {
		f.verbs++
	}
	f.lookAtDate(text)
}

// lookAtDate finds out whether a text is a date, and whether its order matters.
func (f *field) lookAtDate(text string) {
	_, err := written.Parse(text, written.Options{})
	_, errDMY := written.Parse(text, written.Options{Order: written.DMY})
	_, errMDY := written.Parse(text, written.Options{Order: written.MDY})
	if errDMY == nil || errMDY == nil {
		f.dates++
	}
	switch {
	case errDMY == nil && errMDY != nil:
		f.dmy, f.ordered = f.dmy+1, cmp.Or(f.ordered, text)
	case errDMY != nil && errMDY == nil:
		f.mdy, f.ordered = f.mdy+1, cmp.Or(f.ordered, text)
	case errDMY == nil && err != nil:
		f.ambiguous = cmp.Or(f.ambiguous, text)
	}
}

// isCountries reports whether most values are names or codes of countries.
func (f *field) isCountries() bool { return f.countries*10 >= len(f.values)*8 && len(f.values) > 0 }

// ref returns the field as a text of a mapping: of several values the first.
func (f *field) ref() string {
	if f.several {
		return "{" + f.first + "}"
	}
	return "{" + f.path + "}"
}

// value returns the field as a value in YAML. A comment says if it is the first of
// several.
func (f *field) value() string {
	if f.several {
		return quoted(f.ref()) + "  # the first of several: each: makes a fact of each"
	}
	return quoted(f.ref())
}

// isInList reports whether a field is in a list or a list itself.
func (f *field) isInList() bool { return f.several || f.list != "" }

// each returns the path of the list whose items have the field, or of the field itself
// if it has several values, and the field as a text of an item.
func (f *field) each() (list, ref string) {
	if f.list == "" || strings.HasSuffix(f.first, "[1]") {
		return f.path, "{.}"
	}
	return f.list, "{" + strings.TrimPrefix(f.path, f.list+"/") + "}"
}
