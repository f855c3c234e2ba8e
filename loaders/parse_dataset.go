package loaders

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

var errNoVerb = errors.New("a fact without a sentence or a verb")

// schemaKey is the key under which editors find the JSON Schema of a file. Its value is
// not read.
const schemaKey = "$schema"

// datasetKeys lists the keys of a dataset that is one mapping.
func datasetKeys() []string {
	known := []string{"about", "dates", "defaults", "entities", "facts", "sources"}
	for key := range kindOfList {
		known = append(known, key)
	}
	known = append(known, schema.VerbsKeys()...)
	slices.Sort(known)
	return known
}

// dataset reads a dataset that is one mapping. It returns errors outside of
// single items, which end the reading.
func (p *parser) dataset(n *node) error {
	p.item.errs, p.item.field = nil, ""
	if n.kind != mapNode {
		p.values.wrongType(n, "a mapping with "+strings.Join(datasetKeys(), ", "))
		return p.datasetError()
	}
	p.readOrder(n)
	p.readDefaults(n)
	p.values.entries(n, "a dataset", p.datasetField, datasetKeys)
	return p.datasetError()
}

func (p *parser) datasetError() error { return p.item.take().err() }

// readOrder reads the order of dates before all other keys. It must be the order of
// the options, if these have one.
func (p *parser) readOrder(n *node) {
	for i, key := range n.keys {
		if key.value != "dates" {
			continue
		}
		t := p.values.text(n.items[i])
		order, err := written.ParseOrder(t.value)
		switch {
		case p.item.failed():
		case err != nil:
			p.item.failWith(cmp.Or(t, key), faultOf(schema.UnknownWord, err))
		case p.values.dates != written.AnyOrder && p.values.dates != order:
			p.item.fail(schema.ConflictingValues, t, "dates of this file are %s, not %s as --dates says", order, p.values.dates)
		}
		p.values.dates = order
	}
}

// readDefaults reads the defaults before all other keys, wherever they are in the
// mapping.
func (p *parser) readDefaults(n *node) {
	for i, key := range n.keys {
		if key.value != "defaults" {
			continue
		}
		if size := n.items[i].size(); size > maxDefaults {
			p.item.fail(schema.TooLarge, key, "defaults of %d bytes, more than %d: each fact would have them", size, maxDefaults)
			return
		}
		d := &fileDefaults{}
		p.values.entries(n.items[i], "defaults", func(key text, v *node) bool {
			if key.value == "status" {
				d.status = p.values.text(v)
				return true
			}
			_, isWhen := whenFields[key.value]
			return !isWhen && p.evidenceField(&d.evidence, key, v)
		}, defaultsKeys)
		p.defaults = d
	}
}

func defaultsKeys() []string { return append(evidenceFields.names(), "at", "status") }

func (p *parser) datasetField(key text, v *node) bool {
	switch key.value {
	case schemaKey, "dates", "defaults":
	case "sets", "roles", "verbs", "widest", "codes":
		if !p.source.mayHaveVerbs {
			p.item.fail(schema.BadVerbs, key, "the key %s has escapes in the file: write its letters", key.value)
		}
	case "about", "dataset":
		p.readAbout(v)
	default:
		if !isList(key.value) {
			return false
		}
		p.itemList(v, p.itemReader(key.value))
	}
	return true
}

// itemReader returns how to read an item of a list of a mapping.
func (p *parser) itemReader(list string) func(*node) {
	switch list {
	case "sources":
		return func(n *node) { p.document(n, false) }
	case "facts":
		return p.fact
	}
	return func(n *node) { p.entity(n, kindOfList[list]) } // no kind for "entities"
}

// itemList reads the items of a list. An error in one item rejects that item
// alone.
func (p *parser) itemList(n *node, read func(*node)) {
	p.values.list(n, func(item *node) { p.readItem(item, func() { read(item) }) })
}

func (p *parser) readAbout(n *node) {
	p.values.entries(n, "about", func(key text, v *node) bool {
		p.values.checkText(key)
		p.drafts.setAbout(key.value, p.values.text(v).value)
		return true
	}, nil)
}

// record reads one element of a JSON array or one JSON line. Its keys say whether
// it is an entity, a source or a fact.
func (p *parser) record(n *node) {
	if n.kind == textNode {
		p.fact(n)
		return
	}
	if n.kind != mapNode {
		p.values.wrongType(n, "a mapping")
		return
	}
	has := func(key string) *node {
		if i := slices.IndexFunc(n.keys, func(k text) bool { return k.value == key }); i >= 0 {
			return n.items[i]
		}
		return nil
	}
	wrapped := has("source")
	switch {
	case has("fact") != nil || has("verb") != nil:
		p.fact(n)
	case len(n.keys) == 1 && wrapped != nil && wrapped.kind == mapNode:
		p.document(wrapped, false)
	case has("kind") != nil && isDocument(has("kind")), has("kind") == nil && has("title") != nil:
		p.document(n, false)
	case has("kind") != nil:
		p.entity(n, "")
	case slices.ContainsFunc(n.keys, func(k text) bool { return !strings.HasPrefix(k.value, "_") }):
		p.unknownRecord(n)
	}
}

func isDocument(n *node) bool {
	kind, ok := schema.ParseKind(n.value)
	return ok && kind == schema.Doc
}

func (p *parser) unknownRecord(n *node) {
	var keys []string
	for _, k := range n.keys[:min(len(n.keys), 8)] {
		keys = append(keys, shorten(k.value))
	}
	p.item.failWith(n.text, faultOfValue(schema.UnknownRecord, strings.Join(keys, ", "), withHint(
		fmt.Errorf("neither an entity, a source nor a fact: its keys are %q", strings.Join(keys, ", ")),
		"an entity has kind and name, a source has title, a fact has fact or verb")))
}
