package graph

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Rebuilding is the result of [Rebuild].
type Rebuilding struct {
	store.Salvage
	Graph Verification // of the new graph

	// Unreadable are facts of a dataset that cannot be decoded. They are not in the
	// new graph.
	Unreadable []UnreadableFact

	// Incomplete are the datasets that may have lost something. The next load of such
	// a dataset's input loads it again.
	Incomplete []string

	EdgesAdded, EdgesRemoved int // edges changed to match the facts
}

// UnreadableFact is a fact that a dataset states and that cannot be decoded.
type UnreadableFact struct {
	ID      schema.ID
	Dataset string // empty if only derived quads of the fact are left
	Err     string
}

// Complete reports whether nothing is known to be lost.
func (r *Rebuilding) Complete() bool {
	return r.Salvage.Complete() && len(r.Unreadable) == 0 && len(r.Graph.Problems) == 0
}

// Rebuild reads what is readable of a graph, which may be damaged or of an older
// version of the format, into a new graph in another folder, all or nothing; see
// [store.Rebuild]. If something is lost, it leaves out facts that do not decode, and
// derives edges again. Errors wrap [fs.ErrExist] if the other folder has a graph.
func Rebuild(ctx context.Context, from, to string, opts *Options) (r Rebuilding, err error) {
	if opts == nil {
		opts = &Options{}
	}
	if err := mustExist(from); err != nil {
		return r, err
	}
	if Exists(to) {
		return r, fmt.Errorf("%s: %w", filepath.Join(to, File), fs.ErrExist)
	}
	_, absent := os.Stat(to)
	if err := safefile.MakeDir(to); err != nil {
		return r, err
	}
	work, err := safefile.FolderIn(to, ".rebuild-")
	if err != nil {
		return r, err
	}
	defer func() {
		err = errors.Join(err, work.Remove())
		if err != nil && absent != nil {
			_ = os.Remove(to) // fails if the folder is not empty
		}
	}()
	made := filepath.Join(work.Path, File)
	if r.Salvage, err = store.Rebuild(ctx, filepath.Join(from, File), made, &store.Options{Wait: opts.Wait}); err != nil {
		return r, err
	}
	if err := r.repairAndVerify(ctx, work.Path, folder(realPath(to)), opts); err != nil {
		return r, err
	}
	return r, safefile.MoveNew(made, filepath.Join(to, File))
}

// repairAndVerify repairs the salvaged graph in dir, which will move to another
// folder, and verifies it.
func (r *Rebuilding) repairAndVerify(ctx context.Context, dir string, to folder, opts *Options) (err error) {
	g, err := Open(ctx, dir, &Options{Vocabulary: opts.Vocabulary})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	err = g.update(ctx, func(tx *store.Tx) error {
		m := &repair{reader{tx, g.Vocabulary()}, tx, r, map[schema.ID]bool{}, map[quad.IRI]bool{}, map[quad.IRI]bool{}}
		repairAll := m.run
		if r.Salvage.Complete() {
			repairAll = m.deriveAll
		}
		return errors.Join(repairAll(ctx), m.modernize(ctx))
	})
	if err != nil {
		return err
	}
	if err := moveNotes(ctx, g, to); err != nil {
		return err
	}
	r.Graph, err = g.Verify(ctx)
	return err
}

// repair restores the consistency of facts, edges and datasets after a salvage.
type repair struct {
	reader   reader
	tx       *store.Tx
	result   *Rebuilding
	facts    map[schema.ID]bool
	graphs   map[quad.IRI]bool // labels of graphs of statements
	datasets map[quad.IRI]bool // whether a dataset may have lost something
}

func (m *repair) run(ctx context.Context) error {
	if err := m.listRecords(ctx); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(m.facts)) {
		if err := m.fact(ctx, id); err != nil {
			return err
		}
	}
	if err := m.dateParts(ctx); err != nil {
		return err
	}
	for _, label := range slices.Sorted(maps.Keys(m.graphs)) {
		dataset, graph, _ := schema.GraphOf(label)
		if _, err := m.tx.Add(schema.GraphQuad(dataset, graph)); err != nil {
			return err
		}
	}
	for _, label := range slices.Sorted(maps.Keys(m.datasets)) {
		if err := errors.Join(m.dataset(ctx, label), m.updateCounts(ctx, label)); err != nil {
			return err
		}
	}
	return nil
}

// updateCounts updates the counts that a dataset states.
func (m *repair) updateCounts(ctx context.Context, label quad.IRI) error {
	if name, _ := schema.DatasetName(label); name == decisions {
		return nil
	}
	for _, term := range countTerms {
		if _, err := m.tx.RemoveMatching(ctx, store.Pattern{Subject: label, Predicate: term, Label: label}); err != nil {
			return err
		}
	}
	labels, err := m.reader.labelsOf(ctx, label)
	if err != nil {
		return err
	}
	counts, err := countQuads(ctx, m.tx, label, labels)
	if err == nil {
		_, err = m.tx.AddAll(counts)
	}
	return err
}

// listRecords collects the facts and datasets that are or were in the graph.
func (m *repair) listRecords(ctx context.Context) error {
	s := m.result.Salvage
	all := s.Stale || s.Revived || s.Older || len(s.Labels) == 0
	for q, err := range m.reader.Match(ctx, store.Pattern{}) {
		if err != nil {
			return err
		}
		if label, ok := q.Label.(quad.IRI); ok {
			m.label(label, all)
		}
		if id, ok := schema.FactOf(q.Subject); ok {
			m.facts[id] = true
		}
	}
	for _, value := range s.Labels {
		if label, ok := value.(quad.IRI); ok {
			m.label(label, true)
		}
	}
	return nil
}

