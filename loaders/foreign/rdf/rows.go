package rdf

import (
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
	"github.com/entente-kg/entente/schema/turtle"
)

// subject is what the statements say of a node, as far as the table has a meaning for it.
type subject struct {
	term   turtle.Term
	offset int
	class  string // the list of Popolo; empty for none
	values []value
	isPart bool // it is a blank node that belongs to another subject
}

// value is an object and the meaning of its predicate.
type value struct {
	predicate string
	key       key // of no name for a relation
	object    turtle.Term
	offset    int
}

// graph collects the subjects of a text.
type graph struct {
	*table
	text   string
	lines  []int // the offset of each line
	byTerm map[turtle.Term]*subject
	order  []*subject
}

// ours begins the names of graphs and terms that entente writes.
const ours = "urn:entente:"

const rdfType = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

// Rows returns the rows that the statements of a text make, in the order of the text: an
// object of Popolo for each entity and membership, and a row for each relation. An error
// of the statements is returned as it is.
func Rows(text string, statements iter.Seq2[turtle.Statement, error]) ([]*mapping.Node, error) {
	t, err := meanings()
	if err != nil {
		return nil, err
	}
	g := &graph{table: t, text: text, byTerm: make(map[turtle.Term]*subject)}
	for s, err := range statements {
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(s.Graph.Text, ours) {
			g.add(s)
		}
	}
	return g.rows(), nil
}

func (g *graph) add(s turtle.Statement) {
	if s.Predicate.Text == rdfType {
		if class := g.classes[s.Object.Text]; class != "" {
			if of := g.subject(s); of.class == "" {
				of.class = class
			}
		} else if strings.HasPrefix(s.Object.Text, vcard) {
			of := g.subject(s)
			of.values = append(of.values, value{key: key{"type", "text"}, object: s.Object, offset: s.Offset})
		}
		return
	}
	k, isKey := g.keys[s.Predicate.Text]
	_, isFact := g.facts[s.Predicate.Text]
	if !isKey && !isFact && s.Predicate.Text != rdfValue {
		return
	}
	of := g.subject(s)
	if class := g.implied[s.Predicate.Text]; of.class == "" && class != "" {
		of.class = class
	}
	of.values = append(of.values, value{s.Predicate.Text, k, s.Object, s.Offset})
}

const (
	rdfValue = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"
	vcard    = "http://www.w3.org/2006/vcard/ns#"
)

func (g *graph) subject(s turtle.Statement) *subject {
	of := g.byTerm[s.Subject]
	if of == nil {
		of = &subject{term: s.Subject, offset: s.Offset}
		g.byTerm[s.Subject] = of
		g.order = append(g.order, of)
	}
	return of
}

func (g *graph) rows() []*mapping.Node {
	for _, s := range g.order {
		for _, v := range s.values {
			if part := g.byTerm[v.object]; v.object.Kind == nquads.Blank && part != nil {
				part.isPart = part.isPart || v.key.name != "" && s.class != ""
			}
		}
	}
	root := &mapping.Node{}
	for _, s := range g.order {
		if s.class != "" && !s.isPart && (s.class == "memberships" || s.term.Kind == nquads.IRI || g.labelOf(s) != "") {
			root.Add(g.object(s, s.class, 0))
		}
		g.relations(root, s)
	}
	return root.Children
}

// node returns a node with a name and a text at an offset of the text.
func (g *graph) node(name, text string, offset int) *mapping.Node {
	if g.lines == nil {
		g.lines = []int{0}
		for i := range len(g.text) {
			if g.text[i] == '\n' {
				g.lines = append(g.lines, i+1)
			}
		}
	}
	line := sort.SearchInts(g.lines, offset+1)
	return &mapping.Node{Name: name, Text: text, Line: int32(line), Col: int32(offset - g.lines[line-1] + 1)}
}

// maxParts is the deepest nesting of blank nodes that are parts of others.
const maxParts = 5

