package loaders

import (
	"context"
	"iter"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// parseFiles collects what all files declare. Blocks are parsed side by side, and
// added in order.
func (in *Input) parseFiles(ctx context.Context, d *drafts, found *problems) error {
	v := in.opts.Vocabulary
	again := newParser(v, d.factKeys)
	newWork := func() func(blockText) parsed {
		p := newParser(v, d.factKeys)
		return func(b blockText) parsed { return parseBlock(ctx, p, b, nil) }
	}
	return inOrder(ctx, in.unparsed, newWork, func(p parsed) error {
		if p.err == nil && p.conflicts(d) {
			p = parseBlock(ctx, again, p.text, d)
		}
		if p.foreign {
			p.err = d.addForeign(p.collector, p.block.source.foreignRecords(ctx))
		}
		found.all = append(found.all, p.problems.all...)
		d.add(p.collector)
		return p.err
	})
}

// unparsed yields the blocks of all files: those of rows with their texts.
func (in *Input) unparsed(yield func(blockText, error) bool) {
	for _, f := range in.files {
		rows, isRows := f.loader.(rowLoader)
		if !isRows {
			if !yield(blockText{block: &block{file: f, line: 1, last: true}}, nil) {
				return
			}
			continue
		}
		layout := func(head *source) (rowLayout, error) { return rows.layout(in.opts.Vocabulary, head) }
		for b, err := range splitBlocks(f, in.blockSize, layout) {
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
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
		p.begin(b.source(), out.collector)
		p.row = b.block.row
		b.block.layout.parse(p)
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
	return out
}

// foreignRecords returns the records of a loader that resolves names itself.
func (s *source) foreignRecords(ctx context.Context) iter.Seq2[schema.Record, error] {
	return s.loader.Load(ctx, s.path, strings.NewReader(s.text))
}