func (m *repair) label(label quad.IRI, missing bool) {
	if id, ok := schema.FactOf(label); ok {
		m.facts[id] = true
	} else if dataset, _, isGraph := schema.GraphOf(label); dataset != "" {
		if isGraph {
			m.graphs[label] = true
		}
		label = schema.DatasetValue(dataset)
		m.datasets[label] = m.datasets[label] || missing
	}
}

// fact removes undecodable statements of a fact, and derives its edges and standing
// again.
func (m *repair) fact(ctx context.Context, id schema.ID) error {
	f, err := m.reader.fact(ctx, id)
	if err != nil && ctx.Err() == nil {
		if err := m.removeUndecodable(ctx, id); err != nil {
			return err
		}
		if f, err = m.reader.fact(ctx, id); err != nil {
			f = schema.Fact{}
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	f.Within = nil // dateParts sets it later, when all facts are repaired
	have, err := m.derive(ctx, id, f)
	if err == nil && f.Verb == "" && have > 0 && !slices.ContainsFunc(m.result.Unreadable, func(u UnreadableFact) bool { return u.ID == id }) {
		m.result.Unreadable = append(m.result.Unreadable, UnreadableFact{ID: id, Err: "only its derived quads are left"})
	}
	return err
}

// derive updates the derived quads of a fact, and returns the old number of them.
func (m *repair) derive(ctx context.Context, id schema.ID, f schema.Fact) (int, error) {
	have, err := m.reader.collect(ctx, store.Pattern{Label: id.Value()})
	if err != nil {
		return 0, err
	}
	fresh, stale := difference(m.reader.vocabulary.Derived(f), have)
	m.result.EdgesAdded += countEdges(fresh)
	m.result.EdgesRemoved += countEdges(stale)
	return len(have), m.swapQuads(stale, fresh)
}

// deriveAll derives the quads of all facts again in a graph that lost nothing, since
// an older version of the program derived fewer. It skips facts that do not decode,
// and their parts, which Verify will report.
func (m *repair) deriveAll(ctx context.Context) error {
	ids, err := m.reader.subjects(ctx, store.Pattern{Predicate: schema.StatusTerm})
	if err != nil {
		return err
	}
	wholes := newWholes(m.reader)
	for _, id := range ids {
		f, err := m.reader.fact(ctx, id)
		if err == nil {
			f.Within, err = wholes.within(ctx, f)
		}
		if err != nil {
			continue
		}
		if _, err := m.derive(ctx, id, f); err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// dateParts derives the dates of facts that are part of others, after all facts are
// repaired.
func (m *repair) dateParts(ctx context.Context) error {
	wholes := newWholes(m.reader)
	for _, id := range slices.Sorted(maps.Keys(m.facts)) {
		part, err := m.reader.isPart(ctx, id)
		if err != nil {
			return err
		}
		if !part {
			continue
		}
		f, err := m.reader.fact(ctx, id)
		if err == nil {
			f.Within, err = wholes.within(ctx, f)
		}
		if err == nil {
			_, err = m.derive(ctx, id, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// swapQuads removes stale quads and adds fresh ones.
func (m *repair) swapQuads(stale, fresh []quad.Quad) error {
	_, err := m.tx.RemoveAll(stale)
	if err == nil {
		_, err = m.tx.AddAll(fresh)
	}
	return err
}

// removeUndecodable removes each dataset's statement of a fact that does not decode.
func (m *repair) removeUndecodable(ctx context.Context, id schema.ID) error {
	own, err := m.reader.collect(ctx, store.Pattern{Subject: id.Value()})
	if err != nil {
		return err
	}
	own = slices.DeleteFunc(own, isDerived)
	labels := map[quad.IRI]bool{}
	for _, q := range own {
		if label, ok := q.Label.(quad.IRI); ok {
			labels[label] = true
		}
	}
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		name, _ := schema.DatasetName(label)
		_, err := m.reader.fact(ctx, id, name)
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		m.result.Unreadable = append(m.result.Unreadable, UnreadableFact{id, name, err.Error()})
		m.datasets[label] = true
		if err := m.removeFact(ctx, own, label); err != nil {
			return err
		}
	}
	return nil
}

// removeFact removes a dataset's quads of a fact and of its evidence.
func (m *repair) removeFact(ctx context.Context, own []quad.Quad, label quad.IRI) error {
	var gone []quad.Quad
	for _, q := range own {
		if q.Label != label {
			continue
		}
		gone = append(gone, q)
		if q.Predicate == schema.EvidenceTerm {
			evidence, err := m.reader.collect(ctx, store.Pattern{Subject: q.Object, Label: label})
			if err != nil {
				return err
			}
			gone = append(gone, evidence...)
		}
	}
	return m.swapQuads(gone, nil)
}

// dataset declares a dataset again. If the dataset may have lost something, the next
// load of its input loads it again.
func (m *repair) dataset(ctx context.Context, label quad.IRI) error {
	name, _ := schema.DatasetName(label)
	if name == decisions {
		return nil
	}
	added, err := m.tx.Add(quad.Quad{Subject: label, Predicate: schema.TypeTerm, Object: datasetType, Label: label})
	if err != nil || !added && !m.datasets[label] {
		return err
	}
	m.result.Incomplete = append(m.result.Incomplete, name)
	n, noted, err := m.reader.noteOf(ctx, name)
	if err != nil {
		return err
	}
	n.Key, n.Lost = "", !noted
	if err := putNote(ctx, m.tx, name, &n); err != nil {
		return err
	}
	_, err = m.tx.RemoveMatching(ctx, store.Pattern{Subject: label, Predicate: inputTerm, Label: label})
	return err
}
