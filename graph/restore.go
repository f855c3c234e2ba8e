package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrIncomplete is wrapped if an N-Quads text has fewer records of a dataset than
// the dataset's counts state.
var ErrIncomplete = errors.New("incomplete")

// restore checks datasets that were read as quads. Each must consist of facts and
// entities that encode to the same quads again. Derived quads are derived again. Quads
// that do not decode are rejected.
func (s *Staged) restore(ctx context.Context) error {
	if len(s.texts) == 0 {
		return nil
	}
	c := &restoration{staged: s, ctx: ctx, refused: map[schema.ID]bool{}}
	for _, step := range []func() error{c.datasets, c.deriveShared, c.rejectLooseDerived} {
		err := s.read(ctx, func(r reader) error {
			c.reader, c.snapshot = reader{r.quads, s.vocabulary}, r.quads.(*store.Snapshot)
			return step()
		})
		if err == nil {
			err = s.swapQuads(ctx, c.stale, c.fresh)
		}
		if err != nil {
			return err
		}
		c.stale, c.fresh = nil, nil
	}
	return nil
}

type restoration struct {
	staged       *Staged
	reader       reader
	ctx          context.Context
	snapshot     *store.Snapshot // the quads of reader
	dataset      *stagedDataset
	meta         []quad.Quad
	refused      map[schema.ID]bool
	shared       []schema.ID // the facts that several datasets state
	derived      int         // the derived quads of all facts
	stale, fresh []quad.Quad

	isFact, isEvidence termSet  // the terms that are ids of facts and of evidence
	evidenceTerm       uint64   // the id of the predicate
	facts, others      []uint64 // noted subjects
	queue              restorationQueue
	described, cited   termSet // the evidence that has quads, and to which facts refer
}

// learnVerbs adds the verbs of the restored datasets to the vocabulary.
func (c *restoration) learnVerbs() (err error) {
	var where string
	var all []verbFile
	isReplaced := func(text string) bool {
		owner := schema.VerbsOwner(text)
		return slices.ContainsFunc(c.staged.datasets, func(d *stagedDataset) bool { return d.restored && d.name == owner })
	}
	own := slices.DeleteFunc(c.reader.vocabulary.Extensions(), func(text string) bool { return !isReplaced(text) })
	if c.reader.vocabulary, err = schema.WithoutExtensions(c.reader.vocabulary, own); err != nil {
		return err
	}
	for _, d := range c.staged.datasets {
		if !d.restored {
			continue
		}
		files, err := c.reader.verbFiles(c.ctx, store.Pattern{Subject: d.label, Predicate: vocabularyTerm, Label: d.label})
		if err != nil {
			return err
		}
		where, all = d.text+": ", append(all, files...)
	}
	if c.reader.vocabulary, err = extend(c.reader.vocabulary, where, all); err == nil {
		c.staged.vocabulary = c.reader.vocabulary
	}
	return err
}

// datasets checks each dataset that was read as quads.
func (c *restoration) datasets() error {
	if err := c.learnVerbs(); err != nil {
		return err
	}
	if err := c.findKinds(); err != nil {
		return err
	}
	for _, d := range c.staged.datasets {
		if !d.restored {
			continue
		}
		if err := c.restoreDataset(d); err != nil {
			return err
		}
	}
	return nil
}

// otherSubject is a subject of a dataset that is no fact and no evidence, with what the
// check of it found.
type otherSubject struct {
	term  uint64
	group []quad.Quad
	kind  schema.Kind // the kind of an entity that the dataset declares; else empty
	meta  bool        // the quads describe the dataset
	wrong error
}

// readOthers reads and checks the subjects of the batch, which are no facts.
func (b *restoreBatch) readOthers() error {
	c := b.restoration
	for subject, err := range c.snapshot.Terms(c.ctx, b.subjects) {
		if err != nil {
			return err
		}
		group, err := c.reader.collect(c.ctx, store.Pattern{Subject: subject, Label: c.dataset.label})
		if err != nil {
			return err
		}
		o := otherSubject{term: b.subjects[len(b.others)], group: group}
		c.checkOther(&o)
		b.others = append(b.others, o)
	}
	return nil
}

// checkOther checks the quads of one subject.
func (c *restoration) checkOther(o *otherSubject) {
	subject, _ := o.group[0].Subject.(quad.IRI)
	id := schema.ID(subject)
	_, graph, isGraph := schema.GraphOf(subject)
	switch {
	case subject == c.dataset.label:
		o.meta = true
	case isGraph:
		o.wrong = sameQuads(o.group, []quad.Quad{schema.GraphQuad(c.dataset.name, graph)})
	case schema.KindOf(id) != "":
		o.kind, o.wrong = c.entity(id, o.group)
	default:
		o.wrong = fmt.Errorf("%w: %v is no entity and no fact", schema.ErrDecode, o.group[0].Subject)
	}
}

