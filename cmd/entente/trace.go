package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// shownFacts is how many facts of one hop a text shows unless all are asked for.
const shownFacts = 3

// trace is the paths found, with what each hop goes by.
type trace struct {
	renderer *renderer
	all      bool
	datasets []string // whose evidence is wanted; none: everybody's
	paths    []jsonPath
}

type jsonPath struct {
	Hops    []jsonHop `json:"hops"`
	Telling float64   `json:"telling,omitempty"` // what the path costs by rank telling
	Certain *bool     `json:"certain,omitempty"` // of a path in order

	More bool `json:"more,omitempty"` // of the last one: there are more than those shown
	Cut  bool `json:"cut,omitempty"`  // of the last one: the search was cut, and there may be more

	tree        bool
	Approximate bool      `json:"approximate,omitempty"` // of a tree, as are those that it misses
	Missing     []jsonRef `json:"missing,omitempty"`
}

type jsonHop struct {
	From  jsonRef    `json:"from"`
	To    jsonRef    `json:"to"`
	Days  *jsonDays  `json:"days,omitempty"` // of a path in order: when it can be taken
	Facts []jsonStep `json:"facts"`
}

type jsonDays struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

type jsonStep struct {
	*jsonFact
	Reverse bool `json:"reverse"` // the fact points from To to From

	fact schema.Fact
}

func (t *trace) add(ctx context.Context, hops []paths.Hop) (*jsonPath, error) {
	p := jsonPath{}
	for _, h := range hops {
		from, err := t.renderer.ref(ctx, h.From)
		if err != nil {
			return nil, err
		}
		to, err := t.renderer.ref(ctx, h.To)
		if err != nil {
			return nil, err
		}
		hop := jsonHop{From: from, To: to}
		for _, s := range h.Steps {
			fact, err := t.renderer.graph.Fact(ctx, s.Fact)
			if err != nil {
				return nil, err
			}
			j, err := t.renderer.jsonFact(ctx, fact)
			if err != nil {
				return nil, err
			}
			hop.Facts = append(hop.Facts, jsonStep{j, s.Reverse, fact})
		}
		p.Hops = append(p.Hops, hop)
	}
	t.paths = append(t.paths, p)
	return &t.paths[len(t.paths)-1], nil
}

// addJourney adds a path in order, with the days of each step.
func (t *trace) addJourney(ctx context.Context, j paths.Journey) error {
	p, err := t.add(ctx, j.Hops)
	if err != nil {
		return err
	}
	p.Certain = &j.Certain
	for i, days := range j.Days {
		d := &jsonDays{}
		if days.From != schema.MinDay {
			d.From = days.From.String()
		}
		if days.To != schema.MaxDay {
			d.To = days.To.String()
		}
		p.Hops[i].Days = d
	}
	return nil
}

func (a *app) printTrace(cmd *cobra.Command, t *trace) error {
	switch a.config.Format {
	case "table":
		return a.write(cmd, func(w io.Writer) error { return t.writeText(cmd.Context(), w) })
	case "dot":
		return a.write(cmd, func(w io.Writer) error { return export.WriteLinks(cmd.Context(), w, t.renderer.graph, t.links()) })
	case "json", "jsonl":
		return a.print(cmd, &answer{json: t.paths})
	}
	rows, err := t.rows(cmd.Context())
	if err != nil {
		return err
	}
	return a.print(cmd, rows)
}

// links are the facts of all hops.
func (t *trace) links() (list []export.Link) {
	for _, p := range t.paths {
		for _, hop := range p.Hops {
			for _, s := range hop.Facts {
				list = append(list, export.Link{From: hop.From.ID, To: hop.To.ID, Fact: s.ID})
			}
		}
	}
	return list
}

// rows has one row for each piece of evidence of each hop.
func (t *trace) rows(ctx context.Context) (*answer, error) {
	rows := &answer{columns: []string{"path", "hop", "from", "to", "verb", "reverse", "when", "at", "fact", "standing",
		"dataset", "stance", "confidence", "method", "source", "locator", "speakers", "quote", "note", "certain", "earliest", "latest", "id"}}
	for i, p := range t.paths {
		for k, hop := range p.Hops {
			for _, s := range hop.Facts {
				for _, e := range s.fact.Evidence {
					source, speakers, at, err := t.testimony(ctx, e)
					if err != nil {
						return nil, err
					}
					rows.add(i+1, k+1, hop.From.Name, hop.To.Name, string(s.Verb), s.Reverse, e.When.String(), at, s.Sentence, standing(s.fact),
						e.Dataset, string(e.Stance), cmp.Or(e.Confidence, 1), string(e.Method), source, e.Locator, speakers, e.Quote, e.Note,
						p.order(), hop.Days.earliest(), hop.Days.latest(), string(s.ID))
				}
			}
		}
	}
	return rows, nil
}

