package dossier

import (
	"context"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// factView is a fact as the page shows it. Its texts are clean.
type factView struct {
	Number   int // in order of time, from 1; 0 for a fact outside the selection
	Anchor   string
	Marks    []mark
	Style    string // of the line beside the fact: by its standing and its status
	Sentence []text
	Date     string // in words
	Written  string // the date as written, if it differs
	Days     string // the first and the last possible day, if the date is not exact
	Through  []text
	Summary  string // how many documents assert and deny it
	Roles    []roleView
	Topic    string
	Places   string
	Links    []linkView
	Groups   []evidenceGroup
	ID       string

	fact *render.Fact
	days render.Days
	year string
}

// roleView is a role and an entity or fact in it. Anchor is empty if the page does not
// have it.
type roleView struct{ Role, Name, Anchor string }

// linkView is a link to another fact. Anchor is empty if the page does not have it.
type linkView struct {
	Type   string
	Name   []text
	Anchor string
}

// anchorOf returns the anchor of a fact in the page.
func anchorOf(id schema.ID) string {
	_, hash, _ := strings.Cut(string(id), ":")
	return "fact-" + hash
}

// factView puts a fact into the words of the page. Anchors of linked facts are set by
// linkFacts.
func (c *collector) factView(ctx context.Context, f schema.Fact) (*factView, error) {
	row := c.names.NewFactList(graph.Filter{})
	if err := row.Add(ctx, f); err != nil {
		return nil, err
	}
	j := row.Facts[0]
	cell := func(name string) string {
		s, _ := row.Table.Rows[0][slices.Index(row.Table.Columns, name)].(string)
		return render.Clean(s)
	}
	v := &factView{
		Anchor: anchorOf(j.ID), Marks: marksOf(j.Status, j.Standing), Style: styleOf(j), Date: render.Clean(c.names.DatesInWords(f)),
		Topic: render.Clean(j.Topic), Places: cell("at"), ID: string(j.ID), fact: j,
	}
	if written := cell("when"); written != v.Date {
		v.Written = written
	}
	names := namesIn(j)
	v.Sentence = isolate(strings.TrimSuffix(j.Sentence, " ("+f.Mark()+")"), names)
	for _, l := range j.Links {
		v.Links = append(v.Links, linkView{Type: string(l.Type), Name: isolate(l.Name, names), Anchor: anchorOf(l.ID)})
	}
	if err := c.addDays(v, f); err != nil {
		return nil, err
	}
	var err error
	v.Groups, err = c.evidenceGroups(ctx, j)
	v.Summary = evidenceSummary(j)
	return v, err
}

// styleOf returns the style of the line beside a fact.
func styleOf(f *render.Fact) string {
	switch {
	case !f.Standing.Asserted():
		return "unasserted"
	case f.Standing == schema.StandingDisputed:
		return "disputed"
	case f.Status != schema.Happened:
		return "unhappened"
	}
	return "happened"
}

// addDays adds the possible days of a fact, and the year under which it is listed.
func (c *collector) addDays(v *factView, f schema.Fact) error {
	days, dated, err := c.graph.Vocabulary().Extent(f)
	if err != nil {
		return err
	}
	if !dated {
		v.year = undatedYear
		return nil
	}
	v.days = render.Days{From: dayText(days.From), To: dayText(days.To)}
	relation := c.graph.Vocabulary().VerbKind(f.Verb) == schema.Relation
	if v.days.From != v.Date || v.days.To != v.Date {
		v.Days = possibleDays(v.days, relation)
	}
	v.year = "First day not known"
	if v.days.From != "" {
		v.year = v.days.From[:4]
	}
	return nil
}

// dayText returns a day as "2023-07-12"; empty for an open bound.
func dayText(d schema.Day) string {
	if d == schema.MinDay || d == schema.MaxDay {
		return ""
	}
	return d.String()
}

// namesIn returns the names of the participants of a fact, and of those of facts that it
// names in brackets as a whole.
func namesIn(f *render.Fact) (names []string) {
	for _, p := range f.Roles {
		names = append(names, p.Name)
	}
	for _, e := range f.Evidence {
		if e.SaidBy != nil {
			names = append(names, e.SaidBy.Name)
		}
		for _, at := range e.At {
			names = append(names, at.Name)
		}
	}
	return names
}

// undatedYear is the heading of facts without a date.
const undatedYear = "Without a date"

// yearView is the facts whose first possible day is in a year, or is not known.
type yearView struct {
	Name, Anchor string
	Facts        []*factView
}

// years groups facts in order of time.
func years(facts []*factView) (list []*yearView) {
	for _, f := range facts {
		if len(list) == 0 || list[len(list)-1].Name != f.year {
			anchor := "time-" + strings.ToLower(strings.ReplaceAll(f.year, " ", "-"))
			list = append(list, &yearView{Name: f.year, Anchor: anchor})
		}
		last := list[len(list)-1]
		last.Facts = append(last.Facts, f)
	}
	return list
}

// dated reports whether any day of a fact is known.
func (f *factView) dated() bool { return f.year != undatedYear }
