package render

import (
	"cmp"
	"fmt"
	"strings"
)

// cells returns the possible overlap of the terms, whether an overlap is certain, and the
// days of the certain overlap.
func (o SharedTerm) cells() [6]any {
	within := ""
	if o.Within != nil {
		within = o.Within.From + "/" + o.Within.To
	}
	return [6]any{o.From, o.To, o.Certain, o.Since, o.Until, within}
}

// Table returns one row for each fact of each of the entities.
func (s *Shared) Table() Table {
	noDays := [6]any{"", "", "", "", "", ""}
	t := Table{Columns: []string{"part", "shared", "kind", "degree", "from", "to", "certain", "certain-from", "certain-to", "certain-within", "of", "when", "status", "standing", "fact", "predicate", "sources", "words", "other-stances", "widened", "shared-id", "of-id", "id"}}
	add := func(part string, shared Ref, kind, degree any, days [6]any, of Ref, facts []*Fact) {
		for _, f := range facts {
			c := f.Claims()
			t.add(part, shared.Name, kind, degree, days[0], days[1], days[2], days[3], days[4], days[5], of.Name, f.allDates(), string(f.Status), string(f.Standing), f.Sentence, string(f.Predicate), c.Sources, c.Words, c.Others, f.Widenings(), string(shared.ID), string(of.ID), string(f.ID))
		}
	}
	for _, part := range []struct {
		name     string
		contacts []SharedContact
	}{{"contact", s.Contacts}, {"gathering", s.Gatherings}} {
		for _, c := range part.contacts {
			for _, l := range c.Links {
				add(part.name, c.Ref, string(c.Kind), c.Degree, noDays, l.From, l.Facts)
			}
		}
	}
	for _, o := range s.Terms {
		for _, own := range o.Terms {
			add("term", o.At, string(o.Kind), "", o.cells(), own.Of, own.Facts)
		}
	}
	add("fact", Ref{}, "", "", noDays, Ref{}, s.Facts)
	return t
}

// Text returns what the entities share as text. more is the option that shows facts
// which are left out, such as "--all"; it may be empty.
func (s *Shared) Text(more string) string {
	var b strings.Builder
	var names []string
	for _, e := range s.Entities {
		names = append(names, e.Name)
	}
	fmt.Fprintf(&b, "%s\n", Clean(strings.Join(names, ", ")))
	writeContacts(&b, "Contacts", s.Contacts, more)
	writeContacts(&b, "Gatherings", s.Gatherings, more)
	if len(s.Terms) > 0 {
		b.WriteString("\nTerms of office\n")
	}
	for _, o := range s.Terms {
		fmt.Fprintf(&b, "  %s: %s\n", Clean(o.At.Name), o.days())
		for _, own := range o.Terms {
			writeEntityFacts(&b, own.Of.Name+", "+own.When.annotated(), own.Facts)
		}
	}
	if len(s.Facts) > 0 {
		b.WriteString("\nFacts\n")
	}
	for _, f := range s.Facts {
		writeFactClaims(&b, "  ", f)
	}
	if len(s.Contacts)+len(s.Gatherings)+len(s.Terms)+len(s.Facts) == 0 {
		b.WriteString("  nothing found\n")
	}
	return b.String()
}

func writeContacts(b *strings.Builder, title string, contacts []SharedContact, more string) {
	if len(contacts) > 0 {
		fmt.Fprintf(b, "\n%s\n", title)
	}
	for _, c := range contacts {
		fmt.Fprintf(b, "  %s (%s, degree %d)\n", Clean(c.Name), c.Kind, c.Degree)
		for _, l := range c.Links {
			writeEntityFacts(b, l.From.Name, l.Facts)
			if l.more > 0 {
				fmt.Fprintf(b, "      and %s more%s\n", plural(l.more, "fact"), withHint(more))
			}
		}
	}
}

// writeEntityFacts writes the facts of one of the entities.
func writeEntityFacts(b *strings.Builder, name string, facts []*Fact) {
	fmt.Fprintf(b, "    %s\n", Clean(name))
	for _, f := range facts {
		writeFactClaims(b, "      ", f)
	}
}

// writeFactClaims writes the dates and the sentence of a fact, then a line for asserting
// evidence and a line for other evidence.
func writeFactClaims(b *strings.Builder, indent string, f *Fact) {
	fmt.Fprintf(b, "%s%s: %s\n", indent, Clean(f.annotatedDates()), Clean(cmp.Or(f.byRole, f.Sentence)))
	c := f.Claims()
	if c.Words != "" {
		c.Sources += ": " + c.Words
	}
	for _, line := range []string{c.Sources, c.Others} {
		if line != "" {
			fmt.Fprintf(b, "%s  %s\n", indent, Clean(line))
		}
	}
}

// days describes when the terms overlapped, and whether that is certain.
func (o SharedTerm) days() string {
	switch {
	case o.Within != nil:
		return "certainly together at some time " + periodInWords(o.Within.From, o.Within.To)
	case o.Certain:
		return "certainly together " + periodInWords(o.Since, o.Until)
	}
	return "possibly together " + periodInWords(o.From, o.To)
}
