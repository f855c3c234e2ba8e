package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Stats are counts of a graph's contents.
type Stats struct {
	Quads int64               // without the notes of loads
	Edges int                 // edges of verbs
	Roles map[schema.Verb]int // edges of roles, by predicate

	// Entities counts the declared entities by kind, without documents; Documents
	// counts the declared documents. Each counts once, however many datasets declare
	// it. Undeclared counts the entities and documents that no dataset declares any
	// more, and of which only a borrowed name is left.
	Entities   map[schema.Kind]int
	Documents  int
	Undeclared int

	Facts    int
	Verbs    map[schema.Verb]int
	Evidence int

	// Statuses counts the asserted facts by status. Standings counts all facts by
	// standing: a fact that is only denied, doubted or hearsay does not count in
	// Statuses.
	Statuses  map[schema.Status]int
	Standings map[schema.Standing]int

	Undated  int // facts without a date of their own or of a fact that contains them
	Datasets int

	// First and Last are the earliest and the latest day of all dated facts, without
	// open bounds. They are empty if no fact is dated.
	First, Last string
}

// Stats counts the contents of the graph. It reads ids in the indexes, and no terms of
// facts except those of the few facts whose dates their sources do not agree about.
func (g *Graph) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Entities: map[schema.Kind]int{}, Roles: map[schema.Verb]int{}, Verbs: map[schema.Verb]int{}, Statuses: map[schema.Status]int{}, Standings: map[schema.Standing]int{}}
	err := g.withSnapshot(ctx, func(snap *store.Snapshot) error {
		c := &statsCounter{reader: readerOf(g, snap), snapshot: snap, stats: &s, datasets: map[uint64]int{}, stated: map[uint64]int{}}
		c.facts, c.documents, c.unasserted = snap.NewIDSet(), snap.NewIDSet(), snap.NewIDSet()
		return c.count(ctx)
	})
	return s, err
}

// statsCounter counts the contents of a snapshot. Each of its sets contains ids of the
// snapshot.
type statsCounter struct {
	reader
	snapshot *store.Snapshot
	stats    *Stats

	facts, documents store.IDSet
	unasserted       store.IDSet    // the facts that no source asserts
	datasets         map[uint64]int // how many datasets state a fact, if it is more than one
	stated           map[uint64]int // how many facts a dataset states, by label
}

func (c *statsCounter) count(ctx context.Context) error {
	err := inParallel(
		func() error { return cmp.Or(c.countStandings(ctx), c.countFacts(ctx)) },
		func() error { return cmp.Or(c.countQuads(ctx), c.countEntities(ctx)) },
	)
	if err != nil {
		return err
	}
	if err := cmp.Or(c.checkStated(ctx), c.countUnderived(ctx)); err != nil {
		return err
	}
	return inParallel(
		func() error { return c.countDates(ctx) },
		func() error { return cmp.Or(c.countVerbs(ctx), c.countEdges(ctx)) },
	)
}

// inParallel runs functions at the same time and returns the first error in their
// order.
func inParallel(tasks ...func() error) error {
	errs := make([]error, len(tasks))
	var wg sync.WaitGroup
	for i, task := range tasks[1:] {
		wg.Go(func() { errs[i+1] = task() })
	}
	errs[0] = tasks[0]()
	wg.Wait()
	return cmp.Or(errs...)
}

// eachID calls fn with the ids of the quads that match a pattern.
func (c *statsCounter) eachID(ctx context.Context, p store.Pattern, fn func(q store.IDs)) error {
	for q, err := range c.snapshot.MatchIDs(ctx, p) {
		if err == nil && !c.facts.Fits(max(q[0], q[2], q[3])) {
			err = fmt.Errorf("%w: a quad has an id of no term", ErrDamaged)
		}
		if err != nil {
			return err
		}
		fn(q)
	}
	return nil
}

// countOf counts the quads that match a pattern.
func (c *statsCounter) countOf(ctx context.Context, err *error, p store.Pattern) int {
	if *err != nil {
		return 0
	}
	n, failed := c.snapshot.Count(ctx, p)
	*err = failed
	return int(n)
}

func (c *statsCounter) countQuads(ctx context.Context) (err error) {
	s := c.stats
	s.Quads = int64(c.countOf(ctx, &err, store.Pattern{}) - c.countOf(ctx, &err, store.Pattern{Label: LoadsLabel}))
	s.Datasets = c.countOf(ctx, &err, store.Pattern{Predicate: schema.TypeTerm, Object: datasetType})
	s.Evidence = c.countOf(ctx, &err, store.Pattern{Predicate: schema.EvidenceTerm})
	return err
}

// countStandings counts the facts of each standing, and collects those that no source
// asserts.
func (c *statsCounter) countStandings(ctx context.Context) (err error) {
	for _, standing := range schema.Standings() {
		p := store.Pattern{Predicate: schema.StandingTerm, Object: schema.Term(standing)}
		if n := c.countOf(ctx, &err, p); n > 0 {
			c.stats.Standings[standing] = n
		}
		if err == nil && !standing.Asserted() {
			err = c.eachID(ctx, p, func(q store.IDs) { c.unasserted.Put(q[0]) })
		}
	}
	return err
}

