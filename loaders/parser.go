package loaders

import (
	"context"

	"github.com/entente-kg/entente/schema"
)

// parsingLoader is a loader that parses one file into the drafts of a dataset.
// Names are resolved after all files are parsed.
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

	item     *item       // the item that is being read
	values   valueReader // reads the values of that item
	defaults *fileDefaults
	row      int                       // the row of a table; 0 in other formats
	cited    map[string]*documentDraft // sources described in rows of a table, by the text of their cells
}

func newParser(v *schema.Vocabulary, s *source, d *drafts, found *problems) *parser {
	i := &item{source: s}
	return &parser{vocabulary: v, source: s, drafts: d, problems: found, item: i, values: valueReader{i}}
}

// readItem reads one entity, source or fact. An error rejects this item alone.
func (p *parser) readItem(n *node, read func()) {
	if err := p.attempt(read); err != nil {
		p.problems.rejectAt(err, p.source, p.source.position(n.text), n.lastLine())
	}
}

// attempt reads one item and returns its first error.
func (p *parser) attempt(read func()) *positionedError {
	p.item.err = nil
	read()
	err := p.item.err
	p.item.err = nil
	return err
}
