package loaders

import (
	"context"
	"iter"
	"slices"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
	"github.com/entente-kg/entente/schema/progress"
)

// factTable is what must be known of all facts of a dataset before the first one is
// yielded. The facts themselves are read again for each pass over them.
type factTable struct {
	vocabulary *schema.Vocabulary
	drafts     *drafts
	problems   *problems
	resolver   func(*problems) *factResolver

	rejected   []bool                        // by number
	refs       []factRefs                    // of the facts that refer to others, in order
	ids        map[int]schema.ID             // of facts with a local key
	waiting    map[int]schema.Fact           // facts with a local key whose ids need other ids
	relations  map[schema.Verb][]relationArc // of acyclic verbs, in order
	claims     []claim
	openClaims []openClaim
	quotes     grounding.Count
}

func newFactTable(opts *Options, d *drafts, found *problems, resolver func(*problems) *factResolver) *factTable {
	return &factTable{vocabulary: opts.Vocabulary, drafts: d, problems: found, resolver: resolver,
		rejected: make([]bool, d.facts), ids: make(map[int]schema.ID), waiting: make(map[int]schema.Fact),
		relations: make(map[schema.Verb][]relationArc)}
}

// setReferences sets the ids of the other facts to which a fact refers.
func (t *factTable) setReferences(number int, p *pendingFact) {
	if len(p.roles)+len(p.links) == 0 {
		return
	}
	for _, r := range p.roles {
		p.fact.Roles[r.index].ID = t.ids[r.fact]
	}
	for _, l := range p.links {
		p.fact.Links = append(p.fact.Links, schema.Link{Type: l.link, Fact: t.ids[l.fact]})
	}
}

// factBatch is some facts of a block.
type factBatch struct {
	blockText
	from, to int // the facts of a whole file; all facts of a block of rows
}

// batchFacts is the number of facts of a whole file that are resolved together.
const batchFacts = 512

// batches yields the facts of blocks in order.
func batches(blocks []*block) iter.Seq2[factBatch, error] {
	return func(yield func(factBatch, error) bool) {
		for b, err := range readBlocks(blocks) {
			if err != nil || b.block.layout != nil {
				if !yield(factBatch{blockText: b}, err) || err != nil {
					return
				}
				continue
			}
			for from := 0; from < len(b.block.kept); from += batchFacts {
				if !yield(factBatch{b, from, min(from+batchFacts, len(b.block.kept))}, nil) {
					return
				}
			}
		}
	}
}

// batchReader reads the facts of blocks again, and resolves them.
type batchReader struct {
	parser   *parser
	replay   *replay
	resolver *factResolver
}

func (t *factTable) newReader(found *problems) *batchReader {
	return &batchReader{newParser(t.vocabulary, t.drafts.factKeys), &replay{drafts: t.drafts}, t.resolver(found)}
}

// facts returns the facts of a batch and the number of the first one. They are
// valid until the next call. Saved facts lack what only the texts of their errors need.
func (r *batchReader) facts(b factBatch) (first int, facts []*factDraft, areSaved bool) {
	if b.block.layout != nil && r.replay.readSaved(b.blockText) {
		r.resolver.begin(b.block, r.replay.facts)
		return b.block.firstFact, r.replay.facts, true
	}
	first, facts = r.parsed(b)
	return first, facts, false
}

// parsed parses the facts of a batch, and returns them and the number of the first one.
// They are valid until the next call.
func (r *batchReader) parsed(b factBatch) (first int, facts []*factDraft) {
	if b.block.layout == nil {
		r.resolver.begin(b.block, b.block.kept)
		return b.block.firstFact + b.from, b.block.kept[b.from:b.to]
	}
	r.replay.begin(b.block)
	r.parser.begin(b.source(), r.replay)
	_ = b.block.layout.parse(r.parser)
	r.resolver.begin(b.block, r.replay.facts)
	return b.block.firstFact, r.replay.facts
}

// examined is what a batch adds to a factTable.
type examined struct {
	batch     factBatch
	facts     int
	citesFile bool
	failed    []failedFact
	refs      []factRefs
	ids       map[int]schema.ID
	waiting   map[int]schema.Fact
	relations []examinedArc
	claims    []claim
	open      []openClaim
	quotes    grounding.Count
	all       []*factDraft // of the block, if any fact failed
}

type failedFact struct {
	number int
	raw    *factDraft
}

type examinedArc struct {
	verb schema.Verb
	relationArc
}

