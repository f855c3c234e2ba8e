package render

import (
	"cmp"
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// PathOptions change the text and the table of paths. With the zero value a text has at
// most three facts for each hop, and for each fact the best evidence and the evidence
// that differs from it.
type PathOptions struct {
	All      bool     // show all facts of each hop and all evidence of each fact
	Datasets []string // datasets whose evidence comes first; a text names the dataset of other evidence

	// MoreFacts and MorePaths are the options that show facts, evidence or paths which
	// a text leaves out, such as "--all" and "--paths N". They may be empty.
	MoreFacts, MorePaths string
}

// PathTable returns one row for each piece of evidence of each fact of each hop.
func (r *Renderer) PathTable(ctx context.Context, list []*Path, o PathOptions) (Table, error) {
	t := Table{Columns: []string{"path", "hop", "from", "to", "verb", "predicate", "reverse", "when", "at", "fact", "status", "standing",
		"dataset", "stance", "confidence", "method", "source", "locator", "speakers", "quote", "note", "certain", "earliest", "latest", "widened", "id"}}
	for i, p := range list {
		for k, hop := range p.Hops {
			for _, s := range hop.Facts {
				for _, e := range o.orderedEvidence(s.fact) {
					source, speakers, at, err := r.attribution(ctx, e)
					if err != nil {
						return Table{}, err
					}
					t.add(i+1, k+1, hop.From.Name, hop.To.Name, string(s.Verb), string(s.Predicate), s.Reverse, evidenceDate(s.fact, e.When), at, s.Sentence, string(s.Status), string(s.Standing),
						e.Dataset, string(e.Stance), cmp.Or(e.Confidence, 1), e.MethodWords(), source, e.Locator, speakers, e.Quote, e.Note,
						p.certainty(), hop.Days.earliest(), hop.Days.latest(), e.When.Widened(r.kind(s.Verb)), string(s.ID))
				}
			}
		}
	}
	return t, nil
}

// orderedEvidence returns the best evidence of a fact, then other asserting evidence,
// then the rest; all of it first from the datasets of the options, then from others.
func (o PathOptions) orderedEvidence(f schema.Fact) []schema.Evidence {
	wanted, others := f, []schema.Evidence(nil)
	if len(o.Datasets) > 0 {
		wanted.Evidence = nil
		for _, e := range f.Evidence {
			if o.wants(e) {
				wanted.Evidence = append(wanted.Evidence, e)
			} else {
				others = append(others, e)
			}
		}
	}
	asserting, not := wanted.Sides()
	list := append(asserting, not...)
	if i := (schema.Fact{When: f.When, Evidence: list}).BestEvidence(); i > 0 {
		best := list[i]
		list = slices.Insert(slices.Delete(list, i, i+1), 0, best)
	}
	asserting, not = schema.Fact{Evidence: others}.Sides()
	return slices.Concat(list, asserting, not)
}

// wants reports whether evidence is of the datasets of the options.
func (o PathOptions) wants(e schema.Evidence) bool {
	return len(o.Datasets) == 0 || slices.Contains(o.Datasets, e.Dataset)
}
