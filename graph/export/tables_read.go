package export

import (
	"context"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// tableReader reads a selection as rows of the [tables].
type tableReader struct {
	elements *elements
	put      func(table int, row ...any) error // a cell is nil, a string, an int, a float64 or a bool

	mentioned map[schema.ID]bool // entities of the facts; nil if all entities are selected
}

// readTables calls put with all rows of a selection. Rows of evidence follow their fact,
// and the rows of entities and datasets come last.
func readTables(ctx context.Context, s Selection, put func(table int, row ...any) error) error {
	r := &tableReader{elements: newElements(s, Options{Collapse: true}), put: put}
	if !s.isWholeGraph() {
		r.mentioned = s.members()
	}
	for row, err := range r.elements.rows(ctx) {
		if err == nil {
			err = r.fact(ctx, row)
		}
		if err != nil {
			return err
		}
	}
	if err := r.entities(ctx); err != nil {
		return err
	}
	return r.datasets(ctx)
}

// mention adds an entity of a fact. It returns the id as a cell.
func (r *tableReader) mention(id schema.ID) any {
	if r.mentioned != nil && id != "" {
		r.mentioned[id] = true
	}
	return cell(string(id))
}

// cell returns a text as a cell: nil if it is empty.
func cell(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// fact puts the rows of a fact, its participants, links, evidence and edges.
func (r *tableReader) fact(ctx context.Context, row *factRow) error {
	f, id := row.fact, string(row.fact.ID)
	within := ""
	if row.words.Within != nil {
		within = row.words.Within.Text
	}
	kind := r.elements.reader.graph.Vocabulary().VerbKind(f.Verb)
	err := r.put(factsTable, id, row.words.Sentence, string(f.Verb), string(kind), string(f.Status), string(row.words.Standing), isEstablished(f),
		cell(render.Dates(f)), cell(row.first), cell(row.last), cell(row.words.Widenings()), cell(within), cell(f.Topic), assertingSources(f), cell(f.Key))
	for i, p := range f.Roles {
		if err != nil {
			return err
		}
		if schema.KindOf(p.ID) == schema.KindFact {
			err = r.put(participantsTable, id, i, string(p.Role), nil, string(p.ID))
		} else {
			err = r.put(participantsTable, id, i, string(p.Role), r.mention(p.ID), nil)
		}
	}
	for i, l := range f.Links {
		if err == nil {
			err = r.put(linksTable, id, i, string(l.Type), string(l.Fact))
		}
	}
	if err == nil {
		err = r.claims(row)
	}
	if err != nil {
		return err
	}
	return r.edges(row)
}

// claims puts the evidence of a fact, with its places and intermediaries.
func (r *tableReader) claims(row *factRow) error {
	for _, e := range row.words.Evidence {
		if err := r.claim(row.fact.ID, e); err != nil {
			return err
		}
		for _, at := range distinctIDs(e.At) {
			if err := r.put(evidencePlacesTable, string(e.ID), r.mention(at)); err != nil {
				return err
			}
		}
		for i, via := range e.Via {
			if err := r.put(evidenceViaTable, string(e.ID), i, r.mention(via.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *tableReader) claim(fact schema.ID, e render.Evidence) error {
	var start, end, confidence, saidBy any
	if e.End > 0 {
		start, end = e.Start, e.End
	}
	if e.Confidence > 0 {
		confidence = e.Confidence
	}
	if e.SaidBy != nil {
		saidBy = r.mention(e.SaidBy.ID)
	}
	return r.put(evidenceTable, string(e.ID), string(fact), e.Dataset, string(e.Stance), r.mention(e.Source.ID), cell(e.Quote), cell(e.Locator), start, end,
		saidBy, cell(e.MethodWords()), confidence, cell(e.Note), cell(e.When.Text), cell(e.When.From), cell(e.When.To), cell(e.Duration), cell(e.Count))
}

// distinctIDs returns the ids of entities in order, without repeats.
func distinctIDs(refs []render.Ref) []schema.ID {
	var ids []schema.ID
	seen := make(map[schema.ID]bool)
	for _, ref := range refs {
		if !seen[ref.ID] {
			seen[ref.ID] = true
			ids = append(ids, ref.ID)
		}
	}
	return ids
}

// edges puts the edges of a fact.
func (r *tableReader) edges(row *factRow) error {
	pairs := r.elements.pairs(row)
	for i, x := range pairs {
		predicate, role, symmetric := x.values[1].text, x.values[2].text, x.values[3].text == "true"
		if err := r.put(edgesTable, x.id, string(row.fact.ID), r.mention(x.from), r.mention(x.to), predicate, cell(role), symmetric, i+1, len(pairs)); err != nil {
			return err
		}
	}
	return nil
}

// datasets puts the datasets with evidence of the graph.
func (r *tableReader) datasets(ctx context.Context) error {
	sets, err := r.elements.reader.graph.Datasets(ctx)
	for _, d := range sets {
		if err == nil {
			err = r.put(datasetsTable, d.Name, cell(d.About["title"]), cell(d.About["license"]), cell(d.Input), d.Facts, d.Entities, d.Documents)
		}
	}
	return err
}
