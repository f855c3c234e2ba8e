package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Table returns one row for each term, each fact that is not counted, and each event.
func (h *PostHistory) Table() Table {
	t := Table{Columns: []string{"part", "holder", "held", "when", "earliest-start", "latest-start", "earliest-end", "latest-end",
		"standing", "derived", "notes", "facts", "sources", "words", "other-stances", "widened", "holder-id"}}
	for _, part := range []struct {
		name  string
		terms []*Term
	}{{"term", h.Holders}, {"undated", h.Undated}} {
		for _, j := range part.terms {
			var sources, said, others, facts []string
			for _, f := range j.Facts {
				c := f.Claims()
				sources, said, others, facts = append(sources, c.Sources), append(said, c.Words), append(others, c.Others), append(facts, string(f.ID))
			}
			t.add(part.name, j.Of.Name, j.Held, j.When.Text, j.EarliestStart, j.LatestStart, j.EarliestEnd, j.LatestEnd,
				string(j.Standing), j.Derived, strings.Join(j.notes(0, ""), "; "), strings.Join(facts, " "), joinDistinct(sources), joinDistinct(said), joinDistinct(others),
				j.When.Widened, string(j.Of.ID))
		}
	}
	for _, part := range []struct {
		name  string
		facts []*Fact
	}{{"not counted", h.NotCounted}, {"event", h.Events}} {
		for _, f := range part.facts {
			c := f.Claims()
			t.add(part.name, "", "", f.When.Text, "", "", "", "", string(f.Standing), false, f.Sentence, string(f.ID), c.Sources, c.Words, c.Others, f.Widenings(), "")
		}
	}
	return t
}

// Text returns the history as text: a line for each term, then its evidence, handovers,
// overlaps and gaps. more is the option that shows overlaps which are left out, such as
// "--format json"; it may be empty.
func (h *PostHistory) Text(more string) string {
	var b strings.Builder
	title := h.Post.Name
	if h.AsOf != "" {
		title += ", as of " + h.AsOf
	}
	fmt.Fprintf(&b, "%s\n", Clean(title))
	columns := 0
	for _, j := range slices.Concat(h.Holders, h.Undated) {
		columns = max(columns, len([]rune(j.When.Text)))
	}
	for _, j := range h.Holders {
		j.writeText(&b, columns, more)
	}
	if len(h.Holders) == 0 {
		b.WriteString("  " + h.noHolders() + "\n")
	}
	if len(h.Undated) > 0 {
		b.WriteString("\nUndated: when is not known\n")
	}
	for _, j := range h.Undated {
		j.writeText(&b, columns, more)
	}
	writeFacts(&b, "Not counted: no source asserts it, or it did not happen", h.NotCounted)
	writeFacts(&b, "Events that name the post", h.Events)
	return b.String()
}

// noHolders says that no dated term is listed.
func (h *PostHistory) noHolders() string {
	then := map[bool]string{true: " then"}[h.AsOf != ""]
	if len(h.Undated) > 0 {
		return "no holder with a known date" + then
	}
	return "nobody is known to have held it" + then
}

// writeFacts writes facts under a title, or nothing if there are none.
func writeFacts(b *strings.Builder, title string, facts []*Fact) {
	if len(facts) > 0 {
		fmt.Fprintf(b, "\n%s\n", title)
	}
	for _, f := range facts {
		writeFactClaims(b, "  ", f)
	}
}

// writeText writes the dates and the holder of a term, its evidence, and its relations
// to later terms. width is the width of the column of dates.
func (j *Term) writeText(b *strings.Builder, width int, more string) {
	held := j.Held
	if held != "" {
		held += " "
	}
	fmt.Fprintf(b, "  %-*s  %s%s%s\n", width, Clean(j.When.Text), held, Clean(j.Of.Name), j.marks())
	j.writeEvidence(b, "      ")
	for _, note := range j.notes(shownFacts, more) {
		fmt.Fprintf(b, "    %s\n", Clean(note))
	}
}

// writeEvidence writes the claims of each fact of the term.
func (j *Term) writeEvidence(b *strings.Builder, indent string) {
	for _, f := range j.Facts {
		c := f.Claims()
		text := c.Sources
		if c.Words != "" {
			text += ": " + c.Words
		}
		if len(j.Facts) > 1 || j.Derived {
			text = f.Sentence + ", " + f.When.annotated() + ": " + text
		}
		for _, line := range []string{text, c.Others} {
			if line != "" {
				fmt.Fprintf(b, "%s%s\n", indent, Clean(line))
			}
		}
	}
}

// marks returns in brackets whether the term is derived or disputed, and how its days
// extend beyond the written date; empty for none of these.
func (j *Term) marks() string {
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

// notes describes the relations of the term to later terms, with at most limit known
// overlaps; 0 is no limit.
func (j *Term) notes(limit int, more string) (notes []string) {
	for _, e := range j.Handovers {
		notes = append(notes, "handover to "+e.With.Name+" "+dayInWords(e.Days))
	}
	notes = append(notes, j.overlapNotes(limit, more)...)
	if j.Gap != nil {
		notes = append(notes, "then nobody is known "+periodInWords(j.Gap.From, j.Gap.To))
	}
	return notes
}

// overlapNotes describes at most limit overlaps between known dates, a line each, and in
// one line the overlaps that are possible because a start or an end is unknown.
func (j *Term) overlapNotes(limit int, more string) (notes []string) {
	var known, unsure []string
	for _, e := range j.Overlaps {
		if e.boundsUnknown {
			unsure = append(unsure, e.With.Name)
		} else {
			known = append(known, e.inWords())
		}
	}
	if rest := len(known) - limit; limit > 0 && rest > 0 {
		known = append(known[:limit], "and at the same time as "+plural(rest, "other holder")+withHint(more))
	}
	switch len(unsure) {
	case 0:
		return known
	case 1:
		return append(known, "possibly at the same time as "+unsure[0]+": a start or an end is not known")
	}
	return append(known, "possibly at the same time as "+plural(len(unsure), "other holder")+": starts or ends are not known")
}

// inWords describes an overlap: whether it is certain, with which holder, and when.
func (e TermRelation) inWords() string {
	switch {
	case e.noCertainDay:
		return "certainly at the same time as " + e.With.Name + " at some time " + periodInWords(e.From, e.To)
	case e.Certain:
		return "certainly at the same time as " + e.With.Name + " " + periodInWords(e.From, e.To)
	}
	return "possibly at the same time as " + e.With.Name + " " + periodInWords(e.From, e.To)
}
