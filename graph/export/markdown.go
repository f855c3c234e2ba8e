package export

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// markdownHead begins a report.
const markdownHead = `# Entities and facts

A fact that is not established says so: it did not happen, or no source asserts it. Under each quote stands its source, and "denied by" names a source that says the opposite.

## Entities
`

// writeMarkdown writes a report: the entities by kind, then the facts in order of time,
// each with its quotes and sources.
func writeMarkdown(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e := newElements(s, o)
	out := &noteWriter{Writer: bufio.NewWriterSize(w, 1<<16), words: render.New(s.Graph), vocabulary: s.Graph.Vocabulary(), link: plainLink}
	out.WriteString(markdownHead)
	kind := schema.Kind("")
	for entity, err := range e.entities(ctx) {
		if err != nil {
			return err
		}
		if entity.Kind != kind {
			kind = entity.Kind
			fmt.Fprintf(out, "\n### %s\n\n", kindHeading(kind))
		}
		if err := out.entityLine(ctx, entity); err != nil {
			return err
		}
	}
	out.WriteString("\n## Facts\n")
	if err := out.facts(ctx, s); err != nil {
		return err
	}
	return out.Flush()
}

// kindHeading returns the plural of a kind.
func kindHeading(kind schema.Kind) string {
	switch kind {
	case schema.Person:
		return "People"
	case schema.Country:
		return "Countries"
	}
	return string(kind) + "s"
}

// plainLink returns the name of an entity without a link.
func plainLink(r render.Ref) string {
	return markdownText(nameOf(schema.Entity{ID: r.ID, Label: r.Name}))
}

// noteWriter writes Markdown. Errors of the writer are returned by Flush.
type noteWriter struct {
	*bufio.Writer
	words      *render.Renderer
	vocabulary *schema.Vocabulary
	link       func(render.Ref) string // Markdown for the name of an entity
}

// entityLine writes an item of a list: the name of an entity and what is known of it.
func (w *noteWriter) entityLine(ctx context.Context, e schema.Entity) error {
	details, err := w.entityDetails(ctx, e)
	if err != nil {
		return err
	}
	w.item(strings.Join(append([]string{markdownText(nameOf(e))}, details...), "; "))
	return nil
}

// nameOf returns the label of an entity, or its id if the label shows nothing.
func nameOf(e schema.Entity) string {
	if strings.TrimSpace(shown(e.Label)) == "" {
		return string(e.ID)
	}
	return e.Label
}

// entityDetails returns the other properties of an entity or a document in Markdown.
func (w *noteWriter) entityDetails(ctx context.Context, e schema.Entity) (details []string, err error) {
	add := func(name, text string) {
		if shown(text) != "" {
			details = append(details, name+" "+markdownText(text))
		}
	}
	for _, a := range e.Aliases {
		add("also", a.Value)
	}
	if e.Country != "" {
		country, err := w.words.Ref(ctx, e.Country)
		if err != nil {
			return nil, err
		}
		details = append(details, "of "+w.link(country))
	}
	add("born", e.Born)
	for _, identifier := range e.Identifiers {
		add("identifier", identifier)
	}
	if e.Kind == schema.Doc {
		document, err := w.words.Document(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		details = append(details, documentDetails(document)...)
	}
	add("description:", e.Description)
	add("id", string(e.ID))
	return details, nil
}

// documentDetails returns the publisher, author, date, address, archived copy and day of
// access of a document in Markdown.
func documentDetails(d render.Document) (details []string) {
	if d.Publisher != "" && d.Publisher != d.Name {
		details = append(details, markdownText(d.Publisher))
	}
	if d.Author != "" {
		details = append(details, "by "+markdownText(d.Author))
	}
	if d.Published != nil {
		details = append(details, markdownText(d.Published.Text))
	}
	if d.URL != "" {
		details = append(details, markdownURL(d.URL))
	}
	if a := d.Archived; a != nil {
		made := "archived"
		if a.On != nil {
			made += " " + markdownText(a.On.Text)
		}
		details = append(details, made+" at "+markdownURL(a.URL))
	}
	if d.Accessed != nil {
		details = append(details, "accessed "+markdownText(d.Accessed.Text))
	}
	return details
}

// markdownURL returns a link to an address, or the address alone if it is of no page.
func markdownURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return markdownText(address)
	}
	safe := strings.NewReplacer("<", "%3C", ">", "%3E", "\\", "%5C", " ", "%20", "&", `\&`, "|", "%7C").Replace(u.String())
	return "[" + markdownText(address) + "](<" + safe + ">)"
}

