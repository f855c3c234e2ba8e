package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/deltas"
	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/cmd/entente/internal/rejects"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// maxShown is the largest number of rejected rows, and of notes, that are printed. The
// rest are counted.
const maxShown = 20

// loading is one run of the command load, which loads several inputs.
type loading struct {
	opener     *opener
	vocabulary *schema.Vocabulary
	with       []string          // datasets of the graph whose names the inputs may use
	own        []string          // datasets that the inputs become
	knowsAll   bool              // no other dataset of the graph has names that are unknown
	used       bool              // the names of the datasets of --with-all are already used
	places     map[string]string // where the graph has an unknown name: see elsewhere
	dataset    string            // name of the dataset; "" for the name of the input
	streams    bool              // the path - is the standard input
	format     string            // of the standard input; "" for what it looks like
	texts      *grounding.Texts  // of --text; nil without that flag
	from       string            // the format of the inputs; "" for what they look like
	sheet      string            // of workbooks; "" for the first
	contexts   rdf.Contexts
	strict     bool
	replace    bool             // also replace datasets from other places
	mapping    *mapping.Mapping // of --map FILE; nil for none
	rejects    *rejects.Set     // the files of --rejects; nil without that flag
	current    *loaders.Input   // the input that is loaded
	graph      *graph.Graph     // open for all inputs; nil if it is opened for each use
	groups     []deltas.Group   // the inputs with their deltas
	alone      bool             // deltas without a full file are read by themselves
	rejected   int              // rejected rows of the current input
	hint       string           // the last printed hint

	namesLeftOut bool                 // files of folders that are no inputs are named
	recognized   []loaders.Recognized // files of other programs that are not named yet

	named   *loaders.Input    // the input whose unfound fields are named
	without map[string]string // the keys of facts that lack a value in all its rows, with the field
	shown   map[string]bool   // fields that no row has, by which a shown problem is explained
	folded  int               // problems that are not shown, since they follow from such a field
}

func loadCommand(a *app) *cobra.Command {
	var dataset, rejects, from, sheet string
	var with, maps, texts []string
	var strict, replace bool
	cmd := &cobra.Command{
		Use:     "load PATH... --graph DIR",
		Short:   "Load facts into a graph, which is created if it does not exist",
		Long:    loadHelp(),
		GroupID: "data",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l := &loading{opener: a.opener(), dataset: dataset, with: with, strict: strict, replace: replace}
			args, err := l.inputs(cmd, args)
			if err != nil {
				return err
			}
			if err := l.readMaps(cmd, maps, from, sheet, texts); err != nil {
				return err
			}
			return l.run(cmd.Context(), a.output(cmd), args, rejects)
		},
	}
	f := cmd.Flags()
	f.StringVar(&dataset, "dataset", "", "`NAME` of the dataset (default: the file's or folder's name)")
	f.StringArrayVar(&with, "with", nil, "names and source keys may also be of this `DATASET` of the graph; repeatable")
	mapFlags(f, &maps, &from, &sheet)
	textFlag(f, &texts)
	fileFlags(f)
	settingFlag(f, "with-all")
	settingFlag(f, "max-errors")
	settingFlag(f, "memory")
	f.StringVar(&rejects, "rejects", "", "write every rejected row to `FILE`, in the format of the input; - for standard output")
	f.BoolVar(&strict, "strict-names", false, "reject an id that is made from a name, if another dataset has the same id")
	f.BoolVar(&replace, "replace", false, "replace a dataset of the same name even if it is from another path or was changed by hand")
	writerFlags(f)
	outputFlags(cmd)
	return cmd
}

