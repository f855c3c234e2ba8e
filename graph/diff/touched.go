package diff

import (
	"context"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// touched is what changed quads are about. It has only ids of terms, so that a large
// difference needs little memory.
type touched struct {
	datasets   map[string]bool
	entities   []statedBy
	documents  []statedBy
	facts      store.IDSet
	statements int // quads of RDF that are not part of facts
	matches    []uint64
}

// statedBy is an entity and the label of a dataset that says something of it.
type statedBy struct{ id, label uint64 }

// finder reads the changed quads of a difference.
type finder struct {
	*touched
	states   [2]*graph.Snapshot
	evidence [2]store.IDSet   // evidence with changed quads; evidence that changed facts cite
	cites    uint64           // the predicate by which a fact cites evidence
	labels   map[uint64]class // of datasets and graphs, which are few
}

// class is what a subject or a label is.
type class struct {
	kind place
	name string // of a dataset
}

type place int

const (
	ofFact place = iota
	ofEvidence
	ofDocument
	ofEntity
	ofDataset
	ofGraph // a graph of statements
	ofMatches
	ofNotes
	ofOther
)

// decisions is the dataset in which a graph keeps matches.
const decisions = "decisions"

// find finds what the changed quads of a difference are about.
func (t *touched) find(ctx context.Context, d *Difference) (err error) {
	t.datasets, t.facts = map[string]bool{}, d.after.NewIDSet()
	f := &finder{touched: t, states: d.states(), evidence: [2]store.IDSet{d.after.NewIDSet(), d.after.NewIDSet()}, labels: map[uint64]class{}}
	if f.cites, err = d.after.ID(schema.EvidenceTerm); err != nil {
		return err
	}
	if err := f.read(ctx, d); err != nil {
		return err
	}
	return f.findCiting(ctx, d)
}

// read reads all changed quads of a difference, subject after subject.
func (f *finder) read(ctx context.Context, d *Difference) error {
	return f.each(ctx, d, func(c store.ChangedIDs, subject, label class) error {
		f.note(c, subject, label)
		return nil
	})
}

// each calls a function with each changed quad and with what its subject and label are,
// subject after subject.
func (f *finder) each(ctx context.Context, d *Difference, fn func(c store.ChangedIDs, subject, label class) error) error {
	var last uint64
	var subject class
	for c, err := range store.Changes(ctx, d.before, d.after) {
		if err != nil {
			return err
		}
		if c.IDs[0] != last {
			if subject, err = f.classOf(c.IDs[0], c.Added); err != nil {
				return err
			}
			last = c.IDs[0]
		}
		label, err := f.labelOf(c.IDs[3], c.Added)
		if err != nil {
			return err
		}
		if err := fn(c, subject, label); err != nil {
			return err
		}
	}
	return nil
}

// note notes what one changed quad is about.
func (f *finder) note(c store.ChangedIDs, subject, label class) {
	switch {
	case label.kind == ofFact:
		f.facts.Put(c.IDs[3])
	case label.kind == ofMatches:
		if n := len(f.matches); n == 0 || f.matches[n-1] != c.IDs[0] {
			f.matches = append(f.matches, c.IDs[0])
		}
	case isStatement(subject, label):
		f.statements++
	case subject.kind == ofDataset:
		f.datasets[subject.name] = true
	case subject.kind == ofFact:
		f.facts.Put(c.IDs[0])
		if c.IDs[1] == f.cites {
			f.evidence[1].Put(c.IDs[2])
		}
	case subject.kind == ofEvidence:
		f.evidence[0].Put(c.IDs[0])
	case subject.kind == ofDocument:
		f.documents = appendOnce(f.documents, statedBy{c.IDs[0], c.IDs[3]})
	default:
		f.entities = appendOnce(f.entities, statedBy{c.IDs[0], c.IDs[3]})
	}
}

// isStatement reports whether a quad is a statement of RDF that is not part of a fact.
func isStatement(subject, label class) bool {
	switch label.kind {
	case ofFact, ofMatches:
		return false
	case ofDataset:
		return subject.kind == ofOther
	case ofNotes:
		return subject.kind != ofDataset
	}
	return true
}

// appendOnce appends an item unless an item of the same subject at the end is equal.
func appendOnce(list []statedBy, item statedBy) []statedBy {
	for _, before := range slices.Backward(list) {
		if before.id != item.id {
			break
		}
		if before == item {
			return list
		}
	}
	return append(list, item)
}

// term returns the term of a changed quad.
func (f *finder) term(id uint64, added bool) (quad.Value, error) {
	if added {
		return f.states[later].Term(id)
	}
	return f.states[earlier].Term(id)
}

// labelOf returns the class of a label. It reads the label of a fact, of which there are
// many, only until a quad with the label has put the fact into the set.
func (f *finder) labelOf(id uint64, added bool) (c class, err error) {
	if id == 0 {
		return class{kind: ofOther}, nil
	}
	if c, ok := f.labels[id]; ok {
		return c, nil
	}
	if f.facts.Has(id) {
		return class{kind: ofFact}, nil
	}
	value, err := f.term(id, added)
	if err != nil {
		return c, err
	}
	if c = classOfLabel(value); c.kind != ofFact {
		f.labels[id] = c
	}
	return c, nil
}

func classOfLabel(value quad.Value) class {
	if _, ok := schema.FactOf(value); ok {
		return class{kind: ofFact}
	}
	if value == graph.LoadsLabel {
		return class{kind: ofNotes}
	}
	name, ok := schema.DatasetName(value)
	switch {
	case ok && name == decisions:
		return class{kind: ofMatches}
	case ok:
		return class{kind: ofDataset, name: name}
	}
	if _, _, ok := schema.GraphOf(value); ok {
		return class{kind: ofGraph}
	}
	return class{kind: ofOther}
}

// classOf returns the class of a subject.
func (f *finder) classOf(id uint64, added bool) (class, error) {
	value, err := f.term(id, added)
	if err != nil {
		return class{}, err
	}
	iri, ok := value.(quad.IRI)
	if !ok {
		return class{kind: ofOther}, nil
	}
	if name, ok := datasetOfNote(iri); ok {
		return class{kind: ofDataset, name: name}, nil
	}
	switch kind := schema.KindOf(schema.ID(iri)); {
	case kind == schema.KindFact:
		return class{kind: ofFact}, nil
	case schema.IsEvidence(schema.ID(iri)):
		return class{kind: ofEvidence}, nil
	case kind == schema.Doc:
		return class{kind: ofDocument}, nil
	case kind != "":
		return class{kind: ofEntity}, nil
	}
	return class{kind: ofOther}, nil
}

// findCiting adds the facts that cite evidence of which only its own quads changed.
func (f *finder) findCiting(ctx context.Context, d *Difference) error {
	var alone []uint64
	for id := range f.evidence[0].All() {
		if !f.evidence[1].Has(id) {
			alone = append(alone, id)
		}
	}
	for value, err := range d.after.Terms(ctx, alone) {
		if err != nil {
			return err
		}
		for q, err := range d.after.Match(ctx, graph.Pattern{Predicate: schema.EvidenceTerm, Object: value}) {
			if err != nil {
				return err
			}
			id, err := d.after.ID(q.Subject)
			if err != nil {
				return err
			}
			f.facts.Put(id)
		}
	}
	return nil
}
