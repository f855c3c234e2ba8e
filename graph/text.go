package graph

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// addText stages an N-Quads text. Quads with the label of a dataset or a fact are
// staged unchanged, for restore to check. All others become statements of the dataset.
func (w *stager) addText(text schema.NQuads) error {
	w.staged.texts = append(w.staged.texts, text.Name)
	r, err := text.Open()
	if err != nil {
		return err
	}
	var mappers []*labelMapper
	_, err = w.tx.AddNQuadsWith(r, text.Name, store.NQuadsOptions{
		Map: func() func(*nquads.Statement) (bool, error) {
			m := &labelMapper{dataset: w.dataset.name, seen: map[string]map[string]*int{}}
			mappers = append(mappers, m)
			return m.mapStatement
		},
		Reject: func(err error) error { w.staged.reject(w.dataset, err); return nil },
	})
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	var graphs []quad.Quad
	for _, m := range mappers {
		graphs = append(graphs, w.recordParts(m, text.Name)...)
	}
	_, err = w.tx.AddAll(graphs)
	return err
}

// recordParts records the datasets and graphs in a text, and returns the quads that
// describe the graphs.
func (w *stager) recordParts(m *labelMapper, text string) (quads []quad.Quad) {
	for _, name := range slices.Sorted(maps.Keys(m.seen)) {
		d := w.staged.datasetNamed(name, text)
		for _, graph := range slices.Sorted(maps.Keys(m.seen[name])) {
			if graph == noGraph {
				d.restored = true
				continue
			}
			d.report.Statements += *m.seen[name][graph]
			if graph = graph[1:]; !d.graphs[graph] {
				d.graphs[graph] = true
				quads = append(quads, schema.GraphQuad(name, graph))
			}
		}
	}
	return quads
}

// datasetNamed returns the staged dataset with a name, and makes it if there is none.
func (s *Staged) datasetNamed(name, text string) *stagedDataset {
	i := slices.IndexFunc(s.datasets, func(d *stagedDataset) bool { return d.name == name })
	if i < 0 {
		i = len(s.datasets)
		s.datasets = append(s.datasets, newStagedDataset(name))
	}
	s.datasets[i].touched, s.datasets[i].text = true, text
	return s.datasets[i]
}

// noGraph is the key of a dataset's facts among its graphs of statements. The keys of
// graphs begin with a slash.
const noGraph = ""

// labelMapper changes the labels of statements to the labels under which they are
// staged. Terms have the form of the text.
type labelMapper struct {
	dataset string                     // dataset of statements without one
	seen    map[string]map[string]*int // number of statements, by dataset and graph
	label   nquads.Term                // the last label; target is its result
	target  labelTarget
	memory  [3][]byte
}

// labelTarget is the label and the dataset under which statements with one label are
// staged.
type labelTarget struct {
	label   []byte // nil leaves the label unchanged
	dataset string // scope of the blank nodes
	foreign bool
	skip    bool
	err     error
	count   *int
}

func (m *labelMapper) mapStatement(s *nquads.Statement) (keep bool, err error) {
	if m.target.dataset == "" || m.label.Kind != s.Label.Kind || !bytes.Equal(m.label.Text, s.Label.Text) {
		m.label = nquads.Term{Kind: s.Label.Kind, Text: append(m.label.Text[:0], s.Label.Text...)}
		m.target = m.targetOf(s.Label)
	}
	at := &m.target
	if at.err != nil || at.skip {
		return false, at.err
	}
	if at.foreign {
		subject, predicate, object := m.iriText(0, s.Subject), m.iriText(1, s.Predicate), m.iriText(2, s.Object)
		if schema.UsesFactTerms(subject, predicate, object) {
			return false, schema.WithHint(fmt.Errorf("%w: %s %s", schema.ErrForeign, subject, predicate), func() string {
				return "facts stand in the graph of their dataset, <urn:entente:data:NAME>, as export writes them"
			})
		}
	}
	*at.count++
	if at.label != nil {
		s.Label = nquads.Term{Kind: nquads.IRI, Text: at.label}
	}
	for _, t := range []*nquads.Term{&s.Subject, &s.Object} {
		if t.Kind == nquads.Blank {
			t.Text = []byte(schema.ScopeBlank(at.dataset, string(t.Text)))
		}
	}
	return true, nil
}

// iriText returns an IRI in the graph's abbreviated form, or nil for other terms.
func (m *labelMapper) iriText(i int, t nquads.Term) []byte {
	if t.Kind != nquads.IRI {
		return nil
	}
	prefix, rest := nquads.Abbreviate(t.Text)
	m.memory[i] = append(append(m.memory[i][:0], prefix...), rest...)
	return m.memory[i]
}

// targetOf returns the target of the statements with a label.
func (m *labelMapper) targetOf(label nquads.Term) labelTarget {
	short := m.iriText(0, label)
	switch {
	case label.Kind == nquads.Blank:
		return m.foreignGraph(m.dataset, "_:"+schema.ScopeBlank(m.dataset, string(label.Text)))
	case bytes.HasPrefix(short, []byte("fact:")):
		return labelTarget{dataset: m.dataset, count: new(int)}
	case string(short) == string(LoadsLabel):
		return labelTarget{dataset: m.dataset, skip: true} // it describes another graph
	case !bytes.HasPrefix(short, []byte("data:")):
		return m.foreignGraph(m.dataset, string(label.Text))
	}
	name, graph, foreign := strings.Cut(string(short[len("data:"):]), "/")
	if name == decisions {
		return labelTarget{dataset: name, skip: true} // it is derived from the datasets
	}
	if err := checkDataset(name); err != nil {
		return labelTarget{dataset: m.dataset, err: err}
	}
	if foreign {
		return m.foreignGraph(name, graph)
	}
	return labelTarget{dataset: name, count: m.counter(name, noGraph)}
}

func (m *labelMapper) foreignGraph(dataset, graph string) labelTarget {
	return labelTarget{label: []byte(schema.GraphLabel(dataset, graph)), dataset: dataset, foreign: true, count: m.counter(dataset, "/"+graph)}
}

func (m *labelMapper) counter(dataset, graph string) *int {
	if m.seen[dataset] == nil {
		m.seen[dataset] = map[string]*int{}
	}
	if m.seen[dataset][graph] == nil {
		m.seen[dataset][graph] = new(int)
	}
	return m.seen[dataset][graph]
}
