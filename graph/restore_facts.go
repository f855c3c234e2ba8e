package graph

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// pendingClaim is one dataset's statement of a fact, before it is checked.
type pendingClaim struct {
	id      schema.ID
	own     []quad.Quad // quads whose subject is the fact
	all     []quad.Quad // own, and the quads of its evidence
	derived []quad.Quad // derived quads in the text
	shared  bool        // other datasets state the fact too
	fact    schema.Fact
	wrong   error // error of the claim
	err     error // error of the store
}

// claimBatch is the number of claims that are checked in parallel before they are
// stored.
const claimBatch = 1024

func (c *restoration) fact(id schema.ID, group []quad.Quad) error {
	c.claims = append(c.claims, &pendingClaim{id: id, own: slices.Clone(group)})
	if len(c.claims) < claimBatch {
		return nil
	}
	return c.restoreClaims()
}

// restoreClaims checks the pending claims in parallel and restores each, in order.
func (c *restoration) restoreClaims() error {
	var wg sync.WaitGroup
	var next atomic.Int32
	for range min(runtime.GOMAXPROCS(0), len(c.claims)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(c.claims); i = next.Add(1) - 1 {
				c.check(c.claims[i])
			}
		})
	}
	wg.Wait()
	for _, k := range c.claims {
		if k.err != nil {
			return k.err
		}
		c.restoreClaim(k)
	}
	c.claims = c.claims[:0]
	return nil
}

// check reads the other quads of a claim and decodes it. It changes only the claim.
func (c *restoration) check(k *pendingClaim) {
	k.all = slices.Clone(k.own)
	for _, q := range k.own {
		if q.Predicate != schema.EvidenceTerm || k.err != nil {
			continue
		}
		var evidence []quad.Quad
		evidence, k.err = c.reader.collect(c.ctx, store.Pattern{Subject: q.Object, Label: c.dataset.label})
		k.all = append(k.all, evidence...)
	}
	if k.err == nil {
		k.derived, k.err = c.reader.collect(c.ctx, store.Pattern{Label: k.id.Value()})
	}
	if k.err == nil && c.mayShare {
		k.shared, k.err = c.isShared(k.id)
	}
	if k.err == nil {
		k.fact, k.wrong = c.decode(k.id, k.all)
	}
}

// restoreClaim records a valid claim and rejects an invalid one.
func (c *restoration) restoreClaim(k *pendingClaim) {
	for _, q := range k.own {
		if q.Predicate == schema.EvidenceTerm {
			if c.evidence[q.Object]--; c.evidence[q.Object] == 0 {
				delete(c.evidence, q.Object)
			}
		}
	}
	if k.wrong != nil {
		c.refused[k.id] = true
		c.refuse(k.all, k.wrong)
		return
	}
	c.dataset.report.Facts++
	c.dataset.recordMentions(k.fact)
	c.staged.recordFact(c.dataset, k.fact)
	c.dataset.report.noteSides(k.fact, schema.Position{File: c.dataset.text})
	if k.shared {
		c.shared = append(c.shared, k.id)
		return
	}
	fresh, stale := difference(c.reader.vocabulary.Derived(k.fact), k.derived)
	c.fresh, c.stale = append(c.fresh, fresh...), append(c.stale, stale...)
}

// isShared reports whether another dataset also states a fact.
func (c *restoration) isShared(id schema.ID) (bool, error) {
	for q, err := range c.reader.Match(c.ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm}) {
		if err != nil || q.Label != c.dataset.label {
			return err == nil, err
		}
	}
	return false, nil
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
