package loaders

import (
	"cmp"

	"github.com/entente-kg/entente/schema"
)

type sourceDraft struct {
	rawDocument
	key text
}

var sourceFields = fields[valueReader, sourceDraft]{
	"key":         func(v valueReader, d *sourceDraft, n *node) { d.key = v.one(n) },
	"id":          func(v valueReader, d *sourceDraft, n *node) { d.document.ID = schema.ID(v.one(n).value) },
	"kind":        func(v valueReader, d *sourceDraft, n *node) { d.document.Kind = v.kind(n) },
	"title":       func(v valueReader, d *sourceDraft, n *node) { d.document.Label = v.line(n) },
	"name":        func(v valueReader, d *sourceDraft, n *node) { d.document.Label = v.line(n) },
	"aliases":     func(v valueReader, d *sourceDraft, n *node) { d.document.Aliases = v.aliases(n) },
	"publisher":   func(v valueReader, d *sourceDraft, n *node) { d.document.Publisher = v.line(n) },
	"author":      func(v valueReader, d *sourceDraft, n *node) { d.document.Author = v.line(n) },
	"published":   func(v valueReader, d *sourceDraft, n *node) { d.document.Published.Written = v.date(n) },
	"url":         func(v valueReader, d *sourceDraft, n *node) { d.document.URL = v.one(n).value },
	"language":    func(v valueReader, d *sourceDraft, n *node) { d.document.Language = v.one(n).value },
	"sha256":      func(v valueReader, d *sourceDraft, n *node) { d.document.SHA256 = v.one(n).value },
	"identifiers": func(v valueReader, d *sourceDraft, n *node) { d.document.Identifiers = textValues(v.many(n)) },
	"description": func(v valueReader, d *sourceDraft, n *node) { d.document.Description = v.one(n).value },
}

// document reads a source: declared, or mentioned where it is cited.
func (p *parser) document(n *node, mention bool) *rawDocument {
	d := &sourceDraft{rawDocument: rawDocument{source: p.source, last: n.lastLine(), mention: mention}}
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
		d.document.Label = p.values.line(n)
	}
	p.identifyDocument(n.text, d)
	if p.item.failed() {
		return nil
	}
	if d.key.given() {
		if first := p.drafts.sources.first(d.key.value); first != nil {
			p.item.fail(d.key, "source key %q is given twice: first at %v", d.key.value, first.document.Pos)
			d.twice = true
		}
		d.keyed = true
		p.drafts.sources.add(d.key.value, &d.rawDocument)
	}
	p.drafts.addDocument(&d.rawDocument)
	return &d.rawDocument
}

func (p *parser) identifyDocument(t text, d *sourceDraft) {
	doc := &d.document
	doc.Label = cmp.Or(doc.Label, doc.URL)
	switch {
	case p.item.failed():
	case doc.Kind != "" && doc.Kind != schema.Doc:
		p.item.fail(t, "a source is a Document, not a %s", doc.Kind)
	case doc.Label == "":
		p.item.fail(t, "a source without a title")
	case doc.ID == "":
		doc.ID, doc.FromName = schema.MakeDocumentID(*doc), true
		if schema.MakeID(schema.Doc, doc.Label) == "" {
			p.item.fail(t, "a title without letters or digits needs an id: %q", doc.Label)
		}
	default:
		p.values.checkID(t, doc.ID, schema.Doc)
	}
	doc.Kind = schema.Doc
}
