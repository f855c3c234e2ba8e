package dossier

import (
	"context"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// collector collects what a page shows of one graph.
type collector struct {
	graph    *graph.Graph
	names    *render.Renderer
	facts    map[schema.ID]*factView // of the selection
	outside  map[schema.ID]*factView // facts that only terms of office need
	entities map[schema.ID]*entityView
	sources  map[schema.ID]*sourceView
}

func newCollector(g *graph.Graph) *collector {
	return &collector{graph: g, names: render.New(g), facts: map[schema.ID]*factView{}, outside: map[schema.ID]*factView{},
		entities: map[schema.ID]*entityView{}, sources: map[schema.ID]*sourceView{}}
}

// page is all that the template shows.
type page struct {
	Title    []text
	Summary  summaryView
	Paths    []pathView
	Drawings []*drawingView
	Filters  filterView
	Years    []*yearView
	Posts    []*postView
	Outside  []*factView
	Kinds    []kindView
	Sources  []*sourceView
	Receipt  receiptView
	Total    int
	Policy   string
	document documentParts
}

// page reads the facts of a question and all that the page shows about them.
func (c *collector) page(ctx context.Context, q Question, o *Options) (*page, error) {
	selected, err := selectFacts(ctx, c.graph, q)
	if err != nil {
		return nil, err
	}
	facts, err := c.addFacts(ctx, selected.facts)
	if err != nil {
		return nil, err
	}
	p := &page{Total: len(facts), Years: years(facts)}
	if p.Title, err = c.title(ctx, q); err != nil {
		return nil, err
	}
	for _, id := range q.Entities {
		if _, err := c.entity(ctx, id); err != nil {
			return nil, err
		}
	}
	if p.Posts, err = c.addPosts(ctx, q, selected.facts); err != nil {
		return nil, err
	}
	p.Outside = c.outsideFacts(p.Posts)
	if p.Paths, err = c.pathViews(ctx, selected.paths); err != nil {
		return nil, err
	}
	if p.Drawings, err = c.drawings(ctx, q, selected); err != nil {
		return nil, err
	}
	p.Kinds, p.Sources = c.sortEntities(), c.sortSources()
	p.Summary, p.Filters = c.summary(q, selected, facts), c.filters(facts, p.Sources)
	c.link(facts)
	c.link(p.Outside)
	if p.Receipt, err = c.receipt(ctx, q, o, facts); err != nil {
		return nil, err
	}
	return p, p.addData(c, facts)
}

// addFacts puts the facts of the selection into words, and counts their entities and
// documents.
func (c *collector) addFacts(ctx context.Context, facts []schema.Fact) (views []*factView, err error) {
	for i, f := range facts {
		v, err := c.factView(ctx, f)
		if err != nil {
			return nil, err
		}
		v.Number = i + 1
		c.facts[f.ID] = v
		views = append(views, v)
		c.count(v.fact)
		if err := c.addEntities(ctx, v.fact); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// outsideFacts returns the facts that only terms of office need, in the order of the
// terms.
func (c *collector) outsideFacts(posts []*postView) (facts []*factView) {
	seen := map[*factView]bool{}
	for _, p := range posts {
		for _, t := range p.Terms {
			for _, f := range t.Facts {
				if f.Number == 0 && !seen[f] {
					seen[f] = true
					facts = append(facts, f)
				}
			}
		}
	}
	return facts
}

// link sets the participants of facts, and keeps the anchors of linked facts that the
// page has.
func (c *collector) link(facts []*factView) {
	has := func(id schema.ID) bool { return c.facts[id] != nil || c.outside[id] != nil }
	for _, v := range facts {
		for _, p := range v.fact.Roles {
			r := roleView{Role: string(p.Role), Name: render.Clean(p.Name)}
			if e := c.entities[p.ID]; e != nil {
				r.Anchor = e.Anchor
			} else if has(p.ID) {
				r.Anchor = anchorOf(p.ID)
			}
			v.Roles = append(v.Roles, r)
		}
		for i, l := range v.fact.Links {
			if !has(l.ID) {
				v.Links[i].Anchor = ""
			}
		}
	}
}

// title returns the title of the page.
func (c *collector) title(ctx context.Context, q Question) (title []text, err error) {
	ids := q.Entities
	if len(ids) == 0 {
		ids = q.Filter.About
	}
	var names []string
	for _, id := range ids {
		name, err := c.names.Name(ctx, id)
		if err != nil {
			return nil, err
		}
		names = append(names, render.Clean(name))
	}
	switch {
	case q.Scope == Around:
		return []text{{"Around ", false}, {names[0], true}}, nil
	case q.Scope == Between:
		return []text{{"From ", false}, {names[0], true}, {" to ", false}, {names[1], true}}, nil
	case q.Scope == Listed:
		of, err := c.datasetTitle(ctx, q.Filter.Conditions.Datasets)
		return append([]text{{"Chosen facts of ", false}}, of...), err
	case len(names) == 0:
		return c.datasetTitle(ctx, q.Filter.Conditions.Datasets)
	}
	for i, name := range names {
		if i > 0 {
			title = append(title, text{Text: map[bool]string{true: " and ", false: ", "}[i == len(names)-1]})
		}
		title = append(title, text{name, true})
	}
	return title, nil
}

// datasetTitle returns the titles of datasets, or of all datasets if there are few.
func (c *collector) datasetTitle(ctx context.Context, names []string) (title []text, err error) {
	sets, err := c.graph.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range sets {
		wanted := len(names) == 0
		for _, name := range names {
			wanted = wanted || name == s.Name
		}
		if !wanted {
			continue
		}
		if len(title) > 0 {
			title = append(title, text{Text: "; "})
		}
		name := s.About["title"]
		if name == "" {
			name = s.Name
		}
		title = append(title, text{render.Clean(name), true})
	}
	if len(title) > 5 {
		return []text{{counted((len(title)+1)/2, "dataset", "datasets"), false}}, nil
	}
	return title, nil
}

// pathView is one path.
type pathView struct {
	Names []string
	Hops  []hopView
}

// hopView is one hop of a path, and the facts that link its ends.
type hopView struct {
	From, To string
	Facts    []hopFact
}

// hopFact is a fact of a hop. Role is the phrase of the role by which the fact links
// both, if it is not by its verb.
type hopFact struct {
	*factView
	Role string
}

// pathViews puts paths into words.
func (c *collector) pathViews(ctx context.Context, found []paths.Path) (views []pathView, err error) {
	for _, p := range found {
		path, err := c.names.Path(ctx, p)
		if err != nil {
			return nil, err
		}
		v := pathView{Names: []string{render.Clean(path.Hops[0].From.Name)}}
		for _, h := range path.Hops {
			hop := hopView{From: render.Clean(h.From.Name), To: render.Clean(h.To.Name)}
			for _, s := range h.Facts {
				f := hopFact{factView: c.facts[s.ID]}
				if s.Predicate != s.Verb {
					f.Role = render.Clean(c.graph.Vocabulary().Phrase(s.Predicate))
				}
				hop.Facts = append(hop.Facts, f)
			}
			v.Names, v.Hops = append(v.Names, hop.To), append(v.Hops, hop)
		}
		views = append(views, v)
	}
	return views, nil
}
