package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/deltas"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// inputError is an error of a file that the user named, as the errors of package
// loaders are.
type inputError struct{ error }

func (e inputError) Is(target error) bool { return target == loaders.ErrInput }
func (e inputError) Unwrap() error        { return e.error }

// expand replaces each pattern that names no file by the files that match it, in order, as
// a shell does. Hidden files match no asterisk.
func expand(paths []string) (all []string, err error) {
	for _, path := range paths {
		if _, err := os.Lstat(path); path == "-" || err == nil || !strings.ContainsAny(path, "*?[") {
			all = append(all, path)
			continue
		}
		found, err := filepath.Glob(path)
		found = slices.DeleteFunc(found, func(name string) bool {
			return strings.HasPrefix(filepath.Base(name), ".") && !strings.HasPrefix(filepath.Base(path), ".")
		})
		switch {
		case err != nil:
			return nil, inputError{fmt.Errorf("%s: not a pattern of names: a bracket is not closed", path)}
		case len(found) == 0:
			return nil, inputError{fmt.Errorf("%s: no file matches", path)}
		}
		all = append(all, found...)
	}
	return all, nil
}

// inputs returns the paths of a command that reads files as datasets: its arguments,
// without patterns. It checks what the flags say of the standard input.
func (l *loading) inputs(cmd *cobra.Command, args []string) ([]string, error) {
	paths, err := expand(args)
	if err != nil {
		return nil, err
	}
	if l.namesLeftOut = true; !readsStandardInput(cmd) {
		return paths, nil
	}
	if l.dataset == "" {
		return nil, usagef("the standard input has no name for its dataset: --dataset NAME is missing")
	}
	if l.streams = true; changed(cmd, "format") {
		l.format, err = cmd.Flags().GetString("format")
	}
	return paths, err
}

// partsFor returns the parts of the dataset of the graph that a delta changes.
func (l *loading) partsFor(ctx context.Context, delta string) (parts []schema.Part, err error) {
	hint := fmt.Sprintf("name the full file before it, or with --dataset NAME the dataset of the graph that it changes: entente load FULL %s", delta)
	if l.dataset == "" {
		return nil, schema.WithHint(usagef("%s is a delta, which changes a dataset", delta), func() string { return hint })
	}
	err = l.withReader(ctx, func(g *graph.Graph) error {
		parts, err = graph.Parts(ctx, g, l.dataset)
		return err
	})
	if err != nil {
		return nil, schema.WithHint(fmt.Errorf("%s is a delta: %w", delta, err), func() string { return hint })
	}
	for i := range parts {
		parts[i].Path = shownPlace(parts[i].Path)
	}
	return parts, nil
}

// noteDeltas says what the deltas of an input did.
func (l *loading) noteDeltas(in *loaders.Input) {
	for _, g := range l.groups {
		if g.Path == in.Path || g.Path == "" {
			for _, note := range deltas.Notes(g, in) {
				l.opener.console.warn("%s", note)
			}
		}
	}
}

// opener opens the graph that the configuration names.
type opener struct {
	config  config
	console *console
}

// vocabulary returns the built-in vocabulary, extended by the file of --vocabulary.
func (o *opener) vocabulary() (*schema.Vocabulary, error) {
	v := schema.DefaultVocabulary()
	if o.config.Vocabulary == "" {
		return v, nil
	}
	data, err := os.ReadFile(o.config.Vocabulary)
	if err != nil {
		return nil, err
	}
	v, err = v.Extend(o.config.Vocabulary, data)
	if err != nil {
		return nil, inputError{err}
	}
	return v, nil
}

// checkSource returns an error unless exactly one of --in and --graph is set.
func (o *opener) checkSource() error {
	switch {
	case len(o.config.In) > 0 && o.config.Graph != "":
		return usagef("--in and --graph cannot be used together")
	case len(o.config.In) == 0 && o.config.Graph == "":
		return usagef("the source of the facts is missing: --in PATH or --graph DIR")
	}
	return nil
}

func noGraphError(dir string) error { return fmt.Errorf("%s: %w", dir, graph.ErrNoGraph) }

// withGraph calls fn with the graph of --graph, or with a temporary graph of the
// inputs of --in.
func (o *opener) withGraph(ctx context.Context, fn func(*graph.Graph) error) (err error) {
	if err := o.checkSource(); err != nil {
		return err
	}
	v, err := o.vocabulary()
	if err != nil {
		return err
	}
	opts := &graph.Options{Vocabulary: v, ReadOnly: o.config.Graph != "", Wait: o.config.Wait}
	g, err := graph.Open(ctx, o.config.Graph, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	o.warnStale(g)
	if err := o.loadInputs(ctx, g); err != nil {
		return err
	}
	if o.config.Reviewed {
		return o.withReviewed(ctx, g, fn)
	}
	return fn(g)
}

// withReviewed calls fn with a graph without evidence that no person has accepted: a
// temporary copy, unless all evidence is reviewed or the graph is of inputs.
func (o *opener) withReviewed(ctx context.Context, g *graph.Graph, fn func(*graph.Graph) error) (err error) {
	unreviewed, err := graph.ListUnreviewed(ctx, g)
	if err != nil {
		return err
	}
	if len(unreviewed) > 0 && o.config.Graph != "" {
		if g, err = graph.Copy(ctx, g, nil); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, g.Close()) }()
	}
	if err := o.removeUnreviewed(ctx, g); err != nil {
		return err
	}
	return fn(g)
}

