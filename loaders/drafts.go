package loaders

import (
	"cmp"
	"errors"
	"iter"

	"github.com/entente-kg/entente/schema"
)

// collector gathers what the files of one dataset declare, and then resolves it.
type collector struct {
	vocabulary *schema.Vocabulary
	dataset    string
	names      *Names
	scope      scope
	about      map[string]string

	entities  []*rawEntity
	mentions  []*rawEntity    // named with a kind only
	mentioned map[string]bool // by kind and name
	documents []*rawDocument
	sources   map[string][]*rawDocument // by key; more than one is an error
	sourcesOf map[fileKey][]*rawDocument
	facts     []*rawFact
	keys      map[string]int // local key to fact
	foreigns  []schema.Fact
	texts     []schema.NQuads
	errs      []fault

	// of the file and the item being read
	source   *source
	defaults *rawDefaults
	row      int                     // of a table; 0 elsewhere
	cache    map[string]*rawDocument // sources that rows of a table describe
	err      *located

	resolved
}

func newCollector(opts *Options, dataset string) *collector {
	c := &collector{
		vocabulary: opts.Vocabulary,
		dataset:    dataset,
		names:      NewNames(),
		about:      make(map[string]string),
		sources:    make(map[string][]*rawDocument),
		sourcesOf:  make(map[fileKey][]*rawDocument),
		keys:       make(map[string]int),
		mentioned:  make(map[string]bool),
	}
	c.scope = scope{c.names, cmp.Or(opts.Known, NewNames()), &suggestions{}}
	return c
}

// item reads one entity, source or fact. What is wrong with it rejects it alone.
func (c *collector) item(n *node, read func()) {
	c.err = nil
	read()
	if c.err != nil {
		c.reject(c.err, c.source.excerpt(c.at(n), int(n.lastLine())))
		c.err = nil
	}
}

// fault is what is wrong with one item. One that follows from another is told
// after all that do not.
type fault struct {
	*RowError
	follows bool
}

func (c *collector) reject(err error, row string) {
	r := &RowError{Err: err, Text: row}
	var at *located
	if errors.As(err, &at) {
		r.Pos, r.Err = at.pos, at.err
	}
	c.errs = append(c.errs, fault{r, errors.Is(err, errRejected)})
}

// foreign takes the records of a loader that resolves its own names.
func (c *collector) foreign(records iter.Seq2[schema.Record, error]) error {
	for record, err := range records {
		var row *RowError
		switch {
		case errors.As(err, &row):
			c.errs = append(c.errs, fault{RowError: row})
			continue
		case err != nil:
			return err
		}
		switch r := record.(type) {
		case schema.Entity:
			c.declare(&rawEntity{source: c.source, entity: r})
		case schema.Document:
			c.cite(&rawDocument{source: c.source, document: r})
		case schema.Fact:
			for i := range r.Evidence {
				r.Evidence[i].Dataset = c.dataset
			}
			c.foreigns = append(c.foreigns, r)
		case schema.NQuads:
			c.texts = append(c.texts, r)
		}
	}
	return nil
}

func (c *collector) declare(e *rawEntity) {
	if e.mention {
		c.mentions = append(c.mentions, e)
		return
	}
	c.entities = append(c.entities, e)
	c.names.Add(e.entity)
}

// cite takes a document. One described where it is cited waits until all that
// are declared are known.
func (c *collector) cite(d *rawDocument) {
	c.documents = append(c.documents, d)
	if !d.mention {
		c.names.Add(d.document.Entity)
	}
}

func (c *collector) at(n *node) schema.Position { return c.source.position(n.text) }
