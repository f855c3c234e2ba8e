package export_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// elements are the nodes and edges of a property graph. Each has "id" and "label" and
// its attributes; an edge also "source" and "target". Attributes without a value are
// left out. A text is a string, a list []string, a number an int, a truth value a bool.
type elements struct {
	Nodes []map[string]any `json:"nodes"`
	Edges []map[string]any `json:"edges"`
}

// each calls fn for each node and edge: to rename attributes, or to change their types.
func (e elements) each(fn func(map[string]any)) elements {
	for _, x := range slices.Concat(e.Nodes, e.Edges) {
		fn(x)
	}
	return e
}

// flatten joins the lists of an element by semicolons, for formats without lists.
func flatten(element map[string]any) {
	for k, v := range element {
		if list, ok := v.([]string); ok {
			text := ""
			for i, item := range list {
				if i > 0 {
					text += "; "
				}
				text += item
			}
			element[k] = text
		}
	}
}

// untype makes texts of numbers and truth values, for formats without types.
func untype(element map[string]any) {
	for k, v := range element {
		switch v := v.(type) {
		case int:
			element[k] = strconv.Itoa(v)
		case bool:
			element[k] = strconv.FormatBool(v)
		}
	}
}

// wantElements returns the nodes and edges of a selection, with all attributes, from the
// facts and entities of the graph.
func wantElements(t *testing.T, s export.Selection, o export.Options) elements {
	t.Helper()
	w := newElementWanter(t, s)
	facts := selected(t, s)
	for _, f := range facts {
		if o.Collapse {
			w.addPairs(f)
		} else {
			w.addParts(f, facts)
		}
	}
	for e, err := range s.Graph.Entities(t.Context()) {
		if err == nil && (w.used[e.ID] || isWhole(s) || slices.Contains(s.Entities, e.ID)) {
			w.addEntity(e)
		}
	}
	return w.all
}

// isWhole reports whether a selection is the whole graph.
func isWhole(s export.Selection) bool { return s.Filter == nil && s.Facts == nil }

// selected returns the facts of a selection.
func selected(t *testing.T, s export.Selection) (facts []schema.Fact) {
	t.Helper()
	filter := graph.Filter{}
	switch {
	case s.Facts != nil:
		filter.Facts = s.Facts
	case s.Filter != nil:
		filter = *s.Filter
	}
	for f, err := range s.Graph.Facts(t.Context(), filter) {
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, f)
	}
	return facts
}

func newElementWanter(t *testing.T, s export.Selection) *elementWanter {
	t.Helper()
	w := &elementWanter{t: t, selection: s, words: render.New(s.Graph), labels: map[schema.ID]string{}, used: map[schema.ID]bool{}}
	for e, err := range s.Graph.Entities(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		w.labels[e.ID] = e.Label
	}
	return w
}

type elementWanter struct {
	t         *testing.T
	selection export.Selection
	words     *render.Renderer
	labels    map[schema.ID]string
	used      map[schema.ID]bool // the ends of edges
	all       elements
}

func (w *elementWanter) addEntity(e schema.Entity) {
	var aliases []string
	for _, a := range e.Aliases {
		aliases = append(aliases, a.Value)
	}
	w.all.Nodes = append(w.all.Nodes, present(map[string]any{
		"id": string(e.ID), "label": e.Label, "entity_kind": string(e.Kind), "country": w.labels[e.Country], "country_id": string(e.Country),
		"born": e.Born, "aliases": aliases, "identifiers": e.Identifiers, "description": e.Description}))
}

// addPairs adds an edge for each pair of entities that a fact links.
func (w *elementWanter) addPairs(f schema.Fact) {
	type pair struct {
		from, to schema.ID
		verb     schema.Verb
		role     schema.Role
	}
	both := map[pair]bool{}
	var pairs []pair
	for _, e := range w.selection.Graph.Vocabulary().Pairs(f) {
		if s := w.selection; s.Closed && !(slices.Contains(s.Entities, e.From) && slices.Contains(s.Entities, e.To)) {
			continue
		}
		p := pair{e.From, e.To, e.Verb, e.Role}
		if back := (pair{e.To, e.From, e.Verb, e.Role}); slices.Contains(pairs, back) {
			both[back] = true
			continue
		}
		pairs = append(pairs, p)
	}
	for i, p := range pairs {
		if both[p] && p.to < p.from { // the end whose id is smaller comes first
			both[pair{p.to, p.from, p.verb, p.role}] = true
			p.from, p.to = p.to, p.from
		}
		edge := w.attributes(f)
		edge["id"], edge["source"], edge["target"], edge["fact"] = string(f.ID), string(p.from), string(p.to), string(f.ID)
		if len(pairs) > 1 {
			edge["id"] = string(f.ID) + "/" + strconv.Itoa(i+1)
		}
		edge["label"], edge["predicate"], edge["role"] = w.words.PredicateLabel(f, p.verb), string(p.verb), string(p.role)
		edge["symmetric"], edge["pair"], edge["pairs"], edge["sentence"] = both[p], i+1, len(pairs), w.fact(f).Sentence
		w.addEdge(edge)
	}
}

