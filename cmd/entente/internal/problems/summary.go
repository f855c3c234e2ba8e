package problems

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/schema"
)

// Summary groups problems by the change that would mend them. Its memory does not
// grow with the number of problems.
type Summary struct {
	Rows         int // with problems
	Problems     int
	Consequences int // rows that only refer to rows with problems
	Files        int // that cannot be read

	groups map[groupKey]*group
	kinds  map[schema.ProblemKind]count
}

// count is a number of rows, and of files that cannot be read, with a problem.
type count struct{ rows, files int }

func (c count) String() string {
	switch {
	case c.files == 0:
		return phrase.Plural(c.rows, "row")
	case c.rows == 0:
		return phrase.Plural(c.files, "file")
	}
	return phrase.Plural(c.rows, "row") + ", " + phrase.Plural(c.files, "file")
}

// groupKey is what problems have in common that one change mends.
type groupKey struct {
	kind  schema.ProblemKind
	field string
	value string // or the shape of a date; empty where the kind alone counts
}

type group struct {
	key   groupKey
	first Problem
	rows  int // with a problem of the group
	files int // of these, the files that cannot be read
	alone int // of these, the rows that have no other problem
}

// maxGroups is the number of groups that are kept. Further values of a kind are
// counted together.
const maxGroups = 10_000

// NewSummary returns a summary of no problems.
func NewSummary() *Summary {
	return &Summary{groups: make(map[groupKey]*group), kinds: make(map[schema.ProblemKind]count)}
}

// Add adds the problems of one row or, if isFile is true, of a file that cannot be
// read.
func (s *Summary) Add(row []Problem, isFile bool) {
	if len(row) == 0 {
		return
	}
	if isFile {
		s.Files++
	} else {
		s.Rows++
	}
	s.Problems += len(row)
	keys, kinds := make(map[groupKey]Problem), make(map[schema.ProblemKind]bool)
	for _, p := range row {
		kinds[p.Kind] = true
		if key := keyOf(p); keys[key].Kind == "" {
			keys[key] = p
		}
	}
	for kind := range kinds {
		n := s.kinds[kind]
		if isFile {
			n.files++
		} else {
			n.rows++
		}
		s.kinds[kind] = n
	}
	for key, p := range keys {
		g := s.group(key, p)
		g.rows++
		if isFile {
			g.files++
		}
		if len(keys) == 1 {
			g.alone++
		}
	}
}

// group returns the group of a key, which has problem p.
func (s *Summary) group(key groupKey, p Problem) *group {
	g := s.groups[key]
	if g == nil && len(s.groups) >= maxGroups {
		key.field, key.value = "", ""
		g = s.groups[key]
	}
	if g == nil {
		g = &group{key: key, first: p}
		s.groups[key] = g
	}
	return g
}

// keyOf returns the group of a problem. A name, a word or a column is mended at one
// place, or by one replacement, wherever it is; a date by a rule for all of its shape.
func keyOf(p Problem) groupKey {
	switch p.Kind {
	case schema.UnknownName, schema.UnknownVerb, schema.UnknownSource, schema.UnknownID, schema.UnknownFactKey,
		schema.AmbiguousName, schema.UnknownColumn, schema.UnknownKey, schema.RepeatedColumn:
		return groupKey{kind: p.Kind, value: p.Value}
	case schema.UnknownWord, schema.WrongKind:
		return groupKey{p.Kind, p.Field, p.Value}
	case schema.BadDate:
		return groupKey{kind: p.Kind, value: shape(p.Value)}
	case schema.UnreadableFile, schema.WrongEncoding:
		return groupKey{kind: p.Kind, value: p.File}
	}
	return groupKey{kind: p.Kind, field: p.Field}
}

// shape returns a date with 9 for each digit and a for each run of letters, so that
// dates that are written alike are equal.
func shape(date string) string {
	var out strings.Builder
	letter := false
	for _, r := range date {
		switch {
		case unicode.IsDigit(r):
			out.WriteByte('9')
		case !unicode.IsLetter(r):
			out.WriteRune(r)
		case !letter:
			out.WriteByte('a')
		}
		letter = unicode.IsLetter(r)
	}
	return strings.ReplaceAll(strings.ReplaceAll(out.String(), "99", "9"), "99", "9")
}