// examine resolves all facts, finds their errors, and fills the table.
func (t *factTable) examine(ctx context.Context, documents *documentTable) error {
	again := t.resolver(t.problems)
	task := progress.Begin(ctx, "resolving names in "+t.drafts.dataset, "facts", int64(t.drafts.facts))
	defer task.End()
	newWork := func() func(factBatch) *examined {
		r := t.newReader(nil)
		hasher := &claimHasher{}
		return func(b factBatch) *examined { return t.examineBatch(r, hasher, b) }
	}
	return inOrder(ctx, batches(t.drafts.blocks), newWork, func(e *examined) error {
		task.Add(int64(e.facts))
		again.begin(e.batch.block, e.all)
		for _, f := range e.failed {
			if _, err := again.resolve(f.raw); err != nil {
				t.rejected[f.number] = true
				t.problems.rejectFact(f.raw, err)
			}
		}
		if e.citesFile {
			documents.addFile(e.batch.block.file)
		}
		t.merge(e)
		return t.problems.passOn(t.drafts.blocks)
	})
}

func (t *factTable) merge(e *examined) {
	t.quotes.AddAll(e.quotes)
	t.refs = append(t.refs, e.refs...)
	for n, id := range e.ids {
		t.ids[n] = id
	}
	for n, f := range e.waiting {
		t.waiting[n] = f
	}
	for _, a := range e.relations {
		t.relations[a.verb] = append(t.relations[a.verb], a.relationArc)
	}
	t.claims, t.openClaims = append(t.claims, e.claims...), append(t.openClaims, e.open...)
}

// examineBatch examines the facts of a batch. Those that are saved are parsed again if one
// of them has an error, for its text.
func (t *factTable) examineBatch(r *batchReader, hasher *claimHasher, b factBatch) *examined {
	first, facts, areSaved := r.facts(b)
	e := t.examineFacts(r, hasher, b, first, facts)
	if len(e.failed) > 0 && areSaved {
		first, facts = r.parsed(b)
		e = t.examineFacts(r, hasher, b, first, facts)
	}
	return e
}

func (t *factTable) examineFacts(r *batchReader, hasher *claimHasher, b factBatch, first int, facts []*factDraft) *examined {
	e := &examined{batch: b, facts: len(facts)}
	for i, raw := range facts {
		p, err := r.resolver.resolve(raw)
		if err != nil {
			e.failed = append(e.failed, failedFact{first + i, raw})
			continue
		}
		t.examineFact(e, hasher, first+i, p)
	}
	e.citesFile = r.resolver.citesFile
	if q := r.resolver.quotes; q != nil {
		e.quotes, q.count = q.count, grounding.Count{}
	}
	if len(e.failed) > 0 {
		e.all = r.resolver.facts
		r.replay.keep()
	}
	return e
}

func (t *factTable) examineFact(e *examined, hasher *claimHasher, number int, p *pendingFact) {
	if len(p.roles)+len(p.links) > 0 {
		e.refs = append(e.refs, factRefs{number, p.raw.pos.line, slices.Clone(p.roles), slices.Clone(p.links)})
	}
	if p.raw.key.isSet() {
		t.examineKeyed(e, number, p)
	}
	t.examineRelation(e, number, p)
	t.examineClaims(e, hasher, number, p)
}

// examineKeyed computes the id of a fact to which others may refer.
func (t *factTable) examineKeyed(e *examined, number int, p *pendingFact) {
	bare := p.fact
	bare.Evidence, bare.Links = nil, nil
	if len(p.roles) == 0 {
		if e.ids == nil {
			e.ids = make(map[int]schema.ID)
		}
		e.ids[number] = t.vocabulary.Normalize(bare).ID
		return
	}
	if e.waiting == nil {
		e.waiting = make(map[int]schema.Fact)
	}
	e.waiting[number] = cloneFact(bare)
}

// examineRelation adds the edges of an acyclic relation that holds.
func (t *factTable) examineRelation(e *examined, number int, p *pendingFact) {
	d, _ := t.vocabulary.Lookup(p.fact.Verb)
	if !d.Acyclic || p.fact.Status != schema.Happened && p.fact.Status != "" {
		return
	}
	for _, from := range p.fact.With(schema.RoleActor) {
		for _, to := range p.fact.With(schema.RoleRecipient) {
			e.relations = append(e.relations, examinedArc{p.fact.Verb, relationArc{from, to, number}})
		}
	}
}

