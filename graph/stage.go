package graph

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Staged is a dataset that was read and checked, in a temporary store, before it is
// committed to a graph. It must be closed.
type Staged struct {
	vocabulary *schema.Vocabulary
	options    LoadOptions
	input      Input // nil if records were staged
	dir        *safefile.Folder
	store      *store.Store
	datasets   []*stagedDataset // the requested dataset first, then other datasets in the records
	texts      []string         // the names of the N-Quads texts that were read
	first      error            // the first rejection
}

// stagedDataset is the staged data of one dataset.
type stagedDataset struct {
	name   string
	label  quad.IRI
	report Report

	positions map[schema.ID]schema.Position // the position of the first record of each id
	mentions  map[schema.ID]bool            // the ids to which facts refer
	words     map[string]bool               // the verbs and roles of facts
	repeats   map[schema.ID][]schema.Fact   // further records of a fact, to be merged with the first
	graphs    map[string]bool               // names of the graphs of statements
	acyclic   []positionedEdge
	borrowed  []quad.Quad // names of entities that only other datasets declare
	restored  bool        // it was read as quads, with all quads of a dataset
	text      string      // the name of the N-Quads text from which it was read
	touched   bool        // it has at least one record
	changed   bool        // the commit adds or removes at least one of its own quads
}

// positionedEdge is an edge of an acyclic relation, with the position of its fact.
type positionedEdge struct {
	schema.Edge
	pos schema.Position
}

func newStagedDataset(name string) *stagedDataset {
	return &stagedDataset{
		name: name, label: schema.DatasetValue(name), report: Report{Dataset: name},
		positions: map[schema.ID]schema.Position{}, mentions: map[schema.ID]bool{},
		repeats: map[schema.ID][]schema.Fact{}, graphs: map[string]bool{}, words: map[string]bool{},
	}
}

// stage reads the records of a dataset and makes every check that does not need a
// graph. It is the first half of [Graph.Load]. The sequence may fill in the options
// until it ends. After an error, the returned Staged is closed and still has a report.
func stage(ctx context.Context, v *schema.Vocabulary, dataset string, records iter.Seq2[schema.Record, error], opts *LoadOptions) (*Staged, error) {
	if opts == nil {
		opts = &LoadOptions{}
	}
	s := &Staged{vocabulary: v, datasets: []*stagedDataset{newStagedDataset(dataset)}, options: *opts}
	if err := checkDataset(dataset); err != nil {
		return s, err
	}
	err := s.open(ctx)
	if err == nil {
		err = s.stageRecords(ctx, records, opts)
	}
	if err != nil {
		return s, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Staged) open(ctx context.Context) (err error) {
	if s.dir, err = safefile.TempFolder(safefile.LoadPrefix); err != nil {
		return err
	}
	s.store, err = store.OpenContext(ctx, filepath.Join(s.dir.Path, File), &store.Options{NoSync: true, Memory: s.options.Memory})
	return err
}

// Close removes the staged data.
func (s *Staged) Close() (err error) {
	if s.store != nil {
		err = s.store.Close()
	}
	if s.dir != nil {
		err = errors.Join(err, s.dir.Remove())
	}
	return err
}

// Report returns the report of the records read so far.
func (s *Staged) Report() Report {
	report := s.datasets[0].report
	for _, d := range s.datasets[1:] {
		report.Restored = append(report.Restored, d.report)
	}
	return report
}

// stageRecords reads all records, then merges repeated facts and restores N-Quads.
func (s *Staged) stageRecords(ctx context.Context, records iter.Seq2[schema.Record, error], opts *LoadOptions) error {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		w := &stager{staged: s, ctx: ctx, tx: tx, dataset: s.datasets[0]}
		if err := w.read(records); err != nil {
			return err
		}
		return w.flush()
	})
	s.options = *opts
	if err == nil {
		err = s.mergeRepeated(ctx)
	}
	if err == nil {
		err = s.restore(ctx)
	}
	if err != nil {
		return err
	}
	return s.checkRejections()
}

// empty reports whether the records were only N-Quads texts without any quad.
func (s *Staged) empty() bool {
	return len(s.texts) > 0 && len(s.options.About) == 0 && !slices.ContainsFunc(s.datasets, func(d *stagedDataset) bool {
		return d.touched || d.report.Rejected > 0
	})
}

// stager adds records to the staged store.
type stager struct {
	staged  *Staged
	ctx     context.Context
	tx      *store.Tx
	dataset *stagedDataset
	batch   []quad.Quad
}

// batchSize is the number of quads after which a batch is added to the store.
const batchSize = 4096

func (w *stager) read(records iter.Seq2[schema.Record, error]) error {
	for record, err := range records {
		if cause := context.Cause(w.ctx); cause != nil {
			return cause
		}
		if err == nil {
			err = w.add(record)
		}
		if err == nil && len(w.batch) >= batchSize {
			err = w.flush()
		}
		if err != nil {
			if row := (*schema.RowError)(nil); !errors.As(err, &row) {
				return err
			}
			w.staged.reject(w.dataset, err)
		}
	}
	return nil
}

func (w *stager) flush() error {
	_, err := w.tx.AddAll(w.batch)
	w.batch = w.batch[:0]
	return err
}

func (s *Staged) reject(d *stagedDataset, err error) {
	d.report.Rejected++
	if s.first == nil {
		s.first = err
	}
	if s.options.OnReject != nil {
		s.options.OnReject(err)
	}
}

