package export_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func noteReadings() []reading {
	report := map[string]edit{
		"a fact dropped":         replaced(`(?m)^### 2022-11: .*\n`, ""),
		"a plan hidden":          replaced(`(?m)^- not established.*\n`, ""),
		"a denial hidden":        replaced(`— denied by`, "— asserted by"),
		"a name changed":         replaced(`秦刚`, "秦剛"),
		"a quote cut":            replaced(`> held talks`, "> held"),
		"markup is let in":       replaced(`\\<b\\>`, "<b>"),
		"a link is let in":       replaced(`\\\[\\\[link`, `[x](y)`),
		"a heading is let in":    replaced(`(?m)^- id: `, "# id: "),
		"an address is replaced": replaced(`\]\(<https://example.org`, "](<https://example.com"),
	}
	note := func(change edit) edit { return inFile("People/Ambassador Xie.md", change) }
	vault := map[string]edit{
		"a fact dropped":      note(replaced(`(?m)^### .*\n`, "")),
		"a plan hidden":       note(replaced(`(?m)^- not established.*\n`, "")),
		"a quote cut":         note(replaced(`> held talks`, "> held")),
		"a link to nobody":    note(replaced(`\[\[Ely Ratner\]\]`, "[[Nobody]]")),
		"a link to another":   note(replaced(`\[\[Ely Ratner\]\]`, "[[Cuba|Ely Ratner]]")),
		"a property lost":     note(replaced(`(?m)^kind: "Person"\n`, "")),
		"an alias lost":       note(replaced(`(?m)^    - "谢锋"\n`, "")),
		"properties broken":   note(replaced(`(?m)^kind: `, "kind: [")),
		"a note not in Index": inFile("Index.md", replaced(`(?m)^- \[\[Ambassador Xie\]\]\n`, "")),
	}
	canvas := map[string]edit{
		"an edge dropped":  replaced(`"edges": \[\s*\{[^}]*\},`, `"edges": [`),
		"a label changed":  replaced(`秦刚`, "秦剛"),
		"a node renamed":   replaced(`"id": "person:alone"`, `"id": "person:other"`),
		"a fraction":       replaced(`"x": 0,`, `"x": 0.5,`),
		"a plan hidden":    replaced(`\(planned\)`, ""),
		"a height dropped": replaced(`"height": \d+,`, ""),
	}
	row := func(f export.Format, o export.Options, script, needs string, want func(*testing.T, export.Selection, export.Options) any, damage map[string]edit) reading {
		return reading{format: f, options: o, script: script, needs: needs, want: want, text: shownText, damage: damage}
	}
	return []reading{
		row(export.Markdown, export.Options{}, "markdown.mjs", "npm commonmark", wantReport, report),
		row(export.Obsidian, export.Options{}, "obsidian.mjs", "npm js-yaml", wantVault, vault),
		row(export.Canvas, export.Options{}, "json_canvas.mjs", "npm ajv", wantCanvas, canvas),
		row(export.Canvas, export.Options{Shape: export.ShapeFacts}, "json_canvas.mjs", "npm ajv", wantCanvas, only(canvas, "an edge dropped", "a label changed", "a node renamed")),
	}
}

// wantedNote is what a note says of facts.
type wantedNote struct {
	headings, items, quotes []string
	links                   []string // ids, in the order of the note
}

func flat(s string) string { return strings.ReplaceAll(shownText(s), "\n", " ") }

func visibleName(name string, id schema.ID) string {
	if strings.TrimSpace(shownText(name)) == "" {
		return string(id)
	}
	return name
}

// addFact adds what a note says of a fact.
func (n *wantedNote) addFact(w *elementWanter, f schema.Fact) {
	words, a := w.fact(f), w.attributes(f)
	n.headings = append(n.headings, "### "+flat(cmp.Or(render.Dates(f), "undated"))+": "+flat(words.Sentence))
	item := func(text string) { n.items = append(n.items, flat(text)) }
	if mark := wantMark(f); mark != "" {
		item(mark)
	}
	if first, last := a["first_day"].(string), a["last_day"].(string); first != "" || last != "" || n.dated(w, f) {
		kind := w.selection.Graph.Vocabulary().VerbKind(f.Verb)
		first, last := cmp.Or(first, "open or unknown"), cmp.Or(last, "open or unknown")
		switch {
		case first == last && first != "open or unknown":
			item("days: on " + first)
		case kind == schema.Interaction:
			item("days: once, between " + first + " and " + last)
		default:
			item("days: first day " + first + ", last day " + last)
		}
	}
	if widened := a["widened"].(string); widened != "" {
		item(widened)
	}
	name := func(r render.Ref) string {
		if w.labels[r.ID] != "" {
			n.links = append(n.links, string(r.ID))
		}
		return visibleName(r.Name, r.ID)
	}
	for _, r := range words.Roles {
		item(string(r.Role) + ": " + name(r.Ref))
	}
	for _, l := range words.Links {
		item(string(l.Type) + ": " + l.Name)
	}
	item("id: " + string(f.ID))
	for _, e := range words.Evidence {
		if quote := shownText(e.Quote); quote != "" {
			n.quotes = append(n.quotes, quote)
		}
		n.quotes = append(n.quotes, flat("— "+wantClaim(words, e, name)))
	}
}

