package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// printHolding writes JSON as one object; lines and CSV have a row for each term.
func (a *app) printHolding(cmd *cobra.Command, h *holding) error {
	switch a.config.Format {
	case "table":
		return a.write(cmd, func(w io.Writer) error { return h.writeText(w) })
	case "json":
		return a.print(cmd, &answer{json: h})
	}
	return a.print(cmd, h.rows())
}

func (h *holding) rows() *answer {
	t := &answer{columns: []string{"part", "holder", "held", "when", "earliest-start", "latest-start", "earliest-end", "latest-end",
		"standing", "derived", "notes", "facts", "sources", "words", "other-stances", "widened", "holder-id"}}
	for _, part := range []struct {
		name  string
		terms []*heldTerm
	}{{"term", h.Holders}, {"undated", h.Undated}} {
		for _, j := range part.terms {
			var sources, said, others, facts []string
			for _, f := range j.Facts {
				c := f.claims()
				sources, said, others, facts = append(sources, c.sources), append(said, c.words), append(others, c.others), append(facts, string(f.ID))
			}
			t.add(part.name, j.Of.Name, j.Held, j.When.Text, j.EarliestStart, j.LatestStart, j.EarliestEnd, j.LatestEnd,
				string(j.Standing), j.Derived, strings.Join(j.notes(0), "; "), strings.Join(facts, " "), distinct(sources), distinct(said), distinct(others),
				j.When.Widened, string(j.Of.ID))
		}
	}
	for _, part := range []struct {
		name  string
		facts []*jsonFact
	}{{"not counted", h.Apart}, {"event", h.Events}} {
		for _, f := range part.facts {
			c := f.claims()
			t.add(part.name, "", "", f.When.Text, "", "", "", "", string(f.Standing), false, f.Sentence, string(f.ID), c.sources, c.words, c.others, f.widened(), "")
		}
	}
	return t
}

func (h *holding) writeText(w io.Writer) error {
	var b strings.Builder
	title := h.Post.Name
	if h.AsOf != "" {
		title += ", as of " + h.AsOf
	}
	fmt.Fprintf(&b, "%s\n", render.Clean(title))
	columns := 0
	for _, j := range slices.Concat(h.Holders, h.Undated) {
		columns = max(columns, len([]rune(j.When.Text)))
	}
	for _, j := range h.Holders {
		j.writeText(&b, columns)
	}
	if len(h.Holders) == 0 {
		b.WriteString("  nobody is known to have held it" + map[bool]string{true: " then"}[h.AsOf != ""] + "\n")
	}
	if len(h.Undated) > 0 {
		b.WriteString("\nUndated: when is not known\n")
	}
	for _, j := range h.Undated {
		j.writeText(&b, columns)
	}
	writeFacts(&b, "Not counted: no source asserts it, or it did not happen", h.Apart)
	writeFacts(&b, "Events that name the post", h.Events)
	_, err := io.WriteString(w, hanging(b.String(), width(w)))
	return err
}

func writeFacts(b *strings.Builder, title string, facts []*jsonFact) {
	if len(facts) > 0 {
		fmt.Fprintf(b, "\n%s\n", title)
	}
	for _, f := range facts {
		writeShort(b, "  ", f)
	}
}

// writeText writes a term: when and who, what it has to do with later ones, and the
// evidence of each fact.
func (j *heldTerm) writeText(b *strings.Builder, width int) {
	held := j.Held
	if held != "" {
		held += " "
	}
	fmt.Fprintf(b, "  %-*s  %s%s%s\n", width, render.Clean(j.When.Text), held, render.Clean(j.Of.Name), j.marks())
	j.writeEvidence(b, "      ")
	for _, note := range j.notes(shownFacts) {
		fmt.Fprintf(b, "    %s\n", render.Clean(note))
	}
}

// writeEvidence writes who says so, a line for each fact of the term.
func (j *heldTerm) writeEvidence(b *strings.Builder, indent string) {
	for _, f := range j.Facts {
		c := f.claims()
		text := c.sources
		if c.words != "" {
			text += ": " + c.words
		}
		if len(j.Facts) > 1 || j.Derived {
			text = f.Sentence + ", " + f.When.noted() + ": " + text
		}
		for _, line := range []string{text, c.others} {
			if line != "" {
				fmt.Fprintf(b, "%s%s\n", indent, render.Clean(line))
			}
		}
	}
}

// marks says what is not plain about a term, in brackets.
func (j *heldTerm) marks() string {
	var marks []string
	if j.Derived {
		marks = append(marks, "derived from events")
	}
	if j.Standing == schema.StandingDisputed {
		marks = append(marks, string(j.Standing))
	}
	if j.When.Widened != "" {
		marks = append(marks, j.When.Widened)
	}
	if len(marks) == 0 {
		return ""
	}
	return " (" + strings.Join(marks, "; ") + ")"
}

// notes says what a term has to do with later ones: at most so many overlaps, all of
// them for 0.
func (j *heldTerm) notes(limit int) (notes []string) {
	for _, e := range j.Handovers {
		notes = append(notes, "handover to "+e.With.Name+" "+dayWords(e.jsonDays))
	}
	notes = append(notes, j.together(limit)...)
	if j.Gap != nil {
		notes = append(notes, "then nobody is known "+span(j.Gap.From, j.Gap.To))
	}
	return notes
}

// together says with whom a term overlaps: at most so many that are known to, and in
// one line those that only may since a start or an end is not known.
func (j *heldTerm) together(limit int) (notes []string) {
	var known, loose []string
	for _, e := range j.Overlaps {
		if e.loose {
			loose = append(loose, e.With.Name)
		} else {
			known = append(known, e.overlap())
		}
	}
	if more := len(known) - limit; limit > 0 && more > 0 {
		known = append(known[:limit], "and at the same time as "+plural(more, "other holder")+": --format json")
	}
	switch len(loose) {
	case 0:
		return known
	case 1:
		return append(known, "possibly at the same time as "+loose[0]+": a start or an end is not known")
	}
	return append(known, "possibly at the same time as "+plural(len(loose), "other holder")+": starts or ends are not known")
}

func (e heldEdge) overlap() string {
	switch {
	case e.sometime:
		return "certainly at the same time as " + e.With.Name + " at some time " + span(e.From, e.To)
	case e.Certain:
		return "certainly at the same time as " + e.With.Name + " " + span(e.From, e.To)
	}
	return "possibly at the same time as " + e.With.Name + " " + span(e.From, e.To)
}

// dayWords says on which of some days something was: on a day, in a month or a year,
// or between two days.
func dayWords(d jsonDays) string {
	if d.From == d.To {
		return "on " + d.From
	}
	for _, unit := range []string{d.From[:min(7, len(d.From))], d.From[:min(4, len(d.From))]} {
		if from, to, err := schema.Window(unit); err == nil && from.String() == d.From && to.String() == d.To {
			return "in " + unit
		}
	}
	return "some day " + span(d.From, d.To)
}
