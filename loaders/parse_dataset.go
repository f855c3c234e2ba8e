package loaders

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

var errNoVerb = errors.New("a fact without a sentence or a verb")

// topKeys are the keys of a whole dataset written as one mapping.
func topKeys() []string {
	known := []string{"about", "defaults", "entities", "facts", "sources"}
	for key := range lists {
		known = append(known, key)
	}
	slices.Sort(known)
	return known
}

// whole reads a dataset written as one mapping. Its errors beyond single items
// are fatal.
func (c *collector) whole(n *node) error {
	c.err = nil
	if n.kind != mapNode {
		c.wrong(n, "a mapping with "+strings.Join(topKeys(), ", "))
		return c.fatal()
	}
	c.readDefaults(n)
	c.entries(n, "a dataset", c.topField, topKeys)
	return c.fatal()
}

func (c *collector) fatal() error {
	if c.err == nil {
		return nil
	}
	return c.err
}

// readDefaults reads the defaults first, wherever they stand.
func (c *collector) readDefaults(n *node) {
	for i, key := range n.keys {
		if key.value != "defaults" {
			continue
		}
		if size := n.items[i].size(); size > maxDefaults {
			c.fail(key, "defaults of %d bytes, more than %d: each fact would have them", size, maxDefaults)
			return
		}
		d := &rawDefaults{}
		c.entries(n.items[i], "defaults", func(key text, v *node) bool {
			if key.value == "status" {
				d.status = c.one(v)
				return true
			}
			_, isWhen := whenFields[key.value]
			return !isWhen && c.evidenceField(&d.evidence, key, v)
		}, func() []string { return append(evidenceFields.names(), "at", "status") })
		c.defaults = d
	}
}

func (c *collector) topField(key text, v *node) bool {
	switch key.value {
	case "defaults":
	case "about", "dataset":
		c.readAbout(v)
	case "sources":
		c.items(v, func(n *node) { c.document(n, false) })
	case "entities":
		c.items(v, func(n *node) { c.entity(n, "") })
	case "facts":
		c.items(v, c.fact)
	default:
		kind, ok := lists[key.value]
		if ok {
			c.items(v, func(n *node) { c.entity(n, kind) })
		}
		return ok
	}
	return true
}

// items reads each item of a list on its own.
func (c *collector) items(n *node, read func(*node)) {
	if c.failed() {
		return
	}
	c.list(n, func(item *node) { c.item(item, func() { read(item) }) })
}

func (c *collector) readAbout(n *node) {
	c.entries(n, "about", func(key text, v *node) bool {
		c.checkText(key)
		c.about[key.value] = c.one(v).value
		return true
	}, nil)
}

// record reads one element of a JSON array or one JSON line: an entity, a
// source or a fact, told by its keys.
func (c *collector) record(n *node) {
	if n.kind == textNode {
		c.fact(n)
		return
	}
	if n.kind != mapNode {
		c.wrong(n, "a mapping")
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
		c.fact(n)
	case len(n.keys) == 1 && wrapped != nil && wrapped.kind == mapNode:
		c.document(wrapped, false)
	case has("kind") != nil && isDocument(has("kind")), has("kind") == nil && has("title") != nil:
		c.document(n, false)
	case has("kind") != nil:
		c.entity(n, "")
	default:
		c.unknownRecord(n)
	}
}

func isDocument(n *node) bool {
	kind, ok := schema.ParseKind(n.value)
	return ok && kind == schema.Doc
}

func (c *collector) unknownRecord(n *node) {
	var keys []string
	for _, k := range n.keys[:min(len(n.keys), 8)] {
		keys = append(keys, shorten(k.value))
	}
	c.failWith(n.text, withHint(
		fmt.Errorf("neither an entity, a source nor a fact: its keys are %q", strings.Join(keys, ", ")),
		"an entity has kind and name, a source has title, a fact has fact or verb"))
}
