package diff

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// fieldNames are the names of fields whose predicates have other names, in the order of a
// list of fields. All other predicates follow, in the order of their names.
var fieldNames = [...]struct {
	predicate quad.IRI
	name      string
}{
	{schema.TypeTerm, "kind"}, {schema.LabelTerm, "name"}, {schema.AltLabelTerm, "also called"}, {schema.CountryTerm, "country"},
	{schema.PublisherTerm, "publisher"}, {schema.AuthorTerm, "author"}, {schema.WhenTerm, "date"}, {schema.FromNameTerm, "id made from its name"},
	{"dip:about-title", "title"}, {"dip:input", "sha256 of the input"}, {schema.GraphTerm, "graphs of statements"},
	{"dip:by-name", "id made from it in"}, {"dip:vocabulary", "verbs of its own"},
}

// isImplied reports whether a predicate repeats what other predicates say.
func isImplied(p quad.IRI) bool {
	return slices.Contains([]quad.IRI{schema.NameTerm, schema.FromTerm, schema.ToTerm, schema.BorrowedTerm, "dip:quads"}, p)
}

// compareFields compares the values of each predicate of a subject in two states. Implied
// predicates count only if nothing else differs.
func (l *lister) compareFields(ctx context.Context, states [2][]quad.Quad) (fields []Field, err error) {
	values := [2]map[quad.IRI][]string{}
	predicates := map[quad.IRI]bool{}
	for i, quads := range states {
		values[i] = map[quad.IRI][]string{}
		for _, q := range quads {
			p, _ := q.Predicate.(quad.IRI)
			text, err := l.valueText(ctx, i, q.Object)
			if err != nil {
				return nil, err
			}
			values[i][p], predicates[p] = append(values[i][p], text), true
		}
	}
	var implied []Field
	for _, p := range slices.SortedFunc(maps.Keys(predicates), compareFieldOrder) {
		slices.Sort(values[earlier][p])
		slices.Sort(values[later][p])
		if slices.Equal(values[earlier][p], values[later][p]) {
			continue
		}
		f := Field{fieldName(p), shorten(values[earlier][p]), shorten(values[later][p])}
		if isImplied(p) {
			implied = append(implied, f)
		} else {
			fields = append(fields, f)
		}
	}
	if len(fields) == 0 {
		return implied, nil
	}
	return fields, nil
}

// longest is the greatest length in bytes of a value in a list of fields.
const longest = 400

// shorten joins values, and cuts a text that is too long for a list.
func shorten(values []string) string {
	text := strings.Join(values, "; ")
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + fmt.Sprintf("… (%d bytes)", len(text))
}

func compareFieldOrder(a, b quad.IRI) int {
	return cmp.Or(cmp.Compare(fieldPlace(a), fieldPlace(b)), strings.Compare(string(a), string(b)))
}

func fieldPlace(p quad.IRI) int {
	for i, f := range fieldNames {
		if f.predicate == p {
			return i
		}
	}
	return len(fieldNames)
}

func fieldName(p quad.IRI) string {
	if i := fieldPlace(p); i < len(fieldNames) {
		return fieldNames[i].name
	}
	name := strings.TrimPrefix(strings.TrimPrefix(string(p), "dip:"), "about-")
	return strings.ReplaceAll(name, "-", " ")
}

// valueText returns a value in words: an entity by its name and id.
func (l *lister) valueText(ctx context.Context, state int, value quad.Value) (string, error) {
	switch v := value.(type) {
	case quad.IRI:
		if schema.KindOf(schema.ID(v)) != "" {
			return l.named(ctx, state, schema.ID(v))
		}
		if name, ok := schema.DatasetName(v); ok {
			return name, nil
		}
		return strings.TrimPrefix(string(v), "dip:"), nil
	case quad.String:
		return string(v), nil
	case quad.TypedString:
		return string(v.Value), nil
	case quad.LangString:
		return string(v.Value) + " (" + v.Lang + ")", nil
	case quad.Bool:
		if v {
			return "yes", nil
		}
		return "no", nil
	case quad.Int:
		return strconv.Itoa(int(v)), nil
	}
	return quad.StringOf(value), nil
}

// named returns the name of an id, with the id.
func (l *lister) named(ctx context.Context, state int, id schema.ID) (string, error) {
	name, err := l.words[state].Name(ctx, id)
	if err != nil || name == string(id) {
		return string(id), err
	}
	return fmt.Sprintf("%s (%s)", name, id), nil
}

// quadsOf returns the quads that match a pattern in both states.
func (d *Difference) quadsOf(ctx context.Context, p graph.Pattern) (quads [2][]quad.Quad, err error) {
	for i, state := range d.states() {
		for q, err := range state.Match(ctx, p) {
			if err != nil {
				return quads, err
			}
			quads[i] = append(quads[i], q)
		}
	}
	return quads, nil
}

