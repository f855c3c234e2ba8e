package draw

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Layout is a way to place the entities of a network.
type Layout string

// The layouts. Networks without one are placed by springs.
const (
	Springs Layout = "springs" // linked entities near each other
	Circle  Layout = "circle"  // all entities on a circle
)

// Layouts returns all layouts.
func Layouts() []Layout { return []Layout{Springs, Circle} }

// MostNodes is the largest number of entities and links that [Network] draws. Nobody can
// read a picture of more.
const MostNodes = 300

// ErrTooLarge is wrapped by the error of a network with more than [MostNodes] entities
// and links.
var ErrTooLarge = errors.New("too large to draw")

// Network draws facts as links between entities. The facts between two
// entities are one link. Facts that link no two entities are counted and not drawn.
// If among is not nil, only links between these entities are drawn. With Options.Top,
// only the entities with most neighbours are. Errors wrap [ErrTooLarge].
func Network(ctx context.Context, g *graph.Graph, facts []schema.Fact, among []schema.ID, o Options) (*Drawing, error) {
	letters, err := newFonts()
	if err != nil {
		return nil, err
	}
	d := &networkDrawing{options: o, fonts: letters, scene: &scene{}, vocabulary: g.Vocabulary()}
	d.collect(facts, among)
	d.keepTop()
	if n := len(d.order) + len(d.links); n > MostNodes {
		return nil, fmt.Errorf("%w: %d entities and %d links between them, and the most is %d of both together", ErrTooLarge, len(d.order), len(d.links), MostNodes)
	}
	return canonically(g, func(g *graph.Graph) (*Drawing, error) {
		d.gatherer = newGatherer(g)
		if err := d.read(ctx); err != nil {
			return nil, err
		}
		return d.finish(ctx)
	})
}

// networkDrawing lays out a network.
type networkDrawing struct {
	options    Options
	fonts      *fonts
	scene      *scene
	gatherer   *gatherer
	vocabulary *schema.Vocabulary
	sides      *sideTable

	facts   map[[2]schema.ID][]linkFact
	links   map[[2]schema.ID]*link
	order   []schema.ID // the entities, by id
	pairs   [][2]schema.ID
	apart   int // facts that link no two entities
	omitted int // entities that Top leaves out
}

// linkFact is a fact that links two entities, and the predicate by which it does.
type linkFact struct {
	fact      schema.Fact
	predicate schema.Verb
}

// collect sorts facts by the pairs of entities that they link.
func (d *networkDrawing) collect(facts []schema.Fact, among []schema.ID) {
	d.facts = map[[2]schema.ID][]linkFact{}
	members, entities := map[schema.ID]bool{}, map[schema.ID]bool{}
	for _, id := range among {
		members[id], entities[id] = true, true
	}
	for _, f := range facts {
		linked := false
		for _, e := range d.vocabulary.Pairs(f) {
			if e.From == e.To || among != nil && !(members[e.From] && members[e.To]) {
				continue
			}
			linked = true
			pair := [2]schema.ID{min(e.From, e.To), max(e.From, e.To)}
			if !slices.ContainsFunc(d.facts[pair], func(l linkFact) bool { return l.fact.ID == f.ID }) {
				d.facts[pair] = append(d.facts[pair], linkFact{f, e.Verb})
			}
			entities[e.From], entities[e.To] = true, true
		}
		if !linked {
			d.apart++
		}
	}
	d.order = slices.Sorted(maps.Keys(entities))
	d.sortPairs()
}

