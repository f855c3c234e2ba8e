package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// warnStale warns where an answer may be that of before the last change.
func (o *opener) warnStale(g *graph.Graph) {
	err := g.Stale()
	if err == nil || o.console.errs == nil { // verify, in a child, reports a problem
		return
	}
	o.console.warn("%s: %v; this answers as before that change", o.config.Graph, err)
	fmt.Fprintln(o.console.errs, "  hint: "+rebuildHint)
}

const rebuildHint = "entente rebuild may find the change"

// staleHint says what to do about a graph that is not changed since it is stale.
func staleHint(err error) error {
	if !errors.Is(err, store.ErrStale) {
		return err
	}
	return schema.WithHint(err, func() string { return rebuildHint + "; --accept-loss gives it up" })
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