// actionOf returns what happens to something that has quads in either state.
func actionOf(states [2][]quad.Quad) Action {
	switch {
	case len(states[earlier]) == 0:
		return Added
	case len(states[later]) == 0:
		return Removed
	}
	return Changed
}

func (l *lister) listEntities(ctx context.Context) error {
	return l.listStated(ctx, l.entities, Entity)
}

func (l *lister) listDocuments(ctx context.Context) error {
	return l.listStated(ctx, l.documents, Document)
}

// listStated lists what datasets say of entities or documents.
func (l *lister) listStated(ctx context.Context, list []statedBy, what What) error {
	for _, s := range list {
		id, err := l.termOf(s.id)
		if err != nil {
			return err
		}
		label, err := l.termOf(s.label)
		if err != nil {
			return err
		}
		quads, err := l.quadsOf(ctx, graph.Pattern{Subject: id, Label: label})
		if err != nil {
			return err
		}
		c := Change{What: what, Action: actionOf(quads), ID: schema.ID(id.(quad.IRI))}
		c.Dataset, _ = schema.DatasetName(label)
		if err := l.describe(ctx, &c, quads); err != nil {
			return err
		}
		if err := l.yield(c); err != nil {
			return err
		}
	}
	return nil
}

// describe fills in a change of an entity or a document. A dataset that only uses the name
// of an entity of others has a copy of the name, which is not a declaration.
func (l *lister) describe(ctx context.Context, c *Change, quads [2][]quad.Quad) (err error) {
	declared := [2][]quad.Quad{schema.WithoutBorrowed(quads[earlier]), schema.WithoutBorrowed(quads[later])}
	if len(declared[earlier])+len(declared[later]) == 0 {
		c.What = Name
		declared = quads
	}
	c.Action = actionOf(declared)
	e := schema.DecodeEntity(c.ID, quads[later])
	if len(quads[later]) == 0 {
		e = schema.DecodeEntity(c.ID, quads[earlier])
	}
	if c.Kind = string(e.Kind); l.Bare {
		return nil
	}
	c.Name = e.Label
	if c.Fields, err = l.compareFields(ctx, declared); err != nil {
		return err
	}
	if c.Action != Changed {
		c.Fields = slices.DeleteFunc(c.Fields, func(f Field) bool {
			return f.Name == "kind" || f.Name == "name" || f.Name == "id made from its name"
		})
		err = l.findAlso(ctx, c)
	}
	return err
}

// findAlso finds which other datasets declare an entity in the later state.
func (l *lister) findAlso(ctx context.Context, c *Change) (err error) {
	c.Also, err = l.After.StatedBy(ctx, c.ID)
	c.Also = slices.DeleteFunc(c.Also, func(name string) bool { return name == c.Dataset })
	return err
}

// termOf returns a term of either state.
func (d *Difference) termOf(id uint64) (quad.Value, error) {
	value, err := d.after.Term(id)
	if err == nil && value == nil {
		value, err = d.before.Term(id)
	}
	return value, err
}

// listMatches lists the ids made from names that several datasets share.
func (l *lister) listMatches(ctx context.Context) error {
	for _, subject := range l.matches {
		id, err := l.termOf(subject)
		if err != nil {
			return err
		}
		quads, err := l.quadsOf(ctx, graph.Pattern{Subject: id, Label: schema.DatasetValue(decisions)})
		if err != nil {
			return err
		}
		c := Change{What: Match, Action: actionOf(quads), ID: schema.ID(quad.ToString(id))}
		if iri, ok := id.(quad.IRI); ok {
			c.ID = schema.ID(iri)
		}
		state := later
		if c.Action == Removed {
			state = earlier
		}
		if c.Name, err = l.words[state].Name(ctx, c.ID); err != nil {
			return err
		}
		if c.Fields, err = l.compareFields(ctx, quads); err != nil {
			return err
		}
		if err := l.yield(c); err != nil {
			return err
		}
	}
	return nil
}

// listStatements lists the quads of RDF that are not part of facts.
func (l *lister) listStatements(ctx context.Context) error {
	if l.statements == 0 {
		return nil
	}
	f := &finder{touched: &touched{facts: l.facts}, states: l.states(), labels: map[uint64]class{}}
	return f.each(ctx, l.Difference, func(c store.ChangedIDs, subject, label class) error {
		if !isStatement(subject, label) {
			return nil
		}
		return l.yieldStatement(c.IDs, c.Added)
	})
}

func (l *lister) yieldStatement(ids [4]uint64, added bool) error {
	c, state := Change{What: Statement, Action: Removed}, l.before
	if added {
		c.Action, state = Added, l.after
	}
	q, err := state.Quad(ids)
	if err != nil {
		return err
	}
	c.Dataset, _, _ = schema.GraphOf(q.Label)
	c.Name = fmt.Sprintf("%v %v %v", quad.StringOf(q.Subject), quad.StringOf(q.Predicate), quad.StringOf(q.Object))
	return l.yield(c)
}
