package graph

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// restorationQueue is the batches of one dataset that goroutines check, in the order in
// which their results are recorded.
type restorationQueue struct {
	batches []*restoreBatch
	idle    []*restoreBatch
	working sync.WaitGroup
}

// restoreBatch is some subjects of a dataset, which one goroutine reads and checks: facts,
// or subjects that are no facts.
type restoreBatch struct {
	restoration *restoration
	subjects    []uint64
	areFacts    bool
	checked     chan struct{} // closed when the subjects are checked
	err         error         // error of the store

	claims    []pendingClaim
	others    []otherSubject
	cited     []uint64           // the evidence of all claims
	mentions  []schema.ID        // the ids to which facts refer, without those of earlier batches
	mentioned map[schema.ID]bool // these, and those of earlier batches

	own     *store.SubjectReader // of facts and their evidence
	edges   *store.SubjectReader // of derived quads, by their labels
	encoded []quad.Quad          // memory for the quads of one fact
}

// claimBatch is the number of facts, or of other subjects, that are noted before they are
// checked; factsPerBatch is the number of facts that a goroutine checks at once.
const (
	claimBatch    = 1024
	factsPerBatch = 512
)

// restoreDataset checks one dataset, one subject at a time, in the order of their ids.
func (c *restoration) restoreDataset(d *stagedDataset) (err error) {
	c.dataset, c.meta, c.described, c.cited = d, nil, nil, nil
	c.queue = restorationQueue{}
	defer c.queue.working.Wait()
	last := uint64(0)
	for q, err := range c.snapshot.MatchIDs(c.ctx, store.Pattern{Label: d.label}) {
		if err != nil {
			return err
		}
		if q[0] == last {
			continue
		}
		last = q[0]
		if err := c.restoreSubject(last); err != nil {
			return err
		}
	}
	if err := c.restorePending(); err != nil {
		return err
	}
	for len(c.queue.batches) > 0 {
		if err := c.recordOldest(); err != nil {
			return err
		}
	}
	return c.finish()
}

// restoreSubject notes a subject, and checks the noted ones when they are many.
func (c *restoration) restoreSubject(term uint64) error {
	switch {
	case c.isEvidence.has(term):
		c.described.add(term)
	case c.isFact.has(term):
		c.facts = append(c.facts, term)
	default:
		c.others = append(c.others, term)
	}
	if max(len(c.facts), len(c.others)) < claimBatch {
		return nil
	}
	if len(c.facts) < claimBatch {
		return c.sendOthers()
	}
	return c.restorePending()
}

// restorePending checks the noted subjects, facts last.
func (c *restoration) restorePending() error {
	if err := c.sendOthers(); err != nil {
		return err
	}
	rest := c.facts
	for len(rest) > 0 {
		n := min(len(rest), factsPerBatch)
		if err := c.send(rest[:n], true); err != nil {
			return err
		}
		rest = rest[n:]
	}
	c.facts = c.facts[:0]
	return nil
}

// sendOthers checks the noted subjects that are no facts.
func (c *restoration) sendOthers() error {
	if len(c.others) == 0 {
		return nil
	}
	err := c.send(c.others, false)
	c.others = c.others[:0]
	return err
}

// send starts to check subjects, and records the oldest batch if there are enough to keep
// all processors busy.
func (c *restoration) send(subjects []uint64, areFacts bool) error {
	b := c.emptyBatch()
	b.subjects, b.areFacts, b.checked = append(b.subjects[:0], subjects...), areFacts, make(chan struct{})
	c.queue.batches = append(c.queue.batches, b)
	c.queue.working.Go(func() {
		defer close(b.checked)
		b.err = b.check()
	})
	if len(c.queue.batches) <= runtime.GOMAXPROCS(0) {
		return nil
	}
	return c.recordOldest()
}

func (c *restoration) emptyBatch() *restoreBatch {
	if n := len(c.queue.idle); n > 0 {
		b := c.queue.idle[n-1]
		c.queue.idle = c.queue.idle[:n-1]
		return b
	}
	own := c.snapshot.SubjectReader()
	return &restoreBatch{restoration: c, mentioned: map[schema.ID]bool{},
		own: own, edges: c.snapshot.SubjectReader().ByLabel().Sharing(own)}
}

// check reads and checks the subjects of the batch.
func (b *restoreBatch) check() error {
	if b.areFacts {
		return b.readClaims()
	}
	return b.readOthers()
}

// recordOldest records the results of the oldest batch.
func (c *restoration) recordOldest() error {
	b := c.queue.batches[0]
	c.queue.batches = c.queue.batches[1:]
	<-b.checked
	if b.err != nil {
		return b.err
	}
	for _, term := range b.cited {
		c.cited.add(term)
	}
	for _, id := range b.mentions {
		c.dataset.mentions[id] = true
	}
	for i := range b.claims {
		c.restoreClaim(&b.claims[i])
	}
	for i := range b.others {
		c.restoreOther(&b.others[i])
	}
	b.reset()
	c.queue.idle = append(c.queue.idle, b)
	return nil
}

// reset removes all results.
func (b *restoreBatch) reset() {
	clear(b.claims)
	clear(b.others)
	b.claims, b.others, b.cited, b.mentions = b.claims[:0], b.others[:0], b.cited[:0], b.mentions[:0]
}

// findKinds finds the terms that are ids of facts and of evidence.
func (c *restoration) findKinds() (err error) {
	for prefix, set := range map[string]*termSet{"fact:": &c.isFact, "evidence:": &c.isEvidence} {
		for ids, err := range c.snapshot.IRIs(c.ctx, prefix) {
			if err != nil {
				return err
			}
			for _, id := range ids {
				set.add(id)
			}
		}
	}
	c.evidenceTerm, err = c.snapshot.ID(schema.EvidenceTerm)
	return err
}

