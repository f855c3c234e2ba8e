package render

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// When is a date as a source has it, and the days that it stands for.
type When struct {
	Text     string `json:"text"` // in one line, with words and bounds
	Written  string `json:"written,omitempty"`
	Words    string `json:"words,omitempty"`
	Anchor   string `json:"anchor,omitempty"`
	FromBy   string `json:"from-by,omitempty"`
	ToBy     string `json:"to-by,omitempty"`
	Attested bool   `json:"attested,omitempty"`
	From     string `json:"from,omitempty"` // first day that it allows, as "2023-07-12"; empty where open
	To       string `json:"to,omitempty"`
	Widened  string `json:"widened,omitempty"` // how the days reach beyond what is written; empty where they do not
}

// annotated is a date, and in brackets how its days reach beyond it.
func (w When) annotated() string {
	if w.Widened == "" {
		return w.Text
	}
	return w.Text + " (" + w.Widened + ")"
}

func newWhen(w schema.When, kind schema.VerbKind) When {
	j := When{Text: w.String(), Written: w.Written, Words: w.Words, Anchor: w.Anchor, FromBy: w.FromBy, ToBy: w.ToBy, Attested: w.Attested, Widened: w.Widened(kind)}
	span, err := w.Span(kind)
	if err != nil || !w.Dated() {
		return j
	}
	if span.From != schema.MinDay {
		j.From = span.From.String()
	}
	if span.To != schema.MaxDay {
		j.To = span.To.String()
	}
	return j
}

// Within is when a fact without a date of its own may have happened: during the
// facts that it is part of, named by Of.
type Within struct {
	Text string `json:"text"`
	From string `json:"from,omitempty"` // empty where open
	To   string `json:"to,omitempty"`
	Of   []Ref  `json:"of"`

	Disputed bool `json:"disputed,omitempty"` // some source denies one of these facts, or a fact that it is part of
}

func (r *Renderer) within(ctx context.Context, f schema.Fact) (*Within, error) {
	if f.Within == nil {
		return nil, nil
	}
	of, err := r.Refs(ctx, f.Wholes())
	j := &Within{Text: duringWholes(f, f.When), Of: of, Disputed: f.Within.Disputed}
	if f.Within.From != schema.MinDay {
		j.From = f.Within.From.String()
	}
	if f.Within.To != schema.MaxDay {
		j.To = f.Within.To.String()
	}
	return j, err
}

// plainDate is the date of a fact, or else of the facts that it is part of.
func (f *Fact) plainDate() string {
	if f.Within != nil {
		return f.Within.Text
	}
	return f.When.Text
}

// annotatedDate is the date of a fact, and in brackets how its days reach beyond it, or
// the facts that it is part of, where the date is theirs.
func (f *Fact) annotatedDate() string {
	if f.Within == nil {
		return f.When.annotated()
	}
	var names []string
	for _, ref := range f.Within.Of {
		names = append(names, ref.Name)
	}
	of := strings.Join(names, ", ")
	if f.Within.Disputed && !strings.Contains(of, "(disputed)") { // said in the name of one of them
		of += ", disputed"
	}
	return f.Within.Text + " (part of " + of + ")"
}

// annotatedDates is [Fact.annotatedDate], then other dates that its evidence gives.
func (f *Fact) annotatedDates() string { return f.withEvidenceDates(f.annotatedDate(), When.annotated) }

// allDates is [Fact.plainDate], then other dates that its evidence gives.
func (f *Fact) allDates() string {
	return f.withEvidenceDates(f.plainDate(), func(w When) string { return w.Text })
}

// withEvidenceDates adds to the date of a fact other dates that its evidence gives. Where
// some source asserts the fact, dates of denials are left out.
func (f *Fact) withEvidenceDates(date string, text func(When) string) string {
	all := []string{date}
	for _, e := range f.Evidence {
		if f.Within == nil && e.When.Text != f.When.Text && (e.Stance != schema.Denies || !f.Standing.Asserted()) {
			all = append(all, text(e.When))
		}
	}
	return joinDistinct(all)
}

// evidenceDate is a date that evidence gives for a fact; where it gives none, the days of
// the facts that it is part of.
func evidenceDate(f schema.Fact, when schema.When) string {
	if f.Within != nil && !when.Dated() {
		return duringWholes(f, when)
	}
	return when.String()
}

// duringWholes says when a fact without a date may have happened, after the words that a
// source has for that: "last August, during 2015-03-01/2015-03-05".
func duringWholes(f schema.Fact, when schema.When) string {
	text := "during " + f.Within.String()
	if !when.IsZero() {
		text = when.String() + ", " + text
	}
	return text
}

// factDates is the date of a fact, then other dates that its evidence gives.
func factDates(f schema.Fact) string {
	var all []string
	for _, when := range f.Dates() {
		all = append(all, evidenceDate(f, when))
	}
	return joinDistinct(all)
}

// widenings says how the days of a fact and of its evidence reach beyond its dates.
func (f *Fact) widenings() string {
	all := []string{f.When.Widened}
	for _, e := range f.Evidence {
		if e.Stance != schema.Denies || !f.Standing.Asserted() {
			all = append(all, e.When.Widened)
		}
	}
	return joinDistinct(all)
}
