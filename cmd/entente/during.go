package main

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// jsonWithin is when a fact without a date of its own may have happened: during the
// facts that it is part of.
type jsonWithin struct {
	Text string    `json:"text"`
	From string    `json:"from,omitempty"` // absent where open
	To   string    `json:"to,omitempty"`
	Of   []jsonRef `json:"of"`

	Disputed bool `json:"disputed,omitempty"` // some source denies one of those, or what it is part of
}

func (r *renderer) within(ctx context.Context, f schema.Fact) (*jsonWithin, error) {
	if f.Within == nil {
		return nil, nil
	}
	of, err := r.refs(ctx, f.Wholes())
	j := &jsonWithin{Text: during(f, f.When), Of: of, Disputed: f.Within.Disputed}
	if f.Within.From != schema.MinDay {
		j.From = f.Within.From.String()
	}
	if f.Within.To != schema.MaxDay {
		j.To = f.Within.To.String()
	}
	return j, err
}

// date is when a fact was: its own date, else that of what it is part of.
func (f *jsonFact) date() string {
	if f.Within != nil {
		return f.Within.Text
	}
	return f.When.Text
}

// dateOf is [jsonFact.date] and of what it is part, where that dates it.
func (f *jsonFact) dateOf() string {
	if f.Within == nil {
		return f.When.noted()
	}
	var names []string
	for _, ref := range f.Within.Of {
		names = append(names, ref.Name)
	}
	of := strings.Join(names, ", ")
	if f.Within.Disputed && !strings.Contains(of, "(disputed)") { // what these are part of is
		of += ", disputed"
	}
	return f.Within.Text + " (part of " + of + ")"
}

// datesOf is [jsonFact.dateOf], then the dates of its evidence that differ.
func (f *jsonFact) datesOf() string { return f.andOthers(f.dateOf(), jsonWhen.noted) }

// plainDates is [jsonFact.date], then the dates of its evidence that differ.
func (f *jsonFact) plainDates() string {
	return f.andOthers(f.date(), func(w jsonWhen) string { return w.Text })
}

// andOthers adds to a fact's date those of its evidence that differ; not those of
// denials, where any source asserts it.
func (f *jsonFact) andOthers(date string, text func(jsonWhen) string) string {
	all := []string{date}
	for _, e := range f.Evidence {
		if f.Within == nil && e.When.Text != f.When.Text && (e.Stance != schema.Denies || !f.Standing.Asserted()) {
			all = append(all, text(e.When))
		}
	}
	return distinct(all)
}

// dateBy is one of the dates that a fact is given; where that says nothing, when what
// it is part of was.
func dateBy(f schema.Fact, when schema.When) string {
	if f.Within != nil && !when.Dated() {
		return during(f, when)
	}
	return when.String()
}

// during says when a fact without a date may have happened, after the words that its
// source has for it: "last August, during 2015-03-01/2015-03-05".
func during(f schema.Fact, when schema.When) string {
	text := "during " + f.Within.String()
	if !when.IsZero() {
		text = when.String() + ", " + text
	}
	return text
}
