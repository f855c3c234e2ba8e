package loaders

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

// collector collects what one block declares. It keeps nothing of the text of a
// block of rows.
type collector struct {
	block    *block
	earlier  *drafts // what the blocks before declare; nil while that is not known
	problems problems

	about       map[string]string
	named       []*schema.Entity // declared entities and documents, in order
	entities    []*entityDraft
	mentions    []collectedMention
	mentioned   map[mentionedName]bool
	badMentions map[mentionedName]schema.Position
	documents   []collectedDocument
	inCells     map[string]documentNumber
	sourceKeys  map[string]schema.Position // where each is given first
	keys        map[string]keyPlace
	facts       int
	kept        []*factDraft // the facts, unless the block is of rows
	saved       *draftCodec  // has written the facts, if these are saved; nil if not
	texts       []schema.NQuads
	tally       mapping.Tally // of a mapping

	rejectedEntities []*entityDraft
	rejectedSources  []string   // their titles, ids and keys
	failed           []unparsed // facts with errors of parsing

	fact     factDraft // of a block of rows: the one that is being read, and its evidence
	evidence slab[evidenceDraft]
}

// unparsed is a fact with errors of parsing, whose names are not resolved yet.
type unparsed struct {
	errs faults
	at   excerpt
}

type collectedMention struct {
	draft *entityDraft
	name  mentionedName // empty if it is not a name beside its kind
}

type collectedDocument struct {
	draft      *documentDraft
	key, cells string // the source key, and the cells of a row that describe it
}

func newCollector(b *block, earlier *drafts) *collector {
	return &collector{block: b, earlier: earlier, about: make(map[string]string),
		mentioned: make(map[mentionedName]bool), badMentions: make(map[mentionedName]schema.Position), inCells: make(map[string]documentNumber),
		sourceKeys: make(map[string]schema.Position), keys: make(map[string]keyPlace)}
}

// conflicts reports whether the block repeats a key or a bad mention of an earlier
// block. It must be parsed again with what is known of the earlier blocks.
func (c *collector) conflicts(earlier *drafts) bool {
	for key := range c.sourceKeys {
		if earlier.sources.has(key) {
			return true
		}
	}
	for key := range c.keys {
		if _, again := earlier.keys[key]; again {
			return true
		}
	}
	for key := range c.badMentions {
		if earlier.mentioned[key] {
			return true
		}
	}
	return false
}

func (c *collector) reject(err error, row string) { c.problems.reject(err, row) }

func (c *collector) rejectAt(err error, s *source, begin schema.Position, last int32) {
	c.problems.rejectAt(err, s, begin, last)
}

func (c *collector) addTally(t *mapping.Tally) { c.tally.Add(t) }

func (c *collector) setAbout(key, value string) { c.about[strings.Clone(key)] = strings.Clone(value) }

func (c *collector) addEntity(e entityDraft) {
	e.entity = cloneEntity(e.entity)
	if len(e.errs) > 0 {
		c.rejectedEntities = append(c.rejectedEntities, &e)
		return
	}
	if e.isMention {
		c.mentions = append(c.mentions, collectedMention{&e, mentionedName{}})
		return
	}
	c.entities, c.named = append(c.entities, &e), append(c.named, &e.entity)
}

func (c *collector) isMentioned(kind schema.Kind, name text, _ *source) bool {
	key := mentionedName{kind, name.value}
	if c.mentioned[key] || c.earlier != nil && c.earlier.mentioned[key] {
		return true
	}
	key.name = strings.Clone(key.name)
	c.mentioned[key] = true
	return false
}

func (c *collector) addMention(e entityDraft, name string) {
	e.entity = cloneEntity(e.entity)
	c.mentions = append(c.mentions, collectedMention{&e, mentionedName{e.entity.Kind, strings.Clone(name)}})
}

func (c *collector) addBadMention(kind schema.Kind, name string, at schema.Position) {
	c.badMentions[mentionedName{kind, strings.Clone(name)}] = at
}

// mentionedName is a name, as written in a row, and the kind beside it.
type mentionedName struct {
	kind schema.Kind
	name string
}

