package gizmo

import (
	"context"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"

	"github.com/entente-kg/entente/schema"
)

// resolver turns arguments of a call into nodes and predicates. An id that
// neither the graph nor its vocabulary can have is an error, with a hint at
// similar ones.
type resolver struct {
	ctx    context.Context
	args   *arguments
	runner *Runner
}

const wantNode = "an IRI, a string, a number or a boolean"

// values reads all further arguments as nodes that may be at a place.
func (r *resolver) values(at valuePlace) []goja.Value {
	var all []goja.Value
	for r.args.more() {
		all = append(all, r.nextValues(at)...)
	}
	return all
}

// nextValues reads one argument, a node or a list of nodes that may be at a
// place.
func (r *resolver) nextValues(at valuePlace) []goja.Value {
	x := r.args.read()
	list, ok := x.(jsList)
	if !ok {
		return []goja.Value{r.valueAt(r.args.asValue(x, wantNode), at)}
	}
	items := r.args.items(list)
	for i, item := range items {
		items[i] = r.valueAt(r.args.asValue(classify(item), "a list of nodes"), at)
	}
	return items
}

func (r *resolver) valueAt(v quad.Value, at valuePlace) goja.Value {
	return r.args.vm.ToValue(r.convert(r.node(v), at))
}

// predicate refuses a value that is the predicate of no edge: a value that is not
// an id, the id of a thing, or an id in the graph's own namespaces that neither
// the vocabulary nor the graph has. It allows ids of other namespaces.
func (r *resolver) predicate(v quad.Value) quad.Value {
	iri, ok := v.(quad.IRI)
	if !ok {
		text, _ := v.(quad.String)
		r.args.fail("argument %d is %s, and predicates are ids%s", r.args.next, scriptText(v), r.runner.hint(string(text), r.runner.knownPredicates))
	}
	if _, known := r.runner.knownPredicates[iri]; known || strings.HasPrefix(string(iri), aboutPrefix) {
		return v
	}
	hint := r.runner.hint(localOf(iri), r.runner.knownPredicates)
	switch prefix := prefixOf(iri); {
	case prefix == "" && r.runner.exactHint(string(iri), r.runner.knownPredicates) == "":
		return v
	case prefix != "" && !slices.Contains([]string{"dip", "rdf", "rdfs", "skos"}, prefix) && !isGraphID(iri):
		return v
	case isGraphID(iri):
		hint = ""
	}
	if used, err := r.runner.predicateUsed(r.ctx, iri); err != nil || used {
		return v
	}
	r.args.fail("argument %d: no edge has the predicate %s%s", r.args.next, iri, hint)
	return nil
}

// label refuses a value that cannot label an edge.
func (r *resolver) label(v quad.Value) quad.Value {
	iri, ok := v.(quad.IRI)
	kind := schema.KindOf(schema.ID(iri))
	if !ok || kind != "" && kind != schema.KindFact || schema.IsEvidence(schema.ID(iri)) {
		r.args.fail("argument %d is %s, and labels are facts and datasets, such as \"<data:name>\"", r.args.next, v)
	}
	return r.node(v)
}

// node refuses a dip: word or an id of an entity, fact, piece of evidence or
// dataset that the graph does not have. It allows other ids and values.
func (r *resolver) node(v quad.Value) quad.Value {
	iri, ok := v.(quad.IRI)
	isWord := prefixOf(iri) == "dip"
	_, known := r.runner.knownNodes[iri]
	if !ok || !isWord && !isGraphID(iri) || known || r.runner.nodeStored(iri) {
		return v
	}
	hint := ""
	if isWord {
		hint = r.runner.hint(localOf(iri), r.runner.knownNodes)
	} else {
		hint = didYouMean(r.runner.similarIDs(r.ctx, iri))
	}
	r.args.fail("argument %d: the graph has no %s%s", r.args.next, iri, hint)
	return nil
}

// entity returns the node that a name or an id means.
func (r *resolver) entity(x any) quad.Value {
	if iri, ok := x.(quad.IRI); ok && iri != "" {
		return r.node(iri)
	}
	name, ok := x.(string)
	switch {
	case !ok || strings.TrimSpace(name) == "":
		r.args.failArg("a name or an IRI", x)
	case looksLikeID(name):
		r.args.fail("argument %d %q is a text; for the id write %q", r.args.next, name, "<"+name+">")
	}
	if iri, ok := quad.StringToValue(name).(quad.IRI); ok {
		return r.node(iri)
	}
	ids, err := r.runner.opts.Find(r.ctx, name)
	switch {
	case err != nil:
		r.args.fail("%w", err)
	case len(ids) == 0:
		r.args.fail("no entity is called %q", name)
	case len(ids) > 1:
		r.args.fail("%q may be %s; write one of them, as in g.V(%q)", name, joinWords(ids), "<"+ids[0]+">")
	}
	return ids[0].Value()
}

// linkedEntity returns the node of an entity, which may have edges.
func (r *resolver) linkedEntity(x any) quad.Value {
	v := r.entity(x)
	if iri, _ := v.(quad.IRI); isGraphID(iri) && !slices.Contains(schema.Kinds(), schema.KindOf(schema.ID(iri))) || prefixOf(iri) == "dip" {
		r.args.fail("argument %d is %s, and verbs link only entities", r.args.next, v)
	}
	return v
}

// verbs reads the verbs of edges; none stands for every verb.
func (r *resolver) verbs() []quad.Value {
	var all []quad.Value
	switch x := r.args.read().(type) {
	case nil, jsNothing:
	case jsList:
		for _, item := range r.args.items(x) {
			all = append(all, r.verb(r.args.asValue(classify(item), "a list of verbs"))...)
		}
	default:
		all = append(all, r.verb(r.args.asValue(x, "a verb"))...)
	}
	return all
}

// allVerbs returns the predicates of all verbs and of the edges of roles.
func (r *resolver) allVerbs() []quad.Value {
	var all []quad.Value
	for _, verb := range r.runner.opts.Vocabulary.Predicates() {
		all = append(all, schema.Term(verb))
	}
	return all
}

// verb returns the predicates of a verb's id or phrase, including the predicates
// of the edges of roles. A phrase may mean several.
func (r *resolver) verb(v quad.Value) (all []quad.Value) {
	vocabulary := r.runner.opts.Vocabulary
	switch v := v.(type) {
	case quad.String:
		found, inverse := vocabulary.ResolvePredicates(string(v))
		switch {
		case len(found) == 0:
			r.args.fail("argument %d: %w %q%s", r.args.next, schema.ErrUnknownVerb, string(v), verbHint(vocabulary, string(v)))
		case inverse:
			r.args.fail("argument %d: %s is %q from the other side; write that verb, and swap the two ends", r.args.next, v, found[0])
		}
		for _, predicate := range found {
			all = append(all, schema.Term(predicate))
		}
		return all
	case quad.IRI:
		isVerb := vocabulary.IsPredicate(schema.Verb(localOf(v)))
		if _, known := r.runner.knownPredicates[v]; known && !(isVerb && prefixOf(v) == "dip") {
			r.args.fail("argument %d: %s is no verb, and facts label only the edges of verbs", r.args.next, v)
		}
		return []quad.Value{r.predicate(v)}
	}
	r.args.failArg("a verb", v)
	return nil
}

func joinWords[T ~string](words []T) string {
	text := make([]string, len(words))
	for i, w := range words {
		text[i] = string(w)
	}
	return strings.Join(text, ", ")
}
