package graph_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
)

// recordInput is an input whose records are in memory. It counts how often it is read.
type recordInput struct {
	records []schema.Record
	version string
	title   string
	reads   int
}

func (in *recordInput) Source() schema.Source {
	return schema.Source{Dataset: "d", SHA256: in.version, Vocabulary: schema.DefaultVocabulary(), About: map[string]string{"title": in.title}}
}

func (in *recordInput) Prepare(*schema.Vocabulary, iter.Seq2[schema.Entity, error]) error { return nil }

func (in *recordInput) Records(context.Context) iter.Seq2[schema.Record, error] {
	in.reads++
	return func(yield func(schema.Record, error) bool) {
		for i, record := range in.records {
			pos := schema.Position{File: "d.jsonl", Line: i + 1}
			switch r := record.(type) {
			case schema.Fact:
				r.Pos, record = pos, r
			case schema.Entity:
				r.Pos, record = pos, r
			case schema.Document:
				r.Pos, record = pos, r
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}

// reloadModel is a dataset that changes, in a graph that reloads only what changed and in
// one that loads it whole each time. Another dataset is in both.
type reloadModel struct {
	t        *testing.T
	random   *rand.Rand
	quick    *graph.Graph
	whole    *graph.Graph
	quickDir string
	wholeDir string
	records  []schema.Record
	others   []schema.Record
	versions int
	quickly  int // reloads that read the input once, with digests of the load before
	refused  int
	beside   bool
	outside  schema.ID // a fact of the other dataset
}

func newReloadModel(t *testing.T, seed uint64) *reloadModel {
	m := &reloadModel{t: t, random: rand.New(rand.NewPCG(seed, 16)), quickDir: t.TempDir(), wholeDir: t.TempDir()}
	m.quick, m.whole = open(t, m.quickDir), open(t, m.wholeDir)
	for record, err := range synth.Records(900, seed) {
		if err != nil {
			t.Fatal(err)
		}
		m.records = append(m.records, record)
	}
	m.others = slices.Clone(m.records[:len(m.records)/6])
	m.others = append(m.others, entity("person:elsewhere", "Somebody Elsewhere"))
	return m
}

// recordAt returns a random record of a type and its index.
func recordAt[T schema.Record](m *reloadModel) (i int, record T) {
	for {
		i = m.random.IntN(len(m.records))
		if r, ok := m.records[i].(T); ok {
			return i, r
		}
	}
}

func (m *reloadModel) fact() (int, schema.Fact) {
	i, f := recordAt[schema.Fact](m)
	f.Evidence, f.Roles, f.Links = slices.Clone(f.Evidence), slices.Clone(f.Roles), slices.Clone(f.Links)
	return i, f
}

func (m *reloadModel) idOf(f schema.Fact) schema.ID {
	return schema.DefaultVocabulary().Normalize(f).ID
}

// edit makes a random change of the records.
func (m *reloadModel) edit() {
	i, f := m.fact()
	switch n := m.random.IntN(18); n {
	case 0, 1:
		f.Evidence[0].Quote = fmt.Sprint("words ", m.random.IntN(5))
	case 2:
		f.Evidence[0].Stance = oneOf(m.random, schema.Asserts, schema.Denies, schema.Hearsay)
	case 3:
		m.records = slices.Delete(m.records, i, i+1)
		return
	case 4:
		f.Topic = fmt.Sprint("topic ", m.random.IntN(3))
	case 5:
		f.When.Written = oneOf(m.random, "2020-02", "2020-02-03", "")
	case 6: // a part, often without a date
		_, whole := m.fact()
		f.When.Written = oneOf(m.random, "", "", "2021-05-06")
		f.Key = fmt.Sprint("part ", m.random.IntN(1000))
		f.Links = []schema.Link{{Type: oneOf(m.random, schema.PartOf, schema.Because), Fact: m.idOf(whole)}}
		m.records = append(m.records, f)
		return
	case 7: // a new fact
		f.Key = fmt.Sprint("new ", m.random.IntN(1000))
		m.records = append(m.records, f)
		return
	case 8:
		at, e := recordAt[schema.Entity](m)
		e.Aliases = []schema.Text{{Value: oneOf(m.random, "Alias", "谢锋")}}
		e.FromName = m.random.IntN(2) == 0
		m.records[at] = e
		return
	case 9:
		at, e := recordAt[schema.Entity](m)
		e.Label, e.Born = oneOf(m.random, "Name ", "Other name ")+string(e.ID), oneOf(m.random, "", "1970")
		m.records[at] = e
		return
	case 10:
		at, d := recordAt[schema.Document](m)
		d.Publisher, d.Published.Written = oneOf(m.random, "Reuters", "Xinhua"), oneOf(m.random, "", "2023-07")
		m.records[at] = d
		return
	case 11: // mostly an entity that facts refer to
		at, _ := recordAt[schema.Entity](m)
		m.records = slices.Delete(m.records, at, at+1)
		return
	case 12:
		m.records = append(m.records, entity(schema.ID(fmt.Sprint("person:new-", m.random.IntN(9))), "New"))
		return
	case 13:
		j := m.random.IntN(len(m.records))
		m.records[i], m.records[j] = m.records[j], m.records[i]
		return
	case 14:
		if m.random.IntN(3) == 0 {
			m.records = append(m.records, m.records[m.random.IntN(len(m.records))])
		}
		return
	case 15:
		f.Evidence[0].SaidBy = "person:elsewhere"
		if m.outside != "" && m.random.IntN(2) == 0 {
			f.Links = []schema.Link{{Type: schema.Because, Fact: m.outside}}
		}
	case 16:
		if m.random.IntN(3) == 0 {
			m.rewrite()
		}
		return
	default: // an institution becomes a part of another one, perhaps of its own part
		f.Verb, f.Status, f.Links, f.Topic = "part-of", "", nil, ""
		a := m.random.IntN(6)
		b := (a + 1 + m.random.IntN(5)) % 6
		f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: schema.ID(fmt.Sprint("institution:synth-", a))},
			{Role: schema.RoleRecipient, ID: schema.ID(fmt.Sprint("institution:synth-", b))}}
	}
	m.records[i] = f
}

// rewrite changes the quotes of many facts.
func (m *reloadModel) rewrite() {
	for range 100 {
		i, f := m.fact()
		f.Evidence[0].Quote = fmt.Sprint("rewritten ", m.random.IntN(1000))
		m.records[i] = f
	}
}

// both makes a change of both graphs, and compares the errors and the reports.
func (m *reloadModel) both(what string, change func(g *graph.Graph) (graph.Report, error)) (graph.Report, error) {
	m.t.Helper()
	quick, err := change(m.quick)
	whole, wholeErr := change(m.whole)
	if fmt.Sprint(err) != fmt.Sprint(wholeErr) {
		m.t.Fatalf("%s: %v, but whole %v", what, err, wholeErr)
	}
	if !reflect.DeepEqual(quick, whole) {
		m.t.Fatalf("%s: reports\n%+v, but whole\n%+v", what, quick, whole)
	}
	return quick, err
}

// besides changes the other dataset.
func (m *reloadModel) besides() {
	if m.beside && m.random.IntN(3) == 0 {
		m.beside = false
		_, _ = m.both("forgetting", func(g *graph.Graph) (graph.Report, error) { return g.Forget(m.t.Context(), "beside") })
		return
	}
	others := slices.Clone(m.others)
	_, f := m.fact()
	link := f
	link.Key, link.Links = "beside", []schema.Link{{Type: schema.Because, Fact: m.idOf(f)}}
	others = append(others, f, link)
	m.outside = m.idOf(link)
	_, err := m.both("loading beside", func(g *graph.Graph) (graph.Report, error) {
		return g.Load(m.t.Context(), "beside", sequence(others...), &graph.LoadOptions{MaxErrors: -1})
	})
	m.beside = m.beside || err == nil
}

// byHand changes a fact of the dataset by an update.
func (m *reloadModel) byHand() {
	_, f := m.fact()
	f.Evidence[0].Note = "by hand"
	_, _ = m.both("an update", func(g *graph.Graph) (graph.Report, error) {
		return g.Update(m.t.Context(), "d", func(tx *graph.Tx) error { return tx.Put(f) })
	})
}

// reload loads the records again, into one of the graphs without digests. It reports
// whether all records were loaded.
func (m *reloadModel) reload() bool {
	m.versions++
	opts := &graph.LoadOptions{Replace: m.random.IntN(2) == 0, MaxErrors: oneOf(m.random, 0, 0, 2)}
	title := oneOf(m.random, "A title", "Another title")
	report, err := m.both("a reload", func(g *graph.Graph) (graph.Report, error) {
		in := &recordInput{records: m.records, version: fmt.Sprint(m.versions), title: title}
		dir := filepath.Join(m.quickDir, "graph.records")
		if g == m.whole {
			if err := os.RemoveAll(filepath.Join(m.wholeDir, "graph.records")); err != nil {
				m.t.Fatal(err)
			}
			return g.LoadInput(m.t.Context(), in, opts)
		}
		files, _ := os.ReadDir(dir)
		report, err := g.LoadInput(m.t.Context(), in, opts)
		if len(files) > 0 && in.reads == 1 && err == nil {
			m.quickly++
		}
		return report, err
	})
	if err != nil {
		m.refused++
	}
	return err == nil && report.Rejected+report.Repeated == 0
}

func (m *reloadModel) check() {
	m.t.Helper()
	if quick, whole := digest(m.t, m.quick), digest(m.t, m.whole); quick != whole {
		m.t.Fatal("the digests differ")
	}
	if !slices.Equal(quadsOf(m.t, m.quick), quadsOf(m.t, m.whole)) || bytesOf(m.t, m.quick) != bytesOf(m.t, m.whole) {
		m.t.Fatal("the quads differ")
	}
}

// A reload that writes only what changed makes the same graph, report and errors as a load
// of all records.
func TestReloadsOfChangesMakeWhatLoadsMake(t *testing.T) {
	seeds, quickly := sizeOf(t, "ENTENTE_RELOADS", 2, 6), 0
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := newReloadModel(t, uint64(seed))
			m.reload()
			for step := range 24 {
				kept := slices.Clone(m.records)
				for range 1 + m.random.IntN(3) {
					m.edit()
				}
				switch m.random.IntN(6) {
				case 0:
					m.besides()
				case 1:
					if m.random.IntN(2) == 0 {
						m.byHand()
					}
				}
				if !m.reload() {
					m.records = kept
				}
				if step%4 == 3 {
					m.check()
				}
			}
			t.Logf("%d of %d reloads were of changes, %d were refused", m.quickly, m.versions, m.refused)
			quickly += m.quickly
		})
	}
	if quickly == 0 {
		t.Error("no reload was of changes alone")
	}
}
