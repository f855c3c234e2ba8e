package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/cmd/entente/internal/problems"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// checking is one run of the command check.
type checking struct {
	loading
	verbs   []string // the own verbs of the inputs so far
	list    *problems.List
	summary *problems.Summary
	reader  problems.Reader
	failed  error // of writing
	good    graph.Report
	quotes  grounding.Count // of --text
}

func checkCommand(a *app) *cobra.Command {
	var maps, with, texts []string
	var from, sheet string
	var dataset string
	var limit int
	cmd := &cobra.Command{
		Use:   "check PATH...",
		Short: "List all problems of files and folders, without loading them",
		Long: `Check reads files and folders as load does, and loads nothing. It lists every problem
of every row with its place and a hint, and groups them at the end: by kind, with the
number of rows, and the one change that would mend most. What only follows from another
problem is not listed. With --format json or jsonl each problem is an object with file,
line, column, kind, field, value, text and hint; the kinds are fixed words.

With --text DIR each quote must stand in the text of its document, in whole words: a
quote that does not is a problem with its place and the nearest passage of the text. The
text has the SHA-256 of the document, if it has one, or else the name of its key, id,
address or title: entente help formats. Quotes whose documents have no text are counted.

The path - is the standard input, with --dataset and --format as for entente load; the
answer is then text.

No graph is needed. With --graph and --with, or with --in, names may also refer to
entities of a graph or of other files. The exit code is 3 if there is any problem.`,
		Example: `  entente check meetings.csv people.yaml
  entente check talks.csv --in people.yaml --format jsonl
  entente check facts.yaml --text articles`,
		GroupID: "data",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 0 {
				return usagef("--limit %d is negative", limit)
			}
			c := &checking{loading: loading{opener: a.opener(), dataset: dataset, with: with}, summary: problems.NewSummary()}
			args, err := c.inputs(cmd, args)
			if err != nil {
				return err
			}
			if err := c.readMaps(cmd, maps, from, sheet, texts); err != nil {
				return err
			}
			if err := c.group(args); err != nil {
				return err
			}
			return c.run(cmd.Context(), a.output(cmd), limit)
		},
	}
	f := cmd.Flags()
	f.IntVar(&limit, "limit", 0, "list at most this `NUMBER` of problems, but count all; 0 for all")
	f.StringVar(&dataset, "dataset", "", "`NAME` of the dataset (default: the file's or folder's name)")
	f.StringArrayVar(&with, "with", nil, "names and source keys may also be of this `DATASET` of the graph; repeatable")
	settingFlag(f, "with-all")
	mapFlags(f, &maps, &from, &sheet)
	textFlag(f, &texts)
	return reading(cmd)
}

func (c *checking) run(ctx context.Context, out *output.Writer, limit int) (err error) {
	if c.vocabulary, err = c.opener.vocabulary(); err != nil {
		return err
	}
	if len(c.opener.config.In) > 0 || c.opener.config.Graph != "" && (len(c.with) > 0 || graph.Exists(c.opener.config.Graph)) {
		return c.opener.withGraph(ctx, func(g *graph.Graph) error { return c.write(ctx, g, out, limit) })
	}
	if len(c.with) > 0 {
		return usagef("--with needs the graph of --graph DIR")
	}
	return c.write(ctx, nil, out, limit)
}

// write writes all problems and, for people, the summary. The graph may be nil.
func (c *checking) write(ctx context.Context, g *graph.Graph, out *output.Writer, limit int) error {
	err := out.Write(ctx, func(w io.Writer) error {
		c.list = problems.NewList(out, w, limit)
		if err := c.list.Begin(); err != nil {
			return err
		}
		if err := c.checkAll(ctx, g); err != nil {
			return err
		}
		if err := errors.Join(c.failed, c.list.End()); err != nil || out.Format != "table" {
			return err
		}
		return c.writeSummary(w)
	})
	if err != nil {
		return err
	}
	if c.texts != nil {
		for _, line := range quoteNotes(&c.quotes) {
			out.Note("%s", line)
		}
	}
	if c.list.Omitted > 0 {
		out.Note("%s not listed: --limit %d", phrase.Plural(c.list.Omitted, "more problem"), limit)
	}
	if c.summary.Problems == 0 {
		return nil
	}
	if out.Format != "table" {
		for _, line := range c.summary.Lines() {
			out.Note("%s", line)
		}
	}
	return inputError{errors.New(c.summary.Total())}
}

func (c *checking) writeSummary(w io.Writer) error {
	r := c.good
	lines := c.summary.Lines()
	if len(lines) > 0 {
		lines = append([]string{""}, lines...)
	}
	if c.summary.Problems == 0 {
		lines = append(lines, fmt.Sprintf("no problems: %s, %s, %s", phrase.Plural(r.Facts, "fact"),
			phrase.Counted(r.Entities, "entity", "entities"), phrase.Plural(r.Documents, "document")))
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, render.Clean(line)); err != nil {
			return err
		}
	}
	return nil
}