// restoreOther records a valid subject that is no fact, and rejects an invalid one.
func (c *restoration) restoreOther(o *otherSubject) {
	switch o.kind {
	case "":
	case schema.Doc:
		c.dataset.report.Documents++
	default:
		c.dataset.report.Entities++
	}
	switch {
	case o.wrong != nil:
		c.refuse(o.group, o.wrong)
	case o.meta:
		c.meta = o.group
	case schema.KindOf(subjectOf(o.group[0])) != "":
		c.dataset.restoredIDs.add(o.term)
	}
}

// refuse rejects quads that do not decode.
func (c *restoration) refuse(group []quad.Quad, err error) {
	c.stale = append(c.stale, group...)
	c.staged.reject(c.dataset, &schema.RowError{Pos: schema.Position{File: c.dataset.text},
		Err: fmt.Errorf("dataset %s: %w", c.dataset.name, err), Text: quad.ToString(group[0].Subject)})
}

// sameQuads returns an error if two sets of quads, each without repeats, differ.
func sameQuads(have, want []quad.Quad) error {
	if equalQuads(have, want) {
		return nil
	}
	fresh, stale := difference(want, have)
	switch {
	case len(stale) > 0:
		return fmt.Errorf("%w %v: it has no place for %v", schema.ErrDecode, stale[0].Subject, quadText(stale[0]))
	case len(fresh) > 0:
		return fmt.Errorf("%w %v: it lacks %v", schema.ErrDecode, fresh[0].Subject, quadText(fresh[0]))
	}
	return nil
}

// equalQuads reports whether two short lists, each without repeats, have the same quads
// in any order.
func equalQuads(a, b []quad.Quad) bool {
	if len(a) != len(b) || len(a) > 64 {
		return false
	}
	found := uint64(0)
	for i := range a {
		at := indexOfQuad(b, &a[i], found)
		if at < 0 {
			return false
		}
		found |= 1 << at
	}
	return true
}

// indexOfQuad returns the position of a quad in a list, -1 for none. It skips the
// positions whose bits are set. Most quads differ in their predicates.
func indexOfQuad(quads []quad.Quad, q *quad.Quad, skip uint64) int {
	predicate, _ := q.Predicate.(quad.IRI)
	for i := range quads {
		if skip>>i&1 != 0 {
			continue
		}
		if other, _ := quads[i].Predicate.(quad.IRI); other == predicate && quads[i] == *q {
			return i
		}
	}
	return -1
}

// quadText formats a quad without its label.
func quadText(q quad.Quad) string { return fmt.Sprintf("%v %v %v", q.Subject, q.Predicate, q.Object) }

// entity checks the quads of an entity. It returns the kind if the dataset declares the
// entity, and no kind for one that it borrows.
func (c *restoration) entity(id schema.ID, group []quad.Quad) (schema.Kind, error) {
	e := schema.DecodeDocument(id, group)
	if slices.ContainsFunc(group, func(q quad.Quad) bool { return q.Predicate == schema.BorrowedTerm }) {
		lent, err := borrowedQuads(c.reader.vocabulary, c.dataset.name, e.Entity)
		if err != nil {
			return "", err
		}
		return "", sameQuads(group, lent)
	}
	var record schema.Record = e.Entity
	err := schema.CheckEntity(e.Entity)
	if e.Kind == schema.Doc && err == nil {
		record, err = e, schema.CheckDocument(e)
	}
	if err != nil {
		return "", err
	}
	want, err := c.reader.vocabulary.Encode(c.dataset.name, record)
	if err != nil {
		return "", err
	}
	return e.Kind, sameQuads(withoutLabelAlias(group, e.Label), want)
}

// finish checks the metadata of the dataset, and rejects evidence without a fact.
func (c *restoration) finish() error {
	for subject, err := range c.snapshot.Terms(c.ctx, c.described.without(c.cited)) {
		if err != nil {
			return err
		}
		group, err := c.reader.collect(c.ctx, store.Pattern{Subject: subject, Label: c.dataset.label})
		if err != nil {
			return err
		}
		c.refuse(group, fmt.Errorf("%w: %v is evidence of no fact", schema.ErrDecode, subject))
	}
	have := sync.OnceValues(func() (recordCounts, error) { return countsOf(c.ctx, c.snapshot, c.dataset.labels()) })
	for _, q := range c.meta {
		if err := c.metaQuad(q, have); err != nil {
			c.refuse([]quad.Quad{q}, err)
		}
	}
	return nil
}

