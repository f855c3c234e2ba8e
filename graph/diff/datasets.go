package diff

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// datasetOfNote returns the dataset of a subject that only says something of a dataset: the
// dataset itself, or a note of a change by an update.
func datasetOfNote(subject quad.IRI) (name string, ok bool) {
	if name, ok := schema.DatasetName(subject); ok {
		return name, true
	}
	if name, _, ok := schema.GraphOf(subject); ok { // it has the name of a graph of statements
		return name, true
	}
	rest, ok := strings.CutPrefix(string(subject), "note:edits/")
	name, _, _ = strings.Cut(rest, "/")
	return name, ok
}

// Origin is the name of the field of a dataset with the path or address of its input.
const Origin = "loaded from"

// listDatasets lists the changes of what is known about datasets.
func (l *lister) listDatasets(ctx context.Context) error {
	var known [2]map[string]graph.Dataset
	for i, g := range []*graph.Graph{l.Before, l.After} {
		sets, err := g.Datasets(ctx)
		if err != nil {
			return err
		}
		known[i] = map[string]graph.Dataset{}
		for _, s := range sets {
			known[i][s.Name] = s
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.datasets)) {
		was, had := known[earlier][name]
		is, has := known[later][name]
		c := Change{What: Dataset, Action: Changed, Dataset: name, Name: name}
		switch {
		case !had:
			c.Action = Added
		case !has:
			c.Action = Removed
		}
		if err := l.describeDataset(ctx, &c, was, is); err != nil {
			return err
		}
		if err := l.yield(c); err != nil {
			return err
		}
	}
	return nil
}

// describeDataset fills in the fields of a change of a dataset.
func (l *lister) describeDataset(ctx context.Context, c *Change, was, is graph.Dataset) error {
	label := schema.DatasetValue(c.Dataset)
	quads, err := l.quadsOf(ctx, graph.Pattern{Subject: label, Label: label})
	if err != nil {
		return err
	}
	if c.Fields, err = l.compareFields(ctx, quads); err != nil {
		return err
	}
	c.Fields = slices.DeleteFunc(c.Fields, func(f Field) bool { return f.Name == "kind" })
	graphs, err := l.quadsOf(ctx, graph.Pattern{Predicate: schema.GraphTerm, Label: label})
	if err != nil {
		return err
	}
	named, err := l.compareFields(ctx, graphs)
	if err != nil {
		return err
	}
	c.Fields = append(c.Fields, named...)
	keys, err := l.compareKeys(ctx, c.Dataset)
	if err != nil {
		return err
	}
	c.Fields = append(c.Fields, keys...)
	if was.Origin != is.Origin {
		c.Fields = append(c.Fields, Field{Origin, was.Origin, is.Origin})
	}
	edits, err := l.compareEdits(ctx, c.Dataset)
	if err != nil {
		return err
	}
	c.Fields = append(c.Fields, edits...)
	if c.Action != Changed || len(c.Fields) > 0 {
		return nil
	}
	notes, err := l.quadsOf(ctx, graph.Pattern{Subject: label, Label: graph.LoadsLabel})
	if err == nil {
		c.Fields = compareNotes(notes)
	}
	return err
}

// compareKeys compares the keys by which other inputs may cite the sources of a dataset.
func (l *lister) compareKeys(ctx context.Context, dataset string) ([]Field, error) {
	var texts [2]string
	for i, g := range []*graph.Graph{l.Before, l.After} {
		keys, err := graph.SourceKeys(ctx, g, dataset)
		if err != nil {
			return nil, err
		}
		var list []string
		for _, k := range keys {
			list = append(list, k.Key+" ("+string(k.Document)+")")
		}
		slices.Sort(list)
		texts[i] = shorten(list)
	}
	if texts[earlier] == texts[later] {
		return nil, nil
	}
	return []Field{{"keys of sources", texts[earlier], texts[later]}}, nil
}

// compareEdits compares the changes by updates that a dataset has.
func (l *lister) compareEdits(ctx context.Context, dataset string) ([]Field, error) {
	was, err := l.Before.Edits(ctx, dataset)
	if err != nil {
		return nil, err
	}
	is, err := l.After.Edits(ctx, dataset)
	if err != nil || was.String() == is.String() {
		return nil, err
	}
	return []Field{{"changes by hand", was.String(), is.String()}}, nil
}

// noteFields are the fields of the note of a load that a reader can see nowhere else.
var noteFields = [...]struct{ key, name string }{
	{"key", "names, verbs or options of the load"}, {"verbs", "verbs that no fact uses"},
	{"lost", "note of the load that could not be read"}, {"by-hand", "made by hand only"},
}

// compareNotes compares the notes of the loads of a dataset of which nothing else changes.
func compareNotes(notes [2][]quad.Quad) (fields []Field) {
	var values [2]map[string]any
	for i, quads := range notes {
		for _, q := range quads {
			if q.Predicate != quad.IRI("dip:load") {
				continue
			}
			_ = json.Unmarshal([]byte(quad.ToString(q.Object)), &values[i]) // what is not read has no field
		}
	}
	for _, f := range noteFields {
		was, is := values[earlier][f.key], values[later][f.key]
		a, b := asText(was), asText(is)
		if a != b {
			fields = append(fields, Field{f.name, "as loaded before", "others"})
		}
	}
	if len(fields) == 0 {
		fields = append(fields, Field{"note of the load", "as before", "another"})
	}
	return fields
}

func asText(value any) string {
	text, _ := json.Marshal(value) // it came from JSON
	return string(text)
}
