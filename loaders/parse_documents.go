package loaders

import (
	"cmp"
	"errors"

	"github.com/entente-kg/entente/schema"
)

type parsedDocument struct {
	documentDraft
	key                  text
	archived, archivedOn text // where the archived copy and its day are written
}

var sourceFields = fields[valueReader, parsedDocument]{
	"key":         func(v valueReader, d *parsedDocument, n *node) { d.key = v.text(n) },
	"id":          func(v valueReader, d *parsedDocument, n *node) { d.document.ID = schema.ID(v.text(n).value) },
	"kind":        func(v valueReader, d *parsedDocument, n *node) { d.document.Kind = v.kind(n) },
	"title":       func(v valueReader, d *parsedDocument, n *node) { d.document.Label = v.name(n) },
	"name":        func(v valueReader, d *parsedDocument, n *node) { d.document.Label = v.name(n) },
	"aliases":     func(v valueReader, d *parsedDocument, n *node) { d.document.Aliases = v.aliases(n) },
	"publisher":   func(v valueReader, d *parsedDocument, n *node) { d.document.Publisher = v.name(n) },
	"author":      func(v valueReader, d *parsedDocument, n *node) { d.document.Author = v.name(n) },
	"published":   func(v valueReader, d *parsedDocument, n *node) { d.document.Published.Written = v.date(n) },
	"url":         func(v valueReader, d *parsedDocument, n *node) { d.document.URL = v.text(n).value },
	"archived":    func(v valueReader, d *parsedDocument, n *node) { v.archived(n, d) },
	"archived-on": func(v valueReader, d *parsedDocument, n *node) { v.archivedOn(n, d) },
	"accessed":    func(v valueReader, d *parsedDocument, n *node) { d.document.Accessed = v.date(n) },
	"language":    func(v valueReader, d *parsedDocument, n *node) { d.document.Language = v.text(n).value },
	"sha256":      func(v valueReader, d *parsedDocument, n *node) { d.document.SHA256 = v.text(n).value },
	"identifiers": func(v valueReader, d *parsedDocument, n *node) { d.document.Identifiers = textValues(v.texts(n)) },
	"description": func(v valueReader, d *parsedDocument, n *node) { d.document.Description = v.text(n).value },
}

// document reads a source: a declaration, or a mention inside evidence. It
// returns 0 after an error.
func (p *parser) document(n *node, mention bool) documentNumber {
	before := len(p.item.errs)
	d := &parsedDocument{documentDraft: documentDraft{file: p.source.file, lastLine: max(n.lastLine(), p.lastLine, p.rowEnd), isMention: mention}}
	d.document.Pos = p.source.position(n.text)
	if n.kind == mapNode {
		p.values.entries(n, "a source", func(key text, v *node) bool {
			set, ok := sourceFields[key.value]
			if ok {
				set(p.values, d, v)
			}
			return ok
		}, sourceFields.names)
	} else {
		d.document.Label = p.values.name(n)
	}
	p.checkArchived(d)
	p.identifyDocument(n, d, len(p.item.errs) > before)
	if len(p.item.errs) > before {
		p.drafts.addRejectedSource(d.document.Label, string(d.document.ID), d.key.value)
		return 0
	}
	if d.key.isSet() {
		if first, again := p.drafts.firstWithSourceKey(d.key.value, d.document.Pos); again {
			p.item.fail(schema.RepeatedIdentity, d.key, "source key %q is given twice: first at %v", d.key.value, first)
			d.repeatsKey = true
		}
		d.hasKey = true
	}
	return p.drafts.addDocument(d.documentDraft, d.key.value)
}

// identifyDocument sets the id of a source, or checks the id that is written. What
// is missing after an error may follow from that error.
func (p *parser) identifyDocument(n *node, d *parsedDocument, failed bool) {
	doc := &d.document
	doc.Label = cmp.Or(doc.Label, doc.URL)
	if doc.Kind != "" && doc.Kind != schema.Doc {
		p.item.fail(schema.WrongKind, n.text, "a source is a Document, not a %s", doc.Kind)
	}
	switch {
	case doc.Label == "" && failed && p.values.mayHave(n, "title", "name", "url"):
	case doc.Label == "":
		p.item.fail(schema.MissingValue, n.text, "a source without a title")
	case doc.ID == "" && failed && p.values.mayHave(n, "id"):
	case doc.ID == "":
		doc.ID, doc.FromName = schema.MakeDocumentID(*doc), true
		if schema.MakeID(schema.Doc, doc.Label) == "" {
			p.item.fail(schema.BadText, n.text, "a title without letters or digits needs an id: %q", doc.Label)
		}
	default:
		p.values.checkID(n.text, doc.ID, schema.Doc)
	}
	doc.Kind = schema.Doc
}

// archived reads the archived copy of a source: its address, or a mapping of its address
// and the day on which it was made.
func (v valueReader) archived(n *node, d *parsedDocument) {
	address := func(n *node) {
		d.archived = v.text(n)
		d.document.Archived.URL = d.archived.value
	}
	if n.kind != mapNode {
		address(n)
		return
	}
	v.entries(n, "an archived copy", func(key text, value *node) bool {
		switch key.value {
		case "url":
			address(value)
		case "on":
			v.archivedOn(value, d)
		default:
			return false
		}
		return true
	}, archivedKeys)
}

func archivedKeys() []string { return []string{"on", "url"} }

// archivedOn reads the day on which the archived copy of a source was made.
func (v valueReader) archivedOn(n *node, d *parsedDocument) {
	day, a := v.date(n), &d.document.Archived
	if a.On != "" && day != "" && day != a.On {
		v.item.fail(schema.ConflictingValues, n.text, "two days of one archived copy: %s and %s", a.On, day)
		return
	}
	a.On, d.archivedOn = cmp.Or(day, a.On), n.text
}

// checkArchived checks the archived copy of a source. An error is where its address or
// its day is written.
func (p *parser) checkArchived(d *parsedDocument) {
	err := d.document.Archived.Check()
	if err == nil {
		return
	}
	outer, at := p.item.field, d.archived
	p.item.field = "archived"
	if !at.isSet() || errors.Is(err, schema.ErrDate) {
		p.item.field, at = "archived-on", d.archivedOn
	}
	p.item.failWith(at, err)
	p.item.field = outer
}