// checkAll checks each input. An input may use the names of the inputs before it.
func (c *checking) checkAll(ctx context.Context, g *graph.Graph) error {
	c.alone = g == nil || c.dataset == ""
	if c.graph = g; g != nil {
		if err := g.CheckDatasets(ctx, c.with...); err != nil {
			return err
		}
	}
	known := loaders.NewNames()
	var inputs []*loaders.Input
	for _, group := range c.groups {
		path := cmp.Or(group.Path, append(group.Deltas, "")[0])
		in, err := c.openGroup(ctx, group, &loaders.Options{Vocabulary: c.vocabulary, Known: known, Dataset: c.dataset, Mapping: c.mapping,
			Dates: c.opener.config.Dates, Encoding: c.opener.config.Encoding, HoldsQuotes: c.texts != nil, OnUnreadable: func(err error) { c.add(ctx, err, path, true) }})
		if err != nil {
			c.add(ctx, err, path, true)
			continue
		}
		inputs, c.own = append(inputs, in), append(c.own, in.Dataset)
	}
	c.noteRecognized()
	if err := c.addKnown(ctx, g, known); err != nil {
		return err
	}
	for _, in := range inputs {
		if err := c.prepareVerbs(ctx, in); err != nil {
			return err
		}
		if err := c.check(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// prepareVerbs sets the vocabulary of an input: the one of the graph, and the verbs of the
// inputs before it.
func (c *checking) prepareVerbs(ctx context.Context, in *loaders.Input) (err error) {
	v := c.vocabulary
	if c.graph != nil {
		if v, err = graph.VocabularyFor(ctx, c.graph, in.Dataset); err != nil {
			return err
		}
	}
	for _, text := range c.verbs {
		if v, err = v.Extend("an input before "+in.Path, []byte(text)); err != nil {
			return err
		}
	}
	if err := in.Prepare(v, nil); err != nil {
		return err
	}
	for _, text := range in.Source().Vocabulary.Extensions() {
		if schema.VerbsOwner(text) == in.Dataset {
			c.verbs = append(c.verbs, text)
		}
	}
	return nil
}

// addKnown adds the names of the datasets of --with or, for --in, of all inputs.
func (c *checking) addKnown(ctx context.Context, g *graph.Graph, known *loaders.Names) error {
	if g == nil {
		return nil
	}
	if err := c.useAll(ctx, g); err != nil || len(c.with) == 0 && len(c.opener.config.In) == 0 {
		return err
	}
	for e, err := range g.Entities(ctx, c.with...) {
		if err != nil {
			return err
		}
		known.Add(e)
	}
	return c.addKnownKeys(ctx, g, known)
}

// addKnownKeys adds the keys of the sources of the same datasets.
func (c *checking) addKnownKeys(ctx context.Context, g *graph.Graph, known *loaders.Names) error {
	datasets := c.with
	if len(datasets) == 0 {
		sets, err := g.Datasets(ctx)
		if err != nil {
			return err
		}
		for _, s := range sets {
			datasets = append(datasets, s.Name)
		}
	}
	keys, err := graph.SourceKeys(ctx, g, datasets...)
	for _, k := range keys {
		known.AddSource(k.Key, k.Document)
	}
	return err
}

// check reads one input, and adds its problems. It returns only errors that are not
// problems of the input.
func (c *checking) check(ctx context.Context, in *loaders.Input) error {
	opts := c.options(ctx)
	opts.MaxErrors, opts.With, opts.OnReject = -1, nil, func(err error) { c.add(ctx, err, in.Path, false) }
	c.current = in
	s, err := graph.StageInput(ctx, in, opts)
	c.quotes.AddAll(in.Quotes)
	if c.texts != nil && in.Source().IsText {
		c.opener.console.warn("%s: the quotes of N-Quads are not held to texts: load them, and use entente verify --text", shownPlace(in.Path))
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, graph.ErrDatasetName):
		return err
	case errors.Is(err, loaders.ErrInput):
		c.add(ctx, err, in.Path, true)
	case err != nil:
		return err
	default:
		r := s.Report()
		c.good.Facts, c.good.Entities, c.good.Documents = c.good.Facts+r.Facts, c.good.Entities+r.Entities, c.good.Documents+r.Documents
		s.Close()
	}
	c.noteMapping(in)
	if !c.alone {
		c.noteDeltas(in)
	}
	c.noteFolded()
	return nil
}

// add lists the problems of a row, or of a file that cannot be read.
func (c *checking) add(ctx context.Context, err error, path string, isFile bool) {
	all := c.reader.Of(err, path)
	for i, p := range loaders.Problems(err) {
		if c.graph != nil && i < len(all) {
			all[i].Hint = cmp.Or(c.elsewhere(ctx, p, func(fn func(*graph.Graph) error) error { return fn(c.graph) }), all[i].Hint)
		}
	}
	if all[0].Kind == schema.RejectedReference {
		c.summary.Consequences++
		return
	}
	c.summary.Add(all, isFile)
	if !isFile {
		c.noteUnfound(c.current)
	}
	row := loaders.Problems(err)
	c.countRefused(row)
	for i, p := range all {
		switch {
		case c.failed != nil:
		case c.list.IsText() && i < len(row) && c.isRepeated(row[i].Err):
			c.folded++
		default:
			c.failed = c.list.Add(p)
		}
	}
}

// countRefused counts the quote of a fact of an extraction that its text does not support.
// Other quotes are counted by the loader.
func (c *checking) countRefused(row []*loaders.RowError) {
	held := grounding.Held{}
	for _, p := range row {
		problem := grounding.Problem{}
		isExtraction := func(r loaders.Recognized) bool { return r.Path == p.Pos.File && r.Format.Grounded != nil }
		if c.texts == nil || c.current == nil || !errors.As(p.Err, &problem) || problem.IsAboutText() || !slices.ContainsFunc(c.current.Recognized, isExtraction) {
			continue
		}
		if held.Outcome == "" {
			held.Outcome = grounding.Stands
		}
		if problem.Rule == grounding.QuoteNotFound || problem.Rule == grounding.QuoteCutsWord {
			held.Outcome = grounding.NotFound
		}
	}
	if held.Outcome != "" {
		c.quotes.Add(held)
	}
}