// checkRejections returns an error if too many rows were rejected.
func (s *Staged) checkRejections() error {
	rejected := 0
	for _, d := range s.datasets {
		rejected += d.report.Rejected
	}
	if s.options.MaxErrors < 0 || rejected <= s.options.MaxErrors {
		return nil
	}
	rows := "rows"
	if rejected == 1 {
		rows = "row"
	}
	return fmt.Errorf("dataset %s %w: %d bad %s, nothing was loaded; the first: %w",
		s.datasets[0].name, ErrRejected, rejected, rows, s.first)
}

func (w *stager) add(record schema.Record) error {
	if _, isText := record.(schema.NQuads); !isText {
		w.dataset.touched = true
	}
	switch r := record.(type) {
	case schema.Entity:
		return w.addEntity(r, r, &w.dataset.report.Entities)
	case schema.Document:
		return w.addEntity(r.Entity, r, &w.dataset.report.Documents)
	case schema.Fact:
		return w.addFact(r)
	case schema.Statement:
		return w.addStatement(r)
	case schema.NQuads:
		return w.addText(r)
	}
	return fmt.Errorf("cannot load a %T", record)
}

func (w *stager) addEntity(e schema.Entity, record schema.Record, counter *int) error {
	err := schema.CheckEntity(e)
	if d, ok := record.(schema.Document); ok && err == nil {
		err = schema.CheckDocument(d)
	}
	var quads []quad.Quad
	if err == nil {
		quads, err = w.staged.vocabulary.Encode(w.dataset.name, record)
	}
	if err != nil {
		return &schema.RowError{Pos: e.Pos, Err: err, Text: string(e.ID)}
	}
	w.dataset.count(e.ID, e.Pos, counter)
	w.batch = append(w.batch, quads...)
	return nil
}

// count counts a record, as a repeat if an earlier record has its id.
func (d *stagedDataset) count(id schema.ID, pos schema.Position, counter *int) {
	if _, again := d.positions[id]; again {
		d.report.Repeated++
		return
	}
	d.positions[id] = pos
	*counter++
}

func (w *stager) addFact(f schema.Fact) error {
	rejection := func(err error) error {
		return &schema.RowError{Pos: f.Pos, Err: err, Text: string(f.Verb)}
	}
	unplaced := f
	unplaced.Pos = schema.Position{}
	if err := w.staged.vocabulary.Check(unplaced); err != nil {
		return rejection(err)
	}
	evidence := make([]schema.Evidence, 0, len(f.Evidence))
	for _, e := range f.Evidence {
		e.Dataset = w.dataset.name
		evidence = append(evidence, e)
	}
	f.Evidence = evidence
	f = w.staged.vocabulary.Normalize(f)
	quads, err := w.staged.vocabulary.Encode(w.dataset.name, f)
	if err != nil {
		return rejection(err)
	}
	if _, again := w.dataset.positions[f.ID]; again {
		w.dataset.repeats[f.ID] = append(w.dataset.repeats[f.ID], f)
		return nil
	}
	w.dataset.count(f.ID, f.Pos, &w.dataset.report.Facts)
	w.staged.recordFact(w.dataset, f)
	w.dataset.report.noteSides(f, f.Pos)
	w.batch = append(append(w.batch, quads...), w.staged.vocabulary.Derived(f)...)
	return nil
}

// recordFact records the references, words and acyclic edges of a fact.
func (s *Staged) recordFact(p *stagedDataset, f schema.Fact) {
	for _, id := range references(f) {
		p.mentions[id] = true
	}
	p.words[string(f.Verb)] = true
	for _, r := range f.Roles {
		p.words[string(r.Role)] = true
	}
	if d, ok := s.vocabulary.Lookup(f.Verb); ok && d.Acyclic {
		for _, e := range s.vocabulary.Edges(f) {
			if e.Role == "" {
				p.acyclic = append(p.acyclic, positionedEdge{e, f.Pos})
			}
		}
	}
}

// noteSides counts a fact with more than two parties and no sides.
func (r *Report) noteSides(f schema.Fact, at schema.Position) {
	if len(f.With(schema.RoleParty)) <= 2 {
		return
	}
	if r.Sideless++; r.Sideless == 1 {
		r.FirstSideless = at
	}
}

func (w *stager) addStatement(r schema.Statement) error {
	quads, err := w.staged.vocabulary.Encode(w.dataset.name, r)
	if err != nil {
		return &schema.RowError{Pos: r.Pos, Err: err, Text: r.Subject.Value}
	}
	w.batch = append(w.batch, quads...)
	_, graph, _ := schema.GraphOf(quads[0].Label)
	w.dataset.graphs[graph] = true
	w.dataset.report.Statements++
	return nil
}

// quadsOf returns the quads of a valid fact, including its derived quads.
func (s *Staged) quadsOf(d *stagedDataset, f schema.Fact) []quad.Quad {
	quads, _ := s.vocabulary.Encode(d.name, f)
	return append(quads, s.vocabulary.Derived(f)...)
}

// read calls fn with a reader of the staged store.
func (s *Staged) read(ctx context.Context, fn func(reader) error) error {
	return s.store.View(ctx, func(snapshot *store.Snapshot) error { return fn(reader{snapshot, s.vocabulary}) })
}

// swapQuads removes stale quads from the staged store and adds fresh ones.
func (s *Staged) swapQuads(ctx context.Context, stale, fresh []quad.Quad) error {
	if len(stale)+len(fresh) == 0 {
		return nil
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.RemoveAll(stale)
		if err == nil {
			_, err = tx.AddAll(fresh)
		}
		return err
	})
}