// countFacts collects the facts, and counts the asserted facts of each status. A fact
// has the same status in each of its datasets.
func (c *statsCounter) countFacts(ctx context.Context) (err error) {
	for _, status := range schema.Statuses() {
		last, label, ofLabel, n := uint64(0), uint64(0), 0, 0
		err := c.eachID(ctx, store.Pattern{Predicate: schema.StatusTerm, Object: schema.Term(status)}, func(q store.IDs) {
			if q[3] != label {
				c.stated[label] += ofLabel
				label, ofLabel = q[3], 0
			}
			if ofLabel++; q[0] == last {
				c.datasets[last] = max(2, c.datasets[last]+1)
				return
			}
			last = q[0]
			c.stats.Facts++
			if c.facts.Put(last); !c.unasserted.Has(last) {
				n++
			}
		})
		if err != nil {
			return err
		}
		if c.stated[label] += ofLabel; n > 0 {
			c.stats.Statuses[status] = n
		}
	}
	return nil
}

// countUnderived counts the facts without a standing, which older versions of the
// program did not derive. They count as asserted up to here.
func (c *statsCounter) countUnderived(ctx context.Context) error {
	derived := 0
	for _, n := range c.stats.Standings {
		derived += n
	}
	if derived == c.stats.Facts {
		return nil
	}
	known := c.snapshot.NewIDSet()
	if err := c.eachID(ctx, store.Pattern{Predicate: schema.StandingTerm}, func(q store.IDs) { known.Put(q[0]) }); err != nil {
		return err
	}
	for id := range c.facts.Without(known).All() {
		fact, err := c.factOf(ctx, id)
		if err != nil {
			return err
		}
		standing := fact.Standing()
		if c.stats.Standings[standing]++; !standing.Asserted() {
			c.stats.Statuses[fact.Status]--
		}
	}
	return nil
}

// checkStated compares the facts read with the count that each dataset states.
func (c *statsCounter) checkStated(ctx context.Context) error {
	read := factTally{}
	for label, n := range c.stated {
		value, err := c.snapshot.Term(label)
		if err != nil {
			return err
		}
		name, _ := schema.DatasetName(value)
		read[name] += n
	}
	return c.checkTally(ctx, read)
}

// countEntities counts the declared entities of each kind.
func (c *statsCounter) countEntities(ctx context.Context) error {
	type declaration struct{ entity, label uint64 }
	borrowed := map[declaration]bool{}
	if err := c.eachID(ctx, store.Pattern{Predicate: schema.BorrowedTerm}, func(q store.IDs) { borrowed[declaration{q[0], q[3]}] = true }); err != nil {
		return err
	}
	for _, kind := range schema.Kinds() {
		all, declared, last, isDeclared := 0, 0, uint64(0), false
		err := c.eachID(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(kind)}, func(q store.IDs) {
			if q[0] != last {
				all, last, isDeclared = all+1, q[0], false
				if kind == schema.Doc {
					c.documents.Put(last)
				}
			}
			if !isDeclared && (len(borrowed) == 0 || !borrowed[declaration{q[0], q[3]}]) {
				declared, isDeclared = declared+1, true
			}
		})
		if err != nil {
			return err
		}
		c.stats.Undeclared += all - declared
		switch {
		case kind == schema.Doc:
			c.stats.Documents = declared
		case declared > 0:
			c.stats.Entities[kind] = declared
		}
	}
	return nil
}

// countVerbs counts the facts of each verb.
func (c *statsCounter) countVerbs(ctx context.Context) (err error) {
	for _, verb := range c.vocabulary.Verbs() {
		p, n := store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb)}, 0
		if len(c.datasets) == 0 {
			n = c.countOf(ctx, &err, p)
		} else {
			last := uint64(0)
			err = cmp.Or(err, c.eachID(ctx, p, func(q store.IDs) {
				if q[0] != last {
					n, last = n+1, q[0]
				}
			}))
		}
		if n > 0 {
			c.stats.Verbs[verb] = n
		}
	}
	return err
}

// countEdges counts the edges of verbs and of roles. The predicate of a verb may also
// be that of links between facts, whose labels are datasets.
func (c *statsCounter) countEdges(ctx context.Context) (err error) {
	for _, verb := range c.vocabulary.Verbs() {
		p := store.Pattern{Predicate: schema.Term(verb)}
		if !slices.Contains(schema.LinkTypes(), schema.LinkType(verb)) {
			c.stats.Edges += c.countOf(ctx, &err, p)
			continue
		}
		err = cmp.Or(err, c.eachID(ctx, p, func(q store.IDs) {
			if c.facts.Has(q[3]) {
				c.stats.Edges++
			}
		}))
	}
	for _, predicate := range c.vocabulary.RoleEdges() {
		if n := c.countOf(ctx, &err, store.Pattern{Predicate: schema.Term(predicate)}); n > 0 {
			c.stats.Roles[predicate] = n
		}
	}
	return err
}
