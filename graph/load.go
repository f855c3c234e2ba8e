package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// encoder is the version of how records become quads: a dataset that was loaded
// by another one is not the same input.
const encoder = "1"

// ErrRejected is wrapped where a load had more bad rows than it may have.
var ErrRejected = errors.New("rejected")

// LoadOptions say how to load. The zero value rejects a dataset for one bad row.
type LoadOptions struct {
	// Input is the SHA-256 of the input's bytes. Where the dataset was loaded
	// from the same, with the same vocabulary, Load does nothing.
	Input string

	// Names stands for what else the records came from: the names that could be
	// used without being declared. The same input with other names is another.
	Names string

	// About is what the dataset says about itself, such as its title and license.
	About map[string]string

	// MaxErrors is how many rows may be rejected and the rest still loaded;
	// negative for any number.
	MaxErrors int

	// StrictNames rejects an id that was made from a name and that another
	// dataset has made or given too.
	StrictNames bool

	// OnReject, if set, is called for each rejected row.
	OnReject func(error)
}

// Report tells what a load did. Entities, Documents, Facts, Repeated and
// Rejected add up to the records that came in.
type Report struct {
	Dataset   string
	Unchanged bool // the dataset was there already, from the same input
	Entities  int
	Documents int
	Facts     int
	Repeated  int // facts and entities given more than once, merged
	Rejected  int
	ByName    []ByName
	Added     int // quads, edges among them
	Removed   int

	// Namesakes are entities that got an id from a name which in other datasets
	// is that of another id, and Differences what datasets say otherwise of an id
	// that both give. Dangling are facts that refer to one that nobody tells now.
	Namesakes   []Namesake
	Differences []Difference
	Dangling    []schema.ID
}

// Namesake is an entity whose name is also that of Other.
type Namesake struct {
	ID    schema.ID
	Label string
	Other schema.ID
}

// Difference is what two datasets say of one entity.
type Difference struct {
	ID          schema.ID
	What        string // such as "country"
	Here, There string
	Dataset     string // the one that says There
}

// ByName says that an id made from a name in one dataset was taken for the
// entity that other datasets know by it.
type ByName struct {
	ID       schema.ID
	Label    string
	Datasets []string // the others
}

// Load makes the records the dataset of that name, in place of what it was, in
// one transaction: all or nothing. Each record must pass [schema.Vocabulary.Check]
// and name only ids that it or another dataset declares. Records that do not are
// rejected as [schema.RowError] values, as are those that the sequence yields.
// Errors wrap [ErrRejected] where those are too many.
func (g *Graph) Load(ctx context.Context, dataset string, records iter.Seq2[schema.Record, error], opts *LoadOptions) (Report, error) {
	if opts == nil {
		opts = &LoadOptions{}
	}
	if err := checkDataset(dataset); err != nil {
		return Report{}, err
	}
	s := newStage(g.vocabulary, dataset, opts)
	if same, err := g.isLoaded(ctx, s); err != nil || same {
		return Report{Dataset: dataset, Unchanged: same}, err
	}
	if err := s.read(ctx, records); err != nil {
		return s.report, err
	}
	if err := s.tolerable(); err != nil {
		return s.report, err
	}
	err := g.store.Update(ctx, func(tx *store.Tx) error {
		return s.commit(ctx, transaction{reader{tx, g.vocabulary}, tx})
	})
	return s.report, err
}

// ErrDatasetName is wrapped where a dataset cannot have the name given.
var ErrDatasetName = errors.New("bad dataset name")

func checkDataset(name string) error {
	if name == decisions || strings.TrimSpace(name) == "" || len(name) > 255 {
		return fmt.Errorf("%w %q", ErrDatasetName, name)
	}
	if i := strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`<>"{}|^\`+"`/\x7f\ufffd", r) }); i >= 0 {
		return fmt.Errorf("%w %q: %q cannot stand in it", ErrDatasetName, name, name[i:i+1])
	}
	return nil
}

// isLoaded reports whether the dataset stands as this input would make it.
func (g *Graph) isLoaded(ctx context.Context, s *stage) (same bool, err error) {
	if s.options.Input == "" {
		return false, nil
	}
	err = g.view(ctx, func(r reader) error {
		same, err = r.has(ctx, store.Pattern{Subject: s.label, Predicate: loadTerm, Object: s.loadKey()})
		return err
	})
	return same, err
}

