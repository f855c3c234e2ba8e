package loaders

import (
	"context"

	"github.com/entente-kg/entente/schema"
)

// parsingLoader is a loader whose files make up one dataset together: it parses
// one file into drafts, and names are resolved when all files are parsed.
type parsingLoader interface {
	parse(ctx context.Context, p *parser) error
}

// parser reads the entities, sources and facts of one file into the drafts of a
// dataset.
type parser struct {
	vocabulary *schema.Vocabulary
	source     *source
	drafts     *drafts
	problems   *problems

	item     *item       // the item being read
	values   valueReader // reads values of that item
	defaults *fileDefaults
	row      int                       // of a table; 0 in other formats
	cited    map[string]*documentDraft // sources that rows of a table describe, by their cells
}

func newParser(v *schema.Vocabulary, s *source, d *drafts, found *problems) *parser {
	i := &item{source: s}
	return &parser{vocabulary: v, source: s, drafts: d, problems: found, item: i, values: valueReader{i}}
}

// readItem reads one entity, source or fact. An error in it rejects it alone.
func (p *parser) readItem(n *node, read func()) {
	if err := p.attempt(read); err != nil {
		p.problems.rejectAt(err, p.source, p.source.position(n.text), n.lastLine())
	}
}

// attempt reads one item and returns the first error in it.
func (p *parser) attempt(read func()) *positionedError {
	p.item.err = nil
	read()
	err := p.item.err
	p.item.err = nil
	return err
}
