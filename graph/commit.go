package graph

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/progress"
)

// Predicates and types of the quads that describe a dataset, under its own label.
const (
	datasetType    = quad.IRI("dip:Dataset")
	inputTerm      = quad.IRI("dip:input")      // SHA-256 of the input's bytes
	vocabularyTerm = quad.IRI("dip:vocabulary") // a file of verbs, if the dataset's facts use any of them
	aboutPrefix    = "dip:about-"               // metadata of the dataset, such as dip:about-title
)

// Commit replaces each staged dataset in the graph, in one transaction. Without
// [LoadOptions.Replace], errors wrap [ErrElsewhere] if a dataset has another origin, and
// [ErrEdited] if the load would undo changes by [Graph.Update].
func (g *Graph) Commit(ctx context.Context, s *Staged) (Report, error) {
	if s.empty() {
		if there, err := hasDataset(ctx, g, s.datasets[0].name); err != nil || !there {
			s.datasets[0].report.Empty = true
			return s.Report(), err
		}
	}
	task := progress.Begin(ctx, "changing the graph", "", 0)
	defer task.End()
	err := s.keepDeltas(g)
	if err == nil {
		err = s.commitTo(ctx, g)
	}
	sweepDeltas(ctx, g, s.datasets[0].name)
	if err == nil {
		s.keepRecords(g)
		err = learnVerbs(ctx, g)
	}
	if err == nil {
		err = s.prepareRestored(ctx, g)
	}
	return s.Report(), err
}

// commitTo commits the changes of a dataset or, where these are not known, whole datasets.
func (s *Staged) commitTo(ctx context.Context, g *Graph) error {
	if s.changes != nil {
		err := s.commitChanges(ctx, g)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if err := s.stageWhole(ctx); err != nil {
			return err
		}
	}
	return s.commitWhole(ctx, g)
}

func (s *Staged) commitWhole(ctx context.Context, g *Graph) error {
	return g.update(ctx, func(tx *store.Tx) error {
		l := &loadLedger{reader: reader{tx, g.Vocabulary()}, folder: g.folderOf(), options: s.options}
		if err := l.open(ctx, s.touchedDatasets()); err != nil {
			return err
		}
		if err := l.checkVerbs(s.vocabulary); err != nil {
			return err
		}
		t := &transaction{vocabulary: s.vocabulary, tx: tx, datasets: s.touchedDatasets()}
		if tx.IsNew() && len(t.datasets) == 1 {
			t.staged = s.store
		}
		if err := l.noteNew(t, s); err != nil {
			return err
		}
		if err := s.commit(ctx, t); err != nil {
			return err
		}
		return l.finish(ctx, tx, s)
	})
}

func (s *Staged) commit(ctx context.Context, t *transaction) error {
	if err := s.resolve(ctx, t); err != nil {
		return err
	}
	err := s.read(ctx, func(r reader) (err error) {
		if t.hasOthers, err = t.hasOtherEvidence(ctx); err != nil || !t.hasOthers {
			return err
		}
		return s.compareEntities(ctx, t.readAfter(r.quads))
	})
	if err != nil {
		return err
	}
	if err := s.checkRejections(); err != nil {
		return err
	}
	if err := s.addDatasetQuads(ctx, t); err != nil {
		return err
	}
	return s.store.View(ctx, func(snapshot *store.Snapshot) error { return t.applyChange(ctx, snapshot) })
}

// isFirst is the option First of staged stores: the note of a dataset is the first quad
// of its graph, so the dataset has the first id.
func isFirst(label []byte) bool {
	name, ok := strings.CutPrefix(string(label), "data:")
	return ok && !strings.Contains(name, "/")
}

// touchedDatasets returns the datasets that have records, or the first if none has.
func (s *Staged) touchedDatasets() []*stagedDataset {
	if live := slices.DeleteFunc(slices.Clone(s.datasets), func(d *stagedDataset) bool { return !d.touched }); len(live) > 0 {
		return live
	}
	return s.datasets[:1]
}