// pendingClaim is one dataset's statement of a fact, with what the check of it found.
type pendingClaim struct {
	term         uint64 // the id of the fact's term
	id           schema.ID
	fact         schema.Fact
	shared       bool        // other datasets state the fact too
	wrong        error       // error of the claim
	all          []quad.Quad // the quads of a wrong claim
	derived      int         // how many quads follow from the fact
	fresh, stale []quad.Quad // how these differ from the derived quads in the text
}

// readClaims reads and checks the facts of the batch.
func (b *restoreBatch) readClaims() error {
	if err := errors.Join(b.own.Read(b.subjects, b.restoration.evidenceTerm), b.edges.Read(b.subjects, 0)); err != nil {
		return err
	}
	for i, term := range b.subjects {
		b.claims = append(b.claims, pendingClaim{term: term})
		if err := b.checkClaim(i, &b.claims[i]); err != nil {
			return err
		}
	}
	return context.Cause(b.restoration.ctx)
}

func (b *restoreBatch) checkClaim(i int, k *pendingClaim) error {
	label := b.restoration.dataset.label
	own, all := b.own.Quads(i)
	k.shared = slices.ContainsFunc(own, func(q quad.Quad) bool { return q.Predicate == schema.StatusTerm && q.Label != label })
	cited, err := b.own.Linked(i), error(nil)
	if k.shared {
		all, cited, err = b.withoutOthers(own, all)
	}
	b.cited = append(b.cited, cited...)
	all = slices.DeleteFunc(all, func(q quad.Quad) bool { return q.Label != label })
	k.id = subjectOf(all[0])
	if k.fact, k.wrong = b.decode(k.id, all); k.wrong != nil {
		k.all = slices.Clone(all)
		return err
	}
	b.noteMentions(k.fact)
	if !k.shared {
		b.compareDerived(i, k)
	}
	return err
}

// compareDerived compares the derived quads in the text with those that follow from a fact.
func (b *restoreBatch) compareDerived(i int, k *pendingClaim) {
	there, _ := b.edges.Quads(i)
	derived := b.restoration.reader.vocabulary.Derived(k.fact)
	k.derived = len(derived)
	if !equalQuads(derived, there) {
		k.fresh, k.stale = difference(derived, there)
	}
}

// withoutOthers returns the quads of a fact, and of the evidence that the dataset cites,
// with the ids of that evidence.
func (b *restoreBatch) withoutOthers(own, all []quad.Quad) (kept []quad.Quad, cited []uint64, err error) {
	isCited := map[quad.Value]bool{own[0].Subject: true}
	for _, q := range own {
		if q.Predicate != schema.EvidenceTerm || q.Label != b.restoration.dataset.label {
			continue
		}
		id, err := b.restoration.snapshot.ID(q.Object)
		if err != nil {
			return nil, nil, err
		}
		isCited[q.Object], cited = true, append(cited, id)
	}
	return slices.DeleteFunc(all, func(q quad.Quad) bool { return !isCited[q.Subject] }), cited, nil
}

// decode returns the fact that encodes to exactly these quads, or an error.
func (b *restoreBatch) decode(id schema.ID, quads []quad.Quad) (schema.Fact, error) {
	v := b.restoration.reader.vocabulary
	f, err := v.DecodeFact(id, quads)
	if err != nil {
		return f, err
	}
	if err := v.Check(f); err != nil {
		return f, fmt.Errorf("%s: %w", id, err)
	}
	if f = v.Normalize(f); f.ID != id {
		return f, fmt.Errorf("%w %s: what is said of it is that of %s", schema.ErrDecode, id, f.ID)
	}
	want, err := v.AppendQuads(b.encoded[:0], b.restoration.dataset.name, f)
	if err != nil {
		return f, err
	}
	b.encoded = want
	return f, sameQuads(quads, want)
}

// noteMentions notes the ids to which a fact refers, as far as the batch has not noted
// them before.
func (b *restoreBatch) noteMentions(f schema.Fact) {
	for _, id := range references(f) {
		if !b.mentioned[id] {
			b.mentioned[id], b.mentions = true, append(b.mentions, id)
		}
	}
}

// restoreClaim records a valid claim and rejects an invalid one.
func (c *restoration) restoreClaim(k *pendingClaim) {
	if k.wrong != nil {
		c.refused[k.id] = true
		c.refuse(k.all, k.wrong)
		return
	}
	c.dataset.report.Facts++
	c.dataset.restoredIDs.add(k.term)
	c.staged.recordFact(c.dataset, k.fact)
	c.dataset.report.noteSides(k.fact, schema.Position{File: c.dataset.text})
	if k.shared {
		c.shared = append(c.shared, k.id)
		return
	}
	c.derived += k.derived
	c.fresh, c.stale = append(c.fresh, k.fresh...), append(c.stale, k.stale...)
}

// withoutLabelAlias returns the quads of an entity without an alias that is its label.
// Datasets may state it, and decoding leaves it out.
func withoutLabelAlias(group []quad.Quad, label string) []quad.Quad {
	isLabel := func(q quad.Quad) bool { return q.Predicate == schema.AltLabelTerm && q.Object == quad.String(label) }
	if !slices.ContainsFunc(group, isLabel) {
		return group
	}
	return slices.DeleteFunc(slices.Clone(group), isLabel)
}
