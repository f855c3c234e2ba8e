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

// restoreDataset checks one dataset, one subject at a time, in the order of their ids.
func (c *restoration) restoreDataset(d *stagedDataset) (err error) {
	c.dataset, c.meta, c.described, c.cited = d, nil, nil, nil
	for range runtime.GOMAXPROCS(0) - len(c.parts) {
		c.parts = append(c.parts, &claimPart{restoration: c, own: c.snapshot.SubjectReader(), edges: c.snapshot.SubjectReader().ByLabel()})
	}
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
	return c.finish()
}

// restoreSubject notes a subject, and checks the noted ones when they are many.
func (c *restoration) restoreSubject(term uint64) error {
	switch {
	case c.isEvidence.has(term):
		c.described.add(term)
	case c.isFact.has(term):
		c.claims = append(c.claims, pendingClaim{term: term})
	default:
		c.others = append(c.others, term)
	}
	if max(len(c.claims), len(c.others)) < claimBatch {
		return nil
	}
	if len(c.claims) < claimBatch {
		return c.restoreOthers()
	}
	return c.restorePending()
}

// restorePending checks the noted subjects, facts last.
func (c *restoration) restorePending() error {
	if err := c.restoreOthers(); err != nil {
		return err
	}
	return c.restoreClaims()
}

// restoreOthers checks the noted subjects that are no facts.
func (c *restoration) restoreOthers() error {
	n := 0
	for subject, err := range c.snapshot.Terms(c.ctx, c.others) {
		if err != nil {
			return err
		}
		group, err := c.reader.collect(c.ctx, store.Pattern{Subject: subject, Label: c.dataset.label})
		if err != nil {
			return err
		}
		c.restoreGroup(c.others[n], group)
		n++
	}
	c.others = c.others[:0]
	return nil
}

// pendingClaim is one dataset's statement of a fact, before it is checked.
type pendingClaim struct {
	term    uint64 // the id of the fact's term
	id      schema.ID
	all     []quad.Quad // quads whose subject is the fact or a piece of its evidence
	derived []quad.Quad // derived quads in the text
	shared  bool        // other datasets state the fact too
	fact    schema.Fact
	wrong   error // error of the claim
}

// claimBatch is the number of claims that are checked in parallel before they are
// stored.
const claimBatch = 1024

// claimPart is the claims that one goroutine reads and checks.
type claimPart struct {
	restoration *restoration
	claims      []pendingClaim
	cited       []uint64 // the evidence of all claims
	err         error    // error of the store

	own   *store.SubjectReader // of facts and their evidence
	edges *store.SubjectReader // of derived quads, by their labels
	facts []uint64
}

// restoreClaims checks the pending claims in parallel and restores each, in order.
func (c *restoration) restoreClaims() error {
	var wg sync.WaitGroup
	each := (len(c.claims) + len(c.parts) - 1) / len(c.parts)
	rest := c.claims
	for _, p := range c.parts {
		n := min(each, len(rest))
		p.claims, rest = rest[:n], rest[n:]
		wg.Go(func() { p.err = p.check() })
	}
	wg.Wait()
	for _, p := range c.parts {
		if p.err != nil {
			return p.err
		}
		for _, term := range p.cited {
			c.cited.add(term)
		}
		for i := range p.claims {
			c.restoreClaim(&p.claims[i])
		}
	}
	c.claims = c.claims[:0]
	return nil
}

// check reads and decodes the claims of the part.
func (p *claimPart) check() error {
	p.facts, p.cited = p.facts[:0], p.cited[:0]
	for _, k := range p.claims {
		p.facts = append(p.facts, k.term)
	}
	if err := errors.Join(p.own.Read(p.facts, p.restoration.evidenceTerm), p.edges.Read(p.facts, 0)); err != nil {
		return err
	}
	for i := range p.claims {
		if err := p.checkClaim(i); err != nil {
			return err
		}
	}
	return context.Cause(p.restoration.ctx)
}

func (p *claimPart) checkClaim(i int) error {
	k, label := &p.claims[i], p.restoration.dataset.label
	own, all := p.own.Quads(i)
	k.derived, _ = p.edges.Quads(i)
	k.shared = slices.ContainsFunc(own, func(q quad.Quad) bool { return q.Predicate == schema.StatusTerm && q.Label != label })
	cited, err := p.own.Linked(i), error(nil)
	if k.shared {
		all, cited, err = p.withoutOthers(own, all)
	}
	p.cited = append(p.cited, cited...)
	k.all = slices.DeleteFunc(all, func(q quad.Quad) bool { return q.Label != label })
	k.id = subjectOf(k.all[0])
	k.fact, k.wrong = p.restoration.decode(k.id, k.all)
	return err
}

// withoutOthers returns the quads of a fact, and of the evidence that the dataset cites,
// with the ids of that evidence.
func (p *claimPart) withoutOthers(own, all []quad.Quad) (kept []quad.Quad, cited []uint64, err error) {
	isCited := map[quad.Value]bool{own[0].Subject: true}
	for _, q := range own {
		if q.Predicate != schema.EvidenceTerm || q.Label != p.restoration.dataset.label {
			continue
		}
		id, err := p.restoration.snapshot.ID(q.Object)
		if err != nil {
			return nil, nil, err
		}
		isCited[q.Object], cited = true, append(cited, id)
	}
	return slices.DeleteFunc(all, func(q quad.Quad) bool { return !isCited[q.Subject] }), cited, nil
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
	c.dataset.recordMentions(k.fact)
	c.staged.recordFact(c.dataset, k.fact)
	c.dataset.report.noteSides(k.fact, schema.Position{File: c.dataset.text})
	if k.shared {
		c.shared = append(c.shared, k.id)
		return
	}
	derived := c.reader.vocabulary.Derived(k.fact)
	c.derived += len(derived)
	if equalQuads(derived, k.derived) {
		return
	}
	fresh, stale := difference(derived, k.derived)
	c.fresh, c.stale = append(c.fresh, fresh...), append(c.stale, stale...)
}

// decode returns the fact that encodes to exactly these quads, or an error.
func (c *restoration) decode(id schema.ID, quads []quad.Quad) (schema.Fact, error) {
	f, err := c.reader.vocabulary.DecodeFact(id, quads)
	if err != nil {
		return f, err
	}
	if err := c.reader.vocabulary.Check(f); err != nil {
		return f, fmt.Errorf("%s: %w", id, err)
	}
	if f = c.reader.vocabulary.Normalize(f); f.ID != id {
		return f, fmt.Errorf("%w %s: what is said of it is that of %s", schema.ErrDecode, id, f.ID)
	}
	want, err := c.reader.vocabulary.Encode(c.dataset.name, f)
	if err != nil {
		return f, err
	}
	return f, sameQuads(quads, want)
}
