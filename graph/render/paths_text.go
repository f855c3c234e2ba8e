package render

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// shownFacts is how many facts of one hop a text shows unless it shows all.
const shownFacts = 3

// PathText returns paths as text, with an empty line between them. A path begins with
// its [Path.Title]. Each hop has one line for each fact, with the date, place, document,
// speakers and quote of its best evidence, and further lines for evidence that claims
// something else. The last line says what the list leaves out.
func (r *Renderer) PathText(ctx context.Context, list []*Path, o PathOptions) (string, error) {
	t := &pathText{renderer: r, options: o}
	for i, p := range list {
		if i > 0 {
			t.out.WriteString("\n")
		}
		fmt.Fprintf(&t.out, "%s\n\n", Clean(p.Title()))
		for k, hop := range p.Hops {
			if err := t.writeHop(ctx, k+1, hop); err != nil {
				return "", err
			}
		}
	}
	t.out.WriteString(o.omissions(list))
	return t.out.String(), nil
}

// pathText writes the text of paths.
type pathText struct {
	renderer *Renderer
	options  PathOptions
	out      strings.Builder
}

// omissions returns a line that says what a list of paths leaves out; empty for
// nothing.
func (o PathOptions) omissions(list []*Path) string {
	if len(list) == 0 {
		return ""
	}
	last := list[len(list)-1]
	var lines []string
	if last.Cut {
		lines = append(lines, "The search was cut: there may be more paths.")
	}
	if last.More && (o.All || len(list) > 1) {
		lines = append(lines, "There are more than "+plural(len(list), "path")+withHint(o.MorePaths))
	}
	if last.Approximate {
		lines = append(lines, "Approximate: there may be a tree that tells more.")
	}
	if len(last.Missing) > 0 {
		lines = append(lines, "Nothing connects "+strings.Join(distinctNames(last.Missing), ", ")+" with them.")
	}
	if len(lines) == 0 {
		return ""
	}
	return "\n" + Clean(strings.Join(lines, " ")) + "\n"
}

// withHint returns a colon and a hint; empty for no hint.
func withHint(how string) string {
	if how == "" {
		return ""
	}
	return ": " + how
}

// Title returns the names of the entities that a path passes, or that a tree connects,
// and the number of hops: "Xie Feng → Ely Ratner (1 hop)".
func (p *Path) Title() string {
	if p.tree {
		return p.treeTitle()
	}
	refs := []Ref{p.Hops[0].From}
	for _, h := range p.Hops {
		refs = append(refs, h.To)
	}
	title := fmt.Sprintf("%s (%s", strings.Join(distinctNames(refs), " → "), plural(len(p.Hops), "hop"))
	if p.Certain == nil {
		return title + ")"
	}
	begin, end := p.Hops[0].Days, p.Hops[len(p.Hops)-1].Days
	return fmt.Sprintf("%s, in order: %s; starts %s, arrives %s)", title, p.certainty(), begin, end)
}

