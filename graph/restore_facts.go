package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"

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
