// Package cite writes the documents on which facts rest as references: as plain text
// ([Text]), CSL-JSON ([CSL]), BibTeX ([BibTeX]) or BibLaTeX ([BibLaTeX]).
//
// A [Collector] collects the documents that the evidence of facts cites, with what each
// asserts and denies, and [Bibliography.Write] writes them:
//
//	var c cite.Collector
//	for f, err := range g.Facts(ctx, graph.Filter{With: "person:xie-feng"}) {
//		...
//		c.Add(f)
//	}
//	b, err := c.Bibliography(ctx, g)
//	err = b.Write(ctx, w, cite.CSL, cite.Options{})
//
// Nothing is left out: evidence that names no document has a reference too, which says
// so. The same facts of equal graphs give the same bytes, whatever the order of facts and
// of loads.
package cite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Format is the name of a format of references.
type Format string

// The formats.
const (
	Text     Format = "text"     // for people
	CSL      Format = "csl"      // CSL-JSON 1.0.2, for citeproc, Zotero and pandoc
	BibTeX   Format = "bibtex"   // years and months
	BibLaTeX Format = "biblatex" // dates in EDTF
)

// Formats lists the formats.
func Formats() []Format { return []Format{Text, CSL, BibTeX, BibLaTeX} }

// ErrFormat is wrapped by the error of an unknown format.
var ErrFormat = errors.New("unknown format of references")

// Options change how references are written.
type Options struct {
	// Facts lists the facts that rest on each document, not only their number.
	Facts bool

	// Notes, if not nil, gets a sentence about everything that a format cannot hold.
	Notes *[]string
}

// Bibliography is a list of references in the order in which they are written.
type Bibliography struct {
	References []*Reference
	graph      *graph.Graph
}

// Write writes the references in a format. Its errors wrap [ErrFormat] for a format that
// does not exist.
func (b *Bibliography) Write(ctx context.Context, w io.Writer, f Format, o Options) error {
	switch f {
	case Text:
		return b.writeText(ctx, w, o)
	case CSL:
		return b.writeCSL(w, o)
	case BibTeX, BibLaTeX:
		return b.writeBib(w, f, o)
	}
	return fmt.Errorf("%w %q", ErrFormat, f)
}

// Collector collects the documents that evidence cites. The zero Collector is ready for
// use.
type Collector struct {
	// Datasets are the datasets whose evidence counts; empty for all.
	Datasets []string

	references map[source]*Reference
}

// source is what a piece of evidence cites: a document, or none in a dataset.
type source struct {
	document schema.ID
	dataset  string // of evidence without a document; empty otherwise
}

// Add adds the evidence of a fact. A fact that is added twice counts once.
func (c *Collector) Add(f schema.Fact) { c.add(f, "") }

// AddFrom adds the evidence of a fact that cites a document.
func (c *Collector) AddFrom(f schema.Fact, document schema.ID) { c.add(f, document) }

// AddDocument adds a document, whether facts rest on it or not.
func (c *Collector) AddDocument(id schema.ID) { c.reference(source{document: id}) }

func (c *Collector) add(f schema.Fact, only schema.ID) {
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if only != "" && e.Source != only || len(c.Datasets) > 0 && !slices.Contains(c.Datasets, e.Dataset) {
			continue
		}
		from := source{document: e.Source}
		if e.Source == "" {
			from.dataset = e.Dataset
		}
		c.reference(from).add(f, e)
	}
}

func (c *Collector) reference(of source) *Reference {
	r, ok := c.references[of]
	if !ok {
		if c.references == nil {
			c.references = make(map[source]*Reference)
		}
		r = &Reference{source: of, uses: map[schema.Stance][]use{}, datasets: map[string]bool{}, locators: map[string]bool{}}
		c.references[of] = r
	}
	return r
}

// Bibliography returns the references to all documents that were added, with what the
// graph says of them, by author or publisher, date and title.
func (c *Collector) Bibliography(ctx context.Context, g *graph.Graph) (*Bibliography, error) {
	b := &Bibliography{References: slices.Collect(maps.Values(c.references)), graph: g}
	for _, r := range b.References {
		if err := r.read(ctx, g); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(b.References, func(a, b *Reference) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.source.document, b.source.document), cmp.Compare(a.source.dataset, b.source.dataset))
	})
	b.setKeys()
	return b, nil
}

// read reads the document of a reference, and sorts what rests on it.
func (r *Reference) read(ctx context.Context, g *graph.Graph) error {
	for stance, uses := range r.uses {
		slices.SortFunc(uses, func(a, b use) int { return cmp.Compare(a.fact, b.fact) })
		r.uses[stance] = slices.Compact(uses)
	}
	r.Locators = slices.SortedFunc(maps.Keys(r.locators), compareNatural)
	if id := r.source.document; id != "" {
		d, err := g.Document(ctx, id)
		if errors.Is(err, graph.ErrNotFound) {
			d, err, r.isUnknown = schema.Document{Entity: schema.Entity{ID: id, Kind: schema.Doc}}, nil, true
		}
		if err != nil {
			return err
		}
		r.Document = d
	}
	r.URL, r.Archived, r.identifiers = r.Document.Copies()
	r.File = r.fileOf()
	who := cmp.Or(r.Document.Author, r.Document.Publisher, r.Document.Label)
	r.order = strings.Join([]string{schema.NameKey(who), r.Document.Published.Written, schema.NameKey(r.Document.Label)}, "\x00")
	return nil
}

// compareNatural compares texts, and numbers in them by their values: "page 9" is before
// "page 10".
func compareNatural(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		m, n := leadingDigits(x), leadingDigits(y)
		if m == 0 || n == 0 {
			if x[0] != y[0] {
				return cmp.Compare(x[0], y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		p, q := strings.TrimLeft(x[:m], "0"), strings.TrimLeft(y[:n], "0")
		if order := cmp.Or(cmp.Compare(len(p), len(q)), cmp.Compare(p, q)); order != 0 {
			return order
		}
		x, y = x[m:], y[n:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(a, b))
}

func leadingDigits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
