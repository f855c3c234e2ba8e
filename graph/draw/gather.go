package draw

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// entity is an entity as a drawing shows it.
type entity struct {
	id      schema.ID
	name    string
	kind    schema.Kind
	country render.Ref // the country that it belongs to, or that it is; empty if unknown
}

// title returns the entity in words.
func (e *entity) title() string {
	words := []string{e.name, kindWord(e.kind)}
	if e.country.ID != "" && e.country.ID != e.id {
		words = append(words, render.Clean(e.country.Name))
	}
	return strings.Join(words, ", ")
}

// kindWord returns a kind in lower case.
func kindWord(kind schema.Kind) string {
	if kind == "" {
		return "entity"
	}
	return strings.ToLower(string(kind))
}

// claim is a fact as the label of an edge between two entities.
type claim struct {
	id       schema.ID
	sentence string
	verb     string // the verb phrase, with its mark in brackets
	topic    string
	dates    string // in words
	role     bool   // the predicate is that of a role; the verb of the fact is in brackets
	plain    bool   // the fact happened or holds, and a source asserts it
	disputed bool   // a source denies it
	standing schema.Standing
	forward  bool // it points from the first entity to the second
	backward bool
	sources  *sourceList
	asserted []schema.ID // the documents that assert it
	others   []stanced
}

// link is all facts between two entities, the most telling first.
type link struct {
	from, to schema.ID
	claims   []claim
}

// gatherer reads what a drawing shows from a graph.
type gatherer struct {
	graph    *graph.Graph
	words    *render.Renderer
	entities map[schema.ID]*entity
	order    []schema.ID // the entities in the order of the drawing

	sources  *sourceList
	datasets map[string]bool
	days     schema.Days // of all dated facts, without open bounds
	dated    bool
	facts    map[schema.ID]bool
	marks    marks
}

// marks says which styles of lines a drawing uses, for its legend.
type marks struct{ unestablished, disputed, symmetric, role bool }

// uses notes the style of the line of a claim.
func (m *marks) uses(c *claim) {
	m.disputed = m.disputed || c.disputed
	m.unestablished = m.unestablished || !c.plain
	m.symmetric = m.symmetric || c.forward && c.backward
	m.role = m.role || c.role
}

func newGatherer(g *graph.Graph) *gatherer {
	return &gatherer{
		graph: g, words: render.New(g), entities: map[schema.ID]*entity{}, sources: newSourceList(),
		datasets: map[string]bool{}, facts: map[schema.ID]bool{},
	}
}

// entity reads an entity, once.
func (g *gatherer) entity(ctx context.Context, id schema.ID) (*entity, error) {
	if e, ok := g.entities[id]; ok {
		return e, nil
	}
	read, err := g.words.Entity(ctx, id)
	if err != nil {
		return nil, err
	}
	e := &entity{id: id, name: render.Clean(read.Name), kind: read.Kind}
	if e.kind == "" {
		e.kind = schema.KindOf(id)
	}
	if strings.TrimSpace(e.name) == "" {
		e.name = string(id)
	}
	switch {
	case e.kind == schema.Country:
		e.country = read.Ref
	case read.Country != nil:
		e.country = *read.Country
	}
	g.entities[id] = e
	g.order = append(g.order, id)
	return e, nil
}

// claim reads a fact that links two entities by a predicate.
func (g *gatherer) claim(ctx context.Context, f schema.Fact, predicate schema.Verb, from, to schema.ID) (claim, error) {
	sentence, err := g.words.Sentence(ctx, f)
	if err != nil {
		return claim{}, err
	}
	standing := f.Standing()
	c := claim{
		id: f.ID, sources: g.sources, role: predicate != f.Verb, sentence: render.Clean(sentence), verb: g.verb(f, predicate), topic: render.Clean(f.Topic), dates: render.Clean(g.words.DatesInWords(f)),
		plain: f.Status == schema.Happened && standing.Asserted(), standing: standing,
		disputed: standing == schema.StandingDisputed || standing == schema.StandingDenied,
	}
	for _, e := range g.graph.Vocabulary().Pairs(f) {
		if e.Verb == predicate {
			c.forward = c.forward || e.From == from && e.To == to
			c.backward = c.backward || e.From == to && e.To == from
		}
	}
	return c, g.note(ctx, f, &c)
}

// verb returns the phrase of a predicate, and in brackets what the fact's verb is if it
// is another one, and the mark of the fact.
func (g *gatherer) verb(f schema.Fact, predicate schema.Verb) string {
	v := g.graph.Vocabulary()
	text := v.Phrase(predicate)
	var more []string
	if predicate != f.Verb {
		more = append(more, "of: "+v.Phrase(f.Verb))
	}
	if mark := f.Mark(); mark != "" {
		more = append(more, mark)
	}
	if len(more) > 0 {
		text += " (" + strings.Join(more, ", ") + ")"
	}
	return render.Clean(text)
}

// note counts a fact, its datasets and days, and numbers its sources.
func (g *gatherer) note(ctx context.Context, f schema.Fact, c *claim) error {
	g.facts[f.ID] = true
	if days, ok, err := g.graph.Vocabulary().Extent(f); err == nil && ok {
		g.extend(days)
	}
	asserting, others := f.Sides()
	for _, e := range append(asserting, others...) {
		g.datasets[e.Dataset] = true
		if e.Source == "" {
			continue
		}
		if err := g.sources.read(ctx, g.words, e.Source); err != nil {
			return err
		}
		c.cite(e.Stance, e.Source)
	}
	return nil
}

// extend extends the days of the drawing, without open bounds.
func (g *gatherer) extend(days schema.Days) {
	if days.From == schema.MinDay {
		days.From = days.To
	}
	if days.To == schema.MaxDay {
		days.To = days.From
	}
	if days.From == schema.MaxDay || days.To == schema.MinDay {
		return
	}
	if !g.dated {
		g.days, g.dated = days, true
	}
	g.days = g.days.Join(days)
}

// more returns how many facts a link has besides the first, and how many of them are
// not plain facts: "+3 more facts (1 disputed)".
func (l *link) more() string {
	n := len(l.claims) - 1
	if n < 1 {
		return ""
	}
	text := fmt.Sprintf("+%d\u00a0more\u00a0%s", n, plural(n, "fact"))
	var marks []string
	disputed, other := 0, 0
	for _, c := range l.claims[1:] {
		switch {
		case c.disputed:
			disputed++
		case !c.plain:
			other++
		}
	}
	if disputed > 0 {
		marks = append(marks, fmt.Sprintf("%d disputed or denied", disputed))
	}
	if other > 0 {
		marks = append(marks, fmt.Sprintf("%d not established", other))
	}
	if len(marks) > 0 {
		text += " (" + strings.Join(marks, ", ") + ")"
	}
	return text
}

// plural returns a noun in the number that a count needs.
func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// ids returns the facts of a link.
func (l *link) ids() []schema.ID {
	var ids []schema.ID
	for _, c := range l.claims {
		if !slices.Contains(ids, c.id) {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// titleFacts is how many facts of a link its title lists.
const titleFacts = 12

// title returns the facts of a link in words, one a line.
func (l *link) title() string {
	var lines []string
	for i, c := range l.claims {
		if i == titleFacts {
			lines = append(lines, fmt.Sprintf("and %d more", len(l.claims)-i))
			break
		}
		if i == 0 {
			c.citation() // the fact of the label: its documents have numbers
		}
		lines = append(lines, c.title())
	}
	return strings.Join(lines, "\n")
}
