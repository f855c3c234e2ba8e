package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph/render"
)

// printShares writes JSON as one object; lines and CSV have a row for each fact of
// each of the entities.
func (a *app) printShares(cmd *cobra.Command, s *shares) error {
	switch a.config.Format {
	case "table":
		return a.write(cmd, func(w io.Writer) error { return s.writeText(w) })
	case "json":
		return a.print(cmd, &answer{json: s})
	}
	return a.print(cmd, s.rows())
}

// noDays are the cells of a row that is of no time together.
var noDays = [6]any{"", "", "", "", "", ""}

// cells are the days on which two may have been together, whether they certainly
// were, and on which.
func (o sharedTerm) cells() [6]any {
	within := ""
	if o.Within != nil {
		within = o.Within.From + "/" + o.Within.To
	}
	return [6]any{o.From, o.To, o.Certain, o.Since, o.Until, within}
}

func (s *shares) rows() *answer {
	t := &answer{columns: []string{"part", "shared", "kind", "degree", "from", "to", "certain", "certain-from", "certain-to", "certain-within", "of", "when", "status", "standing", "fact", "predicate", "sources", "words", "other-stances", "widened", "shared-id", "of-id", "id"}}
	add := func(part string, shared jsonRef, kind, degree any, days [6]any, of jsonRef, facts []*jsonFact) {
		for _, f := range facts {
			c := f.claims()
			t.add(part, shared.Name, kind, degree, days[0], days[1], days[2], days[3], days[4], days[5], of.Name, f.plainDates(), string(f.Status), string(f.Standing), f.Sentence, string(f.Predicate), c.sources, c.words, c.others, f.widened(), string(shared.ID), string(of.ID), string(f.ID))
		}
	}
	for _, part := range []struct {
		name     string
		contacts []sharedContact
	}{{"contact", s.Contacts}, {"gathering", s.Gatherings}} {
		for _, c := range part.contacts {
			for _, l := range c.Links {
				add(part.name, c.jsonRef, string(c.Kind), c.Degree, noDays, l.From, l.Facts)
			}
		}
	}
	for _, o := range s.Terms {
		for _, own := range o.Terms {
			add("term", o.At, string(o.Kind), "", o.cells(), own.Of, own.Facts)
		}
	}
	add("fact", jsonRef{}, "", "", noDays, jsonRef{}, s.Facts)
	return t
}

func (s *shares) writeText(w io.Writer) error {
	var b strings.Builder
	var names []string
	for _, e := range s.Entities {
		names = append(names, e.Name)
	}
	fmt.Fprintf(&b, "%s\n", render.Clean(strings.Join(names, ", ")))
	writeContacts(&b, "Contacts", s.Contacts)
	writeContacts(&b, "Gatherings", s.Gatherings)
	if len(s.Terms) > 0 {
		b.WriteString("\nTerms of office\n")
	}
	for _, o := range s.Terms {
		fmt.Fprintf(&b, "  %s: %s\n", render.Clean(o.At.Name), o.days())
		for _, own := range o.Terms {
			writeOwn(&b, own.Of.Name+", "+own.When.noted(), own.Facts, 0)
		}
	}
	if len(s.Facts) > 0 {
		b.WriteString("\nFacts\n")
	}
	for _, f := range s.Facts {
		writeShort(&b, "  ", f)
	}
	if len(s.Contacts)+len(s.Gatherings)+len(s.Terms)+len(s.Facts) == 0 {
		b.WriteString("  nothing found\n")
	}
	_, err := io.WriteString(w, hanging(b.String(), width(w)))
	return err
}

func writeContacts(b *strings.Builder, title string, contacts []sharedContact) {
	if len(contacts) > 0 {
		fmt.Fprintf(b, "\n%s\n", title)
	}
	for _, c := range contacts {
		fmt.Fprintf(b, "  %s (%s, degree %d)\n", render.Clean(c.Name), c.Kind, c.Degree)
		for _, l := range c.Links {
			writeOwn(b, l.From.Name, l.Facts, l.more)
		}
	}
}

// writeOwn writes the facts of one of the entities.
func writeOwn(b *strings.Builder, name string, facts []*jsonFact, more int) {
	fmt.Fprintf(b, "    %s\n", render.Clean(name))
	for _, f := range facts {
		writeShort(b, "      ", f)
	}
	if more > 0 {
		fmt.Fprintf(b, "      and %s more: --all\n", plural(more, "fact"))
	}
}

// writeShort writes when and what a fact is, then a line for what asserts it, and
// one for what others say of it.
func writeShort(b *strings.Builder, indent string, f *jsonFact) {
	fmt.Fprintf(b, "%s%s: %s\n", indent, render.Clean(f.datesOf()), render.Clean(cmp.Or(f.byRole, f.Sentence)))
	c := f.claims()
	if c.words != "" {
		c.sources += ": " + c.words
	}
	for _, line := range []string{c.sources, c.others} {
		if line != "" {
			fmt.Fprintf(b, "%s  %s\n", indent, render.Clean(line))
		}
	}
}

// days says when terms overlapped.
func (o sharedTerm) days() string {
	switch {
	case o.Within != nil:
		return "certainly together at some time " + span(o.Within.From, o.Within.To)
	case o.Certain:
		return "certainly together " + span(o.Since, o.Until)
	}
	return "possibly together " + span(o.From, o.To)
}

func span(from, to string) string {
	switch {
	case from == "" && to == "":
		return "at some time"
	case from == "":
		return "until " + to
	case to == "":
		return "from " + from
	case from == to:
		return "on " + from
	}
	return "from " + from + " to " + to
}
