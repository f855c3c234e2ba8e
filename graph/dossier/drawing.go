package dossier

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// The largest numbers of entities around the center of a drawing, of neighbourhoods of a
// dossier of several entities, and of facts of a timeline. A larger timeline is no
// overview.
const (
	mostAround   = 60
	mostDrawings = 3
	mostOnTime   = 80 // facts of a timeline

	timelineWidth = 860.0  // in CSS pixels: its letters are large enough on paper
	widestUpright = 1000.0 // of a drawing that is printed on an upright page
)

// drawingView is a drawing as the page shows it.
type drawingView struct {
	Number int
	Title  string
	Text   string // the drawing in words
	Note   string // why the page has it, unless the question names its entities
	SVG    template.HTML

	Landscape bool   // it is too wide for an upright page
	dark      string // the rules of its dark colours
}

// drawings makes the drawings of a question: its paths, or the neighbourhood of each of
// its entities, and a timeline. A drawing of facts that the dossier does not have is
// left out.
func (c *collector) drawings(ctx context.Context, q Question, s *selection) ([]*drawingView, error) {
	views, err := c.networks(ctx, q, s)
	if err != nil || len(s.facts) > mostOnTime {
		return views, err
	}
	o := c.drawOptions(0)
	o.Width = timelineWidth
	d, err := draw.Timeline(ctx, c.graph, q.Entities, s.facts, o)
	return c.addDrawing(views, d, err)
}

// networks draws the paths of a question, or the neighbourhood of each of its entities.
func (c *collector) networks(ctx context.Context, q Question, s *selection) (views []*drawingView, err error) {
	finder, err := paths.Open(ctx, c.graph)
	if err != nil {
		return nil, err
	}
	defer finder.Close()
	if q.Scope == Between {
		d, err := draw.Paths(ctx, c.graph, s.paths, c.drawOptions(0))
		return c.addDrawing(nil, d, err)
	}
	if q.Scope == Listed {
		d, err := draw.Network(ctx, c.graph, s.facts, nil, c.drawOptions(0))
		if errors.Is(err, draw.ErrTooLarge) {
			return nil, nil
		}
		return c.addDrawing(nil, d, err)
	}
	around := paths.Query{Hops: 1, Conditions: &q.Filter.Conditions}
	if q.Scope == Around {
		around = q.search()
	}
	centers := q.Entities[:min(len(q.Entities), mostDrawings)]
	if len(centers) == 0 {
		centers = c.mostNamed()
	}
	for _, id := range centers {
		d, err := draw.Around(ctx, finder, id, around, c.drawOptions(mostAround))
		if views, err = c.addDrawing(views, d, err); err != nil {
			return nil, err
		}
	}
	if len(q.Entities) == 0 && len(views) > 0 {
		views[0].Note = "The entity that most of these facts name, and its neighbours."
	}
	return views, nil
}

// drawOptions returns the options of a drawing of at most so many entities around
// another. A country has one colour in all drawings of the page.
func (c *collector) drawOptions(most int) draw.Options {
	return draw.Options{Theme: draw.Auto, Top: most, Countries: c.countries()}
}

// countries returns the countries of the entities of the dossier, ordered by the number
// of facts, most first.
func (c *collector) countries() []schema.ID {
	counts := map[schema.ID]int{}
	for id, e := range c.entities {
		switch {
		case e.Kind == schema.Country:
			counts[id] += e.Facts
		case e.json.Country != nil:
			counts[e.json.Country.ID] += e.Facts
		}
	}
	return slices.SortedFunc(maps.Keys(counts), func(a, b schema.ID) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// mostNamed returns the entity that most facts of the dossier name; nothing if they name
// none.
func (c *collector) mostNamed() []schema.ID {
	best := (*entityView)(nil)
	for _, e := range c.entities {
		if best == nil || e.Facts > best.Facts || e.Facts == best.Facts && e.id < best.id {
			best = e
		}
	}
	if best == nil {
		return nil
	}
	return []schema.ID{best.id}
}

// addDrawing adds a drawing, unless the graph has nothing to draw.
func (c *collector) addDrawing(views []*drawingView, d *draw.Drawing, err error) ([]*drawingView, error) {
	if errors.Is(err, graph.ErrNotFound) {
		return views, nil
	}
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := d.SVG(&b); err != nil {
		return nil, err
	}
	svg := b.String()
	if !c.hasFactsOf(svg) {
		return views, nil
	}
	width, height := d.Size()
	v := &drawingView{Number: len(views) + 1, Text: render.Clean(d.Text()), Landscape: width > widestUpright && width > height}
	svg, v.dark = withoutStyle(svg)
	v.SVG = template.HTML(embeddable(svg, v.Number))
	if m := svgTitle().FindStringSubmatch(svg); m != nil {
		v.Title = render.Clean(unescapeXML(m[1]))
	}
	return append(views, v), nil
}

var (
	svgFacts = pattern.New(` data-facts="([^"]*)"`)
	svgStyle = pattern.New(`(?s)<style>@media \(prefers-color-scheme: dark\) \{(.*?)\}</style>\n?`)
	svgTitle = pattern.New(`<title id="entente-title">([^<]*)</title>`)
)

// hasFactsOf reports whether a drawing has facts, and the dossier has all of them.
func (c *collector) hasFactsOf(svg string) bool {
	found := svgFacts().FindAllStringSubmatch(svg, -1)
	for _, m := range found {
		for id := range strings.FieldsSeq(m[1]) {
			if c.facts[schema.ID(id)] == nil {
				return false
			}
		}
	}
	return len(found) > 0
}

// withoutStyle returns a drawing without its style, which the policy of the page would
// forbid, and the rules of its dark colours.
func withoutStyle(svg string) (without, dark string) {
	if m := svgStyle().FindStringSubmatch(svg); m != nil {
		dark = m[1]
	}
	return svgStyle().ReplaceAllLiteralString(svg, ""), dark
}

// embeddable returns a drawing with ids of its own, whose parts readers can reach: an
// image has no parts.
func embeddable(svg string, number int) string {
	named := fmt.Sprintf(`role="group" aria-labelledby="drawing-%d-title"`, number)
	svg = strings.Replace(svg, `role="img" aria-labelledby="entente-title entente-desc"`, named, 1)
	svg = strings.Replace(svg, `id="entente-title"`, fmt.Sprintf(`id="drawing-%d-title"`, number), 1)
	return strings.Replace(svg, ` id="entente-desc"`, "", 1)
}

// unescapeXML replaces the references that a drawing has in texts.
func unescapeXML(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#8206;", "", "&#10;", " ", "&#9;", " ", "&#13;", " ", "&amp;", "&").Replace(s)
}

// darkStyle returns the style for drawings in the dark: by the system or by choice.
func darkStyle(drawings []*drawingView) string {
	if len(drawings) == 0 || drawings[0].dark == "" {
		return ""
	}
	rules := drawings[0].dark
	return "@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=\"light\"]) {" + rules + "} }\n" +
		"@media screen { :root[data-theme=\"dark\"] {" + rules + "} }\n"
}
