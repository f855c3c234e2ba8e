package loaders

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// resolved is what a collector yields.
type resolved struct {
	settled   []schema.Entity
	byID      map[schema.ID]int
	lost      map[schema.ID]bool // rejected entities
	clashes   map[string]error   // names in columns that mean another's id
	cited     []*schema.Document
	docByID   map[schema.ID]int
	pending   []*pending // one a fact, in order; nil where it was rejected
	phrases   phraseIndex
	byTitle   map[title][]schema.ID // sources that mentions may mean
	fileDocs  map[*source]schema.ID
	fileOrder map[string]int
	onLine    map[fileLine]int // claims that begin there
	firsts    map[idList][]schema.ID

	titledBefore map[saying]titledBefore
	fills        int // sources that got more from mentions
}

// pending is a fact whose names are resolved and whose references to other
// facts of the dataset wait for their ids.
type pending struct {
	raw      *rawFact
	fact     schema.Fact
	roles    []roleRef
	links    []linkRef
	claims   []schema.Position // one a piece of evidence
	rejected bool
}

type roleRef struct{ index, fact int }

type linkRef struct {
	link schema.LinkType
	fact int
}

// ref is an entity, or a fact of the dataset where fact is not negative.
type ref struct {
	id   schema.ID
	fact int
}

// finish resolves all that was collected. Its error is a cancelled context.
func (c *collector) finish(ctx context.Context, files []string) error {
	c.byID, c.docByID = make(map[schema.ID]int), make(map[schema.ID]int)
	c.lost, c.clashes = make(map[schema.ID]bool), make(map[string]error)
	c.byTitle, c.titledBefore = make(map[title][]schema.ID), make(map[saying]titledBefore)
	c.fileDocs, c.fileOrder = make(map[*source]schema.ID), make(map[string]int)
	c.phrases = newPhraseIndex(c.vocabulary)
	for i, name := range files {
		c.fileOrder[name] = i
	}
	c.settleDocuments()
	c.settleEntities()
	c.countClaims()
	c.pending = make([]*pending, len(c.facts))
	for i, raw := range c.facts {
		if i%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		c.source, c.err = raw.source, nil
		p := c.resolveFact(raw)
		if c.err != nil {
			p.rejected = true
			c.rejectFact(raw, c.err)
		}
		c.pending[i] = p
		raw.roles, raw.links, raw.evidence, raw.several = nil, nil, nil, nil
	}
	c.rejectCycles()
	c.rejectDependents()
	c.assignIDs()
	c.rejectDisagreements()
	return nil
}

func (c *collector) rejectFact(raw *rawFact, err error) {
	c.reject(err, raw.source.excerpt(raw.source.position(raw.pos), int(raw.last)))
}

// settleEntities gives each entity its country and drops repeats.
func (c *collector) settleEntities() {
	mentions := c.settleMentions()
	for _, e := range c.entities {
		c.source, c.err = e.source, nil
		c.settleCountry(e)
		i, again := c.byID[e.entity.ID]
		switch {
		case c.err != nil:
			c.lost[e.entity.ID] = true
			c.reject(c.err, e.source.excerpt(e.entity.Pos, int(e.last)))
		case again:
			c.repeated(e, c.settled[i])
		default:
			c.settle(e.entity)
		}
	}
	for _, e := range mentions {
		c.settleMention(e)
	}
}

func (c *collector) settle(e schema.Entity) {
	c.byID[e.ID] = len(c.settled)
	c.settled = append(c.settled, e)
}

// settleMentions lists the entities that are named with a kind and mean none of
// another id.
func (c *collector) settleMentions() []*rawEntity {
	slices.SortStableFunc(c.mentions, func(a, b *rawEntity) int { return cmp.Compare(btoi(a.column), btoi(b.column)) })
	var fresh []*rawEntity
	for _, e := range c.mentions {
		key := schema.NameKey(e.entity.Label)
		ids := c.names.ofKinds(key, []schema.Kind{e.entity.Kind})
		if len(ids) == 0 && !c.names.has(e.entity.ID) {
			c.names.Add(e.entity)
		}
		if len(ids) == 0 || c.names.means(key, e.entity.ID) {
			fresh = append(fresh, e)
		}
	}
	return fresh
}