func (c *collector) addDocument(d documentDraft, key string) documentNumber {
	d.document.Entity = cloneEntity(d.document.Entity)
	for _, s := range []*string{&d.document.Publisher, &d.document.Author, &d.document.Published.Written,
		&d.document.URL, &d.document.SHA256, &d.document.Language, &d.document.Archived.URL, &d.document.Archived.On, &d.document.Accessed} {
		*s = strings.Clone(*s)
	}
	key = strings.Clone(key)
	if _, again := c.sourceKeys[key]; d.hasKey && !again {
		c.sourceKeys[key] = d.document.Pos
	}
	c.documents = append(c.documents, collectedDocument{draft: &d, key: key})
	if !d.isMention {
		c.named = append(c.named, &d.document.Entity)
	}
	return documentNumber(len(c.documents))
}

func (c *collector) firstWithSourceKey(key string, _ schema.Position) (first schema.Position, again bool) {
	if c.earlier != nil && c.earlier.sources.has(key) {
		return c.earlier.sourceKeyPosition(key), true
	}
	first, again = c.sourceKeys[key]
	return first, again
}

func (d *drafts) sourceKeyPosition(key string) schema.Position {
	return d.documents[d.sources.all[key][0]-1].document.Pos
}

func (c *collector) citedInCells(cells string, read func() documentNumber) documentNumber {
	if n := c.inCells[cells]; n > 0 {
		return n
	}
	n := read()
	if n > 0 {
		cells = strings.Clone(cells)
		c.inCells[cells] = n
		c.documents[n-1].cells = cells
	}
	return n
}

// newFact returns a fact. In a block of rows its memory is that of the fact before, which
// has been counted and saved.
func (c *collector) newFact() *factDraft {
	if c.block.layout == nil {
		return &factDraft{}
	}
	c.fact.clean()
	c.evidence.reset(func(e *evidenceDraft) { *e = evidenceDraft{} })
	return &c.fact
}

func (c *collector) newEvidence() *evidenceDraft {
	if c.block.layout == nil {
		return &evidenceDraft{}
	}
	return c.evidence.add()
}

func (c *collector) addRejectedSource(names ...string) {
	for _, name := range names {
		c.rejectedSources = append(c.rejectedSources, strings.Clone(name))
	}
}

func (c *collector) addFact(f *factDraft) {
	if f.key.isSet() {
		c.keys[strings.Clone(f.key.value)] = keyPlace{c.facts, f.source.position(f.key)}
	}
	c.facts++
	if c.block.layout == nil {
		c.kept = append(c.kept, f)
	}
	if c.saved != nil {
		c.saved.fact(f)
	}
	if len(f.errs) > 0 {
		c.saved = nil // the next pass needs the errors
		c.failed = append(c.failed, unparsed{f.errs, excerpt{f.source.file, f.source.position(f.pos), f.lastLine}})
	}
}

func (c *collector) firstWithKey(key text) (schema.Position, bool) {
	if c.earlier != nil {
		if place, ok := c.earlier.keys[key.value]; ok && key.isSet() {
			return place.pos, true
		}
	}
	place, ok := c.keys[key.value]
	return place.pos, ok && key.isSet()
}

// cloneFact returns a fact without evidence that keeps nothing of the text of its
// file.
func cloneFact(f schema.Fact) schema.Fact {
	f.Roles = slices.Clone(f.Roles)
	f.Topic, f.Key = strings.Clone(f.Topic), strings.Clone(f.Key)
	for _, s := range []*string{&f.When.Written, &f.When.Words, &f.When.Anchor, &f.When.FromBy, &f.When.ToBy} {
		*s = strings.Clone(*s)
	}
	return f
}

// cloneEntity returns an entity that keeps nothing of the text of its file.
func cloneEntity(e schema.Entity) schema.Entity {
	e.ID, e.Label, e.Born, e.Description = schema.ID(strings.Clone(string(e.ID))), strings.Clone(e.Label), strings.Clone(e.Born), strings.Clone(e.Description)
	for i, a := range e.Aliases {
		e.Aliases[i] = schema.Text{Value: strings.Clone(a.Value), Lang: strings.Clone(a.Lang)}
	}
	for i, id := range e.Identifiers {
		e.Identifiers[i] = strings.Clone(id)
	}
	return e
}