// object returns a subject as an object of Popolo.
func (g *graph) object(s *subject, name string, depth int) *mapping.Node {
	n := g.node(name, "", s.offset)
	if s.term.Kind == nquads.IRI {
		id := s.term.Text
		if s.class == "memberships" {
			id = localName(id)
		}
		n.Add(g.node("id", id, s.offset))
		n.Add(g.node("iri", s.term.Text, s.offset))
	}
	for _, v := range bestFirst(s.values) {
		g.addValue(n, s, v, depth)
	}
	return n
}

// bestFirst returns values with texts without a language and in English before others, as
// the first name is the one that answers show.
func bestFirst(values []value) []value {
	rank := func(v value) int {
		switch {
		case v.object.Lang == "":
			return 0
		case strings.EqualFold(v.object.Lang, "en") || strings.HasPrefix(strings.ToLower(v.object.Lang), "en-"):
			return 1
		}
		return 2
	}
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b value) int { return rank(a) - rank(b) })
	return values
}

// addValue adds a value to an object, in the form of its key.
func (g *graph) addValue(n *mapping.Node, s *subject, v value, depth int) {
	switch v.key.form {
	case "name":
		g.addName(n, s, v)
	case "text":
		if text := g.textOf(v.object); text != "" && n.Child(v.key.name) == nil {
			n.Add(g.node(v.key.name, text, v.offset))
		}
	case "entity":
		g.addEntity(n, v, depth)
	case "identifier":
		g.addPair(n, v, "identifiers", "identifier", "scheme", schemeOf(v.object))
	case "link":
		if v.object.Kind == nquads.IRI {
			g.addPair(n, v, v.key.name, "url", "", "")
		}
	case "contact":
		g.addContact(n, v)
	}
}

func (g *graph) addName(n *mapping.Node, s *subject, v value) {
	if v.object.Kind != nquads.Literal {
		return
	}
	name := v.key.name
	if name == "name" && (s.class == "posts" || s.class == "memberships") {
		name = "label"
	}
	switch isName := v.key.name == "name"; {
	case !isName && schemeOf(v.object) != "": // as the specification of Popolo writes identifiers
		g.addPair(n, v, "identifiers", "identifier", "scheme", schemeOf(v.object))
	case isName && n.Child(name) == nil:
		n.Add(g.node(name, v.object.Text, v.offset))
	default:
		g.addPair(n, v, "other_names", "name", "lang", v.object.Lang)
	}
}

// addPair adds an object with the text of a value and one more key, which may be empty.
func (g *graph) addPair(n *mapping.Node, v value, list, name, more, text string) {
	pair := g.node(list, "", v.offset)
	pair.Add(g.node(name, v.object.Text, v.offset))
	if text != "" {
		pair.Add(g.node(more, text, v.offset))
	}
	if v.object.Kind != nquads.Blank {
		n.Add(pair)
	}
}

// addEntity adds the id of an entity, or a blank node as an object.
func (g *graph) addEntity(n *mapping.Node, v value, depth int) {
	part := g.byTerm[v.object]
	isList := v.key.name == "attendees"
	if !isList && n.Child(v.key.name) != nil {
		return
	}
	switch {
	case v.object.Kind == nquads.IRI && isList:
		attendee := g.node(v.key.name, "", v.offset)
		attendee.Add(g.node("id", v.object.Text, v.offset))
		n.Add(attendee)
	case v.object.Kind == nquads.IRI:
		n.Add(g.node(v.key.name, v.object.Text, v.offset))
	case part != nil && depth < maxParts && g.labelOf(part) != "":
		n.Add(g.object(part, v.key.name, depth+1))
	}
}

// addContact adds a contact detail, which is a node with a type and a value.
func (g *graph) addContact(n *mapping.Node, v value) {
	part := g.byTerm[v.object]
	if part == nil {
		return
	}
	contact := g.node("contact_details", "", v.offset)
	for _, detail := range part.values {
		switch {
		case detail.key.name == "type":
			contact.Add(g.node("type", strings.ToLower(localName(detail.object.Text)), detail.offset))
		case detail.predicate == rdfValue:
			contact.Add(g.node("value", detail.object.Text, detail.offset))
		}
	}
	if contact.Child("value") != nil {
		n.Add(contact)
	}
}