// treeTitle returns the names of the entities of a tree, by falling number of hops.
func (p *Path) treeTitle() string {
	hops := map[Ref]int{}
	for _, h := range p.Hops {
		hops[h.From]++
		hops[h.To]++
	}
	refs := slices.SortedFunc(maps.Keys(hops), func(a, b Ref) int {
		return cmp.Or(cmp.Compare(hops[b], hops[a]), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return fmt.Sprintf("Tied together: %s (%s)", strings.Join(distinctNames(refs), ", "), plural(len(p.Hops), "hop"))
}

// distinctNames returns the names of entities, and adds the id to a name that two of
// them share.
func distinctNames(refs []Ref) []string {
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

// writeHop writes one line for each fact of a hop, and its evidence.
func (t *pathText) writeHop(ctx context.Context, number int, hop Hop) error {
	for i, s := range hop.Facts {
		if i == shownFacts && !t.options.All {
			fmt.Fprintf(&t.out, "   and %s more%s%s\n", plural(len(hop.Facts)-i, "fact"), countStandings(hop.Facts[i:]), withHint(t.options.MoreFacts))
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
		t.out.WriteString(mark + Clean(link))
		if err := t.writeEvidence(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// countStandings returns how many facts are disputed, denied, doubted or hearsay.
func countStandings(facts []Step) (text string) {
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

// link returns the edge of a hop: "Xie Feng —met→ Ely Ratner". For the edge of a role
// it adds the fact of that edge: "Pope Francis —mediated for→ Cuba
// (of [United States agreed with Cuba])".
func (t *pathText) link(ctx context.Context, hop Hop, s Step) (string, error) {
	word := withMark(t.renderer.phrase(s.Predicate), &s.fact)
	arrow := " —" + word + "→ "
	if s.Reverse {
		arrow = " ←" + word + "— "
	}
	names := distinctNames([]Ref{hop.From, hop.To})
	link := names[0] + arrow + names[1]
	if s.Predicate != s.Verb {
		of, err := sentence{renderer: t.renderer, fact: &s.fact}.ofRoleEdge(ctx, s.Predicate)
		return link + " " + of, err
	}
	more, err := sentence{renderer: t.renderer, fact: &s.fact}.qualifiers(ctx)
	if err != nil {
		return "", err
	}
	others, err := t.others(ctx, hop, s.fact)
	return strings.Join(append([]string{link}, append(others, more...)...), " "), err
}

// others returns the other participants of a fact that links two entities. If both sides
// have several participants, it returns the clause of the fact, which shows the sides.
func (t *pathText) others(ctx context.Context, hop Hop, f schema.Fact) ([]string, error) {
	if len(f.With(schema.RoleActor)) > 1 && len(f.With(schema.RoleRecipient)) > 1 {
		clause, err := sentence{renderer: t.renderer, fact: &f}.clause(ctx)
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
	names, err := t.renderer.Names(ctx, ids)
	return []string{"(also " + names + ")"}, err
}

// writeEvidence ends the line of a fact with its best evidence, and writes further lines
// for evidence that claims something else, or for all evidence.
func (t *pathText) writeEvidence(ctx context.Context, s Step) error {
	f := s.fact
	if len(f.Evidence) == 0 {
		fmt.Fprintf(&t.out, "   %s\n", Clean(s.annotatedDate()))
		return nil
	}
	hidden := 0
	all := t.options.orderedEvidence(f)
	for n, e := range all {
		if n > 0 && !t.options.All && sameClaim(e, all[0]) {
			hidden++
			continue
		}
		text, err := t.evidence(ctx, s, e)
		if err != nil {
			return err
		}
		if n > 0 {
			t.out.WriteString("      also")
		}
		fmt.Fprintf(&t.out, "   %s\n", Clean(text))
	}
	if hidden > 0 {
		fmt.Fprintf(&t.out, "      and %s more%s\n", plural(hidden, "passage"), withHint(t.options.MoreFacts))
	}
	return nil
}

// sameClaim reports whether two pieces of evidence differ in nothing but words and
// document.
func sameClaim(a, b schema.Evidence) bool {
	return a.Stance == b.Stance && a.When == b.When && slices.Equal(a.At, b.At) && a.Confidence == b.Confidence
}

// evidence returns a piece of evidence on one line: date and place, document and
// speakers, quote, and how it was obtained.
func (t *pathText) evidence(ctx context.Context, s Step, e schema.Evidence) (string, error) {
	date := newWhen(e.When, t.renderer.kind(s.Verb)).annotated()
	if s.Within != nil && !e.When.Dated() {
		date = s.annotatedDate()
	}
	_, speakers, at, err := t.renderer.attribution(ctx, e)
	if err != nil {
		return "", err
	}
	d, err := t.renderer.readDocument(ctx, e.Source)
	if err != nil {
		return "", err
	}
	document := shortSource(d)
	if t.options.All && e.Locator != "" {
		document += ", " + e.Locator
	}
	if e.Stance != schema.Asserts {
		document = string(e.Stance) + ": " + document
	}
	parts := []string{date, document, quoteOf(e)}
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
		parts = append(parts, "by "+e.MethodWords())
	}
	if e.Confidence != 0 {
		parts = append(parts, fmt.Sprintf("confidence %v", e.Confidence))
	}
	if !t.options.wants(e) {
		parts = append(parts, "dataset "+e.Dataset)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "   "), nil
}
