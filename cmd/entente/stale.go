package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// writerFlags are those of a command that changes the graph of --graph.
func (a *app) writerFlags(f *pflag.FlagSet) {
	a.graphFlags(f)
	f.BoolVar(&a.acceptLoss, "accept-loss", false, "change the graph also where its last change may be lost, and give that change up")
}

// tellStale warns where an answer may be that of before the last change.
func (a *app) tellStale(g *graph.Graph) {
	err := g.Stale()
	if a.stale = err != nil; !a.stale || a.errs == nil { // verify, in a child, reports a problem
		return
	}
	a.warn("%s: %v; this answers as before that change", a.config.Graph, err)
	fmt.Fprintln(a.errs, "  hint: "+rebuildHint)
}

const rebuildHint = "entente rebuild may find the change"

// staleHint says what to do about a graph that is not changed since it is stale.
func staleHint(err error) error {
	if !errors.Is(err, store.ErrStale) {
		return err
	}
	return schema.WithHint(err, func() string { return rebuildHint + "; --accept-loss gives it up" })
}

// checkStale opens the graph of a session for a moment, to say whether it is stale.
func (a *app) checkStale(ctx context.Context, s *session) error {
	g, err := graph.Open(ctx, s.dir, &graph.Options{Vocabulary: s.vocabulary, ReadOnly: true, Wait: a.config.Wait})
	if err != nil {
		return err
	}
	a.tellStale(g)
	return g.Close()
}

// staleJSON puts "stale": true first in an object, or in each object of a list.
func staleJSON(v any) (any, error) {
	body, err := encode(v)
	if err != nil {
		return nil, err
	}
	var items []json.RawMessage
	if json.Unmarshal(body, &items) != nil {
		return staleObject(body), nil
	}
	for i, item := range items {
		items[i] = staleObject(item)
	}
	return items, nil
}

func staleObject(body []byte) json.RawMessage {
	rest, ok := bytes.CutPrefix(bytes.TrimSpace(body), []byte("{"))
	switch rest = bytes.TrimSpace(rest); {
	case !ok:
		return body
	case bytes.HasPrefix(rest, []byte("}")):
		return json.RawMessage(`{"stale":true}`)
	}
	return append(json.RawMessage(`{"stale":true,`), rest...)
}
