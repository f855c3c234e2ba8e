package graph

import (
	"maps"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// commit checks the changes, computes their consequences, and writes everything.
func (tx *Tx) commit() error {
	if err := (referenceCheck{tx}).resolve(); err != nil {
		return err
	}
	edits := tx.changedRecords()
	if len(edits) == 0 {
		tx.dataset.report.Unchanged = true
		return nil
	}
	for _, e := range edits {
		if err := tx.compareEntity(e); err != nil {
			return err
		}
	}
	own, err := tx.ownQuads(edits)
	if err != nil {
		return err
	}
	c, err := tx.changeSet(edits)
	if err != nil {
		return err
	}
	c.differs(own.want, own.have)
	for _, step := range []func() error{c.recordDecisions, c.updateBorrowedNames, c.derive, c.checkCycles} {
		if err := step(); err != nil {
			return err
		}
	}
	if err := c.write(); err != nil {
		return err
	}
	tx.report(edits)
	return tx.finish(edits, own)
}

// changedRecords returns the records whose quads change, in the order of their ids.
func (tx *Tx) changedRecords() []*recordEdit {
	var edits []*recordEdit
	for _, id := range slices.Sorted(maps.Keys(tx.records)) {
		if e := tx.records[id]; e.changed() {
			edits = append(edits, e)
		}
	}
	return edits
}

// changeSet returns the change set of the changed records.
func (tx *Tx) changeSet(edits []*recordEdit) (*changeSet, error) {
	c := &changeSet{transaction: tx.transaction, ctx: tx.ctx, reader: tx.reader, edited: tx.staged,
		facts: map[schema.ID]bool{}, created: map[schema.ID]schema.Fact{}, entities: map[schema.ID]bool{}, kept: map[string]int{}}
	for _, e := range edits {
		if schema.KindOf(e.id) == schema.KindFact {
			c.facts[e.id] = true
		} else {
			c.entities[e.id] = true
		}
		if f, ok := e.now.(schema.Fact); ok {
			tx.noteAcyclic(f, e.pos)
			term, err := tx.store.ID(f.ID.Value())
			if err != nil {
				return nil, err
			}
			if term == 0 {
				c.created[f.ID] = f
			}
		}
		c.differs(e.after, e.before)
	}
	return c, nil
}

// noteAcyclic records the edges of acyclic relations.
func (tx *Tx) noteAcyclic(f schema.Fact, pos schema.Position) {
	v := tx.reader.vocabulary
	if d, ok := v.Lookup(f.Verb); !ok || !d.Acyclic {
		return
	}
	for _, edge := range v.Edges(f) {
		if edge.Role == "" {
			tx.dataset.acyclic = append(tx.dataset.acyclic, positionedEdge{edge, pos})
		}
	}
}

// compareEntity compares a changed entity with the same id in other datasets.
func (tx *Tx) compareEntity(e *recordEdit) error {
	d, ok := e.now.(schema.Document)
	if !ok {
		return nil
	}
	own, err := tx.reader.entityQuads(tx.ctx, e.id)
	if err != nil {
		return err
	}
	tx.dataset.positions[e.id] = e.pos
	c := &entityComparison{dataset: tx.dataset, id: e.id, mine: d}
	return c.compare(tx.ctx, tx.reader, own)
}

func (tx *Tx) report(edits []*recordEdit) {
	r := &tx.dataset.report
	for _, e := range edits {
		switch {
		case e.was == nil && e.now == nil: // a borrowed name
			continue
		case schema.KindOf(e.id) == schema.KindFact:
			r.Facts++
		case schema.KindOf(e.id) == schema.Doc:
			r.Documents++
		default:
			r.Entities++
		}
		switch {
		case e.was == nil:
			r.Edits.Added = append(r.Edits.Added, e.id)
		case e.now == nil:
			r.Edits.Removed = append(r.Edits.Removed, e.id)
		default:
			r.Edits.Changed = append(r.Edits.Changed, e.id)
		}
		if f, ok := e.now.(schema.Fact); ok {
			r.noteSides(f, e.pos)
		}
	}
}

// finish writes the marks and the note of the update, which are not in the dataset.
func (tx *Tx) finish(edits []*recordEdit, own *ownQuads) error {
	if own.recount {
		r := &repair{reader: tx.transaction.readBefore(), tx: tx.store}
		if err := r.updateCounts(tx.ctx, tx.dataset.label); err != nil {
			return err
		}
	}
	if err := tx.markEdits(edits); err != nil {
		return err
	}
	return own.noteUpdate()
}

// ownQuads is the quads that describe a dataset, as far as an update may change them.
type ownQuads struct {
	tx         *Tx
	want, have []quad.Quad
	gone       bool     // the dataset was never loaded and has no record left
	recount    bool     // the dataset lacks counts, as in older versions
	verbs      []string // files of verbs that it no longer uses
	used       []string // files of verbs that it uses now
}

// ownQuads returns the quads that describe the dataset, before and after the update.
func (tx *Tx) ownQuads(edits []*recordEdit) (own *ownQuads, err error) {
	own = &ownQuads{tx: tx}
	if tx.there {
		p := store.Pattern{Subject: tx.dataset.label, Label: tx.dataset.label}
		if own.have, err = tx.transaction.readBefore().collect(tx.ctx, p); err != nil {
			return own, err
		}
	}
	was, other := own.splitCounts()
	now := was.plus(countChange(edits))
	if own.recount = tx.there && was.quads == 0; own.recount {
		own.want = other
	} else {
		own.want = slices.Concat(other, now.asQuads(tx.dataset.label))
	}
	if !tx.there {
		own.want = append(own.want, quad.Quad{Subject: tx.dataset.label, Predicate: schema.TypeTerm, Object: datasetType, Label: tx.dataset.label})
	}
	if err := own.verbFiles(edits); err != nil {
		return own, err
	}
	if own.gone, err = own.isEmptied(now); own.gone || err != nil {
		own.want = nil
		return own, err
	}
	own.countThemselves()
	return own, nil
}

// splitCounts divides the quads that describe a dataset into its counts and the
// others. The counts are zero if the dataset does not state all of them.
func (own *ownQuads) splitCounts() (n recordCounts, other []quad.Quad) {
	said := map[quad.Value]int64{}
	for _, q := range own.have {
		if !slices.ContainsFunc(countTerms, func(term quad.IRI) bool { return term == q.Predicate }) {
			other = append(other, q)
			continue
		}
		count, _ := q.Object.(quad.Int)
		said[q.Predicate] = int64(count)
	}
	if len(said) < len(countTerms) {
		return recordCounts{}, other
	}
	return recordCounts{facts: said[countTerms[0]], entities: said[countTerms[1]], documents: said[documentsTerm], quads: said[quadsTerm]}, other
}

func (n recordCounts) plus(m recordCounts) recordCounts {
	return recordCounts{facts: n.facts + m.facts, entities: n.entities + m.entities, documents: n.documents + m.documents, quads: n.quads + m.quads}
}

// countChange returns the change of a dataset's counts by the edits, without the quads
// that describe the dataset.
func countChange(edits []*recordEdit) (n recordCounts) {
	one := func(record schema.Record, by int64) {
		switch r := record.(type) {
		case schema.Fact:
			n.facts += by
		case schema.Document:
			if r.Kind == schema.Doc {
				n.documents += by
			} else {
				n.entities += by
			}
		}
	}
	for _, e := range edits {
		one(e.was, -1)
		one(e.now, 1)
		n.quads += int64(len(e.after) - len(e.before))
	}
	return n
}

// countThemselves adds the change of describing quads to the count of quads.
func (own *ownQuads) countThemselves() {
	for i, q := range own.want {
		if q.Predicate == quadsTerm {
			n, _ := q.Object.(quad.Int)
			own.want[i].Object = n + quad.Int(len(own.want)-len(own.have))
		}
	}
}

// isEmptied reports whether an update leaves no record in a dataset that was never
// loaded.
func (own *ownQuads) isEmptied(now recordCounts) (bool, error) {
	if !own.tx.there || own.recount || now.facts+now.entities+now.documents > 0 {
		return false, nil
	}
	n, _, err := own.tx.transaction.readBefore().noteOf(own.tx.ctx, own.tx.dataset.name)
	return n.ByHand, err
}

// verbFiles updates the files of verbs of the dataset: the files that define words of
// its facts, and the files that these depend on.
func (own *ownQuads) verbFiles(edits []*recordEdit) error {
	v, words := own.tx.reader.vocabulary, map[string]bool{}
	for _, e := range edits {
		for _, record := range []schema.Record{e.was, e.now} {
			if f, ok := record.(schema.Fact); ok {
				schema.AddWords(words, v, f)
			}
		}
	}
	if len(v.ExtensionsWith(words)) == 0 {
		return nil
	}
	words, err := own.extensionWords()
	if err != nil {
		return err
	}
	own.used = v.ExtensionsWith(words)
	isFile := func(q quad.Quad) bool { return q.Predicate == vocabularyTerm }
	for _, q := range own.have {
		if text := quad.ToString(q.Object); isFile(q) && !slices.Contains(own.used, text) {
			own.verbs = append(own.verbs, text)
		}
	}
	own.want = slices.DeleteFunc(own.want, isFile)
	for _, text := range own.used {
		own.want = append(own.want, quad.Quad{Subject: own.tx.dataset.label, Predicate: vocabularyTerm, Object: quad.String(text), Label: own.tx.dataset.label})
	}
	return nil
}

// extensionWords returns the words of the dataset's facts that files of verbs
// define.
func (own *ownQuads) extensionWords() (map[string]bool, error) {
	v, words := own.tx.reader.vocabulary, map[string]bool{}
	schema.AddOwnWords(words, own.tx.dataset.name)
	isNew := func(word string) bool { return len(v.ExtensionsWith(map[string]bool{word: true})) > 0 }
	for _, verb := range v.Verbs() {
		if !isNew(string(verb)) {
			continue
		}
		used, err := own.tx.reader.has(own.tx.ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb), Label: own.tx.dataset.label})
		if err != nil {
			return nil, err
		}
		words[string(verb)] = words[string(verb)] || used
	}
	for _, role := range v.Roles() {
		if !isNew(string(role)) {
			continue
		}
		used, err := own.hasRole(schema.Term(role))
		if err != nil {
			return nil, err
		}
		words[string(role)] = words[string(role)] || used
	}
	return words, own.addWidened(words)
}

