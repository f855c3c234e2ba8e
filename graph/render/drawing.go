package render

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// EdgeTitle returns the label of a fact, or of its edge with the given predicate, for a
// drawing that shows the entities beside it. The first line has the verb, the mark and
// the topic, the second line the dates, and a third line how the days extend beyond the
// written date.
func (r *Renderer) EdgeTitle(f schema.Fact, predicate schema.Verb) string {
	title := r.PredicateLabel(f, predicate)
	if f.Topic != "" {
		title += " about " + f.Topic
	}
	date := writtenDates(f)
	if f.Within != nil {
		date = "during " + f.Within.String()
	} else if note := f.When.Widened(r.kind(f.Verb)); note != "" {
		date += "\n" + note
	}
	return title + "\n" + date
}

// PredicateLabel returns the verb of a fact in words, or the predicate of one of its
// edges, with the mark of the fact in brackets: "met (refused)", "hosted (of met)".
func (r *Renderer) PredicateLabel(f schema.Fact, predicate schema.Verb) string {
	words := strings.ReplaceAll(string(f.Verb), "-", " ")
	if mark := f.Mark(); mark != "" {
		words += " (" + mark + ")"
	}
	if predicate == f.Verb {
		return words
	}
	return r.phrase(predicate) + " (of " + words + ")" // the mark is about the fact's own verb
}

// writtenDates returns the date of a fact, then the other dates of its evidence.
func writtenDates(f schema.Fact) string {
	var all []string
	for _, when := range f.Dates() {
		if text := when.String(); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, "; ")
}

// DatesInWords returns the date of a fact and the other dates of its evidence in words
// that say what they mean: "between 2023-05 and 2023-06; 2023-06-04". An undated fact that
// is part of dated ones has their days.
func (r *Renderer) DatesInWords(f schema.Fact) string {
	if f.Within != nil {
		return "during " + f.Within.String()
	}
	var all []string
	for _, when := range f.Dates() {
		if words := when.InWords(r.kind(f.Verb)); !slices.Contains(all, words) {
			all = append(all, words)
		}
	}
	return strings.Join(all, "; ")
}

// Tooltip returns the quote of the best evidence of a fact, or an empty string if there
// is none. If the evidence does not assert the fact, its stance and the title of its
// document come before the quote.
func (r *Renderer) Tooltip(ctx context.Context, f schema.Fact) (string, error) {
	i := f.BestEvidence()
	if i < 0 || f.Evidence[i].Quote == "" {
		return "", nil
	}
	e := f.Evidence[i]
	if e.Stance == schema.Asserts {
		return e.Quote, nil
	}
	source, err := r.Name(ctx, e.Source)
	return e.Stance.By() + " " + cmp.Or(source, string(e.Source)) + ": " + schema.Quoted(e.Quote), err
}
