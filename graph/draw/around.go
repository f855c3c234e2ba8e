package draw

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// Grouping says what the entities of a neighbourhood are grouped by.
type Grouping string

// The groupings.
const (
	ByCountry     Grouping = "country"
	ByInstitution Grouping = "institution"
)

// Groupings returns all groupings.
func Groupings() []Grouping { return []Grouping{ByCountry, ByInstitution} }

// Around draws the entities within some hops of an entity, on rings around it: the
// nearest on the inner ring, grouped by their country or institution. The query means
// what it means to [paths.View.Near]. Links between entities at the same distance are
// counted and not drawn. Errors wrap [ErrTooLarge] if there are more than [MostNodes]
// entities and Options.Top allows them.
func Around(ctx context.Context, f *paths.Finder, center schema.ID, q paths.Query, o Options) (*Drawing, error) {
	letters, err := newFonts()
	if err != nil {
		return nil, err
	}
	return canonically(f.Graph(), func(g *graph.Graph) (*Drawing, error) {
		d := &aroundDrawing{options: o, finder: f, query: q, fonts: letters, scene: &scene{}, gatherer: newGatherer(g), level: map[schema.ID]int{}}
		if err := d.read(ctx, center); err != nil {
			return nil, err
		}
		return d.finish(), nil
	})
}

// aroundDrawing lays out a neighbourhood.
type aroundDrawing struct {
	options  Options
	finder   *paths.Finder
	query    paths.Query
	fonts    *fonts
	scene    *scene
	gatherer *gatherer
	sides    *sideTable

	center  *entity
	level   map[schema.ID]int // the distance of each drawn entity
	order   []schema.ID       // the drawn entities without the center, nearest first
	links   map[schema.ID][]*link
	omitted int // entities that Top leaves out
	outer   int // links between outer rings
	level0  int // links between entities at the same distance
}

