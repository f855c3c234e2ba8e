package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// drawFlags are the flags of the command draw.
type drawFlags struct {
	selectionFlags
	timeline, connect []string
	theme, groupBy    string
	layout, title     string
	top, pixels       int
}

func drawCommand(a *app) *cobra.Command {
	flags := &drawFlags{}
	cmd := &cobra.Command{
		Use:   "draw [-o FILE] [--path FROM TO]",
		Short: "Draw paths, neighbours, timelines and networks as SVG, PNG or PDF",
		Long: `Draw makes a picture, in the format of --format, or else in the format that the
extension of FILE names, or as SVG. It draws the whole graph, or the facts that
conditions such as --verb, --about and --query select, as a network; or what one of these
flags asks for:

  --path FROM TO    the path that entente path shows first, or with --paths N the first
                    N: hops from left to right, with the dates and sources of each
  --around NAME     the entities within --hops of an entity (2 if not set), on rings
                    around it, grouped by country or institution (--group-by)
  --timeline NAME   the facts of an entity along an axis of time; repeated, one lane for
                    each entity
  --connect NAME    with two names or more: the tree that entente connect shows

With --layout, --path and --around are drawn as networks too: all facts that link two of
their entities. A network has at most 300 entities and links; --top N draws the N
entities with most neighbours.

Several facts between two entities are one line, with the most telling fact and a count.
A dashed line is not established: planned, refused, cancelled, denied, doubted or
hearsay. What at least one source denies has another colour. The picture says both in
words, too. It has a legend, numbered sources, and the command that makes it again. The
page entente help drawings explains it.

As in near and path, pictures other than timelines show facts that happened and that at
least one source asserts, unless --status or --standing is set.`,
		GroupID: "data",
		Args:    cobra.ArbitraryArgs, // the flags check them
		Example: `  entente draw --path "Xie Feng" "Li Shangfu" -o path.svg --in examples/us-china-2023
  entente draw --around "Xie Feng" --hops 1 -o around.pdf --in examples/us-china-2023
  entente draw --timeline "Li Shangfu" --timeline "Lloyd Austin" -o time.png --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := drawFormat(cmd)
			if err == nil {
				err = flags.check(args)
			}
			if err != nil {
				return err
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				return flags.withDrawing(cmd.Context(), a, g, args, func(d *draw.Drawing) error {
					return writeDrawing(cmd.Context(), a, out, d, format)
				})
			})
		},
	}
	flags.register(cmd)
	flags.registerDrawing(cmd)
	sourceFlags(cmd)
	reviewedFlag(cmd)
	return cmd
}

func (f *drawFlags) registerDrawing(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVar(&f.timeline, "timeline", nil, "a timeline of the facts of this `ENTITY`; repeatable")
	flags.StringArrayVar(&f.connect, "connect", nil, "the tree of paths that connects this `ENTITY` with the others; repeatable")
	flags.StringVar(&f.theme, "theme", string(draw.Light), "colours: "+phrase.List(draw.Themes())+" (light or dark as the reader of an SVG prefers)")
	flags.StringVar(&f.groupBy, "group-by", string(draw.ByCountry), "with --around: what entities are grouped by, "+phrase.List(draw.Groupings()))
	flags.StringVar(&f.layout, "layout", "", "draw a network in this `LAYOUT`: "+phrase.List(draw.Layouts()))
	flags.IntVar(&f.top, "top", 0, "draw at most `N` entities: around another one, the nearest and best connected; of a network, those with most neighbours; of a timeline, the first N facts")
	flags.IntVar(&f.pixels, "pixels", 0, "the width in `PIXELS` in which the picture should fit, if it can")
	flags.StringVar(&f.title, "title", "", "the `TITLE` of the picture")
	flags.String("format", "", "`FORMAT` to write: "+phrase.List(drawFormats())+"; default: the format that the extension of --output names, or svg")
	flags.StringP("output", "o", "", "write the picture to `FILE`")
}

// drawFormats returns the formats of pictures.
func drawFormats() []string { return []string{"svg", "png", "pdf"} }

// drawFormat returns the format of --format, or of the extension of --output.
func drawFormat(cmd *cobra.Command) (string, error) {
	format, _ := cmd.Flags().GetString("format")
	file, _ := cmd.Flags().GetString("output")
	extension := strings.ToLower(strings.TrimPrefix(filepath.Ext(file), "."))
	switch {
	case format != "" || changed(cmd, "format"):
		if !slices.Contains(drawFormats(), format) {
			return "", usagef("unknown format %q: want one of %s", format, phrase.List(drawFormats()))
		}
		return format, nil
	case extension == "" || file == "-":
		return "svg", nil
	case !slices.Contains(drawFormats(), extension):
		return "", usagef("the extension .%s names no format: --format is one of %s", extension, phrase.List(drawFormats()))
	}
	return extension, nil
}

// check returns a usage error for flags and arguments that make no sense together.
func (f *drawFlags) check(args []string) error {
	ways := f.changed("path", "around", "timeline", "connect", "query", "query-file")
	switch {
	case len(ways) > 1:
		return usagef("%s and %s cannot be used together", ways[0], ways[1])
	case len(f.connect) == 1:
		return usagef("--connect needs two names or more: repeat it")
	case len(f.around) > 1 && f.layout == "":
		return usagef("--around draws one entity on rings, but got %d: --layout springs draws their network", len(f.around))
	case f.top < 0 || f.pixels < 0:
		return usagef("--top %d and --pixels %d: want 0 or more", f.top, f.pixels)
	case changed(f.cmd, "group-by") && (len(f.around) == 0 || f.layout != ""):
		return usagef("--group-by needs --around, without --layout")
	case changed(f.cmd, "top") && len(f.connect)+len(f.from) > 0 && f.layout == "":
		return usagef("--top and %s cannot be used together", ways[0])
	case changed(f.cmd, "layout") && len(f.timeline)+len(f.connect) > 0:
		return usagef("%s and --layout cannot be used together", ways[0])
	}
	if err := f.checkWords(); err != nil {
		return err
	}
	if len(f.connect) > 0 {
		return f.checkConnect(args)
	}
	return f.selectionFlags.check(args)
}

// checkWords checks the flags whose values are known words.
func (f *drawFlags) checkWords() error {
	switch {
	case !slices.Contains(draw.Themes(), draw.Theme(f.theme)):
		return usagef("unknown theme %q: want one of %s", f.theme, phrase.List(draw.Themes()))
	case !slices.Contains(draw.Groupings(), draw.Grouping(f.groupBy)):
		return usagef("unknown grouping %q: want one of %s", f.groupBy, phrase.List(draw.Groupings()))
	case f.layout != "" && !slices.Contains(draw.Layouts(), draw.Layout(f.layout)):
		return usagef("unknown layout %q: want one of %s", f.layout, phrase.List(draw.Layouts()))
	}
	return nil
}

// checkConnect checks the flags that go with --connect.
func (f *drawFlags) checkConnect(args []string) error {
	if wrong := f.changed("paths", "all-facts", "direction", "about", "about-only"); len(wrong) > 0 {
		return usagef("%s and --connect cannot be used together", wrong[0])
	}
	if len(args) > 0 {
		return usagef("draw has no arguments, but got %s", phrase.Plural(len(args), "argument"))
	}
	return nil
}

// options returns the options of a drawing, with the command that makes it again.
func (f *drawFlags) options(args []string) draw.Options {
	return draw.Options{
		Theme: draw.Theme(f.theme), Width: float64(f.pixels), Title: f.title, Top: f.top, GroupBy: draw.Grouping(f.groupBy), Layout: draw.Layout(f.layout), AllFacts: f.allFacts,
		Notes: []string{f.repeating(args)},
	}
}

// withDrawing calls fn with the picture that the flags ask for.
func (f *drawFlags) withDrawing(ctx context.Context, a *app, g *graph.Graph, args []string, fn func(*draw.Drawing) error) error {
	o := f.options(args)
	call := func(d *draw.Drawing, err error) error {
		if err != nil {
			return err
		}
		return fn(d)
	}
	switch {
	case len(f.timeline) > 0:
		return call(f.drawTimeline(ctx, a, g, o))
	case len(f.connect) > 0:
		return f.withTree(ctx, a, g, func(finder *paths.Finder, t paths.Tree, ids []schema.ID) error {
			return call(draw.Tree(ctx, finder.Graph(), t, ids, o))
		})
	}
	return f.withSelection(ctx, a, g, args, func(s selected) error {
		o.Notes = append(slices.Clone(s.left), o.Notes...)
		if len(f.from)+len(f.around) == 0 || f.layout != "" {
			return call(drawNetwork(ctx, s, o))
		}
		if len(f.from) > 0 {
			if err := f.addAllFacts(ctx, s); err != nil {
				return err
			}
			return call(draw.Paths(ctx, s.finder.Graph(), s.paths, o))
		}
		d, err := draw.Around(ctx, s.finder, s.centres[0], s.query, o)
		return call(d, hintAtTop(err))
	})
}

// footNotes returns a function that writes a note at the foot of a picture, before the
// command that makes it again.
func footNotes(o *draw.Options) func(string, ...any) {
	return func(format string, args ...any) {
		o.Notes = slices.Insert(o.Notes, len(o.Notes)-1, footNote(fmt.Sprintf(format, args...)))
	}
}

// addAllFacts adds to each hop of the selected paths what --all-facts includes.
func (f *drawFlags) addAllFacts(ctx context.Context, s selected) (err error) {
	for _, p := range s.paths {
		for i := range p.Hops {
			if f.allFacts && err == nil {
				p.Hops[i], err = draw.WithAllFacts(ctx, s.finder, p.Hops[i])
			}
		}
	}
	return err
}

// drawNetwork draws the facts of a selection as a network.
func drawNetwork(ctx context.Context, s selected, o draw.Options) (*draw.Drawing, error) {
	var filter graph.Filter
	if s.Filter != nil {
		filter = *s.Filter
	}
	var facts []schema.Fact
	for _, id := range s.Facts {
		f, err := s.Graph.Fact(ctx, id)
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	if s.Facts == nil {
		var err error
		if facts, err = s.Graph.Timeline(ctx, filter); err != nil {
			return nil, err
		}
	}
	if s.omitted != nil {
		s.omitted.note(footNotes(&o))
	}
	var among []schema.ID
	if s.Closed {
		among = s.Entities
	}
	d, err := draw.Network(ctx, s.Graph, facts, among, o)
	return d, hintAtTop(err)
}

// hintAtTop adds to the error of a drawing that is too large what makes it smaller.
func hintAtTop(err error) error {
	if !errors.Is(err, draw.ErrTooLarge) {
		return err
	}
	return schema.WithHint(usage(err), func() string {
		return "--top N draws the N entities with most neighbours, --around NAME --hops 1 the neighbours of one; entente export writes formats for Gephi and other programs"
	})
}

// drawTimeline draws the facts of the entities of --timeline.
func (f *drawFlags) drawTimeline(ctx context.Context, a *app, g *graph.Graph, o draw.Options) (*draw.Drawing, error) {
	ids, err := resolveDistinct(ctx, g, f.timeline)
	if err != nil {
		return nil, err
	}
	filter, err := f.filter(ctx, g)
	if err != nil {
		return nil, err
	}
	omitted := countOmissions(&filter)
	var facts []schema.Fact
	seen := make(map[schema.ID]bool)
	for _, id := range ids {
		filter.With = id
		for fact, err := range g.Facts(ctx, filter) {
			if err != nil {
				return nil, err
			}
			if !seen[fact.ID] {
				seen[fact.ID] = true
				facts = append(facts, fact)
			}
		}
	}
	omitted.note(a.console.warn)
	omitted.note(footNotes(&o))
	if err := graph.SortByTime(g.Vocabulary(), facts); err != nil {
		return nil, err
	}
	return draw.Timeline(ctx, g, ids, facts, o)
}

// withTree calls fn with the tree that connects the entities of --connect.
func (f *drawFlags) withTree(ctx context.Context, a *app, g *graph.Graph, fn func(*paths.Finder, paths.Tree, []schema.ID) error) error {
	q, err := f.query(ctx, g)
	if err != nil {
		return err
	}
	q.Hops, q.Rank = a.config.Hops, paths.Rank(f.rank)
	ids, err := resolveDistinct(ctx, g, f.connect)
	if err != nil {
		return err
	}
	finder, err := paths.Open(ctx, g)
	if err != nil {
		return err
	}
	defer finder.Close()
	tree, err := finder.Connect(ctx, ids, q)
	if err != nil {
		return err
	}
	if len(tree.Hops) == 0 {
		t := newPathAnswer(finder.Graph(), false, nil)
		return noPathError(ctx, f.cmd, finder.View, noPathExplainer{t.graph, t.renderer}, ids[:1], ids[1:], q, nil)
	}
	return fn(finder, tree, ids)
}

// writeDrawing writes a picture, and says which texts a PNG or a PDF cannot show.
func writeDrawing(ctx context.Context, a *app, out *output.Writer, d *draw.Drawing, format string) error {
	write := map[string]func(io.Writer) error{"svg": d.SVG, "png": d.PNG, "pdf": d.PDF}[format]
	if file, ok := a.console.out.(*os.File); ok && format != "svg" && out.File == "" && term.IsTerminal(int(file.Fd())) {
		return usagef("a terminal shows no %s: -o FILE writes it to a file", strings.ToUpper(format))
	}
	if err := out.Write(ctx, write); err != nil || format == "svg" {
		return err
	}
	if points := d.LettersOnA4(); format == "pdf" && points < smallestLetters {
		out.Note("on A4 its letters are %.1f points: %s has larger ones, and --top, --hops or conditions make a smaller picture", points, paper(points))
	}
	lost, err := d.Unprintable()
	if len(lost) > 0 {
		quoted := fmt.Sprintf("%q", lost[:min(3, len(lost))])
		out.Note("no font on this machine has all characters of %s: the %s has boxes in their place, and an SVG has the text", strings.Trim(quoted, "[]"), strings.ToUpper(format))
	}
	return err
}

// smallestLetters is the size of letters, in points, that people read on paper.
const smallestLetters = 4.5

// paper returns the smallest sheet on which letters of a size on A4 can be read.
func paper(onA4 float64) string {
	for i := 3; i > 0; i-- {
		if onA4 *= math.Sqrt2; onA4 >= smallestLetters {
			return fmt.Sprintf("A%d", i)
		}
	}
	return "A0"
}