func (n *wantedNote) dated(w *elementWanter, f schema.Fact) bool {
	_, dated, err := w.selection.Graph.Vocabulary().Extent(f)
	return err == nil && dated
}

// wantMark says in words why a fact is not established, or that it is disputed.
func wantMark(f schema.Fact) string {
	happened, standing := f.Status == schema.Happened, f.Standing()
	switch none := "no source asserts it (" + string(standing) + ")"; {
	case happened && standing == schema.StandingAsserted:
		return ""
	case happened && standing == schema.StandingDisputed:
		return "disputed: a source asserts it, and a source denies it"
	case happened:
		return "not established: " + none
	case standing == schema.StandingAsserted:
		return "not established: " + string(f.Status)
	case standing == schema.StandingDisputed:
		return "not established: " + string(f.Status) + "; and disputed: a source denies it"
	default:
		return "not established: " + string(f.Status) + ", and " + none
	}
}

// wantClaim returns the line under a quote.
func wantClaim(f *render.Fact, e render.Evidence, name func(render.Ref) string) string {
	by := e.Stance.By() + " "
	if e.Stance == schema.Asserts {
		by = "asserted by "
	}
	parts := append([]string{by + name(e.Source.Ref)}, wantDocument(e.Source)...)
	add := func(before, text string) {
		if shownText(text) != "" {
			parts = append(parts, before+text)
		}
	}
	add("", e.Locator)
	if e.SaidBy != nil {
		add("said by ", name(*e.SaidBy))
	}
	for _, v := range e.Via {
		add("via ", name(v))
	}
	if e.When.Text != f.When.Text {
		add("date ", e.When.Text)
	}
	for _, at := range e.At {
		add("at ", name(at))
	}
	add("duration ", e.Duration)
	add("count ", e.Count)
	if e.Method == schema.Inferred {
		add("", "inferred")
	}
	if e.Confidence != 0 {
		add("confidence ", fmt.Sprint(e.Confidence))
	}
	add("note: ", e.Note)
	add("dataset ", e.Dataset)
	return strings.Join(parts, "; ")
}

func wantDocument(d render.Document) (parts []string) {
	if d.Publisher != d.Name && d.Publisher != "" {
		parts = append(parts, d.Publisher)
	}
	if d.Author != "" {
		parts = append(parts, "by "+d.Author)
	}
	if d.Published != nil {
		parts = append(parts, d.Published.Text)
	}
	if d.URL != "" {
		parts = append(parts, d.URL)
	}
	if d.Archived != nil {
		parts = append(parts, "archived "+d.Archived.On.Text+" at "+d.Archived.URL)
	}
	if d.Accessed != nil {
		parts = append(parts, "accessed "+d.Accessed.Text)
	}
	return parts
}

// wantEntities returns the entities of a selection, each with its facts: those of its
// roles and places, then the others that cite or quote it.
func wantEntities(t *testing.T, s export.Selection, w *elementWanter) (all []schema.Entity, part, cited map[schema.ID][]schema.Fact) {
	t.Helper()
	used := map[schema.ID]bool{}
	for _, n := range wantElements(t, s, export.Options{}).Nodes {
		used[schema.ID(n["id"].(string))] = true
	}
	part, cited = map[schema.ID][]schema.Fact{}, map[schema.ID][]schema.Fact{}
	for _, f := range selected(t, s) {
		seen := map[schema.ID]bool{"": true}
		add := func(lists map[schema.ID][]schema.Fact, id schema.ID) {
			if !seen[id] {
				seen[id] = true
				lists[id] = append(lists[id], f)
			}
		}
		for _, r := range f.Roles {
			add(part, r.ID)
		}
		for _, e := range f.Evidence {
			for _, at := range e.At {
				add(part, at)
			}
		}
		for _, e := range f.Evidence {
			add(cited, e.Source)
			add(cited, e.SaidBy)
			for _, v := range e.Via {
				add(cited, v)
			}
		}
	}
	for e, err := range s.Graph.Entities(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if used[e.ID] {
			all = append(all, e)
		} else {
			delete(w.labels, e.ID) // no note to link to
		}
	}
	return all, part, cited
}

