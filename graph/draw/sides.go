package draw

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// sideTable is the colours of countries in a drawing.
type sideTable struct {
	index      map[schema.ID]int    // the colour of a country
	names      map[schema.ID]string // of the countries of the drawing
	shown      []schema.ID          // the countries of the drawing that have a colour, that of most entities first
	other      bool                 // some entities have no colour
	uncoloured bool                 // some of these are of a known country
}

// assignSides gives countries their colours: the countries that the options name, or
// else those of most entities of the drawing.
func assignSides(g *gatherer, o Options) *sideTable {
	t := &sideTable{names: map[schema.ID]string{}}
	counts := map[schema.ID]int{}
	for _, id := range g.order {
		if c := g.entities[id].country; c.ID != "" {
			counts[c.ID]++
			t.names[c.ID] = render.Clean(cmp.Or(c.Name, string(c.ID)))
		}
	}
	drawn := slices.SortedFunc(maps.Keys(counts), func(a, b schema.ID) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	t.index = colours(append(slices.Clone(o.Countries), drawn...))
	for _, id := range drawn {
		if _, ok := t.index[id]; ok {
			t.shown = append(t.shown, id)
		}
	}
	for _, id := range g.order {
		if e := g.entities[id]; t.of(e) < 0 {
			t.other, t.uncoloured = true, t.uncoloured || e.country.ID != ""
		}
	}
	return t
}

// of returns the colour of an entity's country; -1 if it has none.
func (t *sideTable) of(e *entity) int {
	if i, ok := t.index[e.country.ID]; ok {
		return i
	}
	return -1
}

// colours gives each of the first countries of a list a colour of its own. A country gets
// the colour that follows from its id, so that it has the same in all drawings; where
// several want one colour, the first by id has it, and the others get what is left.
func colours(countries []schema.ID) map[schema.ID]int {
	var first []schema.ID
	for _, id := range countries {
		if len(first) < sides && !slices.Contains(first, id) {
			first = append(first, id)
		}
	}
	slices.Sort(first)
	index, taken := map[schema.ID]int{}, [sides]bool{}
	for round := range sides {
		for _, id := range first {
			_, done := index[id]
			if i := wish(id, round); !done && !taken[i] {
				index[id], taken[i] = i, true
			}
		}
	}
	return index
}

// wish returns the colour that a country gets if its first wishes, as many as round says,
// are not granted. The wishes of a country are all colours in an order of its own.
func wish(id schema.ID, round int) int {
	h := fnv.New32a()
	h.Write([]byte(wishSalt + id))
	sum := h.Sum32() >> 8               // the lowest bits are mixed least
	step := 2*(sum/sides%(sides/2)) + 1 // odd, so that the steps reach all colours
	return int((sum + uint32(round)*step) % sides)
}

// wishSalt was chosen so that the first wishes of the countries that are most often drawn
// together differ.
const wishSalt = "tn"
