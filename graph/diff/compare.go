package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// compareFacts returns the fields in which a fact differs in two states. There is always
// one.
func compareFacts(was, is *render.Fact) (fields []Field) {
	add := func(name, before, after string) {
		if before != after {
			fields = append(fields, Field{name, before, after})
		}
	}
	add("verb", string(was.Verb), string(is.Verb))
	add("participants", participants(was), participants(is))
	if was.When != is.When {
		add("date", dateText(was), dateText(is))
	}
	add("within", withinText(was), withinText(is))
	add("topic", was.Topic, is.Topic)
	add("status", string(was.Status), string(is.Status))
	add("standing", string(was.Standing), string(is.Standing))
	add("source-key", was.Key, is.Key)
	add("links", linkText(was), linkText(is))
	fields = append(fields, compareEvidence(was, is)...)
	if len(fields) == 0 {
		fields = append(fields, Field{"stored form", "as before", "another"})
	}
	return fields
}

// participants lists the participants by id, since a name may change elsewhere.
func participants(f *render.Fact) string {
	var list []string
	for _, p := range f.Roles {
		list = append(list, fmt.Sprintf("%s %s (%s)", p.Role, p.Name, p.ID))
	}
	return strings.Join(list, ", ")
}

// dateText returns the date of a fact, with the words of the source if it has a date
// besides.
func dateText(f *render.Fact) string { return whenText(f.When) }

func whenText(w render.When) string {
	text := w.Text
	if w.Words != "" && w.Words != w.Text {
		text += fmt.Sprintf(" (“%s”)", w.Words)
	}
	if w.Anchor != "" {
		text += " from " + w.Anchor
	}
	return text
}

func withinText(f *render.Fact) string {
	if f.Within == nil {
		return ""
	}
	text := f.Within.Text
	if f.Within.Disputed {
		text += " (disputed)"
	}
	return text
}

func linkText(f *render.Fact) string {
	var list []string
	for _, l := range f.Links {
		list = append(list, fmt.Sprintf("%s %s (%s)", l.Type, l.Name, l.ID))
	}
	return strings.Join(list, ", ")
}

// claimKey identifies a piece of evidence whatever the id of its fact.
type claimKey struct {
	dataset, source, quote, locator, method, said string
	start, end                                    int
}

func keyOf(e *render.Evidence) claimKey {
	k := claimKey{e.Dataset, string(e.Source.ID), e.Quote, e.Locator, string(e.Method), "", e.Start, e.End}
	if e.SaidBy != nil {
		k.said = string(e.SaidBy.ID)
	}
	return k
}

// compareEvidence returns the evidence that only one state has, and the fields in which
// evidence of both differs.
func compareEvidence(was, is *render.Fact) (fields []Field) {
	left := map[claimKey]*render.Evidence{}
	for i := range was.Evidence {
		left[keyOf(&was.Evidence[i])] = &was.Evidence[i]
	}
	var added []Field
	for i := range is.Evidence {
		e := &is.Evidence[i]
		before, ok := left[keyOf(e)]
		if !ok {
			added = append(added, Field{Name: "evidence", After: EvidenceText(e)})
			continue
		}
		delete(left, keyOf(e))
		alone := len(was.Evidence) == 1 && len(is.Evidence) == 1
		fields = append(fields, compareClaims(was, is, before, e, alone)...)
	}
	for i := range was.Evidence {
		if e := &was.Evidence[i]; left[keyOf(e)] != nil {
			fields = append(fields, Field{Name: "evidence", Before: EvidenceText(e)})
		}
	}
	return append(fields, added...)
}

// reviewText returns a review in words.
func reviewText(r *schema.Review) string {
	if r == nil {
		return ""
	}
	words := []string{string(r.State), r.By, r.On, r.Note, r.Model}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}

// compareClaims compares one piece of evidence in two states. If it is not the only one,
// the names of the fields name its source.
func compareClaims(was, is *render.Fact, a, b *render.Evidence, alone bool) (fields []Field) {
	of := ""
	if !alone {
		of = " in " + EvidenceText(b)
	}
	add := func(name, before, after string) {
		if before != after {
			fields = append(fields, Field{name + of, before, after})
		}
	}
	if a.When != b.When && (a.When != was.When || b.When != is.When) {
		add("date", whenText(a.When), whenText(b.When))
	}
	add("stance", string(a.Stance), string(b.Stance))
	add("place", refs(a.At), refs(b.At))
	add("via", refs(a.Via), refs(b.Via))
	add("duration", a.Duration, b.Duration)
	add("count", a.Count, b.Count)
	add("review", reviewText(a.Review), reviewText(b.Review))
	add("confidence", number(a.Confidence), number(b.Confidence))
	add("note", a.Note, b.Note)
	return fields
}

func refs(list []render.Ref) string {
	var names []string
	for _, r := range list {
		names = append(names, fmt.Sprintf("%s (%s)", r.Name, r.ID))
	}
	return strings.Join(names, ", ")
}

func number(x float64) string {
	if x == 0 {
		return ""
	}
	return fmt.Sprint(x)
}

// EvidenceText returns the source of a piece of evidence, its quote and its dataset in one
// line.
func EvidenceText(e *render.Evidence) string {
	text := e.Source.Text()
	if e.Source.ID == "" {
		text = "no source"
	}
	if e.Stance != "asserts" {
		text += ", which " + string(e.Stance)
	}
	if e.Quote != "" {
		text += fmt.Sprintf(": “%s”", e.Quote)
	}
	if e.Locator != "" {
		text += ", " + e.Locator
	}
	return text + " [" + e.Dataset + "]"
}

// sources lists the sources of a fact, each once.
func sources(f *render.Fact) (list []string) {
	for i := range f.Evidence {
		text := f.Evidence[i].Source.Text()
		if f.Evidence[i].Source.ID == "" {
			text = "no source"
		}
		if !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}
