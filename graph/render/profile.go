package render

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Profile is all that the graph has about one entity.
type Profile struct {
	Counts    ProfileCounts `json:"counts"`
	Dealings  []*Fact       `json:"dealings"` // interactions, in order of time
	Document  *Document     `json:"document"` // for a document; nil for other entities
	Entity    Entity        `json:"entity"`
	Posts     []*PostHeld   `json:"posts"`     // its terms in posts that have a known predecessor or successor
	Relations []*Fact       `json:"relations"` // in order of time
	Sources   []Citation    `json:"sources"`   // the documents that its facts cite, by name

	relations, dealings *FactList
}

// ProfileCounts is the number of relations, dealings and sources of an entity in the
// graph, including records that a limit leaves out of the profile.
type ProfileCounts struct {
	Relations int `json:"relations"`
	Dealings  int `json:"dealings"`
	Sources   int `json:"sources"`
}

// Profile reads the profile of an entity: at most limit of the latest relations, of the
// latest dealings and of the sources; 0 is no limit. The name of an unknown entity is
// its id.
func (r *Renderer) Profile(ctx context.Context, id schema.ID, limit int) (p *Profile, err error) {
	p = &Profile{}
	if p.Entity, err = r.Entity(ctx, id); err != nil {
		return nil, err
	}
	if p.Entity.Kind == schema.Doc {
		d, err := r.Document(ctx, id)
		if err != nil {
			return nil, err
		}
		p.Document = &d
	}
	return p, profileReader{r, id, limit}.fill(ctx, p)
}

// profileReader reads the lists of a profile.
type profileReader struct {
	renderer *Renderer
	id       schema.ID
	limit    int // most relations, dealings and sources each; 0 for no limit
}

// fill fills the lists of a profile.
func (r profileReader) fill(ctx context.Context, p *Profile) (err error) {
	var relations, dealings []schema.Fact
	cited := citations{}
	for f, err := range r.renderer.graph.Facts(ctx, graph.Filter{With: r.id}) {
		if err != nil {
			return err
		}
		if r.renderer.kind(f.Verb) == schema.Relation {
			relations = append(relations, f)
		} else {
			dealings = append(dealings, f)
		}
		if err := cited.add(ctx, r.renderer, f); err != nil {
			return err
		}
	}
	p.Sources = cited.sorted()
	p.Counts = ProfileCounts{len(relations), len(dealings), len(p.Sources)}
	if r.limit > 0 {
		p.Sources = p.Sources[:min(r.limit, len(p.Sources))]
	}
	if p.relations, err = r.latest(ctx, relations); err != nil {
		return err
	}
	if p.Posts, err = r.postsHeld(ctx, slices.Concat(relations, dealings)); err != nil {
		return err
	}
	if p.dealings, err = r.latest(ctx, dealings); err != nil {
		return err
	}
	p.Relations, p.Dealings = p.relations.Facts, p.dealings.Facts
	return nil
}

// latest returns the last facts, up to the limit, of a list in order of time. The
// undated facts, at the end of the list, are the first to be left out.
func (r profileReader) latest(ctx context.Context, facts []schema.Fact) (*FactList, error) {
	if extra := len(facts) - r.limit; r.limit > 0 && extra > 0 {
		undated := 0
		for undated < extra && !isDated(facts[len(facts)-1-undated]) {
			undated++
		}
		facts = facts[extra-undated : len(facts)-undated]
	}
	list := r.renderer.NewFactList(graph.Filter{})
	for _, f := range facts {
		if err := list.Add(ctx, f); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func isDated(f schema.Fact) bool {
	return f.Within != nil || slices.ContainsFunc(f.Dates(), schema.When.Dated)
}

// Truncated reports whether the profile leaves out facts or documents.
func (p *Profile) Truncated() bool {
	return p.Counts != ProfileCounts{len(p.Relations), len(p.Dealings), len(p.Sources)}
}

// Table returns one row for each relation, each dealing, and each fact of predecessors
// and successors. The first column is the part of the profile, the rest are the columns
// of a [FactList].
func (p *Profile) Table() Table {
	t := Table{Columns: append([]string{"part"}, p.relations.Table.Columns...), Details: p.relations.Table.Details}
	for _, row := range p.relations.Table.Rows {
		t.add(append([]any{"relation"}, row...)...)
	}
	for _, row := range p.dealings.Table.Rows {
		t.add(append([]any{"dealing"}, row...)...)
	}
	for _, post := range p.Posts {
		t.Rows = append(t.Rows, post.rows...)
	}
	return t
}
