package graph

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/graph/internal/spool"
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
	changes    *changes         // the only records that were kept, since the graph has the others; nil if all were staged
}

// stagedDataset is the staged data of one dataset.
type stagedDataset struct {
	name   string
	label  quad.IRI
	report Report

	termOf      func(schema.ID) uint64 // finds the id of a term in the staged store; nil in an update
	places      recordPlaces
	mentioned   termSet                       // the ids to which facts refer, as terms of the staged store
	restoredIDs termSet                       // the records that were read as quads
	mentions    map[schema.ID]bool            // further ids to which facts refer
	positions   map[schema.ID]schema.Position // of records that an update changes
	words       map[string]bool               // the verbs and roles of facts
	repeats     *spool.Spool[schema.Fact]     // further records of facts, to be merged with the first ones
	graphs      map[string]bool               // names of the graphs of statements
	acyclic     []positionedEdge
	borrowed    []quad.Quad // names of entities that only other datasets declare
	restored    bool        // it was read as quads, with all quads of a dataset
	text        string      // the name of the N-Quads text from which it was read
	touched     bool        // it has at least one record
	changed     bool        // the commit adds or removes at least one of its own quads
	entries     recordLog   // the digests of its records
}

// positionedEdge is an edge of an acyclic relation, with the position of its fact.
type positionedEdge struct {
	schema.Edge
	pos schema.Position
}

// recordLog collects the digests of the records of a dataset.
type recordLog struct {
	entries    []records.Entry
	hasRepeats bool        // several records have the same id
	outside    []schema.ID // facts of other datasets to which they may refer
}

func (l *recordLog) add(e records.Entry) { l.entries = append(l.entries, e) }

// noteOutside notes the facts among the ids that other datasets declare.
func (l *recordLog) noteOutside(ids []schema.ID) {
	for _, id := range ids {
		if schema.KindOf(id) == schema.KindFact {
			l.outside = append(l.outside, id)
		}
	}
}

func (l *recordLog) set(key string) *records.Set {
	slices.Sort(l.outside)
	return records.NewSet(key, slices.Compact(l.outside), l.entries)
}

// repeatsInMemory is the number of repeated facts from which they are in temporary files.
const repeatsInMemory = 10_000

func newStagedDataset(name string) *stagedDataset {
	d := &stagedDataset{
		name: name, label: schema.DatasetValue(name), report: Report{Dataset: name},
		mentions: map[schema.ID]bool{}, positions: map[schema.ID]schema.Position{},
		repeats: spool.New(func(f schema.Fact) string { return string(f.ID) }, len("fact:")+1, repeatsInMemory), graphs: map[string]bool{}, words: map[string]bool{},
	}
	schema.AddOwnWords(d.words, name)
	return d
}

