package export_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func ftmReadings() []reading {
	return []reading{{format: export.FTM, script: "ftm.mjs", needs: "npm @alephdata/followthemoney", want: wantFTM, damage: map[string]edit{
		"a line dropped":         replaced(`(?m)^\{"id":"person:xie-feng".*\n`, ""),
		"an unknown schema":      replaced(`"schema":"Person"`, `"schema":"Persona"`),
		"a required holder gone": replaced(`"holder":\["[^"]*"\],`, ""),
		"a mark dropped":         replaced(`\(refused\)`, ""),
		"a date changed":         replaced(`"date":\["2020"\]`, `"date":["2021"]`),
	}}}
}

// ftmKinds are the schemas of entities and the schemas that these descend from.
var ftmKinds = map[schema.Kind][]string{
	schema.Person: {"Person", "LegalEntity"}, schema.Post: {"Position"}, schema.Institution: {"Organization", "LegalEntity"},
	schema.Group: {"LegalEntity"}, schema.Country: {"PublicBody", "Organization", "LegalEntity"}, schema.Place: {"Address"},
	schema.Gathering: {"Event"}, schema.Doc: {"Document"}, schema.Thing: {"Asset"},
}

// wantFTM returns the lines of FollowTheMoney, computed from facts and entities.
func wantFTM(t *testing.T, s export.Selection, o export.Options) any {
	w := &ftmWanter{elementWanter: newElementWanter(t, s), lines: []map[string]any{}}
	w.fill(o)
	return map[string]any{"entities": w.lines}
}

type ftmWanter struct {
	*elementWanter
	lines []map[string]any
}

func (w *ftmWanter) fill(export.Options) {
	facts := selected(w.t, w.selection)
	for _, f := range facts {
		w.addParts(f, facts)
	}
	for e, err := range w.selection.Graph.Entities(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		if w.used[e.ID] || isWhole(w.selection) || slices.Contains(w.selection.Entities, e.ID) {
			w.entity(e)
		}
	}
	for _, f := range facts {
		w.addFTM(f)
	}
}

// line adds an entity with its properties: pairs of names and values, without repeats.
func (w *ftmWanter) line(id, name string, pairs ...string) {
	properties := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		if p, v := pairs[i], pairs[i+1]; strings.TrimSpace(strings.ReplaceAll(v, "\ufeff", " ")) != "" && !slices.Contains(properties[p], v) {
			properties[p] = append(properties[p], v)
		}
	}
	w.lines = append(w.lines, map[string]any{"id": id, "schema": name, "properties": properties})
}

