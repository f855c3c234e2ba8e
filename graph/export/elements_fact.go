package export

import (
	"context"
	"slices"
	"strconv"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// factReader puts facts into the columns of property graphs.
type factReader struct {
	graph *graph.Graph
	words *render.Renderer
}

// factRow is a fact with its values in the [factColumns].
type factRow struct {
	fact        schema.Fact
	words       *render.Fact
	values      []value
	first, last string // see [edge]
}

// read returns the row of a fact.
func (r *factReader) read(ctx context.Context, f schema.Fact) (*factRow, error) {
	words, err := r.words.Fact(ctx, f)
	if err != nil {
		return nil, err
	}
	row := &factRow{fact: f, words: words}
	if row.first, row.last, err = words.Days(); err != nil {
		return nil, err
	}
	within := ""
	if words.Within != nil {
		within = words.Within.Text
	}
	claims := words.ClaimLists()
	row.values = []value{
		text(string(f.Verb)), text(string(r.graph.Vocabulary().VerbKind(f.Verb))), text(string(f.Status)), text(string(words.Standing)), boolean(isEstablished(f)),
		text(render.Dates(f)), text(row.first), text(row.last), text(words.Widenings()), text(within),
		text(f.Topic), {list: words.Places()}, integer(assertingSources(f)), {list: claims.Sources}, {list: claims.Words},
		{list: claims.Others}, {list: datasets(f)}, text(f.Key),
	}
	return row, nil
}

// isEstablished reports whether a fact happened or holds and at least one source asserts
// it.
func isEstablished(f schema.Fact) bool { return f.Status == schema.Happened && f.Asserted() }

// datasets returns the names of the datasets with evidence of a fact, sorted.
func datasets(f schema.Fact) []string {
	var names []string
	for _, e := range f.Evidence {
		names = append(names, e.Dataset)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func text(s string) value { return value{text: s} }

func integer(n int) value { return value{text: strconv.Itoa(n)} }

func boolean(b bool) value { return value{text: strconv.FormatBool(b)} }

// entityValues returns the values of an entity in the first of the node columns.
func (r *factReader) entityValues(ctx context.Context, e schema.Entity) ([]value, error) {
	country := ""
	if e.Country != "" {
		var err error
		if country, err = r.words.Name(ctx, e.Country); err != nil {
			return nil, err
		}
	}
	var aliases []string
	for _, a := range e.Aliases {
		aliases = append(aliases, a.Value)
	}
	return []value{text(string(e.Kind)), text(country), text(string(e.Country)), text(e.Born), {list: aliases}, {list: e.Identifiers}, text(e.Description)}, nil
}

// assertingSources returns the number of documents that assert a fact.
func assertingSources(f schema.Fact) int {
	if !f.Asserted() {
		return 0
	}
	return f.Sources()
}