func (c *collector) settleCountry(e *rawEntity) {
	if !e.country.given() {
		return
	}
	r, err := c.pick(e.country.value, []schema.Kind{schema.Country})
	if err == nil && schema.KindOf(r.id) != schema.Country {
		err = fmt.Errorf("not a country: %q", e.country.value)
	}
	if err != nil {
		c.failWith(e.country, err)
	}
	e.entity.Country = r.id
}

func (c *collector) repeated(e *rawEntity, first schema.Entity) {
	again := e.entity
	at := again.Pos
	again.Pos = first.Pos
	if reflect.DeepEqual(again, first) {
		return
	}
	if again.FromName && first.FromName && !isCalled(first, again.Label) {
		c.rejectSecondName(e, first)
		return
	}
	err := fmt.Errorf("%q is declared twice with different content: first at %v", first.ID, first.Pos)
	c.reject(&located{at, withHint(err, "give one of them another id, or leave one out")},
		e.source.excerpt(at, int(e.last)))
}

// settleMention takes what is named only, unless another name has its id.
func (c *collector) settleMention(e *rawEntity) {
	i, again := c.byID[e.entity.ID]
	switch {
	case !again && !c.lost[e.entity.ID]:
		c.settle(e.entity)
	case !again:
	case isCalled(c.settled[i], e.entity.Label):
	case e.column && c.isNamed(e.entity.Label, e.entity.ID):
	default:
		c.rejectSecondName(e, c.settled[i])
	}
}

// isCalled reports whether an entity has the name, spelled just so.
func isCalled(e schema.Entity, name string) bool {
	return e.Label == name || slices.ContainsFunc(e.Aliases, func(a schema.Text) bool { return a.Value == name })
}

func (c *collector) isNamed(name string, id schema.ID) bool {
	return c.names.means(schema.NameKey(name), id)
}

func (c *collector) rejectSecondName(e *rawEntity, first schema.Entity) {
	err := fmt.Errorf("two names, one id: %q and %q, at %v, are both %q: give one of them an id", e.entity.Label,
		first.Label, first.Pos, first.ID)
	err = withHint(err, fmt.Sprintf("where they are one, make one of them an alias: {name: %s, aliases: [%s]}",
		first.Label, e.entity.Label))
	if e.column {
		c.clashes[e.entity.Label] = err // told by each row that has it
		return
	}
	c.reject(&located{e.entity.Pos, err}, e.source.excerpt(e.entity.Pos, int(e.last)))
}

// yield hands out what was found wrong, in the order of the files, what follows
// from it last, and then the records, unless a fatal error ended the reading.
func (c *collector) yield(ctx context.Context, yield func(schema.Record, error) bool, fatal error) bool {
	slices.SortStableFunc(c.errs, func(a, b fault) int {
		return cmp.Or(cmp.Compare(btoi(a.follows), btoi(b.follows)), cmp.Compare(c.fileOrder[a.Pos.File], c.fileOrder[b.Pos.File]),
			cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	for _, e := range c.errs {
		if !yield(nil, e.RowError) {
			return false
		}
	}
	if fatal != nil {
		yield(nil, fatal)
		return false
	}
	for record := range c.records {
		if ctx.Err() != nil {
			yield(nil, context.Cause(ctx))
			return false
		}
		if !yield(record, nil) {
			return false
		}
	}
	return true
}

func (c *collector) records(yield func(schema.Record) bool) {
	for _, e := range c.settled {
		if !yield(e) {
			return
		}
	}
	for _, d := range c.cited {
		if !yield(*d) {
			return
		}
	}
	for _, p := range c.pending {
		if !p.rejected && !yield(p.fact) {
			return
		}
	}
	for _, f := range c.foreigns {
		if !yield(f) {
			return
		}
	}
	for _, text := range c.texts {
		if !yield(text) {
			return
		}
	}
}
