package draw_test

import (
	"context"
	"fmt"
	"iter"
	"log"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// written are dates of every form, for events and for relations.
var written = []schema.When{
	{Written: "2018/.."}, {Written: "2018/"}, {Written: "../2018"}, {Written: "/2018"}, {Written: "2018"}, {Written: "2018~"}, {Written: "2018-05-03"},
	{Written: "2018-05-03", Attested: true}, {Written: "2018/2020"}, {Written: "2018-05-03/2018-05-09"}, {FromBy: "2018"}, {}, {Written: "1789"}, {Written: "2023-07-01/2023-07-02"},
}

// dated yields facts with each of the dates, of each status and stance.
func dated(yield func(schema.Record, error) bool) {
	add := func(r schema.Record) bool { return yield(r, nil) }
	if !add(schema.Document{Entity: schema.Entity{ID: "doc:d", Kind: schema.Doc, Label: "The Times"}}) ||
		!add(schema.Entity{ID: person(0), Kind: schema.Person, Label: "Ann " + names[7]}) ||
		!add(schema.Entity{ID: person(1), Kind: schema.Person, Label: names[5]}) ||
		!add(schema.Entity{ID: "post:p", Kind: schema.Post, Label: "Minister of " + strings.Repeat("very ", 30) + "foreign affairs"}) {
		return
	}
	for i, when := range written {
		for _, status := range schema.Statuses() {
			for _, stance := range schema.Stances() {
				f := schema.Fact{Verb: "met", When: when, Status: status, Topic: fmt.Sprint(i, stance), Evidence: []schema.Evidence{{Source: "doc:d", Stance: stance}}}
				f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: person(0)}, {Role: schema.RoleRecipient, ID: person(1)}}
				if i%2 == 0 || when.Attested || when.FromBy != "" {
					f.Verb, f.Roles[1].ID, f.Status = "holds-post", "post:p", schema.Happened
				}
				if !add(f) {
					return
				}
			}
		}
	}
}

func TestTimelineOverlapsNothing(t *testing.T) {
	t.Parallel()
	f := open(t, iter.Seq2[schema.Record, error](dated))
	facts, err := f.Graph().Timeline(t.Context(), graph.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []draw.Options{{}, {Width: 500}, {Width: 2000, Top: 10}} {
		for _, lanes := range [][]schema.ID{{person(0)}, {person(1), person(0)}, nil} {
			d, err := draw.Timeline(t.Context(), f.Graph(), lanes, facts, o)
			if err != nil {
				t.Fatal(err)
			}
			check(t, d)
			text := svg(t, d)
			undated := "of them without a date: listed and not placed"
			if got := strings.Contains(text, undated); got != (o.Top == 0) {
				t.Errorf("with %+v, %q: %v", o, undated, got)
			}
			if got := strings.Contains(text, "facts are not drawn"); got != (o.Top > 0) {
				t.Errorf("with %+v, omitted facts are named: %v", o, got)
			}
		}
	}
}

func ExampleTimeline() {
	ctx := context.Background()
	finder, done := openExample(ctx)
	defer done()
	g := finder.Graph()
	facts, err := g.Timeline(ctx, graph.Filter{With: "person:antony-blinken"})
	if err != nil {
		log.Fatal(err)
	}
	drawing, err := draw.Timeline(ctx, g, []schema.ID{"person:antony-blinken"}, facts[:1], draw.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(drawing.Text())
	// Output: Antony Blinken: Antony Blinken is U.S. Secretary of State, at least 2023-07-13 [1].
}

func TestTreeOverlapsNothing(t *testing.T) {
	t.Parallel()
	f := open(t, records(60))
	named := []schema.ID{person(9), person(19), person(29), person(5), person(44)}
	tree, err := f.Connect(t.Context(), named, paths.Query{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := draw.Tree(t.Context(), f.Graph(), tree, named, draw.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, d)
	if text := svg(t, d); strings.Count(text, ">Named<") != len(named) {
		t.Error("not all named entities are marked")
	}
}