// facts writes the facts of a selection.
func (w *noteWriter) facts(ctx context.Context, s Selection) error {
	for f, err := range s.facts(ctx) {
		if err != nil {
			return err
		}
		if err := w.fact(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// fact writes a fact: its date and sentence as a heading, its properties as a list, and
// each piece of evidence as a block quote.
func (w *noteWriter) fact(ctx context.Context, f schema.Fact) error {
	words, err := w.words.Fact(ctx, f)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n### %s: %s\n\n", markdownText(cmp.Or(render.Dates(f), "undated")), markdownText(words.Sentence))
	if mark := markOf(f); mark != "" {
		w.item(mark)
	}
	if days, err := w.days(f); err != nil {
		return err
	} else if days != "" {
		w.item("days: " + days)
	}
	if widened := words.Widenings(); widened != "" {
		w.item(markdownText(widened))
	}
	for _, r := range words.Roles {
		w.item(markdownText(string(r.Role)) + ": " + w.link(r.Ref))
	}
	for _, l := range words.Links {
		w.item(markdownText(string(l.Type)) + ": " + markdownText(l.Name))
	}
	w.item("id: " + markdownText(string(f.ID)))
	for i := range words.Evidence {
		w.evidence(words, &words.Evidence[i])
	}
	return nil
}

func (w *noteWriter) item(text string) { w.WriteString("- " + text + "\n") }

// markOf says why a fact is not established, or that it is disputed; empty for others.
func markOf(f schema.Fact) string {
	standing := f.Standing()
	switch {
	case f.Status != schema.Happened && !standing.Asserted():
		return "not established: " + string(f.Status) + ", and no source asserts it (" + string(standing) + ")"
	case f.Status != schema.Happened && standing == schema.StandingDisputed:
		return "not established: " + string(f.Status) + "; and disputed: a source denies it"
	case f.Status != schema.Happened:
		return "not established: " + string(f.Status)
	case !standing.Asserted():
		return "not established: no source asserts it (" + string(standing) + ")"
	case standing == schema.StandingDisputed:
		return "disputed: a source asserts it, and a source denies it"
	}
	return ""
}

// days returns the first and the last day of a fact; open bounds are open or unknown.
func (w *noteWriter) days(f schema.Fact) (string, error) {
	days, dated, err := w.vocabulary.Extent(f)
	if err != nil || !dated {
		return "", err
	}
	first, last := "open or unknown", "open or unknown"
	if days.From != schema.MinDay {
		first = days.From.String()
	}
	if days.To != schema.MaxDay {
		last = days.To.String()
	}
	if first == last && days.From == days.To {
		return "on " + first, nil
	}
	if w.vocabulary.VerbKind(f.Verb) == schema.Interaction {
		return "once, between " + first + " and " + last, nil
	}
	return "first day " + first + ", last day " + last, nil
}

// evidence writes a block quote: the quote, then who says so.
func (w *noteWriter) evidence(f *render.Fact, e *render.Evidence) {
	w.WriteString("\n")
	if quote := shown(e.Quote); quote != "" {
		w.WriteString("> " + markdownLines(quote, "> ") + "\n>\n")
	}
	by := e.Stance.By()
	if e.Stance == schema.Asserts {
		by = "asserted by"
	}
	details := append([]string{by + " " + w.link(e.Source.Ref)}, documentDetails(e.Source)...)
	w.WriteString("> — " + strings.Join(append(details, w.evidenceDetails(f, e)...), "; ") + "\n")
}

// evidenceDetails returns what a piece of evidence says besides its quote, in Markdown.
func (w *noteWriter) evidenceDetails(f *render.Fact, e *render.Evidence) (details []string) {
	add := func(name, text string) {
		if shown(text) != "" {
			details = append(details, name+markdownText(text))
		}
	}
	addRefs := func(name string, refs []render.Ref) {
		for _, r := range refs {
			details = append(details, name+w.link(r))
		}
	}
	add("", e.Locator)
	if e.SaidBy != nil {
		addRefs("said by ", []render.Ref{*e.SaidBy})
	}
	addRefs("via ", e.Via)
	if e.When.Text != f.When.Text {
		add("date ", e.When.Text)
	}
	addRefs("at ", e.At)
	add("duration ", e.Duration)
	add("count ", e.Count)
	add("", string(methodIfInferred(e)))
	if e.Confidence != 0 {
		add("confidence ", fmt.Sprint(e.Confidence))
	}
	add("note: ", e.Note)
	add("dataset ", e.Dataset)
	return slices.Clip(details)
}

// methodIfInferred returns the method of evidence that is inferred; empty for others.
func methodIfInferred(e *render.Evidence) schema.Method {
	if e.Method == schema.Inferred {
		return e.Method
	}
	return ""
}
