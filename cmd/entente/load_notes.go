package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// printNotes prints the notes of a report.
func (l *loading) printNotes(in *loaders.Input, report graph.Report) {
	var notes []string
	if report.Empty {
		notes = append(notes, in.Path+" is empty")
	}
	for _, r := range append(report.Restored, report) {
		notes = append(notes, notesOf(r)...)
	}
	for i, note := range notes {
		if i == maxShown {
			l.opener.console.warn("%s not shown", phrase.Plural(len(notes)-maxShown, "more note"))
			break
		}
		l.opener.console.warn("%s", note)
	}
	noteUndone(l.opener.console.warn, report)
	noteDangling(l.opener.console.warn, report)
}

func notesOf(report graph.Report) (notes []string) {
	if n := report.Sideless; n > 0 {
		notes = append(notes, fmt.Sprintf("%s more than two parties without sides, so each party gets an edge with each other party; the first is at %v. "+
			"If there were two sides, write them as in: A and B negotiated with C and D", phrase.Counted(n, "fact has", "facts have"), report.FirstSideless))
	}
	if len(report.ByName) > 0 {
		notes = append(notes, byNameNote(report.ByName))
	}
	for _, n := range report.Namesakes {
		notes = append(notes, fmt.Sprintf("%s has the id %s here and %s in other datasets: if it is the same entity, give it the id %s here", n.Label, n.ID, n.Other, n.Other))
	}
	for _, d := range report.Differences {
		notes = append(notes, fmt.Sprintf("%s has %s %s in %s and %s in %s", d.ID, d.What, d.Here, report.Dataset, d.There, d.Dataset))
	}
	return notes
}

// byNameShown is the largest number of names that a note gives as examples.
const byNameShown = 3

// byNameNote returns one note for all entities and documents of a dataset that a load
// has matched by name with other datasets. There is at least one. The examples are
// entities first, then documents.
func byNameNote(matches []graph.ByName) string {
	var entities, documents, datasets []string
	for _, m := range matches {
		named := fmt.Sprintf("%s (%s)", m.Label, m.ID)
		if schema.KindOf(m.ID) == schema.Doc {
			documents = append(documents, named)
		} else {
			entities = append(entities, named)
		}
		datasets = append(datasets, m.Datasets...)
	}
	slices.Sort(datasets)
	examples, more := append(entities, documents...), ""
	if n := len(examples) - byNameShown; n > 0 {
		examples, more = examples[:byNameShown], fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("%s the same as in %s: %s%s; if one means something else here, give it an id of its own",
		phrase.Counted(len(matches), "name means", "names mean"), datasetList(slices.Compact(datasets)), phrase.List(examples), more)
}

// datasetList returns names of datasets for a sentence: "dataset a", "datasets a, b".
func datasetList(names []string) string {
	if len(names) == 1 {
		return "dataset " + names[0]
	}
	return "datasets " + strings.Join(names, ", ")
}

// noteDangling says how many facts refer to facts that are not in the graph.
func noteDangling(note func(string, ...any), report graph.Report) {
	n := len(report.Dangling)
	for _, r := range report.Restored {
		n += len(r.Dangling)
	}
	if n > 0 {
		note("%s that no dataset contains", phrase.Counted(n, "fact refers to facts", "facts refer to facts"))
	}
}

// noteEdits prints what was changed by hand in a dataset whose input is loaded already.
func noteEdits(note func(string, ...any), in *loaders.Input, edits graph.Edits) {
	if edits.Len() > 0 {
		note("dataset %s was changed by hand since it was loaded: %v; load %s with --replace to undo these changes", in.Dataset, edits, shownPlace(in.Path))
	}
}

// noteUndone prints which changes made by hand a load has undone.
func noteUndone(note func(string, ...any), report graph.Report) {
	for _, r := range append(report.Restored, report) {
		if r.Undone.Len() > 0 {
			note("the load has undone the changes made by hand in dataset %s: %v", r.Dataset, r.Undone)
		}
	}
}
