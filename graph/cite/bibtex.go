package cite

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// bibEntry is an entry of BibTeX: fields in the order in which they are written.
type bibEntry struct {
	kind, key string
	fields    []string
	altered   bool // a text lacks characters that BibTeX cannot hold
}

// text adds a field of words, which LaTeX typesets.
func (e *bibEntry) text(field, value string) {
	if value != "" {
		e.raw(field, "{"+bibText(value)+"}")
		e.altered = e.altered || !holdsText(value)
	}
}

// whole adds a field of words whose capitals and order no style changes: braces keep a
// title as it is, and a name in one piece.
func (e *bibEntry) whole(field, value string) {
	if value != "" {
		e.raw(field, "{{"+bibText(value)+"}}")
		e.altered = e.altered || !holdsText(value)
	}
}

// address adds a field that LaTeX reads verbatim.
func (e *bibEntry) address(field, value string) {
	if value != "" {
		e.raw(field, "{"+bibAddress(value)+"}")
	}
}

// raw adds a field whose value has its braces.
func (e *bibEntry) raw(field, value string) {
	e.fields = append(e.fields, fmt.Sprintf("  %s = %s,\n", field, value))
}

func (b *Bibliography) writeBib(to io.Writer, f Format, o Options) error {
	w := bufio.NewWriter(to)
	altered := 0
	for i, r := range b.References {
		e := r.bibEntry(f, o)
		if e.altered {
			altered++
		}
		if i > 0 {
			w.WriteByte('\n')
		}
		fmt.Fprintf(w, "@%s{%s,\n%s}\n", e.kind, e.key, strings.Join(e.fields, ""))
	}
	if altered > 0 && o.Notes != nil {
		*o.Notes = append(*o.Notes, fmt.Sprintf("%s: left out control characters of %d of %d references: csl has them", f, altered, len(b.References)))
	}
	return w.Flush()
}

// bibEntry returns the entry of a reference. Publishers are in the fields that styles
// print for entries of these types.
func (r *Reference) bibEntry(f Format, o Options) *bibEntry {
	d := r.Document
	e := &bibEntry{kind: "misc", key: r.Key}
	if f == BibLaTeX && r.webURL() != "" {
		e.kind = "online"
	}
	e.whole("author", d.Author)
	e.whole("title", r.title())
	note, annote := r.note(), "annote"
	if f == BibTeX {
		e.whole("howpublished", d.Publisher)
		e.addYear(d.Published)
	} else {
		e.whole("organization", d.Publisher)
		e.addDate(f, "date", d.Published)
		annote = "annotation"
		if !d.Published.IsZero() && !isWritten(d.Published) {
			note = strings.TrimSuffix("published "+inWords(d.Published)+"; "+note, "; ")
		}
	}
	e.address("url", r.webURL())
	e.addDate(f, "urldate", schema.When{Written: d.Accessed})
	e.address("doi", r.doi())
	e.text("isbn", r.identifier("isbn:"))
	e.text("language", d.Language)
	if len(r.Archived) > 0 {
		e.text("archiveurl", r.Archived[0].URL)
		e.addDate(f, "archivedate", schema.When{Written: r.Archived[0].Made()})
	}
	e.text("note", note)
	e.text(annote, r.annotation())
	if o.Facts {
		for _, stance := range schema.Stances() {
			e.text(string(stance), joinIDs(r.Facts(stance)))
		}
	}
	return e
}

func joinIDs(ids []schema.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, ", ")
}
