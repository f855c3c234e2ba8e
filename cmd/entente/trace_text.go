package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// shownFacts is how many facts of one hop a text shows unless all are asked for.
const shownFacts = 3

func (t *trace) writeText(ctx context.Context, w io.Writer) error {
	var b strings.Builder
	for i, p := range t.paths {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n\n", render.Clean(p.title()))
		for k, hop := range p.Hops {
			if err := t.writeHop(ctx, &b, k+1, hop); err != nil {
				return err
			}
		}
	}
	b.WriteString(t.ending())
	_, err := io.WriteString(w, hanging(b.String(), width(w)))
	return err
}

// ending says what the paths leave out.
func (t *trace) ending() string {
	last := t.paths[len(t.paths)-1]
	var lines []string
	if last.Cut {
		lines = append(lines, "The search was cut: there may be more paths.")
	}
	if last.More && (t.all || len(t.paths) > 1) {
		lines = append(lines, "There are more than "+plural(len(t.paths), "path")+": --paths N")
	}
	if last.Approximate {
		lines = append(lines, "Approximate: there may be a tree that tells more.")
	}
	if len(last.Missing) > 0 {
		lines = append(lines, "Nothing connects "+strings.Join(distinguished(last.Missing), ", ")+" with them.")
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n" + render.Clean(strings.Join(lines, " ")) + "\n"
}

// title names all that a path passes, or those that a tree connects.
func (p *jsonPath) title() string {
	if p.tree {
		return p.treeTitle()
	}
	refs := []jsonRef{p.Hops[0].From}
	for _, h := range p.Hops {
		refs = append(refs, h.To)
	}
	title := fmt.Sprintf("%s (%s", strings.Join(distinguished(refs), " → "), plural(len(p.Hops), "hop"))
	if p.Certain == nil {
		return title + ")"
	}
	begin, end := p.Hops[0].Days, p.Hops[len(p.Hops)-1].Days
	return fmt.Sprintf("%s, in order: %s; starts %s, arrives %s)", title, p.order(), begin, end)
}

// treeTitle names who is in a tree, those first that tie most together.
func (p *jsonPath) treeTitle() string {
	hops := map[jsonRef]int{}
	for _, h := range p.Hops {
		hops[h.From]++
		hops[h.To]++
	}
	refs := slices.SortedFunc(maps.Keys(hops), func(a, b jsonRef) int {
		return cmp.Or(cmp.Compare(hops[b], hops[a]), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return fmt.Sprintf("Tied together: %s (%s)", strings.Join(distinguished(refs), ", "), plural(len(p.Hops), "hop"))
}

// distinguished is what entities are called, with the ids of those that have the
// name of another.
func distinguished(refs []jsonRef) []string {
	ids := map[string]schema.ID{}
	names := make([]string, len(refs))
	for _, r := range refs {
		if id, ok := ids[r.Name]; ok && id != r.ID {
			ids[r.Name] = ""
		} else {
			ids[r.Name] = r.ID
		}
	}
	for i, r := range refs {
		names[i] = r.Name
		if ids[r.Name] == "" {
			names[i] += " (" + string(r.ID) + ")"
		}
	}
	return names
}

// String says on which days something can be.
func (d *jsonDays) String() string {
	switch {
	case d.From == d.To && d.From != "":
		return "on " + d.From
	case d.From == "" && d.To == "":
		return "at any time"
	case d.From == "":
		return "by " + d.To
	case d.To == "":
		return d.From + " or later"
	}
	return d.From + " to " + d.To
}

// writeHop writes a line for each fact of a hop.
func (t *trace) writeHop(ctx context.Context, b *strings.Builder, number int, hop jsonHop) error {
	for i, s := range hop.Facts {
		if i == shownFacts && !t.all {
			fmt.Fprintf(b, "   and %s more%s: --all\n", plural(len(hop.Facts)-i, "fact"), countStandings(hop.Facts[i:]))
			return nil
		}
		mark := fmt.Sprintf("%d. ", number)
		if i > 0 {
			mark = strings.Repeat(" ", len(mark))
		}
		link, err := t.link(ctx, hop, s)
		if err != nil {
			return err
		}
		b.WriteString(mark + render.Clean(link))
		if err := t.writeEvidence(ctx, b, s); err != nil {
			return err
		}
	}
	return nil
}

// countStandings says how many of some facts are not just asserted.
func countStandings(facts []jsonStep) (text string) {
	counts := map[schema.Standing]int{}
	for _, s := range facts {
		counts[s.Standing]++
	}
	for _, standing := range schema.Standings() {
		if n := counts[standing]; n > 0 && standing != schema.StandingAsserted {
			text += fmt.Sprintf(", %d %s", n, standing)
		}
	}
	return text
}

// link says who did what to whom: "Xie Feng —met→ Ely Ratner". A hop over the edge
// of a role names the fact in which it stands: "Pope Francis —mediated for→ Cuba
// (of [United States agreed with Cuba])".
func (t *trace) link(ctx context.Context, hop jsonHop, s jsonStep) (string, error) {
	word := marked(t.renderer.phrase(s.Predicate), s.fact)
	arrow := " —" + word + "→ "
	if s.Reverse {
		arrow = " ←" + word + "— "
	}
	names := distinguished([]jsonRef{hop.From, hop.To})
	link := names[0] + arrow + names[1]
	if s.Predicate != s.Verb {
		of, err := t.renderer.of(ctx, s.fact, s.Predicate)
		return link + " " + of, err
	}
	more, err := t.renderer.qualifiers(ctx, s.fact)
	if err != nil {
		return "", err
	}
	others, err := t.others(ctx, hop, s.fact)
	return strings.Join(append([]string{link}, append(others, more...)...), " "), err
}

// others names those who did it too; where there are some on both sides, by the whole
// sentence, which says who was on which.
func (t *trace) others(ctx context.Context, hop jsonHop, f schema.Fact) ([]string, error) {
	if len(f.With(schema.RoleActor)) > 1 && len(f.With(schema.RoleRecipient)) > 1 {
		clause, err := t.renderer.clause(ctx, f)
		return []string{"(" + clause + ")"}, err
	}
	var ids []schema.ID
	for _, role := range []schema.Role{schema.RoleActor, schema.RoleRecipient, schema.RoleParty} {
		for _, id := range f.With(role) {
			if id != hop.From.ID && id != hop.To.ID && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	names, err := t.renderer.names(ctx, ids)
	return []string{"(also " + names + ")"}, err
}

// writeEvidence ends the line of a fact with its best piece of evidence, and has
// further lines for those that claim something else, or for all.
func (t *trace) writeEvidence(ctx context.Context, b *strings.Builder, s jsonStep) error {
	f := s.fact
	if len(f.Evidence) == 0 {
		fmt.Fprintf(b, "   %s\n", render.Clean(s.dateOf()))
		return nil
	}
	hidden := 0
	all := t.ordered(f)
	for n, e := range all {
		if n > 0 && !t.all && sameClaim(e, all[0]) {
			hidden++
			continue
		}
		text, err := t.evidence(ctx, s, e)
		if err != nil {
			return err
		}
		if n > 0 {
			b.WriteString("      also")
		}
		fmt.Fprintf(b, "   %s\n", render.Clean(text))
	}
	if hidden > 0 {
		fmt.Fprintf(b, "      and %s more: --all\n", plural(hidden, "passage"))
	}
	return nil
}

// ordered is the evidence of a fact, the best first, then all that asserts it, then
// other; that of the datasets that are asked for before any of others.
func (t *trace) ordered(f schema.Fact) []schema.Evidence {
	wanted, others := f, []schema.Evidence(nil)
	if len(t.datasets) > 0 {
		wanted.Evidence = nil
		for _, e := range f.Evidence {
			if slices.Contains(t.datasets, e.Dataset) {
				wanted.Evidence = append(wanted.Evidence, e)
			} else {
				others = append(others, e)
			}
		}
	}
	asserting, not := wanted.Sides()
	list := append(asserting, not...)
	if i := (schema.Fact{When: f.When, Evidence: list}).BestEvidence(); i > 0 {
		best := list[i]
		list = slices.Insert(slices.Delete(list, i, i+1), 0, best)
	}
	asserting, not = schema.Fact{Evidence: others}.Sides()
	return slices.Concat(list, asserting, not)
}

// sameClaim reports whether two pieces of evidence say the same in other words.
func sameClaim(a, b schema.Evidence) bool {
	return a.Stance == b.Stance && a.When == b.When && slices.Equal(a.At, b.At) && a.Confidence == b.Confidence
}

// evidence is a piece of evidence on one line: when and where, by which document
// and whom, and in which words.
func (t *trace) evidence(ctx context.Context, s jsonStep, e schema.Evidence) (string, error) {
	date := newJSONWhen(e.When, t.renderer.graph.Vocabulary().VerbKind(s.Verb)).noted()
	if s.Within != nil && !e.When.Dated() {
		date = s.dateOf()
	}
	_, speakers, at, err := t.testimony(ctx, e)
	if err != nil {
		return "", err
	}
	paper := t.renderer.paper(e.Source)
	if t.all && e.Locator != "" {
		paper += ", " + e.Locator
	}
	if e.Stance != schema.Asserts {
		paper = string(e.Stance) + ": " + paper
	}
	parts := []string{date, paper, words(e)}
	if e.Quote != "" && e.Note != "" {
		parts = append(parts, "("+e.Note+")")
	}
	if at != "" {
		parts[0] += ", " + at
	}
	if speakers != "" {
		parts[1] += ", " + speakers
	}
	if e.Method != schema.Curated {
		parts = append(parts, "by "+string(e.Method))
	}
	if e.Confidence != 0 {
		parts = append(parts, fmt.Sprintf("confidence %v", e.Confidence))
	}
	if len(t.datasets) > 0 && !slices.Contains(t.datasets, e.Dataset) {
		parts = append(parts, "dataset "+e.Dataset)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "   "), nil
}