// stage reads the records of a dataset and makes every check that does not need a
// graph. It is the first half of [Graph.Load]. The sequence may fill in the options
// until it ends. After an error, the returned Staged is closed and still has a report.
func stage(ctx context.Context, v *schema.Vocabulary, dataset string, all iter.Seq2[schema.Record, error], opts *LoadOptions) (*Staged, error) {
	if opts == nil {
		opts = &LoadOptions{}
	}
	s := &Staged{vocabulary: v, datasets: []*stagedDataset{newStagedDataset(dataset)}, options: *opts}
	s.datasets[0].termOf = s.termOf
	if err := checkDataset(dataset); err != nil {
		return s, err
	}
	err := s.open(ctx)
	if err == nil {
		err = s.stageRecords(ctx, all, opts)
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
	s.store, err = store.OpenContext(ctx, filepath.Join(s.dir.Path, File), &store.Options{NoSync: true, Memory: s.options.Memory, First: isFirst})
	return err
}

// Close removes the staged data.
func (s *Staged) Close() (err error) {
	for _, d := range s.datasets {
		err = errors.Join(err, d.repeats.Close())
	}
	if s.store != nil {
		err = errors.Join(err, s.store.Close())
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
func (s *Staged) stageRecords(ctx context.Context, all iter.Seq2[schema.Record, error], opts *LoadOptions) error {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		return (&stager{staged: s, ctx: ctx, tx: tx, dataset: s.datasets[0]}).read(s.options.reviews.apply(s.vocabulary, &s.datasets[0].report, all))
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

// recordMentions records the ids to which a fact refers.
func (d *stagedDataset) recordMentions(f schema.Fact) {
	for _, id := range references(f) {
		d.mentions[id] = true
	}
}

// recordFact records the words and acyclic edges of a fact.
func (s *Staged) recordFact(p *stagedDataset, f schema.Fact) {
	schema.AddWords(p.words, s.vocabulary, f)
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
	parties := 0
	for _, p := range f.Roles {
		if p.Role == schema.RoleParty {
			parties++
		}
	}
	if parties <= 2 {
		return
	}
	if r.Sideless++; r.Sideless == 1 {
		r.FirstSideless = at
	}
}

// quadsOf returns the quads of a valid fact, including its derived quads.
func (s *Staged) quadsOf(d *stagedDataset, f schema.Fact) []quad.Quad {
	quads, _ := s.vocabulary.Encode(d.name, f)
	return append(quads, s.vocabulary.Derived(f)...)
}

// termOf returns the id of a record's id in the staged store, and 0 if the store lacks
// it or cannot be read.
func (s *Staged) termOf(id schema.ID) (term uint64) {
	_ = s.store.View(context.Background(), func(snapshot *store.Snapshot) (err error) {
		term, err = snapshot.ID(id.Value())
		return err
	})
	return term
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

// mergedQuads is the number of quads from which the quads of merged facts are written.
const mergedQuads = 100_000

// mergeRepeated merges each fact that came more than once into one fact.
func (s *Staged) mergeRepeated(ctx context.Context) error {
	next, stop := iter.Pull2(s.datasets[0].repeats.Groups())
	defer stop()
	for more := true; more; {
		var stale, fresh []quad.Quad
		err := s.read(ctx, func(r reader) error {
			for len(stale)+len(fresh) < mergedQuads {
				repeats, err, ok := next()
				if more = ok; !ok || err != nil {
					return err
				}
				gone, added, err := s.mergeFact(ctx, r, s.datasets[0], repeats)
				if err != nil {
					return err
				}
				stale, fresh = append(stale, gone...), append(fresh, added...)
			}
			return nil
		})
		if err == nil {
			err = s.swapQuads(ctx, stale, fresh)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Staged) mergeFact(ctx context.Context, r reader, d *stagedDataset, repeats []schema.Fact) (stale, fresh []quad.Quad, err error) {
	id := repeats[0].ID
	first, err := r.fact(ctx, id, d.name)
	if err != nil {
		return nil, nil, err
	}
	before := s.quadsOf(d, first)
	f := s.mergeRepeats(d, first, repeats)
	f.Pos = d.positionOf(id)
	d.recordMentions(f)
	s.recordFact(d, f)
	fresh, stale = difference(s.quadsOf(d, f), before)
	return stale, fresh, nil
}

// mergeRepeats merges a fact with its repeats. A repeat that contradicts earlier
// evidence of the same id is rejected. Each repeat is compared only with that
// evidence, and all are merged at the end, so that the cost is linear in the number of
// repeats.
func (s *Staged) mergeRepeats(d *stagedDataset, first schema.Fact, repeats []schema.Fact) schema.Fact {
	known := make(map[schema.ID]schema.Evidence)
	for _, e := range first.Evidence {
		known[e.ID] = e
	}
	facts := []schema.Fact{first}
	for _, again := range repeats {
		same := first
		same.Evidence = nil
		for _, e := range again.Evidence {
			if before, ok := known[e.ID]; ok {
				same.Evidence = append(same.Evidence, before)
			}
		}
		merged := s.vocabulary.Normalize(s.vocabulary.Merge(same, again))
		if _, err := s.vocabulary.Encode(d.name, merged); err != nil {
			s.reject(d, &schema.RowError{Pos: again.Pos, Err: err, Text: string(again.Verb)})
			continue
		}
		for _, e := range merged.Evidence {
			known[e.ID] = e
		}
		d.report.Repeated++
		facts = append(facts, again)
	}
	return mergeFacts(s.vocabulary, facts)
}

// mergeFacts merges facts with the same id. The participants have the order of the first.
func mergeFacts(v *schema.Vocabulary, facts []schema.Fact) schema.Fact {
	f := v.Normalize(mergeHalves(v, facts))
	f.Roles = facts[0].Roles
	return f
}

// mergeHalves merges the two halves of the facts, recursively.
func mergeHalves(v *schema.Vocabulary, facts []schema.Fact) schema.Fact {
	if len(facts) == 1 {
		return facts[0]
	}
	half := len(facts) / 2
	return v.Merge(mergeHalves(v, facts[:half]), mergeHalves(v, facts[half:]))
}
