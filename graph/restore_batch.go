package graph

import (
	"runtime"
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