func (w *ftmWanter) entity(e schema.Entity) {
	kinds := ftmKinds[e.Kind]
	pairs := []string{"name", e.Label}
	for _, a := range e.Aliases {
		pairs = append(pairs, "alias", a.Value)
	}
	pairs = append(pairs, "description", e.Description)
	for _, id := range []schema.ID{e.Country, e.ID} {
		if code, ok := strings.CutPrefix(string(id), "country:"); ok && regexp.MustCompile(`^[a-z][a-z]$`).MatchString(code) {
			pairs = append(pairs, "country", code)
		}
	}
	for _, identifier := range e.Identifiers {
		if code, is := strings.CutPrefix(identifier, "iso-3166-1:"); is && e.Kind == schema.Country {
			pairs = append(pairs, "country", strings.ToLower(code))
		} else if q := strings.TrimPrefix(identifier, "wikidata:"); regexp.MustCompile(`^Q[0-9]+$`).MatchString(q) {
			pairs = append(pairs, "wikidataId", q)
		} else {
			property := "notes"
			value := "identifier: " + identifier
			if lei, is := strings.CutPrefix(identifier, "lei:"); is && (e.Kind == schema.Person || e.Kind == schema.Institution || e.Kind == schema.Country || e.Kind == schema.Group) {
				property, value = "leiCode", lei
			}
			pairs = append(pairs, property, value)
		}
	}
	if regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}){0,2}$`).MatchString(e.Born) {
		switch {
		case e.Kind == schema.Person:
			pairs = append(pairs, "birthDate", e.Born)
		case slices.Contains(kinds, "LegalEntity"):
			pairs = append(pairs, "incorporationDate", e.Born)
		}
	}
	switch e.Kind {
	case schema.Place:
		pairs = append(pairs, "full", e.Label)
	case schema.Doc:
		d, err := w.selection.Graph.Document(w.t.Context(), e.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		pairs = append(pairs, "fileName", d.Label, "title", d.Label, "publisher", d.Publisher, "author", d.Author, "sourceUrl", d.URL)
		if !d.Published.IsZero() {
			if span, err := d.Published.Span(schema.Interaction); err == nil && d.Published.Dated() {
				pairs = append(pairs, "publishedAt", wholeDate(span.From, span.To))
			}
		}
		if span, err := (schema.When{Written: d.Accessed}).Span(schema.Interaction); err == nil && d.Accessed != "" {
			pairs = append(pairs, "retrievedAt", wholeDate(span.From, span.To))
		}
	}
	w.line(string(e.ID), kinds[0], pairs...)
}

// wholeDate returns the day, month or year of an interval, or nothing.
func wholeDate(from, to schema.Day) string {
	for _, n := range []int{10, 7, 4} {
		written := from.String()[:n]
		if a, b, err := schema.Window(written); err == nil && a == from && b == to {
			return written
		}
	}
	return ""
}

func (w *ftmWanter) addFTM(f schema.Fact) {
	attributes, words := w.attributes(f), w.fact(f)
	relation := attributes["verb_kind"] == "relation"
	if relation && attributes["established"] == true {
		before := len(w.all.Edges)
		w.addPairs(f)
		for _, x := range w.all.Edges[before:] {
			w.link(f, x)
		}
		if len(w.all.Edges) > before {
			return
		}
	}
	pairs := []string{"name", words.Sentence}
	for _, p := range f.Roles {
		if slices.Contains(ftmKinds[schema.KindOf(p.ID)], "LegalEntity") {
			role := "involved"
			if p.Role == "host" {
				role = "organizer"
			}
			pairs = append(pairs, role, string(p.ID))
		}
	}
	asserting, _ := f.Sides()
	for _, e := range asserting {
		pairs = append(pairs, "proof", string(e.Source))
		for _, at := range e.At {
			pairs = append(pairs, "location", w.labels[at])
			if schema.KindOf(at) == schema.Place {
				pairs = append(pairs, "addressEntity", string(at))
			}
		}
	}
	pairs = append(pairs, w.claims(f)...)
	first, last := attributes["first_day"].(string), attributes["last_day"].(string)
	days, dated, _ := w.selection.Graph.Vocabulary().Extent(f)
	if date := wholeDate(days.From, days.To); dated && date != "" {
		w.line(string(f.ID), "Event", append(pairs, "date", date)...)
		return
	}
	pairs = append(pairs, "startDate", coarse(first, f.When.Written, 0), "endDate", coarse(last, f.When.Written, 1))
	if !relation && first+last != "" {
		text := render.Dates(f)
		if words.Within != nil {
			text = words.Within.Text
		} else if widened := words.Widenings(); widened != "" {
			text += " (" + widened + ")"
		}
		pairs = append(pairs, "notes", "It happened once, on an unknown day between the first and the last day that are given: "+text+".")
	}
	w.line(string(f.ID), "Event", pairs...)
}

// claims returns the properties of who says what.
func (w *ftmWanter) claims(f schema.Fact) []string {
	pairs := []string{"recordId", string(f.ID), "description", "Date as written: " + render.Dates(f)}
	lists := w.fact(f).ClaimLists()
	for _, q := range lists.Words {
		pairs = append(pairs, "summary", q)
	}
	for _, o := range lists.Others {
		pairs = append(pairs, "description", o)
	}
	if mark := f.Mark(); mark != "" {
		pairs = append(pairs, "description", strings.ToUpper(mark[:1])+mark[1:])
	}
	for _, e := range w.fact(f).Evidence {
		if e.Stance == schema.Asserts {
			pairs = append(pairs, "sourceUrl", e.Source.URL, "publisher", e.Source.Publisher)
		}
	}
	return pairs
}

// link adds the link of a pair.
func (w *ftmWanter) link(f schema.Fact, x map[string]any) {
	from, to, label := x["source"].(string), x["target"].(string), x["label"].(string)
	is := func(id, kind string) bool { return slices.Contains(ftmKinds[schema.KindOf(schema.ID(id))], kind) }
	schemas := map[string][]string{ // schema, both properties with their ranges, and the property of the topic
		"holds-post": {"Occupancy", "holder", "Person", "post", "Position", ""}, "works-at": {"Employment", "employee", "Person", "employer", "Organization", "role"},
		"leads": {"Directorship", "director", "LegalEntity", "organization", "Organization", "role"}, "director-of": {"Directorship", "director", "LegalEntity", "organization", "Organization", "role"},
		"member-of": {"Membership", "member", "LegalEntity", "organization", "Organization", "role"}, "represents": {"Representation", "agent", "LegalEntity", "client", "LegalEntity", "role"},
		"owns": {"Ownership", "owner", "LegalEntity", "asset", "Asset", "role"}, "predecessor-of": {"Succession", "predecessor", "LegalEntity", "successor", "LegalEntity", "role"},
		"spouse-of": {"Family", "person", "Person", "relative", "Person", "relationship"}, "relative-of": {"Family", "person", "Person", "relative", "Person", "relationship"},
		"parent-of": {"Family", "relative", "Person", "person", "Person", "relationship"}, "associate-of": {"Associate", "person", "Person", "associate", "Person", "relationship"},
	}
	name, pairs := "UnknownLink", []string{"subject", from, "object", to, "role", label}
	predicate := x["predicate"].(string)
	if s := schemas[predicate]; s != nil && is(from, s[2]) && is(to, s[4]) {
		name, pairs = s[0], []string{s[1], from, s[3], to}
		if s[5] != "" && predicate == string(f.Verb) {
			pairs = append(pairs, s[5], f.Topic)
		}
		switch words := map[string]string{"spouse-of": "spouse", "parent-of": "parent"}; {
		case words[predicate] != "":
			pairs = append(pairs, "relationship", words[predicate])
		case s[5] == "relationship" && f.Topic == "":
			pairs = append(pairs, "relationship", label)
		}
	}
	if predicate == "under-sanction-by" {
		name, pairs = "Sanction", []string{"entity", from, "authority", w.labels[schema.ID(to)]}
	}
	attributes := w.attributes(f)
	pairs = append(pairs, w.claims(f)...)
	w.line(x["id"].(string), name, append(pairs, "startDate", coarse(attributes["first_day"].(string), f.When.Written, 0), "endDate", coarse(attributes["last_day"].(string), f.When.Written, 1))...)
}

// coarse returns the year or month of a day, if that end of a written interval is no more
// precise.
func coarse(day, written string, end int) string {
	ends := strings.Split(written, "/")
	if end < len(ends) && (len(ends[end]) == 4 || len(ends[end]) == 7) && strings.HasPrefix(day, ends[end]) {
		return ends[end]
	}
	return day
}
