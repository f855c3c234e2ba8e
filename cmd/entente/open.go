package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// errInput is wrapped by errors of inputs that cannot be read as facts at all.
var errInput = errors.New("unreadable input")

type inputError struct{ error }

func (e inputError) Is(target error) bool { return target == errInput }
func (e inputError) Unwrap() error        { return e.error }

// vocabulary is the built-in one, with the user's verbs.
func (a *app) vocabulary() (*schema.Vocabulary, error) {
	v := schema.DefaultVocabulary()
	if a.config.Vocabulary == "" {
		return v, nil
	}
	data, err := os.ReadFile(a.config.Vocabulary)
	if err != nil {
		return nil, err
	}
	v, err = v.Extend(a.config.Vocabulary, data)
	if err != nil {
		return nil, inputError{err}
	}
	return v, nil
}

// checkSource wants one place where facts are.
func (a *app) checkSource() error {
	switch {
	case len(a.config.In) > 0 && a.config.Graph != "":
		return usagef("--in and --graph exclude each other")
	case len(a.config.In) == 0 && a.config.Graph == "":
		return usagef("say where the facts are: --in PATH or --graph DIR")
	}
	return nil
}

func notThere(dir string) error { return fmt.Errorf("%s: %w", dir, graph.ErrNoGraph) }

// withGraph calls fn with the graph that the flags name: that of --graph, or a
// temporary one of all inputs.
func (a *app) withGraph(ctx context.Context, fn func(*graph.Graph) error) (err error) {
	if err := a.checkSource(); err != nil {
		return err
	}
	v, err := a.vocabulary()
	if err != nil {
		return err
	}
	opts := &graph.Options{Vocabulary: v, ReadOnly: a.config.Graph != "", Wait: a.config.Wait}
	g, err := graph.Open(ctx, a.config.Graph, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	a.tellStale(g)
	if err := a.loadInputs(ctx, g); err != nil {
		return err
	}
	return fn(g)
}

// loadInputs fills a temporary graph.
func (a *app) loadInputs(ctx context.Context, g *graph.Graph) error {
	l := &loading{app: a, vocabulary: g.Vocabulary(), known: loaders.NewNames()}
	inputs, err := l.open(a.config.In)
	if err != nil {
		return err
	}
	for _, in := range inputs {
		o := l.options(in)
		report, err := g.Load(ctx, in.Dataset, l.records(ctx, in, o), o)
		if err = l.ended(report, elsewhere(err, in)); err != nil {
			return err
		}
		l.tell(in, report)
		if err := l.learnRestored(ctx, g, report); err != nil {
			return err
		}
	}
	return nil
}

// withWriter calls fn with the graph of --graph, open for writing.
func (a *app) withWriter(ctx context.Context, make bool, fn func(*graph.Graph) error) (err error) {
	if a.config.Graph == "" {
		return usagef("say which graph: --graph DIR")
	}
	there := graph.Exists(a.config.Graph)
	if !make && !there {
		return notThere(a.config.Graph)
	}
	v, err := a.vocabulary()
	if err != nil {
		return err
	}
	g, err := graph.Open(ctx, a.config.Graph, &graph.Options{Vocabulary: v, Wait: a.config.Wait, Memory: int64(a.config.Memory) << 20, AcceptLoss: a.acceptLoss})
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

// reading is a command that reads a graph and writes an answer.
func (a *app) reading(cmd *cobra.Command) *cobra.Command {
	a.sourceFlags(cmd)
	a.outputFlags(cmd)
	return cmd
}
