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
	cited     []*schema.Document
	docByID   map[schema.ID]int
	pending   []*pending // one a fact, in order; nil where it was rejected
	phrases   phraseIndex
	fileDocs  map[*source]schema.ID
	fileOrder map[string]int
}

// pending is a fact whose names are resolved and whose references to other
// facts of the dataset wait for their ids.
type pending struct {
	raw      *rawFact
	fact     schema.Fact
	roles    []roleRef
	links    []linkRef
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
	c.lost = make(map[schema.ID]bool)
	c.fileDocs, c.fileOrder = make(map[*source]schema.ID), make(map[string]int)
	c.phrases = newPhraseIndex(c.vocabulary)
	for i, name := range files {
		c.fileOrder[name] = i
	}
	c.settleDocuments()
	c.settleEntities()
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
	return nil
}

func (c *collector) rejectFact(raw *rawFact, err error) {
	c.reject(err, raw.source.lines(raw.pos.line, raw.last))
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
			c.reject(c.err, e.source.lines(int32(e.entity.Pos.Line), e.last))
		case again:
			c.repeated(e, c.settled[i])
		default:
			c.settle(e.entity)
		}
	}
	for _, e := range mentions {
		if _, again := c.byID[e.entity.ID]; !again {
			c.settle(e.entity)
		}
	}
}

func (c *collector) settle(e schema.Entity) {
	c.byID[e.ID] = len(c.settled)
	c.settled = append(c.settled, e)
}

// settleMentions lists the entities that are named with a kind and declared
// nowhere else.
func (c *collector) settleMentions() []*rawEntity {
	var fresh []*rawEntity
	for _, e := range c.mentions {
		ids := c.names.byName[nameKey(e.entity.Label)]
		if len(ofKinds(ids, []schema.Kind{e.entity.Kind})) == 0 {
			c.names.Add(e.entity)
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
	err := fmt.Errorf("%q is declared twice with different content: first at %v", first.ID, first.Pos)
	c.reject(&located{at, withHint(err, "give one of them another id, or leave one out")},
		e.source.lines(int32(at.Line), e.last))
}

// settleDocuments drops repeats and ties sources that are described where they
// are cited to the ones that are declared.
func (c *collector) settleDocuments() {
	slices.SortStableFunc(c.documents, func(a, b *rawDocument) int {
		return cmp.Compare(btoi(a.mention), btoi(b.mention))
	})
	for _, d := range c.documents {
		if d.mention && c.knownElsewhere(d) {
			continue
		}
		i, again := c.docByID[d.document.ID]
		if !again {
			c.docByID[d.document.ID] = len(c.cited)
			c.cited = append(c.cited, &d.document)
			c.names.Add(d.document.Entity)
			continue
		}
		if first := c.cited[i]; !sameDocument(first, d) {
			err := fmt.Errorf("%q is declared twice with different content: first at %v", first.ID, first.Pos)
			c.reject(&located{d.document.Pos, withHint(err, "give one of them another id, or leave one out")},
				d.source.lines(int32(d.document.Pos.Line), d.last))
		}
	}
}

// knownElsewhere gives a mention the id of the source that it names, and reports
// whether that is one of another input under an id of its own.
func (c *collector) knownElsewhere(d *rawDocument) bool {
	id, ok := c.knownSource(d.document.Label)
	if !ok || id == d.document.ID {
		return false
	}
	d.document.ID = id
	return !c.names.has(id)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sameDocument compares a repeat with the first. A mention may leave out what
// the first says, and say what the first leaves out.
func sameDocument(first *schema.Document, again *rawDocument) bool {
	d := again.document
	if !again.mention {
		d.Pos = first.Pos
		return reflect.DeepEqual(d, *first)
	}
	into := []*string{&first.Publisher, &first.Author, &first.Published.Written, &first.URL, &first.SHA256,
		&first.Language, &first.Description}
	from := []string{d.Publisher, d.Author, d.Published.Written, d.URL, d.SHA256, d.Language, d.Description}
	for i, value := range from {
		if value != "" && *into[i] != "" && value != *into[i] {
			return false
		}
	}
	for i, value := range from {
		*into[i] = cmp.Or(*into[i], value)
	}
	return true
}

// knownSource finds a source by key, id or title.
func (c *collector) knownSource(name string) (schema.ID, bool) {
	if d := c.sources[name]; d != nil {
		return d.document.ID, true
	}
	if id := schema.ID(name); schema.KindOf(id) == schema.Doc && c.scope.has(id) {
		return id, true
	}
	ids, ok := c.scope.choose(nameKey(name), []schema.Kind{schema.Doc})
	if !ok || len(ids) != 1 {
		return "", false
	}
	return ids[0], true
}

// yield hands out what was found wrong, in the order of the files, and then the
// records, unless a fatal error ended the reading.
func (c *collector) yield(ctx context.Context, yield func(schema.Record, error) bool, fatal error) bool {
	slices.SortStableFunc(c.errs, func(a, b *RowError) int {
		return cmp.Or(cmp.Compare(c.fileOrder[a.Pos.File], c.fileOrder[b.Pos.File]),
			cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	for _, e := range c.errs {
		if !yield(nil, e) {
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
}