// sortPairs sets the pairs, and the links without facts.
func (d *networkDrawing) sortPairs() {
	d.pairs = slices.SortedFunc(maps.Keys(d.facts), func(a, b [2]schema.ID) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	d.links = map[[2]schema.ID]*link{}
	for _, pair := range d.pairs {
		d.links[pair] = &link{from: pair[0], to: pair[1]}
	}
}

// keepTop leaves out all entities but those with most neighbours.
func (d *networkDrawing) keepTop() {
	if d.options.Top == 0 || len(d.order) <= d.options.Top {
		return
	}
	degree := map[schema.ID]int{}
	for _, pair := range d.pairs {
		degree[pair[0]]++
		degree[pair[1]]++
	}
	slices.SortStableFunc(d.order, func(a, b schema.ID) int { return cmp.Compare(degree[b], degree[a]) })
	d.omitted = len(d.order) - d.options.Top
	d.order = d.order[:d.options.Top]
	slices.Sort(d.order)
	kept := func(id schema.ID) bool { _, ok := slices.BinarySearch(d.order, id); return ok }
	maps.DeleteFunc(d.facts, func(pair [2]schema.ID, _ []linkFact) bool { return !kept(pair[0]) || !kept(pair[1]) })
	d.sortPairs()
}

// read reads the entities and the facts of the links: the most telling first.
func (d *networkDrawing) read(ctx context.Context) error {
	for _, id := range d.order {
		if _, err := d.gatherer.entity(ctx, id); err != nil {
			return err
		}
	}
	for _, pair := range d.pairs {
		list := d.facts[pair]
		slices.SortStableFunc(list, func(a, b linkFact) int { return cmp.Compare(d.weight(a), d.weight(b)) })
		l := d.links[pair]
		for _, f := range list {
			c, err := d.gatherer.claim(ctx, f.fact, f.predicate, pair[0], pair[1])
			if err != nil {
				return err
			}
			l.claims = append(l.claims, c)
		}
		d.gatherer.marks.uses(&l.claims[0])
	}
	return nil
}

// weight returns a lower number for a fact that tells more, as [paths.ByTelling] does for
// one hop: events before relations, dated facts before others, and links by the verb of
// the fact before links by a role. Facts that are not established come last.
func (d *networkDrawing) weight(l linkFact) (w float64) {
	if l.fact.Status != schema.Happened || !l.fact.Standing().Asserted() {
		w += 10
	}
	if d.vocabulary.VerbKind(l.fact.Verb) == schema.Relation {
		w++
	}
	if _, dated, _ := d.vocabulary.Extent(l.fact); !dated {
		w++
	}
	if l.predicate != l.fact.Verb {
		w += 0.5
	}
	return w
}

func (d *networkDrawing) finish(ctx context.Context) (*Drawing, error) {
	d.sides = assignSides(d.gatherer, d.options)
	p := d.plan()
	if err := p.layout(ctx, cmp.Or(d.options.Layout, Springs)); err != nil {
		return nil, err
	}
	p.draw(d)
	d.scene.title, d.scene.desc = cmp.Or(d.options.Title, fmt.Sprintf("A network of %d %s", len(d.order), map[bool]string{true: "entity", false: "entities"}[len(d.order) == 1])), d.text()
	f := frame{scene: d.scene, fonts: d.fonts, gatherer: d.gatherer, sides: d.sides, subtitle: d.subtitle(), notes: append(d.notes(), d.options.Notes...), lines: len(d.pairs) > 0}
	f.finish(d.options.Width)
	return &Drawing{d.scene, d.options.Theme}, nil
}

func (d *networkDrawing) subtitle() string {
	return fmt.Sprintf("%d %s, each with the most telling fact", len(d.pairs), plural(len(d.pairs), "link"))
}

// notes says what the drawing leaves out.
func (d *networkDrawing) notes() (list []string) {
	if d.omitted > 0 {
		list = append(list, fmt.Sprintf("%d more entities are not drawn: those with most neighbours are.", d.omitted))
	}
	if d.apart > 0 {
		list = append(list, fmt.Sprintf("%d %s no two drawn entities, and %s not drawn.", d.apart, map[bool]string{true: "fact links", false: "facts link"}[d.apart == 1], map[bool]string{true: "is", false: "are"}[d.apart == 1]))
	}
	return list
}

// text returns the network in words.
func (d *networkDrawing) text() string {
	var b strings.Builder
	for _, pair := range d.pairs {
		fmt.Fprintf(&b, "%s and %s: %s. ", d.gatherer.entities[pair[0]].name, d.gatherer.entities[pair[1]].name, strings.ReplaceAll(d.links[pair].title(), "\n", "; "))
	}
	return strings.TrimSpace(b.String())
}