// metadata returns the metadata of the dataset, by predicate.
func (c *restoration) metadata() map[quad.IRI]quad.Value {
	metadata := map[quad.IRI]quad.Value{}
	for _, q := range c.meta {
		if p, ok := q.Predicate.(quad.IRI); ok {
			metadata[p] = q.Object
		}
	}
	return metadata
}

// metaQuad checks a quad that describes the dataset, whose records have the counts.
func (c *restoration) metaQuad(q quad.Quad, counts func() (recordCounts, error)) error {
	predicate, _ := q.Predicate.(quad.IRI)
	if predicate == loadTerm { // exports of older versions contain it
		c.stale = append(c.stale, q)
		return nil
	}
	if i := slices.Index(countTerms, predicate); i >= 0 {
		c.stale = append(c.stale, q) // counted again when the dataset is complete
		have, err := counts()
		if err != nil || have.agreesWith(c.metadata(), i) {
			return err
		}
		return fmt.Errorf("%w: the dataset states %v %s, and the text has %d", ErrIncomplete, q.Object.Native(),
			strings.TrimPrefix(string(predicate), "dip:"), have.values()[i])
	}
	if predicate == schema.TypeTerm && q.Object == datasetType || slices.Contains([]quad.IRI{inputTerm, vocabularyTerm}, predicate) || strings.HasPrefix(string(predicate), aboutPrefix) {
		return nil
	}
	return fmt.Errorf("%w: a dataset does not say %v of itself", schema.ErrDecode, q.Predicate)
}

// deriveShared derives the quads of facts that several datasets state.
func (c *restoration) deriveShared() error {
	for _, id := range slices.Compact(slices.Sorted(slices.Values(c.shared))) {
		f, err := c.reader.fact(c.ctx, id)
		if errors.Is(err, ErrNotFound) {
			continue // rejected in every dataset
		}
		if err != nil {
			return err
		}
		f.Within = nil // until all facts are restored
		have, err := c.reader.collect(c.ctx, store.Pattern{Label: id.Value()})
		if err != nil {
			return err
		}
		derived := c.reader.vocabulary.Derived(f)
		c.derived += len(derived)
		fresh, stale := difference(derived, have)
		c.fresh, c.stale = append(c.fresh, fresh...), append(c.stale, stale...)
	}
	return nil
}

// rejectLooseDerived rejects derived quads without a fact. It searches them only if
// there are more derived quads than those of the facts.
func (c *restoration) rejectLooseDerived() error {
	if loose, err := c.hasLooseDerived(); err != nil || !loose {
		return err
	}
	for label, err := range c.snapshot.Labels(c.ctx) {
		if err != nil {
			return err
		}
		if err := c.rejectLooseOf(label); err != nil {
			return err
		}
	}
	return nil
}

// hasLooseDerived reports whether there may be derived quads without a fact. It does not
// count those of facts that were not read as quads.
func (c *restoration) hasLooseDerived() (bool, error) {
	_, derived, err := c.snapshot.Sizes()
	for _, d := range c.staged.datasets {
		if !d.restored && d.report.Facts > 0 {
			return true, err
		}
		for _, label := range d.labels() {
			n, failed := c.snapshot.Count(c.ctx, store.Pattern{Label: label})
			derived, err = derived-n, errors.Join(err, failed)
		}
	}
	return derived != int64(c.derived), err
}

func (c *restoration) rejectLooseOf(label quad.Value) error {
	id, ok := schema.FactOf(label)
	if !ok {
		return nil
	}
	isStated, err := c.reader.has(c.ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm})
	if err != nil || isStated {
		return err
	}
	derived, err := c.reader.collect(c.ctx, store.Pattern{Label: label})
	if err != nil {
		return err
	}
	c.dataset = c.staged.datasets[0]
	c.stale = append(c.stale, derived...)
	if c.refused[id] {
		return nil
	}
	c.staged.reject(c.dataset, &schema.RowError{Pos: schema.Position{File: c.staged.texts[0]},
		Err: fmt.Errorf("%w: what is derived of %s, which no dataset here states", schema.ErrDecode, id), Text: quadText(derived[0])})
	return nil
}

// labels returns the labels of a dataset: its own, and its graphs of statements.
func (d *stagedDataset) labels() []quad.Value {
	labels := []quad.Value{d.label}
	for graph := range d.graphs {
		labels = append(labels, schema.GraphLabel(d.name, graph))
	}
	return labels
}