// addWidened adds the words of the dataset's facts whose verbs are widened.
func (own *ownQuads) addWidened(words map[string]bool) error {
	reader, dataset := own.tx.reader, own.tx.dataset
	for _, verb := range schema.WidenedVerbs(reader.vocabulary) {
		for q, err := range reader.Match(own.tx.ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb), Label: dataset.label}) {
			if err != nil {
				return err
			}
			id, _ := schema.FactOf(q.Subject)
			f, err := reader.fact(own.tx.ctx, id, dataset.name)
			if err != nil {
				return err
			}
			schema.AddWords(words, reader.vocabulary, f)
		}
	}
	return nil
}

// hasRole reports whether a fact of the dataset has the role of a term.
func (own *ownQuads) hasRole(term quad.IRI) (bool, error) {
	for q, err := range own.tx.reader.Match(own.tx.ctx, store.Pattern{Predicate: term, Label: own.tx.dataset.label}) {
		if err != nil {
			return false, err
		}
		if _, ok := schema.FactOf(q.Subject); ok {
			return true, nil
		}
	}
	return false, nil
}

// noteUpdate writes the note of a dataset that the update made, removes the note of
// one that it removed, and keeps files of verbs that no dataset uses any more.
func (own *ownQuads) noteUpdate() error {
	if own.gone {
		return putNote(own.tx.ctx, own.tx.store, own.tx.dataset.name, nil)
	}
	before := own.tx.transaction.readBefore()
	n, _, err := before.noteOf(own.tx.ctx, own.tx.dataset.name)
	if err != nil {
		return err
	}
	if own.tx.there {
		return own.keepVerbs(n)
	}
	notes, err := before.notes(own.tx.ctx)
	if err != nil {
		return err
	}
	n = note{ByHand: true}
	for _, other := range notes {
		n.Order = max(n.Order, other.Order)
	}
	n.Order++
	return putNote(own.tx.ctx, own.tx.store, own.tx.dataset.name, &n)
}

// keepVerbs keeps in the note the files of verbs that the dataset no longer uses and
// no other dataset has, so that the graph's vocabulary does not shrink.
func (own *ownQuads) keepVerbs(n note) error {
	kept := slices.DeleteFunc(slices.Clone(n.Verbs), func(text string) bool { return slices.Contains(own.used, text) })
	for _, text := range own.verbs {
		other, err := own.tx.transaction.readBefore().has(own.tx.ctx, store.Pattern{Predicate: vocabularyTerm, Object: quad.String(text)})
		if err != nil {
			return err
		}
		if !other && !slices.Contains(kept, text) {
			kept = append(kept, text)
		}
	}
	if slices.Equal(kept, n.Verbs) {
		return nil
	}
	n.Verbs = kept
	return putNote(own.tx.ctx, own.tx.store, own.tx.dataset.name, &n)
}