func (t *factTable) examineClaims(e *examined, hasher *claimHasher, number int, p *pendingFact) {
	var players uint64
	for i, role := range p.fact.Roles {
		if !slices.ContainsFunc(p.roles, func(r roleRef) bool { return r.index == i }) {
			players |= hasher.players(role.ID)
		}
	}
	for i := range p.fact.Evidence {
		words := hasher.words(&p.fact, &p.fact.Evidence[i])
		if len(p.roles) > 0 {
			e.open = append(e.open, openClaim{claim{words, number}, players})
		} else {
			e.claims = append(e.claims, claim{words ^ players, number})
		}
	}
}

// closeClaims computes the hashes of claims that need the ids of other facts.
func (t *factTable) closeClaims() {
	var hasher claimHasher
	for _, c := range t.openClaims {
		for _, role := range t.refsOf(c.fact, c.fact+1)[0].roles {
			c.players |= hasher.players(t.ids[role.fact])
		}
		t.claims = append(t.claims, claim{c.hash ^ c.players, c.fact})
	}
	t.openClaims = nil
}

// settle rejects the facts that do not go together, and computes the ids of those
// that others refer to.
func (t *factTable) settle(ctx context.Context) error {
	c := newReferenceChecker(t)
	c.rejectCycles()
	c.rejectDependents()
	if err := t.rejectLate(ctx, c.late); err != nil {
		return err
	}
	c.assignIDs()
	t.closeClaims()
	t.waiting, t.relations = nil, nil
	return t.rejectDisagreements(ctx)
}

// rejectLate adds the problems of rejected facts, whose texts must be read for it.
func (t *factTable) rejectLate(ctx context.Context, late []lateRejection) error {
	numbers := make([]int, 0, len(late))
	for _, l := range late {
		numbers = append(numbers, l.fact)
	}
	slices.Sort(numbers)
	rows := make(map[int]problem, len(late))
	err := t.visit(ctx, numbers, func(number int, _ *factResolver, raw *factDraft) {
		var one problems
		one.rejectFact(raw, &positionedError{raw.source.position(raw.pos), nil})
		rows[number] = one.all[0]
	})
	for _, l := range late {
		row := rows[l.fact]
		if row.RowError != nil {
			t.problems.reject(&positionedError{row.Pos, l.err}, row.Text)
		}
	}
	return err
}

// visit parses the facts with some numbers, in order, and calls do for each.
func (t *factTable) visit(ctx context.Context, numbers []int, do func(number int, r *factResolver, raw *factDraft)) error {
	if len(numbers) == 0 {
		return nil
	}
	r := t.newReader(t.problems)
	for b, err := range batches(t.blocksOf(numbers)) {
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		first, facts := r.parsed(b)
		for len(numbers) > 0 && numbers[0] < first+len(facts) {
			do(numbers[0], r.resolver, facts[numbers[0]-first])
			numbers = numbers[1:]
		}
	}
	return nil
}

// blocksOf returns the blocks of the facts with some numbers, which are sorted.
func (t *factTable) blocksOf(numbers []int) (blocks []*block) {
	for _, b := range t.drafts.blocks {
		i, _ := slices.BinarySearch(numbers, b.firstFact)
		if i < len(numbers) && numbers[i] < b.firstFact+b.facts {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// yield yields all facts that are not rejected, in order. It returns false if the
// consumer stopped or after an error.
func (t *factTable) yield(ctx context.Context, yield func(schema.Record, error) bool) bool {
	task := progress.Begin(ctx, "reading facts of "+t.drafts.dataset, "facts", int64(t.drafts.facts))
	defer task.End()
	newWork := func() func(factBatch) []schema.Fact {
		r := t.newReader(nil)
		r.resolver.isFinal = true
		return func(b factBatch) []schema.Fact { return t.complete(r, b) }
	}
	err := inOrder(ctx, batches(t.drafts.blocks), newWork, func(facts []schema.Fact) error {
		for i := range facts {
			if !yield(facts[i], nil) {
				return errStopped
			}
		}
		task.Add(int64(len(facts)))
		return nil
	})
	switch {
	case err == nil, err == errStopped:
	case ctx.Err() != nil:
		yield(nil, err)
	default:
		yield(nil, inputError{err})
	}
	return err == nil
}

// complete returns the facts of a batch that are not rejected.
func (t *factTable) complete(r *batchReader, b factBatch) []schema.Fact {
	first, raw, _ := r.facts(b)
	facts := make([]schema.Fact, 0, len(raw))
	for i, raw := range raw {
		if t.rejected[first+i] {
			continue
		}
		p, _ := r.resolver.resolve(raw)
		t.setReferences(first+i, p)
		facts = append(facts, p.fact)
	}
	return facts
}