// removeUnreviewed removes evidence that no person has accepted from a temporary graph.
func (o *opener) removeUnreviewed(ctx context.Context, g *graph.Graph) error {
	facts, evidence, err := graph.RemoveUnreviewed(ctx, g)
	if err == nil && evidence > 0 {
		o.console.warn("left out what nobody has accepted: %s and %s", phrase.Plural(facts, "fact"),
			phrase.Counted(evidence, "piece of evidence", "pieces of evidence"))
	}
	return err
}

// loadInputs loads the inputs of --in into a temporary graph.
func (o *opener) loadInputs(ctx context.Context, g *graph.Graph) error {
	l := &loading{opener: o, vocabulary: g.Vocabulary()}
	if err := l.group(o.config.In); err != nil {
		return err
	}
	inputs, err := l.open(ctx)
	if err != nil {
		return err
	}
	for _, in := range inputs {
		report, err := g.LoadInput(ctx, in, l.options(ctx))
		if err = l.summarizeRejected(report, replaceError(err, in)); err != nil {
			return err
		}
		l.printNotes(in, report)
	}
	return nil
}

// withWriter calls fn with the graph of --graph, open for writing. If make is true, a
// missing graph is created, and removed again if fn fails.
func (o *opener) withWriter(ctx context.Context, make bool, fn func(*graph.Graph) error) (err error) {
	if o.config.Graph == "" {
		return usagef("--graph DIR is missing: the folder of the graph")
	}
	there := graph.Exists(o.config.Graph)
	if !make && !there {
		return noGraphError(o.config.Graph)
	}
	v, err := o.vocabulary()
	if err != nil {
		return err
	}
	g, err := graph.Open(ctx, o.config.Graph, &graph.Options{Vocabulary: v, Wait: o.config.Wait, Memory: int64(o.config.Memory) << 19, AcceptLoss: o.config.AcceptLoss})
	if err != nil {
		return staleHint(err)
	}
	defer func() {
		if err != nil && !there {
			err = errors.Join(err, g.Discard(ctx))
			return
		}
		err = errors.Join(err, g.Close())
	}()
	return fn(g)
}

// warnStale warns if the graph may lack its last change.
func (o *opener) warnStale(g *graph.Graph) {
	err := g.Stale()
	if err == nil || o.console.errs == nil { // verify in a child reports it as a problem
		return
	}
	o.console.warn("%s: %v; this answer is from the state before that change", o.config.Graph, err)
	fmt.Fprintln(o.console.errs, "  hint: "+rebuildHint)
}

const rebuildHint = "entente rebuild may recover the change"

// staleHint adds a hint to [graph.ErrStale].
func staleHint(err error) error {
	if !errors.Is(err, graph.ErrStale) {
		return err
	}
	return schema.WithHint(err, func() string { return rebuildHint + "; --accept-loss gives it up" })
}

// completionTime is how long completion in a user's shell waits for a graph.
const completionTime = 2 * time.Second

// partialLine is the host of completion.Register: it opens the graph that a partly
// typed command line names.
type partialLine struct{ console *console }

func (p partialLine) WithGraph(cmd *cobra.Command, fn func(context.Context, *graph.Graph) error) {
	_, config, err := readSettings(cmd)
	if err != nil {
		return
	}
	config.Wait = min(config.Wait, completionTime)
	slices.Sort(config.In)
	config.In = slices.Compact(config.In) // Cobra reads the flags twice
	ctx, cancel := context.WithTimeout(context.Background(), completionTime)
	defer cancel()
	_ = (&opener{config, p.console}).withGraph(ctx, func(g *graph.Graph) error { return fn(ctx, g) })
}

// Vocabulary does not load the inputs of --in: that would take too long.
func (p partialLine) Vocabulary(cmd *cobra.Command) (v *schema.Vocabulary) {
	_, config, err := readSettings(cmd)
	if err != nil {
		return schema.DefaultVocabulary()
	}
	if config.Graph != "" {
		p.WithGraph(cmd, func(_ context.Context, g *graph.Graph) error {
			v = g.Vocabulary()
			return nil
		})
	}
	if v == nil {
		v, _ = (&opener{config, p.console}).vocabulary()
	}
	if v == nil {
		v = schema.DefaultVocabulary()
	}
	return v
}

func (p partialLine) Formats(cmd *cobra.Command) []string { return formatsOf(cmd) }