func wantReport(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	w := newElementWanter(t, s)
	entities, _, _ := wantEntities(t, s, w)
	n := wantedNote{headings: []string{"# Entities and facts", "## Entities", "## Facts"}}
	kinds := map[schema.Kind]bool{}
	for _, e := range entities {
		if !kinds[e.Kind] {
			kinds[e.Kind] = true
			n.headings = append(n.headings, "### "+wantFolder(e.Kind))
		}
		parts := []string{visibleName(e.Label, e.ID)}
		add := func(before, text string) {
			if shownText(text) != "" {
				parts = append(parts, before+text)
			}
		}
		for _, a := range e.Aliases {
			add("also ", a.Value)
		}
		if e.Country != "" {
			add("of ", w.labelOf(e.Country))
		}
		add("born ", e.Born)
		for _, i := range e.Identifiers {
			add("identifier ", i)
		}
		if e.Kind == schema.Doc {
			d, err := w.words.Document(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, wantDocument(d)...)
		}
		add("description: ", e.Description)
		add("id ", string(e.ID))
		n.items = append(n.items, flat(strings.Join(parts, "; ")))
	}
	for _, f := range selected(t, s) {
		n.addFact(w, f)
	}
	return map[string]any{"headings": n.headings, "items": n.items, "quotes": n.quotes}
}

func (w *elementWanter) labelOf(id schema.ID) string {
	name, err := w.words.Name(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return name
}

func wantFolder(kind schema.Kind) string {
	return map[schema.Kind]string{"Person": "People", "Post": "Posts", "Institution": "Institutions", "Group": "Groups", "Country": "Countries",
		"Place": "Places", "Gathering": "Gatherings", "Document": "Documents", "Thing": "Things"}[kind]
}

// wantVault returns the notes of a vault: their properties, texts, and the ids to which
// their links lead.
func wantVault(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	w := newElementWanter(t, s)
	entities, part, cited := wantEntities(t, s, w)
	var notes []map[string]any
	var ids []string
	for _, e := range entities {
		n := wantedNote{headings: []string{"# " + flat(visibleName(e.Label, e.ID))}, items: []string{}, quotes: []string{}, links: []string{}}
		add := func(heading string, facts []schema.Fact) {
			if len(facts) > 0 {
				n.headings = append(n.headings, "## "+heading)
			}
			for _, f := range facts {
				n.addFact(w, f)
			}
		}
		add("Facts", part[e.ID])
		if e.Kind == schema.Doc {
			add("Cited for", cited[e.ID])
		} else {
			add("Quoted on", cited[e.ID])
		}
		note := map[string]any{"id": string(e.ID), "kind": string(e.Kind), "born": e.Born, "identifiers": e.Identifiers}
		if e.Country != "" {
			note["country"] = string(e.Country)
			if _, linked := w.labels[e.Country]; !linked {
				note["country"] = w.labelOf(e.Country)
			}
		}
		if e.Kind == schema.Doc {
			d, err := w.words.Document(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			note["publisher"], note["author"], note["url"] = d.Publisher, d.Author, d.URL
			if d.Published != nil {
				note["published"] = d.Published.Text
			}
			if d.Archived != nil {
				note["archived"], note["archived-on"] = d.Archived.URL, d.Archived.On.Text
			}
			if d.Accessed != nil {
				note["accessed"] = d.Accessed.Text
			}
		}
		note = present(note)
		aliases := []string{}
		for _, a := range e.Aliases {
			if alias := flat(a.Value); alias != flat(visibleName(e.Label, e.ID)) && !slices.Contains(aliases, alias) {
				aliases = append(aliases, alias)
			}
		}
		note["aliases"] = aliases
		note["headings"], note["items"], note["quotes"], note["links"], note["description"] = n.headings, n.items, n.quotes, n.links, shownText(e.Description)
		notes, ids = append(notes, note), append(ids, string(e.ID))
	}
	return map[string]any{"notes": notes, "linked": ids}
}

// wantCanvas returns the cards and edges of a canvas.
func wantCanvas(t *testing.T, s export.Selection, o export.Options) any {
	t.Helper()
	chart := wantFlowchart(t, s, o).(map[string]any)
	o.Collapse = o.Shape != export.ShapeFacts
	all := wantElements(t, s, o)
	var nodes, edges []map[string]any
	for _, n := range all.Nodes {
		nodes = append(nodes, map[string]any{"id": n["id"], "type": "text"})
	}
	for i, e := range all.Edges {
		edge := map[string]any{"id": e["id"], "fromNode": e["source"], "toNode": e["target"], "label": chart["edges"].([]map[string]any)[i]["label"]}
		if e["symmetric"] == true {
			edge["fromEnd"] = "arrow"
		}
		edges = append(edges, edge)
	}
	return map[string]any{"nodes": nodes, "edges": edges, "texts": canvasTexts(all)}
}

// canvasTexts returns the texts of the cards.
func canvasTexts(all elements) (texts []string) {
	for _, n := range all.Nodes {
		id := schema.ID(n["id"].(string))
		text := flat(visibleName(n["label"].(string), id)) + "\n\n" + kindOf(id)
		if n["entity_kind"] == "Fact" {
			text = flat(n["label"].(string))
			if date, _ := n["date"].(string); date != "" {
				text += "\n\n" + flat(date)
			}
		}
		texts = append(texts, text)
	}
	return texts
}
