package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func showCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show NAME",
		Short: "Show who or what an entity is: posts with terms, dealings by date, sources",
		Long: `Show prints what the graph has of an entity: its names, its posts with their
terms, who held each just before and after, its dealings by date, and the sources.
NAME is a name, an alias or an id; the id of a fact shows the fact with its
evidence.

Of an entity with many facts the latest are shown, and how many there are; --rows
and --all show more.`,
		GroupID: "ask",
		Args:    cobra.ExactArgs(1),
		Example: `  entente show "Xie Feng" --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				id, err := g.Resolve(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if schema.KindOf(id) == schema.KindFact {
					return a.showFact(cmd, g, id)
				}
				p, err := newProfile(cmd.Context(), g, id, a.profileRows(cmd))
				if err != nil {
					return err
				}
				return a.showProfile(cmd, p)
			})
		},
	}
	rowFlags(cmd)
	rows := cmd.Flags().Lookup("rows")
	rows.DefValue = strconv.Itoa(profileRows)
	rows.Usage = "most relations, dealings and sources of an entity, each; --all for all"
	return reading(cmd)
}

// profileRows is how many rows each part of a profile has, unless a flag, the
// environment or the configuration says otherwise.
const profileRows = 40

func (a *app) profileRows(cmd *cobra.Command) int {
	limit := a.limit(cmd)
	if limit > 0 && a.rank(cmd, "rows") == 0 {
		return profileRows
	}
	return limit
}

// showFact shows one fact with all its evidence.
func (a *app) showFact(cmd *cobra.Command, g *graph.Graph, id schema.ID) error {
	ctx := cmd.Context()
	f, err := g.Fact(ctx, id)
	if err != nil {
		return err
	}
	t := newFactAnswer()
	r := newRenderer(g)
	if err := t.addFact(ctx, r, f); err != nil {
		return err
	}
	if a.config.Format != "table" {
		return a.print(cmd, t.answer())
	}
	return a.write(cmd, func(w io.Writer) error {
		var b strings.Builder
		if err := r.writeFact(ctx, &b, jsonStep{t.facts[0], false, f}); err != nil {
			return err
		}
		_, err := io.WriteString(w, strings.ReplaceAll(strings.TrimPrefix(b.String(), "   "), "\n   ", "\n"))
		return err
	})
}

// writeFact writes a fact with all its evidence, a line for each thing known.
func (r *renderer) writeFact(ctx context.Context, b *strings.Builder, s jsonStep) error {
	fmt.Fprintf(b, "   %s\n", render.Clean(s.Sentence))
	for _, line := range [][2]string{{"verb", string(s.Verb)}, {"date", s.dateOf()}, {"status", string(s.Status)}, {"standing", string(s.Standing)}} {
		fmt.Fprintf(b, "     %-8s %s\n", line[0], render.Clean(line[1]))
	}
	asserting, others := s.fact.Sides()
	for _, e := range append(asserting, others...) {
		if err := r.writeEvidence(ctx, b, e, s.fact); err != nil {
			return err
		}
	}
	return nil
}

func (r *renderer) writeEvidence(ctx context.Context, b *strings.Builder, e schema.Evidence, f schema.Fact) error {
	source, err := r.source(ctx, e.Source)
	if err != nil {
		return err
	}
	speakers, err := r.speakers(ctx, e)
	if err != nil {
		return err
	}
	places, err := r.names(ctx, e.At)
	if err != nil {
		return err
	}
	lines := [][2]string{{"stance", string(e.Stance)}, {"source", source}, {"said", speakers}, {"at", places}, {"quote", schema.Quoted(e.Quote)}, {"note", e.Note}}
	if e.When != f.When {
		lines = append(lines, [2]string{"dated", e.When.String()})
	}
	if e.Method != schema.Curated {
		lines = append(lines, [2]string{"method", string(e.Method)})
	}
	for _, l := range lines {
		if l[1] != "" {
			fmt.Fprintf(b, "     %-8s %s\n", l[0], render.Clean(l[1]))
		}
	}
	return nil
}

// profile is what the graph has of one entity.
type profile struct {
	entity    jsonEntity
	document  *jsonDocument
	relations *factAnswer // what holds over time: posts first
	dealings  *factAnswer // what happened, or was to
	sources   []jsonCited
	posts     []*postHeld // its terms in posts, with who came before and after
	total     profileCounts
}

// profileCounts is how many there are of each part of a profile, shown or not.
type profileCounts struct {
	Relations int `json:"relations"`
	Dealings  int `json:"dealings"`
	Sources   int `json:"sources"`
}

// newProfile reads a profile with at most so many rows in each part; 0 is for all.
func newProfile(ctx context.Context, g *graph.Graph, id schema.ID, limit int) (*profile, error) {
	r := newRenderer(g)
	e, err := r.entity(ctx, id)
	if err != nil {
		return nil, err
	}
	p := &profile{}
	if p.entity, err = r.jsonEntity(ctx, e); err != nil {
		return nil, err
	}
	if e.Kind == schema.Doc {
		d, err := r.jsonDocument(ctx, id)
		if err != nil {
			return nil, err
		}
		p.document = &d
	}
	return p, p.read(ctx, r, id, limit)
}

// read fills the parts of a profile that are lists.
func (p *profile) read(ctx context.Context, r *renderer, id schema.ID, limit int) (err error) {
	var relations, dealings []schema.Fact
	cited := make(map[schema.ID]*jsonCited)
	for f, err := range r.graph.Facts(ctx, graph.Filter{With: id}) {
		if err != nil {
			return err
		}
		if r.graph.Vocabulary().VerbKind(f.Verb) == schema.Relation {
			relations = append(relations, f)
		} else {
			dealings = append(dealings, f)
		}
		if err := r.cite(ctx, cited, f); err != nil {
			return err
		}
	}
	p.sources = sortCited(cited)
	p.total = profileCounts{len(relations), len(dealings), len(p.sources)}
	if limit > 0 {
		p.sources = p.sources[:min(limit, len(p.sources))]
	}
	if p.relations, err = r.latest(ctx, relations, limit); err != nil {
		return err
	}
	if p.posts, err = r.postsHeld(ctx, id, slices.Concat(relations, dealings)); err != nil {
		return err
	}
	p.dealings, err = r.latest(ctx, dealings, limit)
	return err
}

// latest keeps the last of some facts that are in order of time, the undated ones
// at the end; those are left out first. A limit of 0 is none.
func (r *renderer) latest(ctx context.Context, facts []schema.Fact, limit int) (*factAnswer, error) {
	if extra := len(facts) - limit; limit > 0 && extra > 0 {
		undated := 0
		for undated < extra && !isDated(facts[len(facts)-1-undated]) {
			undated++
		}
		facts = facts[extra-undated : len(facts)-undated]
	}
	t := newFactAnswer()
	for _, f := range facts {
		if err := t.addFact(ctx, r, f); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func isDated(f schema.Fact) bool {
	return f.Within != nil || slices.ContainsFunc(f.Dates(), schema.When.Dated)
}

func (a *app) showProfile(cmd *cobra.Command, p *profile) error {
	if a.config.Format != "table" {
		t := &answer{columns: append([]string{"part"}, p.relations.table.columns...)}
		for _, part := range []struct {
			name  string
			facts *factAnswer
		}{{"relation", p.relations}, {"dealing", p.dealings}} {
			for _, row := range part.facts.table.rows {
				t.add(append([]any{part.name}, row...)...)
			}
		}
		for _, post := range p.posts {
			t.rows = append(t.rows, post.rows...)
		}
		if p.cut() {
			a.warn("%d of %s, %d of %s and %d of %s are shown: %s", len(p.relations.facts), plural(p.total.Relations, "relation"),
				len(p.dealings.facts), plural(p.total.Dealings, "dealing"), len(p.sources), plural(p.total.Sources, "source"), a.forMore())
		}
		t.json = map[string]any{"entity": p.entity, "document": p.document, "counts": p.total,
			"posts": append([]*postHeld{}, p.posts...), "relations": p.relations.facts, "dealings": p.dealings.facts, "sources": p.sources}
		return a.print(cmd, t)
	}
	return a.write(cmd, func(w io.Writer) error { return p.writeText(w, a.forMore()) })
}

// writeText writes the profile as text; forMore says how to see what is left out.
func (p *profile) writeText(w io.Writer, forMore string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", render.Clean(p.entity.Name))
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-12s %s\n", name, render.Clean(value))
		}
	}
	line("kind", string(p.entity.Kind))
	line("id", string(p.entity.ID))
	var also []string
	for _, alias := range p.entity.Aliases {
		also = append(also, alias.Value)
	}
	line("also", strings.Join(also, ", "))
	if p.entity.Country != nil {
		line("country", p.entity.Country.Name)
	}
	line("born", p.entity.Born)
	line("identifiers", strings.Join(p.entity.Identifiers, ", "))
	line("about", p.entity.Description)
	if d := p.document; d != nil {
		line("publisher", d.Publisher)
		line("author", d.Author)
		if d.Published != nil {
			line("published", d.Published.Text)
		}
		line("url", d.URL)
	}
	p.section(&b, "Posts and relations", p.relations, p.total.Relations, forMore)
	p.writePosts(&b)
	p.section(&b, "Dealings", p.dealings, p.total.Dealings, forMore)
	switch shown := len(p.sources); {
	case shown < p.total.Sources:
		fmt.Fprintf(&b, "\nSources (%d of %d; %s for more)\n", shown, p.total.Sources, forMore)
	case shown > 0:
		fmt.Fprintf(&b, "\nSources\n")
	}
	for _, s := range p.sources {
		fmt.Fprintf(&b, "  %s\n", render.Clean(s.text()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cut reports whether some of the profile is not shown.
func (p *profile) cut() bool {
	return p.total != profileCounts{len(p.relations.facts), len(p.dealings.facts), len(p.sources)}
}

func (p *profile) section(b *strings.Builder, title string, facts *factAnswer, total int, forMore string) {
	switch shown := len(facts.facts); {
	case shown == 0:
		return
	case shown < total:
		fmt.Fprintf(b, "\n%s (the latest %d of %d; %s for more)\n", title, shown, total, forMore)
	default:
		fmt.Fprintf(b, "\n%s\n", title)
	}
	width := 0
	for _, row := range facts.table.rows {
		width = max(width, len([]rune(fmt.Sprint(row[0]))))
	}
	for i, f := range facts.facts {
		fmt.Fprintf(b, "  %-*s  %s\n", width, render.Clean(fmt.Sprint(facts.table.rows[i][0])), render.Clean(f.Sentence))
		row := facts.table.rows[i]
		for _, column := range []string{"words", "other-stances", "linked", "widened"} {
			if text := render.Clean(fmt.Sprint(row[slices.Index(facts.table.columns, column)])); text != "" {
				fmt.Fprintf(b, "  %-*s    %s\n", width, "", text)
			}
		}
	}
}

func aliases(e schema.Entity) string {
	var names []string
	for _, a := range e.Aliases {
		names = append(names, a.Value)
	}
	return strings.Join(names, ", ")
}
