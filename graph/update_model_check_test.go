package graph_test

import (
	"cmp"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// learn keeps the names of entities, and all facts.
func (m *updateModel) learn() {
	for _, id := range modelEntities {
		count := map[string]int{}
		best := ""
		for _, dataset := range modelDatasets {
			if d, ok := m.sets[dataset][id].(schema.Document); ok {
				count[d.Label]++
			}
		}
		for _, dataset := range modelDatasets {
			if d, ok := m.sets[dataset][id].(schema.Document); ok && count[d.Label] > count[best] {
				best = d.Label
			}
		}
		m.names[id] = cmp.Or(best, m.names[id], string(id))
	}
	for _, set := range m.sets {
		for id, record := range set {
			if f, ok := record.(schema.Fact); ok {
				m.facts[id] = f
			}
		}
	}
}

// refused checks that an update that was refused changed nothing, and that a load of
// the dataset as it would have been is refused too.
func (m *updateModel) refused(before, dataset string, set statements, err error) {
	m.t.Helper()
	if digest(m.t, m.graph) != before {
		m.t.Fatalf("a refused update changed the graph: %v", err)
	}
	for _, known := range []error{graph.ErrUndeclared, graph.ErrCycle, graph.ErrInUse, graph.ErrConflict, schema.ErrDuplicate, schema.ErrParticipant, schema.ErrLink} {
		if errors.Is(err, known) {
			m.refusals[known.Error()]++
			if known == graph.ErrUndeclared || known == graph.ErrCycle {
				m.refusedByLoad(dataset, set, err)
			}
			return
		}
	}
	m.t.Fatalf("an update was refused: %v", err)
}

func (m *updateModel) refusedByLoad(dataset string, set statements, why error) {
	m.t.Helper()
	_, err := m.graph.Load(m.t.Context(), dataset, sequence(set.records()...), &graph.LoadOptions{Replace: true})
	if err == nil {
		m.t.Fatalf("an update is refused and the load is not: %v", why)
	}
}

func (s statements) records() []schema.Record {
	var all []schema.Record
	for _, id := range slices.Sorted(maps.Keys(s)) {
		if d, ok := s[id].(schema.Document); ok && d.Kind != schema.Doc {
			all = append(all, d.Entity)
		} else {
			all = append(all, s[id])
		}
	}
	return all
}

// scaffold declares and states all that any dataset ever had, so that datasets which
// need each other can be loaded one after the other.
func (m *updateModel) scaffold() []schema.Record {
	var all []schema.Record
	for _, id := range modelEntities {
		all = append(all, entity(id, cmp.Or(m.names[id], string(id))))
	}
	for _, id := range slices.Sorted(maps.Keys(m.facts)) {
		f := m.facts[id]
		f.Evidence = []schema.Evidence{{Source: "doc:paper", Stance: schema.Denies}}
		all = append(all, f)
	}
	return all
}

// fresh is a graph of the model's datasets, each loaded as a whole.
func (m *updateModel) fresh() *graph.Graph {
	g := open(m.t, "")
	load(m.t, g, "scaffold", m.scaffold()...)
	for _, dataset := range modelDatasets {
		if set, ok := m.sets[dataset]; ok {
			load(m.t, g, dataset, set.records()...)
		}
	}
	if _, err := g.Forget(m.t.Context(), "scaffold"); err != nil {
		m.t.Fatal(err)
	}
	return g
}

// check compares the graph with one into which the model's datasets are loaded, and
// its edits with the model's.
func (m *updateModel) check() {
	m.t.Helper()
	fresh := m.fresh()
	defer fresh.Close()
	if digest(m.t, fresh) != digest(m.t, m.graph) {
		m.t.Fatalf("updates made another graph than loads:\n%s", strings.Join(lineDifferences(bytesOf(m.t, fresh), bytesOf(m.t, m.graph)), "\n"))
	}
	for _, dataset := range modelDatasets {
		edits, err := m.graph.Edits(m.t.Context(), dataset)
		if want := m.edits(dataset); err != nil || !reflect.DeepEqual(edits, want) {
			m.t.Fatalf("dataset %s: edits %+v, %v; want %+v", dataset, edits, err, want)
		}
	}
}

func (m *updateModel) edits(dataset string) (e graph.Edits) {
	now, was := m.sets[dataset], m.loaded[dataset]
	ids := slices.Concat(slices.Collect(maps.Keys(now)), slices.Collect(maps.Keys(was)))
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		switch {
		case was[id] == nil:
			e.Added = append(e.Added, id)
		case now[id] == nil:
			e.Removed = append(e.Removed, id)
		case !reflect.DeepEqual(now[id], was[id]):
			e.Changed = append(e.Changed, id)
		}
	}
	return e
}

// lineDifferences lists the lines of one text that the other lacks.
func lineDifferences(want, have string) (all []string) {
	w, h := strings.Split(want, "\n"), strings.Split(have, "\n")
	for _, line := range w {
		if !slices.Contains(h, line) {
			all = append(all, "missing "+line)
		}
	}
	for _, line := range h {
		if !slices.Contains(w, line) {
			all = append(all, "too much "+line)
		}
	}
	return all
}

// undo makes the inverse of an update, which must leave the digest of before.
func (m *updateModel) undo(dataset string, was statements, before, text string) {
	m.t.Helper()
	now := m.sets[dataset]
	_, err := m.graph.Update(m.t.Context(), dataset, func(tx *graph.Tx) error {
		for id, record := range now {
			if was[id] == nil {
				if err := tx.Remove(id); err != nil {
					return err
				}
			} else if !reflect.DeepEqual(was[id], record) {
				if err := tx.Put(was[id]); err != nil {
					return err
				}
			}
		}
		for id, record := range was {
			if now[id] == nil {
				if err := tx.Put(record); err != nil {
					return err
				}
			}
		}
		return nil
	})
	orphan := m.declaresOrphan(dataset, was, now)
	if errors.Is(err, graph.ErrUndeclared) || orphan && errors.Is(err, graph.ErrInUse) { // it links to a fact that another dataset has removed
		return
	}
	if err != nil {
		m.t.Fatal(err)
	}
	m.accept(dataset, was, was != nil)
	if digest(m.t, m.graph) != before && !orphan {
		m.t.Fatalf("an update and its inverse leave another graph:\n%s", strings.Join(lineDifferences(text, bytesOf(m.t, m.graph)), "\n"))
	}
	m.check()
}

// declaresOrphan reports whether an update declared an entity that no dataset did, and
// whose old name others may have kept: they keep the new one when it is gone again.
func (m *updateModel) declaresOrphan(dataset string, was, now statements) bool {
	for id := range now {
		if was[id] != nil || schema.KindOf(id) == schema.KindFact {
			continue
		}
		others := 0
		for name, set := range m.sets {
			if name != dataset && set[id] != nil {
				others++
			}
		}
		if others == 0 {
			return true
		}
	}
	return false
}