func loadHelp() string {
	return `Load reads each file or folder as one dataset and stores it in the graph. If the
graph has a dataset of the same name, the new one replaces it. An input is loaded
completely or, if more rows are bad than --max-errors (0), not at all. If the graph already has the same input,
nothing changes. N-Quads that entente export wrote restore the exported datasets.

A dataset remembers the path of its input. It is not replaced by an input of the same
name from another path, unless --replace is set; to keep both, give one of them
another name with --dataset NAME. Symbolic links in paths are resolved. Paths are
stored relative to the graph's folder, so the folder can be moved together with its
inputs.

A load that would undo a change by entente add or entente remove is refused, and the
error names the changes; --replace undoes them.

Entities and documents are counted by the declarations of a dataset, without the
names that it uses from other datasets. Documents do not count as entities. An entity
that two datasets declare counts in both, but once in entente stats.

With --map, a mapping in YAML says what the fields of the inputs mean, which may be
CSV, JSON, JSON lines, YAML or XML of any shape: see entente help mapping. The load
says which fields the mapping leaves out.

Files of other programs are recognized, or chosen with --from: see entente help formats.
Their formats, each with a sample in the folder examples/formats of entente's source, which
entente load examples/formats/SAMPLE --graph DIR loads:

` + samplesOfFormats() + `
Deltas of FollowTheMoney change the input before them, as in load full.json monday.json, or
the dataset of the graph, as in load tuesday.json --dataset full.

Of an extraction by a model a fact is loaded only if the text of --text supports it.

A path may be a pattern in quotes, such as 'events/*.json': each file that matches is an
input. Of a folder, the files with a known extension are read, as one dataset; hidden files
are left out, and the load names the others that it leaves out. A link that leads out of
the folder is an error. Files may be compressed: .gz, .zst, or a .zip archive of one file.

The path - is the standard input. It has no name, so --dataset NAME is required. Its content
or --from shows its format, or else --format does: csv, tsv, json, jsonl, yaml, nquads, ttl.
The answer is then a table.

A name refers to an entity declared in the same input, in the inputs before it on the
command line, or in the datasets of --with. With --with-all it may be declared in any
other dataset of the graph. The same holds for the keys by which inputs cite sources.
"with: [people, places]" or "with-all: true" in entente.yaml make that the default; there,
datasets that the graph does not have yet are left out.

--memory counts all that the process has in memory: its heap, the program itself, and the
pages of files that are mapped. It is kept within a fifth from 256 on, unless the entities
and documents alone need more.`
}

// samplesOfFormats lists the formats of other programs with their samples.
func samplesOfFormats() string {
	var list strings.Builder
	for _, f := range foreign.Formats() {
		fmt.Fprintf(&list, "  %-15s %-30s %s\n", f.Name, f.Title, f.Sample)
	}
	return list.String()
}

func (l *loading) run(ctx context.Context, out *output.Writer, paths []string, name string) (failed error) {
	err := l.group(paths)
	if err != nil {
		return err
	}
	if l.vocabulary, err = l.opener.vocabulary(); err != nil {
		return err
	}
	if l.opener.config.Graph == "" {
		return usagef("--graph DIR is missing: the folder of the graph")
	}
	if err := l.checkDatasets(ctx); err != nil {
		return err
	}
	inputs, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer limitHeap(heapOf(l.opener.config.Memory))()
	if name != "" {
		end, err := l.openRejects(ctx, name, paths)
		if err != nil {
			return err
		}
		defer func() { failed = errors.Join(failed, end()) }()
	}
	t := &output.Answer{Columns: []string{"dataset", "result", "entities", "documents", "facts", "repeated", "rejected", "quads added", "removed", "statements", "read as", "sideless", "first sideless", "not given"},
		Hidden: []string{"sideless", "first sideless", "not given"}}
	for _, in := range inputs {
		l.own = append(l.own, in.Dataset)
	}
	for i, in := range inputs {
		l.current = in
		if err = l.loadInput(ctx, in, t, i == len(inputs)-1); err != nil {
			break
		}
	}
	if len(t.Rows) == 0 {
		return err
	}
	return errors.Join(out.Print(ctx, t), err)
}

// openRejects opens the file of --rejects. The returned function closes it.
func (l *loading) openRejects(ctx context.Context, name string, inputs []string) (end func() error, err error) {
	open := func(name string) (*output.Destination, error) {
		if slices.ContainsFunc(inputs, func(input string) bool { return includes(input, name) }) {
			return nil, usagef("--rejects %s is an input", name)
		}
		return output.Open(ctx, name, partOfGraph)
	}
	l.rejects = &rejects.Set{Name: name, Open: open}
	first, keep := bufio.NewWriter(l.opener.console.out), func() error { return nil }
	if name != "-" {
		d, err := open(name)
		if err != nil {
			return nil, err
		}
		first, keep = d.Writer, d.Keep
	}
	l.rejects.First = first
	return func() error {
		err := errors.Join(l.rejects.Close(), first.Flush(), keep())
		for _, note := range l.rejects.Notes() {
			l.opener.console.warn("%s", note)
		}
		return err
	}, nil
}

