package render

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// FactTable makes rows of a table from facts, one fact at a time, so that a table of any
// length needs little memory. Its columns are, in this order:
//
//   - when: the date as written, then the other dates of the evidence
//   - status, standing, and fact, which is the sentence
//   - verb; the names in each role: actor, recipient, party (of a verb that goes both
//     ways) and all other roles of the vocabulary
//   - first-day and last-day: empty if open or unknown
//   - stance: the different stances of the evidence
//   - topic, linked (links to other facts), at (the places), and through (see
//     [graph.Filter.OnThrough])
//   - source-count, sources and words: the documents that assert the fact, and their
//     quotes; other-stances is all other evidence
//   - then: certainly or possibly in the period that the filter asks for
//   - widened: how the days extend beyond the written date
//   - datasets, source-key, participants (roles with ids), and id
//
// Several texts in a cell are joined by semicolons.
type FactTable struct {
	renderer *Renderer
	roles    []schema.Role // each is a column
	period   *graph.Filter // the filter with the period asked for; nil for no period
}

// NewFactTable returns a table. The column then is empty if the filter asks for no
// period.
func (r *Renderer) NewFactTable(filter graph.Filter) *FactTable {
	t := &FactTable{renderer: r, roles: []schema.Role{schema.RoleActor, schema.RoleRecipient, schema.RoleParty}}
	for _, role := range r.vocabulary.Roles() {
		if role != schema.RoleAt && !slices.Contains(t.roles, role) {
			t.roles = append(t.roles, role)
		}
	}
	if filter.Windowed() {
		t.period = &filter
	}
	return t
}

// Columns returns the names of the columns.
func (t *FactTable) Columns() []string {
	columns := []string{"when", "status", "standing", "fact", "verb"}
	for _, role := range t.roles {
		columns = append(columns, string(role))
	}
	return append(columns, "first-day", "last-day", "stance", "topic", "linked", "at", "through", "source-count", "sources", "words",
		"other-stances", "then", "widened", "datasets", "source-key", "participants", "id")
}

// details returns the columns of which the sentence and the date say the same in words.
func (t *FactTable) details() []string {
	details := []string{"verb", "first-day", "last-day", "stance", "topic", "source-count", "datasets", "source-key", "participants", "id"}
	for _, role := range t.roles {
		details = append(details, string(role))
	}
	return details
}

// FactRow is one row of a [FactTable] after another, in memory that each row uses again.
// It must not be used by several goroutines at once.
type FactRow struct {
	Fact Fact // with Through and Then; valid until the next call of Set

	table *FactTable
	given *schema.Fact
	cells []string
	text  []byte
}

// NewRow returns a row without a fact.
func (t *FactTable) NewRow() *FactRow {
	return &FactRow{table: t, cells: make([]string, 0, 5+len(t.roles)+7+afterCount)}
}

// afterCount is the number of columns from source-count to the last one.
const afterCount = 10

// Set makes the row that of a fact.
func (r *FactRow) Set(ctx context.Context, f *graph.Selected) (err error) {
	words := r.table.renderer
	r.given = &f.Fact
	if err := fill(ctx, words, &r.Fact, r.given); err != nil {
		return err
	}
	if r.Fact.Through, err = words.Refs(ctx, f.Through); err != nil {
		return err
	}
	r.Fact.Then, err = r.table.inPeriod(f.Fact)
	return err
}

// Cells returns the texts of the row, one for each column. They are valid until the next
// call of Set.
func (r *FactRow) Cells() ([]string, error) {
	j, f := &r.Fact, r.given
	first, last, err := j.Days()
	if err != nil {
		return nil, err
	}
	c := j.Claims()
	r.cells = append(r.cells[:0], Dates(*f), string(f.Status), string(j.Standing), j.Sentence, string(f.Verb))
	r.appendRoles()
	r.text = j.appendParticipants(r.text[:0])
	r.cells = append(r.cells, first, last, stances(f), f.Topic, linksInWords(j.Links), strings.Join(j.Places(), "; "), refNames(j.Through),
		strconv.Itoa(j.sourceCount()), c.Sources, c.Words, c.Others, j.Then, j.Widenings(), j.datasets(), f.Key, string(r.text), string(f.ID))
	return r.cells, nil
}

// values returns the cells as values, of which source-count is a number.
func (r *FactRow) values() ([]any, error) {
	cells, err := r.Cells()
	if err != nil {
		return nil, err
	}
	values := make([]any, len(cells))
	for i, cell := range cells {
		values[i] = cell
	}
	values[len(values)-afterCount] = r.Fact.sourceCount()
	return values, nil
}

// inPeriod returns "certainly" or "possibly" for a fact in the period asked for; empty
// for no period.
func (t *FactTable) inPeriod(f schema.Fact) (string, error) {
	if t.period == nil {
		return "", nil
	}
	sure, err := t.renderer.graph.Certain(f, *t.period)
	if sure {
		return "certainly", err
	}
	return "possibly", err
}

// stances returns the different stances of the evidence of a fact.
func stances(f *schema.Fact) string {
	if len(f.Evidence) == 1 && f.Evidence[0].Stance == schema.Asserts {
		return string(schema.Asserts)
	}
	words := ""
	for _, stance := range schema.Stances() {
		if slices.ContainsFunc(f.Evidence, func(e schema.Evidence) bool { return e.Stance == stance }) {
			words = joinText(words, string(stance))
		}
	}
	return words
}

// joinText returns two texts joined by a semicolon, or the second one if the first is
// empty.
func joinText(all, text string) string {
	if all == "" {
		return text
	}
	return all + "; " + text
}

// appendRoles appends the names of the participants in each role.
func (r *FactRow) appendRoles() {
	n, roles := len(r.cells), r.table.roles
	r.cells = r.cells[:n+len(roles)]
	clear(r.cells[n:])
	for i := range r.Fact.Roles {
		p := &r.Fact.Roles[i]
		if at := slices.Index(roles, p.Role); at >= 0 {
			r.cells[n+at] = joinText(r.cells[n+at], p.Name)
		}
	}
}

// appendParticipants appends the role and the id of each participant.
func (f *Fact) appendParticipants(dst []byte) []byte {
	for i, p := range f.Roles {
		if i > 0 {
			dst = append(dst, "; "...)
		}
		dst = append(append(append(dst, p.Role...), ' '), p.ID...)
	}
	return dst
}

func refNames(refs []Ref) string {
	if len(refs) == 0 {
		return ""
	}
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// sourceCount returns the number of documents that assert the fact.
func (f *Fact) sourceCount() int {
	var buffer [8]schema.ID
	ids := buffer[:0]
	for i := range f.Evidence {
		if e := &f.Evidence[i]; e.Stance == schema.Asserts && !slices.Contains(ids, e.Source.ID) {
			ids = append(ids, e.Source.ID)
		}
	}
	return len(ids)
}

// datasets returns the names of the datasets with evidence of the fact, sorted and joined
// by semicolons.
func (f *Fact) datasets() string {
	var buffer [8]string
	names := buffer[:0]
	for i := range f.Evidence {
		if name := f.Evidence[i].Dataset; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, "; ")
}