// addDatasetQuads stages the quads that describe each dataset, and borrowed names.
func (s *Staged) addDatasetQuads(ctx context.Context, t *transaction) error {
	var own []quad.Quad
	for _, d := range t.datasets {
		own = append(own, s.datasetQuads(d)...)
		own = append(own, d.borrowed...)
	}
	if err := s.swapQuads(ctx, nil, own); err != nil {
		return err
	}
	var counts []quad.Quad
	err := s.store.View(ctx, func(snapshot *store.Snapshot) error {
		for _, d := range t.datasets {
			quads, err := countQuads(ctx, snapshot, d.label, d.labels())
			if err != nil {
				return err
			}
			counts = append(counts, quads...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.swapQuads(ctx, nil, counts)
}

// datasetQuads returns the quads that describe a dataset, except its counts.
func (s *Staged) datasetQuads(d *stagedDataset) []quad.Quad {
	own := func(predicate quad.IRI, object quad.Value) quad.Quad {
		return quad.Quad{Subject: d.label, Predicate: predicate, Object: object, Label: d.label}
	}
	all := []quad.Quad{own(schema.TypeTerm, datasetType)}
	if d.restored {
		return all
	}
	if s.options.Input != "" {
		all = append(all, own(inputTerm, quad.String(s.options.Input)))
	}
	for _, text := range s.vocabulary.ExtensionsWith(d.words) {
		all = append(all, own(vocabularyTerm, quad.String(text)))
	}
	for _, key := range slices.Sorted(maps.Keys(s.options.About)) {
		all = append(all, own(quad.IRI(aboutPrefix+key), quad.String(s.options.About[key])))
	}
	return all
}

// transaction replaces datasets by staged ones, or changes records of one dataset.
type transaction struct {
	vocabulary *schema.Vocabulary
	tx         *store.Tx
	datasets   []*stagedDataset
	hasOthers  bool         // the graph has other datasets, or several are staged
	staged     *store.Store // the store of the only dataset, if the graph is new
	notes      []quad.Quad  // the note of that dataset
	keys       []quad.Quad  // the keys of its sources
	partial    bool         // only the quads in gone are removed from the dataset
	gone       map[quad.Quad]bool
}

// readBefore returns a reader of the graph before the change.
func (t *transaction) readBefore() reader { return reader{t.tx, t.vocabulary} }

// readAfter returns a reader of the graph after the change, with the staged quads.
func (t *transaction) readAfter(staged quads) reader {
	return reader{overlay{t, staged}, t.vocabulary}
}

// overlay is the graph without the replaced datasets, plus the staged quads, which may
// be nil. A derived quad may appear twice.
type overlay struct {
	transaction *transaction
	staged      quads
}

func (o overlay) Match(ctx context.Context, p store.Pattern) iter.Seq2[quad.Quad, error] {
	return func(yield func(quad.Quad, error) bool) {
		for q, err := range o.transaction.tx.Match(ctx, p) {
			if err == nil && o.transaction.isGone(q) {
				continue
			}
			if !yield(q, err) {
				return
			}
		}
		if o.staged != nil {
			o.staged.Match(ctx, p)(yield)
		}
	}
}

// replaces reports whether a label belongs to a dataset that is replaced.
func (t *transaction) replaces(label quad.Value) bool {
	if t.partial {
		return false
	}
	dataset, _, _ := schema.GraphOf(label)
	return dataset != "" && slices.ContainsFunc(t.datasets, func(d *stagedDataset) bool { return d.name == dataset })
}

// isGone reports whether the change removes a quad of the graph, as far as it is known.
func (t *transaction) isGone(q quad.Quad) bool { return t.replaces(q.Label) || t.gone[q] }

// hasOtherEvidence reports whether other datasets, in the graph or staged, may
// contradict the staged dataset.
func (t *transaction) hasOtherEvidence(ctx context.Context) (bool, error) {
	if len(t.datasets) > 1 {
		return true, nil
	}
	for q, err := range t.tx.Match(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: datasetType}) {
		if err != nil || !t.replaces(q.Label) {
			return err == nil, err
		}
	}
	return false, nil
}

// applyChange applies the change to the graph. It reads everything before it writes,
// because a transaction that alternates between both is slow.
func (t *transaction) applyChange(ctx context.Context, snapshot *store.Snapshot) error {
	c := &changeSet{transaction: t, ctx: ctx, snapshot: snapshot, facts: map[schema.ID]bool{}, entities: map[schema.ID]bool{}, kept: map[string]int{}}
	c.reader = t.readAfter(nil)
	if snapshot != nil {
		c.reader = t.readAfter(snapshot)
	}
	for _, step := range []func() error{c.compareOld, c.recordDecisions, c.updateBorrowedNames, c.derive, c.checkCycles} {
		if err := step(); err != nil {
			return err
		}
	}
	return c.write()
}
