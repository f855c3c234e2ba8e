package loaders

import (
	"cmp"

	"github.com/entente-kg/entente/schema"
)

type sourceDraft struct {
	rawDocument
	key text
}

var sourceFields = fields[sourceDraft]{
	"key":         func(c *collector, d *sourceDraft, n *node) { d.key = c.one(n) },
	"id":          func(c *collector, d *sourceDraft, n *node) { d.document.ID = schema.ID(c.one(n).value) },
	"kind":        func(c *collector, d *sourceDraft, n *node) { d.document.Kind = c.kind(n) },
	"title":       func(c *collector, d *sourceDraft, n *node) { d.document.Label = c.line(n) },
	"name":        func(c *collector, d *sourceDraft, n *node) { d.document.Label = c.line(n) },
	"aliases":     func(c *collector, d *sourceDraft, n *node) { d.document.Aliases = c.aliases(n) },
	"publisher":   func(c *collector, d *sourceDraft, n *node) { d.document.Publisher = c.line(n) },
	"author":      func(c *collector, d *sourceDraft, n *node) { d.document.Author = c.line(n) },
	"published":   func(c *collector, d *sourceDraft, n *node) { d.document.Published.Written = c.date(n) },
	"url":         func(c *collector, d *sourceDraft, n *node) { d.document.URL = c.one(n).value },
	"language":    func(c *collector, d *sourceDraft, n *node) { d.document.Language = c.one(n).value },
	"sha256":      func(c *collector, d *sourceDraft, n *node) { d.document.SHA256 = c.one(n).value },
	"identifiers": func(c *collector, d *sourceDraft, n *node) { d.document.Identifiers = values(c.many(n)) },
	"description": func(c *collector, d *sourceDraft, n *node) { d.document.Description = c.one(n).value },
}

// document reads a source: declared, or mentioned where it is cited.
func (c *collector) document(n *node, mention bool) *rawDocument {
	d := &sourceDraft{rawDocument: rawDocument{source: c.source, last: n.lastLine(), mention: mention}}
	d.document.Pos = c.at(n)
	if n.kind == mapNode {
		c.entries(n, "a source", func(key text, v *node) bool {
			set, ok := sourceFields[key.value]
			if ok {
				set(c, d, v)
			}
			return ok
		}, sourceFields.names)
	} else {
		d.document.Label = c.line(n)
	}
	c.identifyDocument(n.text, d)
	if c.failed() {
		return nil
	}
	if d.key.given() {
		if first := c.sources[d.key.value]; first != nil {
			c.fail(d.key, "source key %q is given twice: first at %v", d.key.value, first[0].document.Pos)
			d.twice = true
		}
		d.keyed = true
		c.sources[d.key.value] = append(c.sources[d.key.value], &d.rawDocument)
		here := fileKey{c.source, d.key.value}
		c.sourcesOf[here] = append(c.sourcesOf[here], &d.rawDocument)
	}
	c.cite(&d.rawDocument)
	return &d.rawDocument
}

func (c *collector) identifyDocument(t text, d *sourceDraft) {
	doc := &d.document
	doc.Label = cmp.Or(doc.Label, doc.URL)
	switch {
	case c.failed():
	case doc.Kind != "" && doc.Kind != schema.Doc:
		c.fail(t, "a source is a Document, not a %s", doc.Kind)
	case doc.Label == "":
		c.fail(t, "a source without a title")
	case doc.ID == "":
		doc.ID, doc.FromName = schema.MakeDocumentID(*doc), true
		if schema.MakeID(schema.Doc, doc.Label) == "" {
			c.fail(t, "a title without letters or digits needs an id: %q", doc.Label)
		}
	default:
		c.checkID(t, doc.ID, schema.Doc)
	}
	doc.Kind = schema.Doc
}