// stage holds what a load has read, until it is committed.
type stage struct {
	vocabulary *schema.Vocabulary
	dataset    string
	label      quad.IRI
	options    *LoadOptions
	entities   map[schema.ID][]quad.Quad
	named      map[schema.ID]bool            // entities whose ids were made from names
	places     map[schema.ID]schema.Position // where each entity is declared first
	facts      map[schema.ID]schema.Fact
	report     Report
	first      error // the first rejection
}

func newStage(v *schema.Vocabulary, dataset string, opts *LoadOptions) *stage {
	return &stage{
		vocabulary: v, dataset: dataset, label: schema.DatasetValue(dataset), options: opts,
		entities: make(map[schema.ID][]quad.Quad), named: make(map[schema.ID]bool), places: make(map[schema.ID]schema.Position),
		facts: make(map[schema.ID]schema.Fact), report: Report{Dataset: dataset},
	}
}

// loadKey tells one load of a dataset from another.
func (s *stage) loadKey() quad.Value {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %q %s %d %t", encoder, s.options.Input, s.options.Names, s.vocabulary.Hash(), s.options.MaxErrors, s.options.StrictNames)
	return quad.String(hex.EncodeToString(h.Sum(nil)))
}

func (s *stage) read(ctx context.Context, records iter.Seq2[schema.Record, error]) error {
	for record, err := range records {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		if err == nil {
			err = s.add(record)
		}
		if err != nil {
			if row := (*schema.RowError)(nil); !errors.As(err, &row) {
				return err
			}
			s.reject(err)
		}
	}
	return nil
}

func (s *stage) reject(err error) {
	s.report.Rejected++
	if s.first == nil {
		s.first = err
	}
	if s.options.OnReject != nil {
		s.options.OnReject(err)
	}
}

// tolerable is an error where too many rows were rejected.
func (s *stage) tolerable() error {
	if s.options.MaxErrors < 0 || s.report.Rejected <= s.options.MaxErrors {
		return nil
	}
	return fmt.Errorf("dataset %s %w: %d bad rows, nothing was loaded; the first: %w",
		s.dataset, ErrRejected, s.report.Rejected, s.first)
}

func (s *stage) add(record schema.Record) error {
	switch r := record.(type) {
	case schema.Entity:
		return s.addEntity(r, r, &s.report.Entities)
	case schema.Document:
		return s.addEntity(r.Entity, r, &s.report.Documents)
	case schema.Fact:
		return s.addFact(r)
	}
	return fmt.Errorf("cannot load a %T", record)
}

func (s *stage) addEntity(e schema.Entity, record schema.Record, counter *int) error {
	err := schema.CheckEntity(e)
	if d, ok := record.(schema.Document); ok && err == nil {
		err = schema.CheckDocument(d)
	}
	if err != nil {
		return &schema.RowError{Pos: e.Pos, Err: err, Text: string(e.ID)}
	}
	quads, err := s.vocabulary.Encode(s.dataset, record)
	if err != nil {
		return &schema.RowError{Pos: e.Pos, Err: err, Text: string(e.ID)}
	}
	if _, ok := s.entities[e.ID]; ok {
		s.report.Repeated++
	} else {
		*counter++
		s.places[e.ID] = e.Pos
	}
	s.entities[e.ID] = append(s.entities[e.ID], quads...)
	s.named[e.ID] = s.named[e.ID] || e.FromName
	return nil
}

func (s *stage) addFact(f schema.Fact) error {
	bad := func(err error) error {
		return &schema.RowError{Pos: f.Pos, Err: err, Text: string(f.Verb)}
	}
	unplaced := f
	unplaced.Pos = schema.Position{}
	if err := s.vocabulary.Check(unplaced); err != nil {
		return bad(err)
	}
	evidence := make([]schema.Evidence, 0, len(f.Evidence))
	for _, e := range f.Evidence {
		e.Dataset = s.dataset
		evidence = append(evidence, e)
	}
	f.Evidence = evidence
	f = s.vocabulary.Normalize(f)
	old, ok := s.facts[f.ID]
	if ok {
		f = s.vocabulary.Normalize(s.vocabulary.Merge(old, f))
	}
	if _, err := s.vocabulary.Encode(s.dataset, f); err != nil {
		return bad(err)
	}
	if ok {
		s.report.Repeated++
	} else {
		s.report.Facts++
	}
	s.facts[f.ID] = f
	return nil
}