// mends orders groups: first those that mend most rows.
func (g *group) mends(other *group) int {
	return cmp.Or(cmp.Compare(other.rows, g.rows), cmp.Compare(other.alone, g.alone), g.first.compare(other.first))
}

// what says what a group is, with its place if it has one row.
func (g *group) what() string {
	what := g.first.Text
	if g.rows == 1 {
		what = g.first.String()
	}
	if g.rows > 1 && g.key.value != g.first.Value && g.key.value != g.first.File {
		what = fmt.Sprintf("such as %v", g.first)
	}
	return what
}

// line says what a group is, and how to mend it.
func (g *group) line() string { return withHint(g.what(), g.first.Hint) }

func withHint(what, hint string) string {
	if hint != "" {
		what += ": " + hint
	}
	return what
}

// shownGroups is the number of groups of one kind that a summary lists.
const shownGroups = 5

// Lines returns the summary as lines of text: the kinds with most rows first, and at
// the end the one change that would mend most.
func (s *Summary) Lines() []string {
	byKind := make(map[schema.ProblemKind][]*group)
	for _, g := range s.groups {
		byKind[g.key.kind] = append(byKind[g.key.kind], g)
	}
	kinds := slices.SortedFunc(maps.Keys(byKind), func(a, b schema.ProblemKind) int {
		return cmp.Or(cmp.Compare(s.kinds[b].rows+s.kinds[b].files, s.kinds[a].rows+s.kinds[a].files), cmp.Compare(a, b))
	})
	var lines []string
	for _, kind := range kinds {
		groups := byKind[kind]
		slices.SortFunc(groups, (*group).mends)
		lines = append(lines, fmt.Sprintf("%s: %v", kind, s.kinds[kind]))
		hint := ""
		for _, g := range groups[:min(len(groups), shownGroups)] {
			line := g.line()
			if g.first.Hint == hint {
				line = g.what()
			}
			lines, hint = append(lines, fmt.Sprintf("  %d  %s", g.rows, line)), g.first.Hint
		}
		if more := len(groups) - shownGroups; more > 0 {
			lines = append(lines, fmt.Sprintf("  and %d more", more))
		}
	}
	if s.Consequences > 0 {
		lines = append(lines, phrase.Counted(s.Consequences, "more row refers to a row with a problem", "more rows refer to rows with problems"))
	}
	if best := s.best(); best != nil && best.key.kind == schema.UnknownName && s.alike(best) > 1 {
		what := fmt.Sprintf("%d unknown names, such as %q", s.alike(best), best.first.Value)
		lines = append(lines, fmt.Sprintf("mend first: %s (%v)", withHint(what, best.first.Hint), s.kinds[schema.UnknownName]))
	} else if best != nil {
		lines = append(lines, "mend first: "+best.line()+best.effect())
	}
	return lines
}

// alike counts the groups of one kind that have the advice of a group.
func (s *Summary) alike(g *group) (n int) {
	for _, other := range s.groups {
		if other.key.kind == g.key.kind && other.first.Hint == g.first.Hint {
			n++
		}
	}
	return n
}

// best returns the group whose change mends most: what keeps a file from being read,
// or else the group with most rows. It is nil if there is only one group.
func (s *Summary) best() *group {
	if len(s.groups) < 2 {
		return nil
	}
	return slices.MinFunc(slices.Collect(maps.Values(s.groups)), func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.files, a.files), a.mends(b))
	})
}

func (g *group) effect() string {
	switch {
	case g.files > 0:
		return " (before that the rows of the file cannot be read)"
	case g.alone == g.rows:
		return fmt.Sprintf(" (%s)", phrase.Plural(g.rows, "row"))
	}
	return fmt.Sprintf(" (%s; %s no other problem)", phrase.Plural(g.rows, "row"), phrase.Counted(g.alone, "has", "have"))
}

// Total says in a few words how much was found.
func (s *Summary) Total() string {
	total := phrase.Plural(s.Problems, "problem")
	if s.Rows > 0 {
		total += " in " + phrase.Plural(s.Rows, "row")
	}
	if s.Files > 0 {
		total += fmt.Sprintf(", and %s cannot be read", phrase.Plural(s.Files, "file"))
	}
	return total
}
