package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// pathAnswer is the paths that a search found, and the options for showing them.
type pathAnswer struct {
	graph    *graph.Graph
	renderer *render.Renderer
	options  render.PathOptions
	paths    []*render.Path
}

// newPathAnswer returns an answer without paths. If all is true, it shows all facts and
// evidence of each hop. Evidence of the given datasets comes first.
func newPathAnswer(g *graph.Graph, all bool, datasets []string) *pathAnswer {
	o := render.PathOptions{All: all, Datasets: datasets, MoreFacts: "--all", MorePaths: "--paths N"}
	return &pathAnswer{graph: g, renderer: render.New(g), options: o}
}

func (t *pathAnswer) add(ctx context.Context, found paths.Path) error {
	p, err := t.renderer.Path(ctx, found)
	if err == nil {
		t.paths = append(t.paths, p)
	}
	return err
}

func (t *pathAnswer) last() *render.Path { return t.paths[len(t.paths)-1] }

// print writes the paths in the format of the answer.
func (t *pathAnswer) print(ctx context.Context, out *output.Writer) error {
	switch out.Format {
	case "table":
		text, err := t.renderer.PathText(ctx, t.paths, t.options)
		if err != nil {
			return err
		}
		return out.WriteHanging(ctx, text)
	case "dot":
		return out.Write(ctx, func(w io.Writer) error { return export.WriteLinks(ctx, w, t.graph, t.links()) })
	case "json", "jsonl":
		return out.Print(ctx, &output.Answer{JSON: t.paths})
	}
	table, err := t.renderer.PathTable(ctx, t.paths, t.options)
	if err != nil {
		return err
	}
	return out.Print(ctx, output.Of(table, nil))
}

// links returns the facts of all hops.
func (t *pathAnswer) links() (list []export.Link) {
	for _, p := range t.paths {
		for _, hop := range p.Hops {
			for _, s := range hop.Facts {
				list = append(list, export.Link{From: hop.From.ID, To: hop.To.ID, Fact: s.ID, Predicate: s.Predicate})
			}
		}
	}
	return list
}

// limitFlags maps each limit of a query to the flags that set it.
var limitFlags = map[paths.Limit][]string{
	paths.LimitCertain: {"certain"}, paths.LimitOrder: {"in-order"}, paths.LimitHops: {"hops"},
	paths.LimitDates: {"since", "until"}, paths.LimitAsOf: {"as-of"}, paths.LimitUndated: {"undated"}, paths.LimitContained: {"contained"},
	paths.LimitVerbs: {"verb", "group"}, paths.LimitRoles: {"roles"}, paths.LimitDirection: {"direction"}, paths.LimitThrough: {"through"},
	paths.LimitAvoid: {"avoid"}, paths.LimitVia: {"via"}, paths.LimitDatasets: {"dataset"}, paths.LimitSources: {"min-sources"},
	paths.LimitConfidence: {"min-confidence"}, paths.LimitDisputed: {"disputed"}, paths.LimitStanding: {"standing"}, paths.LimitStatus: {"status"},
}

// limitHints says how to lift limits: "without" the flags that set them, or "with" a
// flag that is not set. The hints are joined by word.
func limitHints(cmd *cobra.Command, limits []paths.Limit, word string) string {
	names := make([]string, len(limits))
	for i, l := range limits {
		given := slices.DeleteFunc(slices.Clone(limitFlags[l]), func(flag string) bool { return !changed(cmd, flag) })
		switch {
		case l == paths.LimitUndated:
			names[i] = "with --undated"
		case l == paths.LimitHops:
			names[i] = "with more --hops"
		case l == paths.LimitStanding && len(given) == 0:
			names[i] = "with --standing " + strings.ReplaceAll(phrase.List(schema.Standings()), " ", "")
		case l == paths.LimitStatus && len(given) == 0:
			names[i] = "with --status planned, refused, cancelled or hypothetical"
		default:
			names[i] = "without --" + strings.Join(given, " and --")
		}
	}
	return strings.Join(names, word)
}