// textOf returns an object as a text: a literal, the word that an IRI stands for, or what
// a node is called.
func (g *graph) textOf(t turtle.Term) string {
	if t.Kind == nquads.Literal {
		return t.Text
	}
	if word := g.values[t.Text]; word != "" {
		return word
	}
	if part := g.byTerm[t]; part != nil {
		if label := g.labelOf(part); label != "" {
			return label
		}
	}
	if t.Kind == nquads.IRI {
		if mail, is := strings.CutPrefix(t.Text, "mailto:"); is {
			return mail
		}
		return localName(t.Text)
	}
	return ""
}

// labelOf returns what a subject is called; empty for no name.
func (g *graph) labelOf(s *subject) string {
	for _, v := range bestFirst(s.values) {
		if v.key.name == "name" && v.object.Kind == nquads.Literal {
			return v.object.Text
		}
	}
	for _, v := range s.values {
		if v.key.name == "given_name" || v.key.name == "family_name" {
			return v.object.Text
		}
	}
	return ""
}

// schemeOf returns the scheme of an identifier, which is the name of its datatype.
func schemeOf(t turtle.Term) string {
	if t.Kind != nquads.Literal || t.Datatype == "" || strings.HasPrefix(t.Datatype, "http://www.w3.org/2001/XMLSchema#") {
		return ""
	}
	return localName(t.Datatype)
}

// localName returns the last part of an IRI, without the extension of a file of RDF.
func localName(iri string) string {
	name := strings.TrimRight(iri, "/#")
	if n := strings.LastIndexAny(name, "/#:"); n >= 0 {
		name = name[n+1:]
	}
	for _, extension := range []string{".ttl", ".rdf", ".jsonld", ".json", ".nt", ".html"} {
		if rest, is := strings.CutSuffix(name, extension); is && rest != "" {
			return rest
		}
	}
	if name == "" {
		return iri
	}
	return name
}

// relations adds a row for each fact that a predicate of a subject states.
func (g *graph) relations(root *mapping.Node, s *subject) {
	for _, v := range s.values {
		r, is := g.facts[v.predicate]
		if !is || s.term.Kind != nquads.IRI && g.labelOf(s) == "" {
			continue
		}
		from, to := g.side(s.term, r.From, r.To, r.Inverse), g.side(v.object, r.To, r.From, r.Inverse)
		if from == nil || to == nil {
			continue
		}
		if r.Inverse {
			from, to = to, from
		}
		row := g.node("fact", "", v.offset)
		row.Add(g.node("verb", r.Verb, v.offset))
		for _, side := range []struct {
			name string
			*party
		}{{"actor", from}, {"recipient", to}} {
			n := g.node(side.name, "", v.offset)
			n.Add(g.node("kind", string(side.kind), v.offset))
			n.Add(g.node("id", side.id, v.offset))
			n.Add(g.node("name", side.label, v.offset))
			row.Add(n)
		}
		root.Add(row)
	}
}

// party is a side of a relation.
type party struct {
	kind      schema.Kind
	id, label string // the id is the IRI, and empty for a blank node
}

// kinds are the kinds of the classes.
var kinds = map[string]schema.Kind{"persons": schema.Person, "organizations": schema.Institution, "posts": schema.Post, "areas": schema.Place, "events": schema.Gathering}

// side returns a side of a relation; nil for a text, and for a blank node without a name.
func (g *graph) side(t turtle.Term, kind, other schema.Kind, inverse bool) *party {
	if inverse {
		kind = other
	}
	p := &party{kind: kind}
	if s := g.byTerm[t]; s != nil {
		if k := kinds[s.class]; k != "" {
			p.kind = k
		}
		p.label = g.labelOf(s)
	}
	switch {
	case t.Kind == nquads.IRI:
		p.id = t.Text
	case t.Kind != nquads.Blank || p.label == "":
		return nil
	}
	return p
}
