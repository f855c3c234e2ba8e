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

// Rebuilding is what Rebuild could save.
type Rebuilding struct {
	store.Salvage
	Graph Verification // of the new graph

	// Unreadable are facts that a dataset told and that could not be read any
	// more: what is left of them is not in the new graph.
	Unreadable []UnreadableFact

	// Incomplete are the datasets in which something may be missing. The next load
	// of their inputs loads them again.
	Incomplete []string

	EdgesAdded, EdgesRemoved int // so that they follow from the facts
}

// UnreadableFact is what is left of a fact in a dataset.
type UnreadableFact struct {
	ID      schema.ID
	Dataset string // empty where only what was derived of it is left
	Err     string
}

// Complete reports whether nothing is known to be lost.
func (r *Rebuilding) Complete() bool {
	return r.Salvage.Complete() && len(r.Unreadable) == 0 && len(r.Graph.Problems) == 0
}

// Rebuild reads what can be read of the graph in one folder, which may be damaged
// or of an older version of the format, into a new graph in another folder, all
// or nothing; see [store.Rebuild]. Where something is lost, facts that do not
// decode any more are left out, and edges are derived again. Errors wrap
// [fs.ErrExist] where the other folder holds a graph.
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
			_ = os.Remove(to) // not where something else is in it
		}
	}()
	made := filepath.Join(work.Path, File)
	if r.Salvage, err = store.Rebuild(ctx, filepath.Join(from, File), made, &store.Options{Wait: opts.Wait}); err != nil {
		return r, err
	}
	if err := r.mend(ctx, work.Path, folder(realPath(to)), opts); err != nil {
		return r, err
	}
	return r, safefile.MoveNew(made, filepath.Join(to, File))
}

// mend makes a graph, to lie in another folder, of what was saved, and verifies it.
func (r *Rebuilding) mend(ctx context.Context, dir string, to folder, opts *Options) (err error) {
	g, err := Open(ctx, dir, &Options{Vocabulary: opts.Vocabulary})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	err = g.update(ctx, func(tx *store.Tx) error {
		m := &repair{reader{tx, g.Vocabulary()}, tx, r, map[schema.ID]bool{}, map[quad.IRI]bool{}, map[quad.IRI]bool{}}
		mend := m.run
		if r.Salvage.Complete() {
			mend = m.deriveAll
		}
		return errors.Join(mend(ctx), m.modernize(ctx))
	})
	if err != nil {
		return err
	}
	if err := g.moveNotes(ctx, to); err != nil {
		return err
	}
	r.Graph, err = g.Verify(ctx)
	return err
}

// repair brings facts, edges and datasets together again.
type repair struct {
	reader   reader
	tx       *store.Tx
	result   *Rebuilding
	facts    map[schema.ID]bool
	graphs   map[quad.IRI]bool // labels of statements
	datasets map[quad.IRI]bool // whether something may be missing
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

// updateCounts lets a dataset say how much it has now.
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

// listRecords collects what facts and datasets there are, or were.
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

// fact leaves out what does not decode, and derives the edges and the standing of the rest.
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
	f.Within = nil // until it is known what it is part of, see dateParts
	have, err := m.derive(ctx, id, f)
	if err == nil && f.Verb == "" && have > 0 && !slices.ContainsFunc(m.result.Unreadable, func(u UnreadableFact) bool { return u.ID == id }) {
		m.result.Unreadable = append(m.result.Unreadable, UnreadableFact{ID: id, Err: "nothing is left of it but what was derived of it"})
	}
	return err
}

// derive brings the derived quads of a fact up to date, and returns how many
// there were.
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

// deriveAll derives again what follows from the facts of a graph of which
// nothing is lost: an older version of the program derived less. It leaves facts
// that do not decode, and the parts of such facts, for Verify to report.
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

// dateParts derives again when facts may have happened that are part of others,
// once it is known which of those are left.
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

// swapQuads removes and adds quads.
func (m *repair) swapQuads(stale, fresh []quad.Quad) error {
	_, err := m.tx.RemoveAll(stale)
	if err == nil {
		_, err = m.tx.AddAll(fresh)
	}
	return err
}

// removeUndecodable removes what each dataset says of a fact, where that does not decode.
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

// removeFact removes what a dataset says of a fact, and its evidence.
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

// dataset makes one a dataset again, and lets the next load of its input load it
// where something may be missing.
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