// read reads the entities and the links between one ring and the next.
func (d *aroundDrawing) read(ctx context.Context, center schema.ID) error {
	found, err := d.finder.Near(ctx, center, d.query)
	if err != nil {
		return err
	}
	if d.center, err = d.gatherer.entity(ctx, center); err != nil {
		return err
	}
	if n := len(found.Entities); d.options.Top > 0 && n > d.options.Top {
		found.Entities, d.omitted = found.Entities[:d.options.Top], n-d.options.Top
	}
	if n := len(found.Entities); n > MostNodes {
		return fmt.Errorf("%w: %d entities are within %d %s of %s, and the most is %d", ErrTooLarge, n, d.query.Hops, plural(d.query.Hops, "hop"), d.center.name, MostNodes)
	}
	d.level[center], d.links = 0, map[schema.ID][]*link{}
	for _, n := range found.Entities {
		d.level[n.ID] = n.Hops
		d.order = append(d.order, n.ID)
		if _, err := d.gatherer.entity(ctx, n.ID); err != nil {
			return err
		}
	}
	for _, id := range append([]schema.ID{center}, d.order...) {
		if err := d.readLinks(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// readLinks reads the links of an entity with entities on the next ring.
func (d *aroundDrawing) readLinks(ctx context.Context, from schema.ID) error {
	q := d.query
	q.Hops, q.Through, q.Avoid, q.Via = 1, nil, nil, nil
	found, err := d.finder.Near(ctx, from, q)
	if err != nil {
		return err
	}
	for _, n := range found.Entities {
		level, drawn := d.level[n.ID]
		switch {
		case !drawn:
		case level == d.level[from] && from < n.ID:
			d.level0++
		case level == d.level[from]+1 && d.passes(from):
			if err := d.readLink(ctx, from, n.ID, q); err != nil {
				return err
			}
		}
	}
	return nil
}

// passes reports whether a path may pass an entity.
func (d *aroundDrawing) passes(id schema.ID) bool {
	kind := schema.KindOf(id)
	if id == d.center.id {
		return true
	}
	return kind != schema.Group && !slices.Contains(d.query.Avoid, id) && (len(d.query.Through) == 0 || slices.Contains(d.query.Through, kind))
}

func (d *aroundDrawing) readLink(ctx context.Context, from, to schema.ID, q paths.Query) error {
	p, ok, err := d.finder.Shortest(ctx, from, to, q)
	if err != nil || !ok {
		return err
	}
	hop := p.Hops[0]
	if d.options.AllFacts {
		if hop, err = WithAllFacts(ctx, d.finder, hop); err != nil {
			return err
		}
	}
	l, err := d.gatherer.link(ctx, hop)
	if err == nil && len(l.claims) > 0 {
		d.links[to] = append(d.links[to], l)
		if d.level[to] > 1 {
			d.outer++
		}
	}
	return err
}

// mostOuterLinks is the largest number of links between outer rings that are all drawn.
// Of more, one for each entity is.
const mostOuterLinks = 60

// drawn returns the links of an entity with the inner ring that are drawn: all, or in a
// drawing of many links that with an entity of the same country if there is one, or else
// the first.
func (d *aroundDrawing) drawn(id schema.ID) []*link {
	links := d.links[id]
	if d.outer <= mostOuterLinks || d.level[id] < 2 || len(links) < 2 {
		return links
	}
	country := d.gatherer.entities[id].country.ID
	i := slices.IndexFunc(links, func(l *link) bool { return country != "" && d.gatherer.entities[l.from].country.ID == country })
	i = max(i, 0)
	return links[i : i+1]
}

// hidden returns the number of links with the inner ring that are not drawn.
func (d *aroundDrawing) hidden() (n int) {
	for id, links := range d.links {
		n += len(links) - len(d.drawn(id))
	}
	return n
}

// WithAllFacts returns a hop with all facts that link its two entities added, of any
// status and standing. They follow the facts of the hop.
func WithAllFacts(ctx context.Context, f *paths.Finder, h paths.Hop) (paths.Hop, error) {
	p, ok, err := f.Shortest(ctx, h.From, h.To, paths.Query{Conditions: &graph.Conditions{}, Hops: 1})
	if err != nil || !ok {
		return h, err
	}
	h.Steps = slices.Clone(h.Steps)
	for _, s := range p.Hops[0].Steps {
		if !slices.Contains(h.Steps, s) {
			h.Steps = append(h.Steps, s)
		}
	}
	return h, nil
}

func (d *aroundDrawing) finish() *Drawing {
	d.sides = assignSides(d.gatherer, d.options)
	r := d.layout()
	d.drawEdges(r)
	d.drawNodes(r)
	d.scene.title, d.scene.desc = cmp.Or(d.options.Title, "Around "+d.center.name), d.text()
	f := frame{
		scene: d.scene, fonts: d.fonts, gatherer: d.gatherer, sides: d.sides, subtitle: d.subtitle(),
		notes: append(d.notes(), d.options.Notes...), lines: len(d.order) > 0,
	}
	f.finish(d.options.Width)
	return &Drawing{d.scene, d.options.Theme}
}

// subtitle counts the entities of each ring.
func (d *aroundDrawing) subtitle() string {
	var counts []int
	for _, id := range d.order {
		for len(counts) < d.level[id] {
			counts = append(counts, 0)
		}
		counts[d.level[id]-1]++
	}
	if len(counts) == 0 {
		return "no entities are linked with it"
	}
	var parts []string
	for i, n := range counts {
		parts = append(parts, fmt.Sprintf("%d at %d %s", n, i+1, plural(i+1, "hop")))
	}
	text := strings.Join(parts, ", ")
	if len(counts) > 1 {
		text += "; rings from the inside outward"
	}
	return text
}

// notes says what the drawing leaves out.
func (d *aroundDrawing) notes() (list []string) {
	if d.omitted > 0 {
		list = append(list, fmt.Sprintf("%d more entities are not drawn: the nearest and best connected %d are.", d.omitted, len(d.order)))
	}
	if d.level0 > 0 {
		list = append(list, fmt.Sprintf("%d %s of entities at the same distance are linked with each other; these links are not drawn.", d.level0, plural(d.level0, "pair")))
	}
	if n := d.hidden(); n > 0 {
		list = append(list, fmt.Sprintf("%d more %s between the rings are not drawn: each outer entity has one, if possible within its country.", n, plural(n, "link")))
	}
	return list
}

// text returns the neighbourhood in words.
func (d *aroundDrawing) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Around %s: %s. ", d.center.title(), d.subtitle())
	for _, id := range d.order {
		for _, l := range d.links[id] {
			fmt.Fprintf(&b, "%s and %s: %s. ", d.gatherer.entities[l.from].name, d.gatherer.entities[id].name, strings.ReplaceAll(l.title(), "\n", "; "))
		}
	}
	return strings.TrimSpace(b.String())
}

// manyEntities is the number of entities from which on labels have no dates and sources,
// fewEntities the largest number with which those on outer rings have them.
const (
	manyEntities = 70
	fewEntities  = 30
)

// Widths and typefaces of the nodes on rings.
const widestRingName = 150.0

var (
	ringFace  = typeface{12, true}
	ringSmall = typeface{10.5, false}
)

// nodeOf makes the node of an entity, with the labels of its links to the inner ring.
func (d *aroundDrawing) nodeOf(id schema.ID) *nodeView {
	e := d.gatherer.entities[id]
	n := &nodeView{entity: e, names: d.fonts.wrap(e.name, ringFace, widestRingName, mostLines), face: ringFace, small: ringSmall}
	drawn := d.drawn(id)
	for i, l := range drawn {
		if i == 3 && len(drawn) > 4 {
			n.under = append(n.under, fmt.Sprintf("and %d more links inward", len(drawn)-i))
			break
		}
		for _, line := range d.label(l) {
			n.under = append(n.under, d.fonts.wrap(line, ringSmall, widestRingName, mostLines)...)
		}
	}
	if more := len(d.links[id]) - len(drawn); more > 0 {
		n.under = append(n.under, fmt.Sprintf("+%d\u00a0more\u00a0%s inward", more, plural(more, "link")))
	}
	n.measure(d.fonts)
	return n
}

// label returns the most telling fact of a link and the number of the others: "—met→",
// "2023-07-12 [1]", "+2 more facts". On outer rings it has the name of the other entity,
// and in drawings of many entities no date.
func (d *aroundDrawing) label(l *link) []string {
	c := l.claims[0]
	left, right := "—", "—"
	if c.backward {
		left = "←"
	}
	if c.forward {
		right = "→"
	}
	verb, more := left+c.verb+right, l.more()
	switch {
	case l.from != d.center.id:
		verb = d.gatherer.entities[l.from].name + " " + verb
		if len(d.order) > fewEntities {
			return []string{strings.TrimSpace(verb + " " + more)}
		}
	case len(d.order) >= manyEntities:
		return []string{strings.TrimSpace(verb + " " + more)}
	}
	lines := []string{verb, c.when()}
	if more != "" {
		lines = append(lines, more)
	}
	return lines
}

// groupOf returns the group of an entity: its country, or its institution.
func (d *aroundDrawing) groupOf(id schema.ID, by Grouping) render.Ref {
	e := d.gatherer.entities[id]
	if by == ByCountry {
		return e.country
	}
	if e.kind == schema.Institution {
		return render.Ref{ID: id, Name: e.name}
	}
	for _, l := range d.links[id] {
		if from := d.gatherer.entities[l.from]; from.kind == schema.Institution && from.id != d.center.id {
			return render.Ref{ID: from.id, Name: from.name}
		}
	}
	for _, other := range d.order {
		for _, l := range d.links[other] {
			if to := d.gatherer.entities[other]; l.from == id && to.kind == schema.Institution {
				return render.Ref{ID: to.id, Name: to.name}
			}
		}
	}
	return render.Ref{}
}
