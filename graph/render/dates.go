package render

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// When is a date as a source gives it, and the days that it allows.
type When struct {
	Text     string `json:"text"` // the whole date in one line
	Written  string `json:"written,omitempty"`
	Words    string `json:"words,omitempty"`
	Anchor   string `json:"anchor,omitempty"`
	FromBy   string `json:"from-by,omitempty"`
	ToBy     string `json:"to-by,omitempty"`
	Attested bool   `json:"attested,omitempty"`
	From     string `json:"from,omitempty"` // first day, as "2023-07-12"; empty if open
	To       string `json:"to,omitempty"`
	Widened  string `json:"widened,omitempty"` // how the days extend beyond the written date; empty if they do not

	days  schema.Days
	dated bool
	err   error // of the days
}

// annotated returns the date, and in brackets how its days extend beyond it.
func (w When) annotated() string {
	if w.Widened == "" {
		return w.Text
	}
	return w.Text + " (" + w.Widened + ")"
}

func newWhen(w schema.When, kind schema.VerbKind) When {
	j := When{Text: w.String(), Written: w.Written, Words: w.Words, Anchor: w.Anchor, FromBy: w.FromBy, ToBy: w.ToBy, Attested: w.Attested, Widened: w.Widened(kind)}
	span, err := w.Span(kind)
	j.days, j.dated, j.err = schema.Days{From: span.From, To: span.To}, w.Dated(), err
	if err != nil || !j.dated {
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

// when returns a date of a fact whose verb has a kind, which the caller does not change.
func (r *Renderer) when(w schema.When, kind schema.VerbKind) *When {
	j, ok := r.whens.get(writtenWhen{w, kind})
	if !ok {
		for _, text := range []*string{&w.Written, &w.Words, &w.Anchor, &w.FromBy, &w.ToBy} {
			*text = strings.Clone(*text) // without the memory of other texts of its fact
		}
		when := newWhen(w, kind)
		j = &when
		r.whens.put(writtenWhen{w, kind}, j)
	}
	return j
}

// Days returns the first and the last day that the evidence of the fact allows, as
// [schema.Vocabulary.Extent] does. A day is empty if it is open or unknown. Errors wrap
// [schema.ErrDate].
func (f *Fact) Days() (first, last string, err error) {
	asserted := f.Standing.Asserted()
	days, dated, err := joinDays(schema.Days{}, false, &f.When)
	for i := range f.Evidence {
		if e := &f.Evidence[i]; err == nil && (!asserted || e.Stance != schema.Denies) {
			days, dated, err = joinDays(days, dated, &e.When)
		}
	}
	switch {
	case err != nil:
		return "", "", err
	case f.When.dated && days == f.When.days:
		return f.When.From, f.When.To, nil
	case dated:
		return dayText(days.From), dayText(days.To), nil
	case f.Within != nil:
		return f.Within.From, f.Within.To, nil
	}
	return "", "", nil
}

// joinDays joins the days of a date to days.
func joinDays(days schema.Days, dated bool, j *When) (schema.Days, bool, error) {
	switch {
	case !j.dated:
		return days, dated, nil
	case !dated || j.err != nil:
		return j.days, true, j.err
	default:
		return days.Join(j.days), true, nil
	}
}

// Within is the period in which a fact without a date may have happened: the days of
// the facts that it is part of.
type Within struct {
	Text string `json:"text"`
	From string `json:"from,omitempty"` // empty if open
	To   string `json:"to,omitempty"`
	Of   []Ref  `json:"of"` // the facts that it is part of

	Disputed bool `json:"disputed,omitempty"` // a source denies a fact of Of, or a fact that contains it
}

func (r *Renderer) within(ctx context.Context, f *schema.Fact) (*Within, error) {
	if f.Within == nil {
		return nil, nil
	}
	of, err := r.Refs(ctx, f.Wholes())
	j := &Within{Text: duringWholes(*f, f.When), Of: of, Disputed: f.Within.Disputed}
	if f.Within.From != schema.MinDay {
		j.From = f.Within.From.String()
	}
	if f.Within.To != schema.MaxDay {
		j.To = f.Within.To.String()
	}
	return j, err
}

// plainDate returns the date of the fact, or the period of the facts that it is part of.
func (f *Fact) plainDate() string {
	if f.Within != nil {
		return f.Within.Text
	}
	return f.When.Text
}

// annotatedDate returns the date of the fact, and in brackets how its days extend beyond
// it. For a fact without a date it returns the period of the facts that it is part of,
// and in brackets their names.
func (f *Fact) annotatedDate() string {
	if f.Within == nil {
		return f.When.annotated()
	}
	var names []string
	for _, ref := range f.Within.Of {
		names = append(names, ref.Name)
	}
	of := strings.Join(names, ", ")
	if f.Within.Disputed && !strings.Contains(of, "(disputed)") { // unless a name in of already says so
		of += ", disputed"
	}
	return f.Within.Text + " (part of " + of + ")"
}

// annotatedDates returns [Fact.annotatedDate], then the other dates of the evidence.
func (f *Fact) annotatedDates() string { return f.withEvidenceDates(f.annotatedDate(), When.annotated) }

// allDates returns [Fact.plainDate], then the other dates of the evidence.
func (f *Fact) allDates() string {
	return f.withEvidenceDates(f.plainDate(), func(w When) string { return w.Text })
}

// withEvidenceDates adds the dates of the evidence that differ from the date of the fact.
// It leaves out dates of denials if a source asserts the fact.
func (f *Fact) withEvidenceDates(date string, text func(When) string) string {
	all := []string{date}
	for _, e := range f.Evidence {
		if f.Within == nil && e.When.Text != f.When.Text && (e.Stance != schema.Denies || !f.Standing.Asserted()) {
			all = append(all, text(e.When))
		}
	}
	return joinDistinct(all)
}

// evidenceDate returns the date that a piece of evidence gives. For evidence without a
// date it returns the period of the facts that the fact is part of.
func evidenceDate(f schema.Fact, when schema.When) string {
	if f.Within != nil && !when.Dated() {
		return duringWholes(f, when)
	}
	return when.String()
}

// duringWholes returns the period of the facts that a fact is part of, after the words
// of the source: "last August, during 2015-03-01/2015-03-05".
func duringWholes(f schema.Fact, when schema.When) string {
	text := "during " + f.Within.String()
	if !when.IsZero() {
		text = when.String() + ", " + text
	}
	return text
}

// Dates returns the date of a fact as written, then the other dates of its evidence,
// joined by semicolons.
func Dates(f schema.Fact) string {
	asserted, text := f.Asserted(), evidenceDate(f, f.When)
	all := []string{text}
	for i := range f.Evidence {
		if e := &f.Evidence[i]; e.When != f.When && (!asserted || e.Stance != schema.Denies) {
			all = append(all, evidenceDate(f, e.When))
		}
	}
	if len(all) == 1 {
		return text
	}
	return joinDistinct(all)
}

// Widenings describes how the days of the fact and of its evidence extend beyond the
// written dates; empty if they do not.
func (f *Fact) Widenings() string {
	var all []string
	if f.When.Widened != "" {
		all = append(all, f.When.Widened)
	}
	for i := range f.Evidence {
		if e := &f.Evidence[i]; e.Stance != schema.Denies || !f.Standing.Asserted() {
			all = appendDistinct(all, e.When.Widened)
		}
	}
	return strings.Join(all, "; ")
}
