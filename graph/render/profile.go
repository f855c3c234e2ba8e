package render

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/office"
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

// fill fills the lists of a profile. It reads all of the facts that it lists, and of those
// that may be about posts of the entity, and the others in short.
func (r profileReader) fill(ctx context.Context, p *Profile) (err error) {
	mentions, err := graph.ReadMentions(ctx, r.renderer.graph, r.id)
	if err != nil {
		return err
	}
	var relations, dealings, onPosts []graph.Mention
	for _, m := range mentions.Facts {
		if r.renderer.kind(m.Verb) == schema.Relation {
			relations = append(relations, m)
		} else {
			dealings = append(dealings, m)
		}
		if role, ok := office.HolderRole(r.renderer.vocabulary, m.Verb); ok && slices.Contains(m.Roles, role) {
			onPosts = append(onPosts, m)
		}
	}
	if p.Sources, err = citationsOf(ctx, r.renderer, mentions.Sources); err != nil {
		return err
	}
	p.Counts = ProfileCounts{len(relations), len(dealings), len(p.Sources)}
	if r.limit > 0 {
		p.Sources = p.Sources[:min(r.limit, len(p.Sources))]
	}
	relations, dealings = r.latest(relations), r.latest(dealings)
	facts, err := r.read(ctx, relations, dealings, onPosts)
	if err != nil {
		return err
	}
	if p.relations, err = r.list(ctx, facts, relations); err != nil {
		return err
	}
	if p.Posts, err = r.postsHeld(ctx, facts); err != nil {
		return err
	}
	if p.dealings, err = r.list(ctx, facts, dealings); err != nil {
		return err
	}
	p.Relations, p.Dealings = p.relations.Facts, p.dealings.Facts
	return nil
}

// latest returns the last facts, up to the limit, of a list in order of time. The
// undated facts, at the end of the list, are the first to be left out.
func (r profileReader) latest(facts []graph.Mention) []graph.Mention {
	extra := len(facts) - r.limit
	if r.limit == 0 || extra <= 0 {
		return facts
	}
	undated := 0
	for undated < extra && !facts[len(facts)-1-undated].Dated {
		undated++
	}
	return facts[extra-undated : len(facts)-undated]
}

// read reads all of the facts of some lists.
func (r profileReader) read(ctx context.Context, lists ...[]graph.Mention) (map[schema.ID]schema.Fact, error) {
	var ids []schema.ID
	for _, m := range slices.Concat(lists...) {
		ids = append(ids, m.Fact)
	}
	slices.Sort(ids)
	return readFacts(ctx, r.renderer, slices.Compact(ids))
}

// list puts facts into words.
func (r profileReader) list(ctx context.Context, facts map[schema.ID]schema.Fact, mentions []graph.Mention) (*FactList, error) {
	list := r.renderer.NewFactList(graph.Filter{})
	for _, m := range mentions {
		if err := list.Add(ctx, facts[m.Fact]); err != nil {
			return nil, err
		}
	}
	return list, nil
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