// noPathError returns the error of a search without a result, with a hint about the
// limits that exclude all paths.
func noPathError(ctx context.Context, cmd *cobra.Command, v *paths.View, n noPathExplainer, from, to []schema.ID, q paths.Query, order *paths.Order) error {
	ends, err := n.quoted(ctx, from, to)
	if err != nil {
		return err
	}
	what := fmt.Errorf("no path from %s to %s of at most %s: %w", ends[0], ends[1], phrase.Plural(q.Hops, "hop"), graph.ErrNotFound)
	reason, err := v.Why(ctx, from, to, q, order)
	if errors.Is(err, graph.ErrNotFound) {
		hint, err := n.isolated(ctx, v, slices.Concat(from, to))
		if err != nil {
			return err
		}
		return schema.WithHint(what, func() string { return hint })
	}
	if err != nil {
		return err
	}
	hint, err := n.hint(ctx, cmd, reason, from, to)
	if err != nil {
		return err
	}
	return schema.WithHint(what, func() string { return hint })
}

// noPathExplainer explains why no path was found.
type noPathExplainer struct {
	graph    *graph.Graph
	renderer *render.Renderer
}

// quoted returns the names of the entities at each end, in quotation marks.
func (n noPathExplainer) quoted(ctx context.Context, sides ...[]schema.ID) (names []string, err error) {
	for _, ids := range sides {
		var quoted []string
		for _, id := range ids {
			name, err := n.renderer.Name(ctx, id)
			if err != nil {
				return nil, err
			}
			quoted = append(quoted, `"`+name+`"`)
		}
		names = append(names, strings.Join(quoted, " or "))
	}
	return names, nil
}

// hint says which limits to lift for a path.
func (n noPathExplainer) hint(ctx context.Context, cmd *cobra.Command, reason paths.Reason, from, to []schema.ID) (string, error) {
	hint := ""
	switch {
	case len(reason.Together) > 0:
		hint = "only " + limitHints(cmd, reason.Together, ", ")
	case len(reason.Alone) > 0:
		hint = limitHints(cmd, reason.Alone[:1], "")
	case reason.Cut:
		return "the reason is unknown: the search for it took too long", nil
	default:
		return n.unlinked(ctx, from, to)
	}
	names, err := n.quoted(ctx, []schema.ID{reason.Hops[0].From}, []schema.ID{reason.Hops[len(reason.Hops)-1].To})
	if err != nil {
		return "", err
	}
	hint += fmt.Sprintf(" there is a path of %s from %s to %s", phrase.Plural(len(reason.Hops), "hop"), names[0], names[1])
	switch last := len(reason.Together) - 1; {
	case last >= 0:
		hint += fmt.Sprintf("; with the other limits lifted, %s still excludes all paths", reason.Together[last])
	case len(reason.Alone) > 1:
		hint += "; there is also a path " + limitHints(cmd, reason.Alone[1:], ", or ")
	}
	return hint, nil
}

// isolated says for each end without edges how many facts name it.
func (n noPathExplainer) isolated(ctx context.Context, v *paths.View, ends []schema.ID) (string, error) {
	var said []string
	for _, id := range ends {
		if v.Has(id) {
			continue
		}
		facts := 0
		for _, err := range n.graph.Facts(ctx, graph.Filter{With: id}) {
			if err != nil {
				return "", err
			}
			facts++
		}
		name, err := n.renderer.Name(ctx, id)
		if err != nil {
			return "", err
		}
		switch facts {
		case 0:
			said = append(said, fmt.Sprintf("%q is declared but no fact names it", name))
		default:
			said = append(said, fmt.Sprintf("%q has no edge with another entity, though %s: entente timeline %[1]q lists them",
				name, phrase.Counted(facts, "fact names it", "facts name it")))
		}
	}
	return strings.Join(said, "; "), nil
}

// unlinked says that no path links the ends, and how many facts name both.
func (n noPathExplainer) unlinked(ctx context.Context, from, to []schema.ID) (string, error) {
	claims := 0
	for _, id := range from {
		for f, err := range n.graph.Facts(ctx, graph.Filter{With: id}) {
			if err != nil {
				return "", err
			}
			if slices.ContainsFunc(f.Roles, func(p schema.Participant) bool { return slices.Contains(to, p.ID) }) {
				claims++
			}
		}
	}
	hint := "no chain of asserted facts links them, of any status and length; paths do not pass through groups of people"
	if claims > 0 {
		hint += fmt.Sprintf("; %s: entente facts --about FROM --about TO lists them", phrase.Counted(claims, "fact names both and has no edge", "facts name both and have no edge"))
	}
	return hint, nil
}