// order says whether a path in order is certain; empty for others.
func (p *jsonPath) order() string {
	switch {
	case p.Certain == nil:
		return ""
	case *p.Certain:
		return "certain"
	}
	return "possible"
}

func (d *jsonDays) earliest() string {
	if d == nil {
		return ""
	}
	return d.From
}

func (d *jsonDays) latest() string {
	if d == nil {
		return ""
	}
	return d.To
}

// testimony says in words which document a piece of evidence is from, who spoke,
// and where it happened.
func (t *trace) testimony(ctx context.Context, e schema.Evidence) (source, speakers, at string, err error) {
	if source, err = t.renderer.source(ctx, e.Source); err != nil {
		return "", "", "", err
	}
	if speakers, err = t.renderer.speakers(ctx, e); err != nil {
		return "", "", "", err
	}
	at, err = t.renderer.names(ctx, e.At)
	return source, speakers, at, err
}

func (t *trace) writeText(ctx context.Context, w io.Writer) error {
	var b strings.Builder
	for i, p := range t.paths {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n\n", clean(p.title()))
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
	return "\n" + clean(strings.Join(lines, " ")) + "\n"
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
			disputed := ""
			if n := countDisputed(hop.Facts[i:]); n > 0 {
				disputed = fmt.Sprintf(", %d disputed", n)
			}
			fmt.Fprintf(b, "   and %s more%s: --all\n", plural(len(hop.Facts)-i, "fact"), disputed)
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
		b.WriteString(mark + clean(link))
		if err := t.writeEvidence(ctx, b, s.fact); err != nil {
			return err
		}
	}
	return nil
}

func countDisputed(facts []jsonStep) (n int) {
	for _, s := range facts {
		if s.Disputed {
			n++
		}
	}
	return n
}

// link says who did what to whom: "Xie Feng —met→ Ely Ratner".
func (t *trace) link(ctx context.Context, hop jsonHop, s jsonStep) (string, error) {
	word := t.renderer.phrase(s.Verb)
	if text := standing(s.fact); text != string(schema.Happened) {
		word += " (" + strings.TrimPrefix(text, string(schema.Happened)+", ") + ")"
	}
	arrow := " —" + word + "→ "
	if s.Reverse {
		arrow = " ←" + word + "— "
	}
	more, err := t.renderer.qualifiers(ctx, s.fact)
	if err != nil {
		return "", err
	}
	others, err := t.others(ctx, hop, s.fact)
	names := distinguished([]jsonRef{hop.From, hop.To})
	return strings.Join(append([]string{names[0] + arrow + names[1]}, append(others, more...)...), " "), err
}

// others names those who did it too.
func (t *trace) others(ctx context.Context, hop jsonHop, f schema.Fact) ([]string, error) {
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
func (t *trace) writeEvidence(ctx context.Context, b *strings.Builder, f schema.Fact) error {
	if len(f.Evidence) == 0 {
		fmt.Fprintf(b, "   %s\n", f.When)
		return nil
	}
	hidden := 0
	all := t.ordered(f)
	for n, e := range all {
		if n > 0 && !t.all && sameClaim(e, all[0]) {
			hidden++
			continue
		}
		text, err := t.evidence(ctx, e)
		if err != nil {
			return err
		}
		if n > 0 {
			b.WriteString("      also")
		}
		fmt.Fprintf(b, "   %s\n", clean(text))
	}
	if hidden > 0 {
		fmt.Fprintf(b, "      and %s more: --all\n", plural(hidden, "passage"))
	}
	return nil
}

// ordered is the evidence of a fact, the best first, and that of the datasets that
// are asked for before any other.
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
	list := slices.Clone(wanted.Evidence)
	if i := wanted.BestEvidence(); i > 0 {
		best := list[i]
		list = slices.Insert(slices.Delete(list, i, i+1), 0, best)
	}
	return append(list, others...)
}

// sameClaim reports whether two pieces of evidence say the same in other words.
func sameClaim(a, b schema.Evidence) bool {
	return a.Stance == b.Stance && a.When == b.When && slices.Equal(a.At, b.At) && a.Confidence == b.Confidence
}

// evidence is a piece of evidence on one line: when and where, by which document
// and whom, and in which words.
func (t *trace) evidence(ctx context.Context, e schema.Evidence) (string, error) {
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
	parts := []string{e.When.String(), paper, words(e)}
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