// parseFiles collects what all files declare. Blocks are parsed side by side, and
// added in order.
func (in *Input) parseFiles(ctx context.Context, d *drafts, found *problems) error {
	v := in.opts.Vocabulary
	again := newParser(v, d.factKeys)
	total := int64(0)
	for _, f := range in.files {
		total += f.size
	}
	task := progress.Begin(ctx, "parsing "+in.Dataset, progress.Bytes, total)
	defer task.End()
	newWork := func() func(blockText) parsed {
		p := newParser(v, d.factKeys)
		return func(b blockText) parsed { return parseBlock(ctx, p, b, nil) }
	}
	var before fileMark
	err := inOrder(ctx, in.unparsed, newWork, func(p parsed) error {
		if _, isHead := p.block.layout.(*mappingHead); isHead {
			before = fileMark{maps.Clone(d.about), len(found.all)}
		}
		if p.err == nil && p.conflicts(d) {
			p = parseBlock(ctx, again, p.text, d)
		}
		if p.foreign {
			p.err = d.addForeign(p.collector, p.block.source.foreignRecords(ctx))
		}
		task.Add(p.block.bytes())
		found.all = append(found.all, p.problems.all...)
		d.add(p.collector)
		if p.err == nil {
			return found.passOn(d.blocks)
		}
		return p.err
	})
	bad := (*itemsError)(nil)
	if !errors.As(err, &bad) {
		return err
	}
	d.about, found.all = before.about, found.all[:before.problems]
	return in.readWhole(bad)
}

// fileMark is what was collected before a file.
type fileMark struct {
	about    map[string]string
	problems int
}

// unparsed yields the blocks of all files: those that have a layout with their
// texts.
func (in *Input) unparsed(yield func(blockText, error) bool) {
	kept := int64(0)
	for _, f := range in.files {
		for b, err := range in.blocksOf(f, &kept) {
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// blocksOf yields the blocks of a file. An error is the last pair. It adds the bytes
// of a file whose facts are kept to kept.
func (in *Input) blocksOf(f *file, kept *int64) iter.Seq2[blockText, error] {
	if rows := f.rows(); rows != nil {
		return splitBlocks(f, in.blockSize, func(head *source) (rowLayout, error) { return rows.layout(in.opts.Vocabulary, head) })
	}
	if f.isMapping() && !f.isWhole && f.size > int64(in.blockSize) {
		blocks, err := f.divide(in.opts.Vocabulary, in.blockSize)
		if err == nil {
			return f.readDivided(blocks)
		}
		if err != errUndivided {
			return func(yield func(blockText, error) bool) { yield(blockText{}, err) }
		}
	}
	whole := &block{file: f, line: 1, last: true}
	if *kept += f.size; f.isMapping() && *kept > in.maxKept && f.size <= maxReread {
		whole.layout, whole.size = wholeLayout{}, int(f.size)
		return f.readDivided([]*block{whole})
	}
	return func(yield func(blockText, error) bool) { yield(blockText{block: whole}, nil) }
}

// parsed is what was collected in a block, and the error that ended the parsing of
// a whole file.
type parsed struct {
	*collector
	text    blockText
	foreign bool
	err     error
}

// parseBlock parses a block. What the blocks before declare may be nil.
func parseBlock(ctx context.Context, p *parser, b blockText, earlier *drafts) parsed {
	out := parsed{collector: newCollector(b.block, earlier), text: b}
	if b.block.layout != nil {
		if b.block.savesFacts() {
			out.saved = &draftCodec{text: b.text, data: make([]byte, 0, len(b.text)/8)}
		}
		p.begin(b.source(), out.collector)
		out.err = b.block.layout.parse(p)
		return out
	}
	f := b.block.file
	if f.loader == (NQuads{}) {
		out.texts = append(out.texts, schema.NQuads{Name: f.path, Open: inputErrorOpener(f.open)})
		return out
	}
	if b.block.source, out.err = f.whole(); out.err != nil {
		return out
	}
	b.block.source.share()
	loader, ok := f.loader.(parsingLoader)
	if out.foreign = !ok; ok {
		p.begin(b.block.source, out.collector)
		out.err = loader.parse(ctx, p)
	}
	if l, isRDF := unmapped(f.loader).(RDF); isRDF && out.err == nil {
		out.texts = append(out.texts, schema.NQuads{Name: f.path, Open: l.asNQuads(b.block.source)})
	}
	return out
}

// foreignRecords returns the records of a loader that resolves names itself.
func (s *source) foreignRecords(ctx context.Context) iter.Seq2[schema.Record, error] {
	return s.loader.Load(ctx, s.path, strings.NewReader(s.text))
}
