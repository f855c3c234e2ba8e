package loaders

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// resolved is a dataset with all names resolved.
type resolved struct {
	drafts    *drafts
	entities  []*schema.Entity
	documents []*schema.Document
	facts     *factTable
	keys      map[string]schema.ID // of sources
	notGiven  []schema.ID          // see [Input.NotGiven]
}

// errStopped ends a pass over facts whose consumer stopped.
var errStopped = errors.New("stopped")

// resolve resolves the names in all drafts of a dataset. It returns an error only
// if the context is cancelled, or if a file cannot be read again.
func resolve(ctx context.Context, opts *Options, d *drafts, found *problems) (*resolved, error) {
	entities := newEntityTable(d.names, found)
	names := &nameResolver{
		scope:    scope{d.names, cmp.Or(opts.Known, NewNames()), &suggestions{}},
		keys:     d.keys,
		entities: entities,
	}
	documents := newDocumentTable(d, names, found)
	documents.resolve()
	entities.resolve(d, names)
	documents.identifyFiles()
	d.entities, d.mentions, d.rejectedEntities, d.failed = nil, nil, nil, nil
	for _, b := range d.blocks {
		if b.kept != nil {
			b.lines = countClaims(b.kept)
		}
	}
	phrases := newPhraseIndex(opts.Vocabulary)
	facts := newFactTable(opts, d, found, func(found *problems) *factResolver {
		return newFactResolver(opts, d, names, documents, phrases, found)
	})
	err := facts.examine(ctx, documents)
	if err == nil {
		err = facts.settle(ctx)
	}
	if err == nil {
		err = readExcerpts(d.blocks, found)
	}
	slices.Sort(entities.notGiven)
	return &resolved{d, entities.list, documents.list, facts, documents.sourceKeys(), entities.notGiven}, err
}

// parseEach parses each file of an input that has a broken file by itself. It returns
// the problems of their items that were found before names are resolved, and the
// errors of all broken files.
func (in *Input) parseEach(ctx context.Context, together error) (found *problems, fatal error) {
	found = &problems{}
	var errs []error
	for _, f := range in.files {
		one := *in
		one.files = []*file{f}
		d, its, err := one.parse(ctx)
		d.saved.close()
		if err != nil {
			errs = append(errs, err)
		}
		d.reportUnresolved(its)
		found.all = append(found.all, its.all...)
	}
	switch len(errs) {
	case 0:
		return found, together
	case 1:
		return found, errs[0]
	}
	return found, fileErrors(errs)
}

// reportUnresolved adds the errors of entities and facts whose names are not
// resolved, since a file is an error.
func (d *drafts) reportUnresolved(found *problems) {
	for _, e := range d.rejectedEntities {
		found.rejectUnread(e.errs, e.excerpt())
	}
	for _, f := range d.failed {
		found.rejectUnread(f.errs, f.at)
	}
	_ = readExcerpts(d.blocks, found) // without it, only the texts of the rows are missing
}

// readExcerpts reads the texts of the rejected items that were not at hand.
func readExcerpts(blocks []*block, found *problems) error {
	var reader *blockReader
	var at blockText
	byFile := make(map[*file][]*block)
	for _, b := range blocks {
		byFile[b.file] = append(byFile[b.file], b)
	}
	defer func() {
		if reader != nil {
			reader.r.Close()
		}
	}()
	for _, p := range found.sorted() {
		if p.unread == nil {
			continue
		}
		b := blockOfLine(byFile[p.unread.file], p.unread.begin.Line)
		switch {
		case b.source != nil:
			p.Text = b.source.excerpt(p.unread.begin, int(p.unread.last))
			continue
		case b != at.block:
			var err error
			if reader, at.text, err = readAgain(reader, b); err != nil {
				return err
			}
			at.block = b
		}
		p.Text = at.source().excerpt(p.unread.begin, int(p.unread.last))
	}
	return nil
}

// blockOfLine returns the block of a file that contains the beginning of a line.
func blockOfLine(blocks []*block, line int) *block {
	i, found := slices.BinarySearchFunc(blocks, line, func(b *block, line int) int { return cmp.Compare(b.line, line) })
	if !found {
		i--
	}
	return blocks[max(i, 0)]
}

// yield yields all records: the entities, then the documents, then the facts. It
// returns false if the consumer stopped or after an error.
func (r *resolved) yield(ctx context.Context, yield func(schema.Record, error) bool) bool {
	for record := range r.declared {
		if !yieldUnlessDone(ctx, record, yield) {
			return false
		}
	}
	if !r.facts.yield(ctx, yield) {
		return false
	}
	for _, f := range r.drafts.resolvedByLoader {
		if !yieldUnlessDone(ctx, f, yield) {
			return false
		}
	}
	for _, text := range r.drafts.texts {
		if !yieldUnlessDone(ctx, text, yield) {
			return false
		}
	}
	return true
}

func yieldUnlessDone(ctx context.Context, record schema.Record, yield func(schema.Record, error) bool) bool {
	if ctx.Err() != nil {
		yield(nil, context.Cause(ctx))
		return false
	}
	return yield(record, nil)
}

// declared yields the entities and the documents.
func (r *resolved) declared(yield func(schema.Record) bool) {
	for i, e := range r.entities {
		r.entities[i] = nil // so that they need not be in memory twice
		if !yield(*e) {
			return
		}
	}
	for _, d := range r.documents {
		if !yield(*d) {
			return
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// heldQuotes is how quotes are held to texts.
type heldQuotes struct {
	texts *grounding.Texts
	count grounding.Count
}

// holdQuote holds a quote to the text of its document, and counts it unless its source is
// not known, which is an error of its own.
func (r *factResolver) holdQuote(raw *factDraft, e *evidenceDraft, made *schema.Evidence) {
	var held grounding.Held
	switch l, _ := raw.source.file.loader.(mapped); {
	case !e.hasSource():
		held = grounding.WithoutSource()
	case made.Source == "":
		return
	case l.isGrounded: // it was held when it was read
		held.Outcome = grounding.Stands
	default:
		var keys []string
		if !strings.HasPrefix(e.source.value, "<") {
			keys = []string{e.source.value}
		}
		held = r.quotes.texts.Hold(made, grounding.DocumentOf(r.documents.described(made.Source), keys...))
	}
	if r.quotes.count.Add(held); held.Outcome == grounding.NotFound {
		r.item.field = "quote"
		r.item.failWith(e.quote, *held.Problem)
	}
}

// described returns a document of the dataset, or else what an id says of it.
func (t *documentTable) described(id schema.ID) *schema.Document {
	if i, ok := t.byID[id]; ok {
		return t.list[i]
	}
	d := &schema.Document{}
	d.ID = id
	return d
}