// addParts adds a fact as a node with its edges.
func (w *elementWanter) addParts(f schema.Fact, selected []schema.Fact) {
	node := w.attributes(f)
	node["id"], node["label"], node["entity_kind"] = string(f.ID), w.fact(f).Sentence, "Fact"
	w.all.Nodes = append(w.all.Nodes, present(node))
	n := 0
	add := func(relation string, to schema.ID, label string, claim map[string]any) {
		isSelected := func(f schema.Fact) bool { return f.ID == to }
		if to == "" || schema.KindOf(to) == schema.KindFact && !slices.ContainsFunc(selected, isSelected) {
			return
		}
		n++
		edge := map[string]any{"id": string(f.ID) + "/" + strconv.Itoa(n), "source": string(f.ID), "target": string(to),
			"label": label, "fact": string(f.ID), "relation": relation,
			"status": node["status"], "standing": node["standing"], "established": node["established"]}
		for k, v := range claim {
			edge[k] = v
		}
		w.addEdge(edge)
	}
	for _, r := range f.Roles {
		add(string(r.Role), r.ID, string(r.Role), nil)
	}
	for _, l := range f.Links {
		add(string(l.Type), l.Fact, string(l.Type), nil)
	}
	f.Evidence = slices.Concat(f.Sides()) // asserting evidence first
	for i, e := range f.Evidence {
		claim := w.claim(f, i)
		at, source := "at", "source"
		if e.Stance != schema.Asserts {
			at, source = "at ("+string(e.Stance)+")", e.Stance.By()
		}
		for _, place := range e.At {
			add("at", place, at, claim)
		}
		add("source", e.Source, source, claim)
	}
}

// claim returns the attributes of one piece of evidence.
func (w *elementWanter) claim(f schema.Fact, i int) map[string]any {
	e := f.Evidence[i]
	var via []string
	for _, id := range e.Via {
		via = append(via, w.labels[id])
	}
	confidence := ""
	if e.Confidence > 0 {
		confidence = strconv.FormatFloat(e.Confidence, 'g', -1, 64)
	}
	return map[string]any{"stance": string(e.Stance), "date": w.fact(f).Evidence[i].When.Text, "quote": e.Quote, "locator": e.Locator,
		"said_by": w.labels[e.SaidBy], "via": via, "method": string(e.Method), "confidence": confidence, "note": e.Note,
		"dataset": e.Dataset, "evidence": string(e.ID)}
}

func (w *elementWanter) addEdge(edge map[string]any) {
	for _, end := range []string{"source", "target"} {
		w.used[schema.ID(edge[end].(string))] = true
	}
	w.all.Edges = append(w.all.Edges, present(edge))
}

// fact returns a fact in words.
func (w *elementWanter) fact(f schema.Fact) *render.Fact {
	words, err := w.words.Fact(w.t.Context(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	return words
}

// attributes returns the attributes of a fact.
func (w *elementWanter) attributes(f schema.Fact) map[string]any {
	vocabulary, words := w.selection.Graph.Vocabulary(), w.fact(f)
	days, dated, err := vocabulary.Extent(f)
	if err != nil {
		w.t.Fatal(err)
	}
	first, last := "", ""
	if dated && days.From != schema.MinDay {
		first = days.From.String()
	}
	if dated && days.To != schema.MaxDay {
		last = days.To.String()
	}
	within := ""
	if f.Within != nil {
		within = words.Within.Text
	}
	var sets, places []string
	documents := map[schema.ID]bool{}
	asserted := slices.ContainsFunc(f.Evidence, func(e schema.Evidence) bool { return e.Stance == schema.Asserts })
	for _, e := range f.Evidence {
		sets = append(sets, e.Dataset)
		if e.Stance == schema.Asserts {
			documents[e.Source] = true
		}
		for _, p := range e.At {
			if name := w.labels[p]; (e.Stance == schema.Asserts || !asserted) && !slices.Contains(places, name) {
				places = append(places, name)
			}
		}
	}
	slices.Sort(sets)
	claims := words.ClaimLists()
	return map[string]any{
		"verb": string(f.Verb), "verb_kind": string(vocabulary.VerbKind(f.Verb)), "status": string(f.Status), "standing": string(f.Standing()),
		"established": f.Status == schema.Happened && asserted, "date": render.Dates(f), "first_day": first, "last_day": last,
		"widened": words.Widenings(), "within": within, "topic": f.Topic, "places": places, "sources": len(documents),
		"documents": claims.Sources, "quotes": claims.Words, "other_stances": claims.Others,
		"datasets": slices.Compact(sets), "source_key": f.Key}
}

// present leaves out the attributes without a value.
func present(attributes map[string]any) map[string]any {
	for k, v := range attributes {
		if list, ok := v.([]string); v == "" || ok && len(list) == 0 {
			delete(attributes, k)
		}
	}
	return attributes
}
