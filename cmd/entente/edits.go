package main

import (
	"errors"
	"fmt"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// undoes explains the error of a load that would undo changes made by hand.
func undoes(err error, in *loaders.Input) error {
	e := (*graph.EditsError)(nil)
	if !errors.As(err, &e) {
		return err
	}
	return schema.WithHint(err, func() string {
		hint := fmt.Sprintf("load %s with --replace to undo these changes", shownPlace(in.Path))
		if !e.Carried {
			hint += "; to keep both, load it with --dataset NAME"
		}
		return hint
	})
}

// noteEdits says what was changed by hand in a dataset of which the input is loaded
// already.
func noteEdits(note func(string, ...any), in *loaders.Input, edits graph.Edits) {
	if edits.Len() > 0 {
		note("dataset %s was changed by hand since it was loaded: %v; load %s with --replace to undo that", in.Dataset, edits, shownPlace(in.Path))
	}
}

// noteUndone says which changes made by hand are gone with the dataset that had them.
func noteUndone(note func(string, ...any), report graph.Report) {
	for _, r := range append(report.Restored, report) {
		if r.Undone.Len() > 0 {
			note("what was changed in dataset %s by hand is undone: %v", r.Dataset, r.Undone)
		}
	}
}
