package popolo

import (
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// Reader makes records of Popolo's objects. It implements [mapping.Reader].
type Reader struct {
	// InDocument says that rows are in the lists of a document, whose names are their
	// class.
	InDocument bool

	// IDOf, if set, returns the id of an entity in place of the usual rule. The name is
	// what the entity is called as long as nothing gives it a name.
	IDOf func(kind schema.Kind, id string) (_ schema.ID, name string)
}

// Row implements [mapping.Reader].
func (r *Reader) Row(run *mapping.Run, n *mapping.Node, do func(mapping.Made)) {
	o := &objects{run: run, idOf: r.IDOf, do: do}
	c := r.class(n)
	if c == none {
		o.fail(n, "", errClass)
		return
	}
	o.object(c, n, nil)
}

// problem is an error of an object, and its kind.
type problem struct {
	kind schema.ProblemKind
	text string
}

func (p problem) Error() string { return p.text }

// ProblemKind returns the kind of the error: see [schema.ProblemKindOf].
func (p problem) ProblemKind() schema.ProblemKind { return p.kind }

var errClass = schema.WithHint(problem{schema.UnknownRecord, "no class of Popolo has the keys of this object"}, func() string {
	return `put it into a list that says its class: {"persons": [...]}, organizations, posts, memberships, areas or events`
})

// class returns the class of a row: by the list in which it stands, by its type, or by its
// keys.
func (r *Reader) class(n *mapping.Node) class {
	if r.InDocument {
		if c := lists[n.Name]; c != none {
			return c
		}
		return unread
	}
	if t := n.TextOf("@type"); t != "" {
		t = strings.ToLower(t[strings.LastIndexAny(t, ":/#")+1:])
		if c := lists[t+"s"]; c != none {
			return c
		}
	}
	keys := keysOf(n)
	for _, rule := range rules {
		if rule.has(keys) && rule.admits(keys) {
			return rule.class
		}
	}
	c, _ := classOf(keys)
	return c
}

// keysOf lists the keys of an object in the form of topKeys. A key of one value is in it as
// that of a list too, since the tree does not tell them apart.
func keysOf(n *mapping.Node) (keys []string) {
	for _, c := range n.Children {
		if slices.Contains(keys, c.Name) {
			continue
		}
		keys = append(keys, c.Name, c.Name+"[")
		if len(c.Children) > 0 {
			keys = append(keys, c.Name+"{")
		}
		for _, below := range c.Children {
			keys = append(keys, c.Name+"[/"+below.Name)
		}
	}
	return keys
}

// objects makes the records of one row.
type objects struct {
	run  *mapping.Run
	idOf func(schema.Kind, string) (schema.ID, string)
	do   func(mapping.Made)
}

// object makes the records of an object. Its sources are those of the object around it if
// it has none of its own.
func (o *objects) object(c class, n *mapping.Node, around *mapping.Item) {
	switch c {
	case person:
		o.person(n)
	case organization:
		o.organization(n)
	case post:
		o.post(n)
	case membership:
		o.membership(n, parties{}, around)
	case area:
		o.area(n)
	case event:
		o.event(n)
	case document:
		o.sources(n)
	default:
		o.run.Tally.CountUnmapped(unreadName(n))
	}
}

func unreadName(n *mapping.Node) string {
	if n.Name != "" {
		return n.Name + " (objects)"
	}
	return "objects of a class that is not read"
}

// fail reports an error in a value of a row; the value may be nil for the whole row.
func (o *objects) fail(n *mapping.Node, key string, err error) {
	v := mapping.Value{Line: n.Line, Col: n.Col, Text: n.Text, Field: n.Path()}
	o.do(mapping.Made{Section: mapping.Entity, Errs: []*mapping.ValueError{{Key: key, Value: v, Err: err}}})
}

func (o *objects) make(section string, item *mapping.Item) {
	o.do(mapping.Made{Section: section, Item: item})
}
