package rdf

import (
	"github.com/entente-kg/entente/loaders/foreign/popolo"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// Version is the number of the rules by which records are made. It rises when the same
// file makes other records.
const Version = 1

// Mapping returns what reads the rows of [Rows].
func Mapping() (*mapping.Mapping, error) {
	return mapping.ByCode("rdf", Version, "", reader{&popolo.Reader{InDocument: true, IDOf: idOf}})
}

// reader makes records of rows. It implements [mapping.Reader].
type reader struct{ popolo *popolo.Reader }

// Row implements [mapping.Reader].
func (r reader) Row(run *mapping.Run, n *mapping.Node, do func(mapping.Made)) {
	if n.Name != "fact" {
		r.popolo.Row(run, n, do)
		return
	}
	f := mapping.ItemAt(n)
	f.PutText("verb", n.TextOf("verb"))
	for _, role := range []string{"actor", "recipient"} {
		f.PutText(role, r.side(n.Child(role), do))
	}
	do(mapping.Made{Section: mapping.Fact, Item: f})
}

// side mentions a side of a relation, and returns how the fact refers to it.
func (r reader) side(n *mapping.Node, do func(mapping.Made)) string {
	kind, name := schema.Kind(n.TextOf("kind")), n.TextOf("name")
	id := schema.MakeID(kind, name)
	if iri := n.TextOf("id"); iri != "" {
		var local string
		if id, local = idOf(kind, iri); name == "" {
			name = local
		}
	}
	item := mapping.ItemAt(n)
	item.PutText("id", string(id))
	item.PutText("kind", string(kind))
	item.PutText("name", name)
	do(mapping.Made{Section: mapping.Mention, Item: item})
	return "<" + string(id) + ">"
}

// Reads implements [mapping.Reader]: what makes no record is kept as statements.
func (r reader) Reads([]string) bool { return true }

// idOf returns the id of an entity with an IRI, and the last part of the IRI as its name.
func idOf(kind schema.Kind, iri string) (schema.ID, string) {
	return popolo.GlobalID(kind, iri), localName(iri)
}
