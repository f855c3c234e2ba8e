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

// Row returns a fact and its row. through is the entities that link the fact with the
// entity asked for; see OnThrough of [graph.Filter].
func (t *FactTable) Row(ctx context.Context, f schema.Fact, through ...schema.ID) (*Fact, []any, error) {
	j, cells, err := t.Cells(ctx, f, through...)
	if err != nil {
		return nil, nil, err
	}
	row := make([]any, len(cells))
	for i, cell := range cells {
		row[i] = cell
	}
	row[len(row)-afterCount] = j.sourceCount()
	return j, row, nil
}

// afterCount is the number of columns from source-count to the last one.
const afterCount = 10

// Fact returns a fact as [Renderer.Fact] does, and sets Through and Then.
func (t *FactTable) Fact(ctx context.Context, f schema.Fact, through ...schema.ID) (*Fact, error) {
	j, err := t.renderer.Fact(ctx, f)
	if err != nil {
		return nil, err
	}
	if j.Through, err = t.renderer.Refs(ctx, through); err != nil {
		return nil, err
	}
	j.Then, err = t.inPeriod(f)
	return j, err
}

// Cells returns a fact and its row as texts.
func (t *FactTable) Cells(ctx context.Context, f schema.Fact, through ...schema.ID) (j *Fact, cells []string, err error) {
	if j, err = t.Fact(ctx, f, through...); err != nil {
		return nil, nil, err
	}
	first, last, err := j.Days()
	if err != nil {
		return nil, nil, err
	}
	c := j.Claims()
	cells = make([]string, 0, 5+len(t.roles)+7+afterCount)
	cells = append(cells, Dates(f), string(f.Status), string(j.Standing), j.Sentence, string(f.Verb))
	for _, role := range t.roles {
		cells = append(cells, j.inRole(role))
	}
	return j, append(cells, first, last, stances(f), f.Topic, linksInWords(j.Links), strings.Join(j.Places(), "; "), refNames(j.Through),
		strconv.Itoa(j.sourceCount()), c.Sources, c.Words, c.Others, j.Then, j.Widenings(), strings.Join(j.datasets(), "; "), f.Key, j.participants(), string(f.ID)), nil
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
func stances(f schema.Fact) string {
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

// inRole returns the names of the participants in a role.
func (f *Fact) inRole(role schema.Role) string {
	names := ""
	for _, p := range f.Roles {
		if p.Role != role {
			continue
		}
		names = joinText(names, p.Name)
	}
	return names
}

// participants returns the role and the id of each participant.
func (f *Fact) participants() string {
	var words []byte
	for i, p := range f.Roles {
		if i > 0 {
			words = append(words, "; "...)
		}
		words = append(append(append(words, p.Role...), ' '), p.ID...)
	}
	return string(words)
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
	var ids []schema.ID
	for i := range f.Evidence {
		if e := &f.Evidence[i]; e.Stance == schema.Asserts && !slices.Contains(ids, e.Source.ID) {
			ids = append(ids, e.Source.ID)
		}
	}
	return len(ids)
}

// datasets returns the names of the datasets with evidence of the fact, sorted.
func (f *Fact) datasets() []string {
	var names []string
	for i := range f.Evidence {
		if name := f.Evidence[i].Dataset; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