// loadInput loads one input into the graph, and adds rows about it. It reads the input
// before it opens the graph for writing, so that other processes may use the graph
// meanwhile.
func (l *loading) loadInput(ctx context.Context, in *loaders.Input, t *output.Answer, last bool) error {
	opts := l.options(ctx)
	same, err := l.prepare(ctx, in, opts)
	if err != nil {
		return err
	}
	if same != nil {
		if !last {
			err = graph.ReadNames(ctx, in)
		}
		addReport(t, *same, in)
		return err
	}
	s, err := graph.StageInput(ctx, in, opts)
	if err = l.summarizeRejected(s.Report(), err); err != nil {
		l.noteMapping(in)
		return err
	}
	defer s.Close()
	return l.opener.withWriter(ctx, true, func(g *graph.Graph) error {
		report, err := g.Commit(ctx, s)
		if err = l.summarizeRejected(report, replaceError(err, in)); err != nil {
			return err
		}
		l.printNotes(in, report)
		l.noteDeltas(in)
		l.noteMapping(in)
		l.noteRepeated(report)
		addReport(t, report, in)
		return nil
	})
}

// prepare prepares an input for the vocabulary and the names of the graph, if the graph
// exists. If the graph already has the same input, it returns a report without changes,
// else nil. An input that would replace a dataset from another path is an error.
func (l *loading) prepare(ctx context.Context, in *loaders.Input, opts *graph.LoadOptions) (same *graph.Report, err error) {
	if !graph.Exists(l.opener.config.Graph) {
		return nil, nil
	}
	err = l.withReader(ctx, func(g *graph.Graph) error {
		if err := l.useAll(ctx, g); err != nil {
			return err
		}
		opts.With = l.with
		loaded, err := g.PrepareInput(ctx, in, opts)
		if err != nil || !loaded {
			return replaceError(err, in)
		}
		edits, err := g.Edits(ctx, in.Dataset)
		if err != nil {
			return err
		}
		noteEdits(l.opener.console.warn, in, edits)
		same, err = unchangedReport(ctx, g, in.Dataset)
		return err
	})
	if errors.Is(err, graph.ErrNoGraph) {
		err = nil // another process discarded the graph while this one waited: the load creates it
	}
	l.with = nil // the next inputs share the names
	return same, err
}

// unchangedReport returns the report of an input that the graph already has, with the
// counts of its dataset.
func unchangedReport(ctx context.Context, g *graph.Graph, dataset string) (*graph.Report, error) {
	r := &graph.Report{Dataset: dataset, Unchanged: true}
	sets, err := g.Datasets(ctx)
	for _, s := range sets {
		if s.Name == dataset {
			r.Entities, r.Documents, r.Facts = s.Entities, s.Documents, s.Facts
		}
	}
	return r, err
}

// checkDatasets returns errors of the graph, and of the datasets of --with, before any input is
// opened.
func (l *loading) checkDatasets(ctx context.Context) error {
	err := l.withReader(ctx, func(g *graph.Graph) error { return g.CheckDatasets(ctx, l.with...) })
	if errors.Is(err, graph.ErrNoGraph) && len(l.with) == 0 {
		return nil
	}
	return err
}

// idList is a cell with ids: a list as JSON, else one text.
type idList []string

func (l idList) String() string { return strings.Join(l, "; ") }

// addReport adds a row for each dataset of the report of an input.
func addReport(t *output.Answer, r graph.Report, in *loaders.Input) {
	result := "loaded"
	if r.Unchanged {
		result = "unchanged"
	}
	if r.Empty {
		result = "empty"
	}
	if len(r.Restored) == 0 || r.Added+r.Removed+r.Rejected > 0 {
		t.Add(r.Dataset, result, r.Entities, r.Documents, r.Facts, r.Repeated, r.Rejected, r.Added, r.Removed, r.Statements, phrase.List(in.Formats()),
			r.Sideless, r.FirstSideless.String(), idList(toTexts(in.NotGiven)))
	}
	for _, restored := range r.Restored {
		addReport(t, restored, in)
	}
}

// withReader calls fn with the graph, open for reading.
func (l *loading) withReader(ctx context.Context, fn func(*graph.Graph) error) error {
	if l.graph != nil {
		return fn(l.graph)
	}
	g, err := graph.Open(ctx, l.opener.config.Graph, &graph.Options{Vocabulary: l.vocabulary, ReadOnly: true, Wait: l.opener.config.Wait})
	if err != nil {
		return err
	}
	if err = g.Stale(); err == nil || l.opener.config.AcceptLoss {
		err = fn(g)
	}
	return errors.Join(staleHint(err), g.Close())
}
