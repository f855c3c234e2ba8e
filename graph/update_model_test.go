package graph_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// statements is what one dataset states: facts and documents or entities by id.
type statements map[schema.ID]schema.Record

// updateModel is a model of datasets beside a graph that updates change.
type updateModel struct {
	t        *testing.T
	random   *rand.Rand
	graph    *graph.Graph
	sets     map[string]statements
	loaded   map[string]statements // what loads brought; nil for a dataset that updates made
	names    map[schema.ID]string  // the last name of each entity that was declared
	facts    map[schema.ID]schema.Fact
	refusals map[string]int
}

var modelDatasets = []string{"a", "b", "c"}

func newUpdateModel(t *testing.T, seed uint64) *updateModel {
	m := &updateModel{t: t, random: rand.New(rand.NewPCG(seed, 14)), graph: open(t, ""), sets: map[string]statements{},
		loaded: map[string]statements{}, names: map[schema.ID]string{}, facts: map[schema.ID]schema.Fact{}, refusals: map[string]int{}}
	all := statements{}
	for _, id := range modelEntities {
		all[id] = schema.Document{Entity: entity(id, "Name of "+string(id))}
	}
	for i, dataset := range modelDatasets[:seed%3] {
		for _, id := range modelEntities[:i*4] {
			delete(all, id)
		}
		m.sets[dataset], m.loaded[dataset] = maps.Clone(all), maps.Clone(all)
		load(t, m.graph, dataset, all.records()...)
	}
	m.learn()
	return m
}

func oneOf[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

var modelEntities = []schema.ID{"person:ann", "person:bob", "person:cy", "institution:i", "institution:j", "institution:k",
	"country:china", "place:hotel", "doc:paper", "doc:wire"}

// entity is a random declaration of an entity or a document.
func (m *updateModel) entity() schema.Document {
	id := oneOf(m.random, modelEntities...)
	d := schema.Document{Entity: entity(id, oneOf(m.random, "Name of ", "Other name of ")+string(id))}
	if m.random.IntN(3) == 0 {
		d.Aliases = []schema.Text{{Value: oneOf(m.random, "Alias", "谢锋")}}
	}
	if d.Kind == schema.Person {
		d.FromName = m.random.IntN(2) == 0
		d.Born = oneOf(m.random, "", "", "1970", "1970-02")
	}
	if d.Kind == schema.Doc {
		d.Publisher = oneOf(m.random, "", "Reuters")
		d.Published.Written = oneOf(m.random, "", "2023-07")
	}
	return d
}

// fact is a random fact, often one that a dataset has already.
func (m *updateModel) fact() schema.Fact {
	people := modelEntities[:3]
	f := schema.Fact{Verb: "met", When: schema.When{Written: oneOf(m.random, "2023-07-12", "2023-07/2023-08", "")},
		Status: oneOf(m.random, schema.Happened, schema.Happened, schema.Planned)}
	i := m.random.IntN(3)
	f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: people[i]}, {Role: schema.RoleRecipient, ID: people[(i+1)%3]}}
	switch m.random.IntN(4) {
	case 0:
		f.Verb, f.Status = "part-of", ""
		i, j := 3+m.random.IntN(3), 3+m.random.IntN(3)
		f.Roles = []schema.Participant{{Role: schema.RoleActor, ID: modelEntities[i]}, {Role: schema.RoleRecipient, ID: modelEntities[j]}}
	case 1:
		f.Verb = "praised"
		f.Roles = append(f.Roles, schema.Participant{Role: "host", ID: "country:china"})
	}
	f.Evidence = []schema.Evidence{{Source: oneOf[schema.ID](m.random, "doc:paper", "doc:wire"), Quote: oneOf(m.random, "", "words"),
		Stance: oneOf(m.random, schema.Asserts, schema.Asserts, schema.Denies, schema.Hearsay)}}
	if m.random.IntN(4) == 0 {
		f.Evidence[0].At = []schema.ID{"place:hotel"}
	}
	if known := slices.Sorted(maps.Keys(m.facts)); len(known) > 0 && m.random.IntN(3) == 0 {
		whole := oneOf(m.random, known...)
		if m.random.IntN(2) == 0 && f.Verb == "met" {
			f.Roles = append(f.Roles, schema.Participant{Role: schema.RoleDuring, ID: whole})
		} else {
			f.Links = []schema.Link{{Type: oneOf(m.random, schema.PartOf, schema.Because), Fact: whole}}
		}
	}
	return f
}

func (m *updateModel) normal(dataset string, f schema.Fact) schema.Fact {
	f.Evidence = slices.Clone(f.Evidence)
	for i := range f.Evidence {
		f.Evidence[i].Dataset = dataset
	}
	return m.graph.Vocabulary().Normalize(f)
}

// step is one random change in an update, made to the statements of its dataset too.
func (m *updateModel) step(tx *graph.Tx, dataset string, set statements) error {
	ids := slices.Sorted(maps.Keys(set))
	switch op := m.random.IntN(8); {
	case op < 3:
		return m.writeFact(tx, dataset, set, op == 0)
	case op < 5:
		return m.writeEntity(tx, set, op == 3)
	case op == 5 || len(ids) == 0:
		id := oneOf(m.random, append(ids, "person:nobody")...)
		if set[id] == nil {
			if err := tx.Remove(id); !errors.Is(err, graph.ErrNotFound) {
				m.t.Fatalf("removing what is not there: %v", err)
			}
			return nil
		}
		delete(set, id)
		return tx.Remove(id)
	case op == 6:
		return m.change(tx, set, oneOf(m.random, ids...))
	}
	return m.replace(tx, dataset, set, oneOf(m.random, ids...))
}

func (m *updateModel) writeFact(tx *graph.Tx, dataset string, set statements, put bool) error {
	f := m.fact()
	n := m.normal(dataset, f)
	before, there := set[n.ID].(schema.Fact)
	if there && !put {
		n = m.join(before, n)
	}
	set[n.ID] = n
	if put {
		return tx.Put(f)
	}
	return tx.Add(f)
}

func (m *updateModel) join(before, n schema.Fact) schema.Fact {
	v := m.graph.Vocabulary()
	n = v.Normalize(v.Merge(before, n))
	n.Roles = before.Roles
	return n
}

func (m *updateModel) writeEntity(tx *graph.Tx, set statements, put bool) error {
	d := m.entity()
	if before, there := set[d.ID].(schema.Document); there && !put {
		err := tx.Add(d)
		d.Label, d.FromName = before.Label, before.FromName
		d.Description = before.Description
		d.Born, d.Publisher = cmp.Or(before.Born, d.Born), cmp.Or(before.Publisher, d.Publisher)
		d.Published.Written = cmp.Or(before.Published.Written, d.Published.Written)
		d.Aliases = append(d.Aliases, before.Aliases...)
		d.Entity = d.Entity.Normalize()
		set[d.ID] = d
		return err
	}
	set[d.ID] = d
	return tx.Put(d)
}

// change reads a record, changes it and puts it back.
func (m *updateModel) change(tx *graph.Tx, set statements, id schema.ID) error {
	if schema.KindOf(id) != schema.KindFact {
		d, err := tx.Document(id)
		if schema.KindOf(id) != schema.Doc {
			d.Entity, err = tx.Entity(id)
		}
		if err != nil || !reflect.DeepEqual(schema.Record(d), set[id]) {
			m.t.Fatalf("the transaction has %+v, %v and not %+v", d, err, set[id])
		}
		d.Description = oneOf(m.random, "", "described")
		set[id] = d
		return tx.Put(d)
	}
	f, err := tx.Fact(id)
	if err != nil || !reflect.DeepEqual(schema.Record(f), set[id]) {
		m.t.Fatalf("the transaction has %+v, %v and not %+v", f, err, set[id])
	}
	if len(f.Evidence) > 1 {
		f.Evidence = f.Evidence[1:]
	}
	f.Evidence[0].Note = oneOf(m.random, "", "noted")
	set[id] = m.normal(f.Evidence[0].Dataset, f)
	return tx.Put(f)
}

func (m *updateModel) replace(tx *graph.Tx, dataset string, set statements, id schema.ID) error {
	if schema.KindOf(id) != schema.KindFact {
		return nil
	}
	f := set[id].(schema.Fact)
	f.Topic = oneOf(m.random, "", "trade", "arms")
	f.ID = ""
	n := m.normal(dataset, f)
	if n.ID != id {
		delete(set, id)
		if before, there := set[n.ID].(schema.Fact); there {
			n = m.join(before, n)
		}
	}
	set[n.ID] = n
	for other, record := range set {
		f, ok := record.(schema.Fact)
		if !ok || n.ID == id || !slices.ContainsFunc(f.Links, func(l schema.Link) bool { return l.Fact == id }) {
			continue
		}
		f.Links = slices.Clone(f.Links)
		for i := range f.Links {
			if f.Links[i].Fact == id {
				f.Links[i].Fact = n.ID
			}
		}
		f.Links = slices.DeleteFunc(f.Links, func(l schema.Link) bool { return l.Fact == other })
		set[other] = m.normal(dataset, f)
	}
	return tx.Replace(id, f)
}

// update makes a random update of a random dataset.
func (m *updateModel) update() {
	dataset := oneOf(m.random, modelDatasets...)
	was, there := m.sets[dataset]
	set := maps.Clone(was)
	if set == nil {
		set = statements{}
	}
	before, text := digest(m.t, m.graph), bytesOf(m.t, m.graph)
	_, err := m.graph.Update(m.t.Context(), dataset, func(tx *graph.Tx) error {
		for range 1 + m.random.IntN(4) {
			if err := m.step(tx, dataset, set); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		m.refused(before, dataset, set, err)
		return
	}
	m.refusals["done"]++
	m.accept(dataset, set, there)
	m.check()
	if m.random.IntN(3) == 0 {
		m.undo(dataset, was, before, text)
	}
}

// accept makes what an update has made of a dataset what the model has.
func (m *updateModel) accept(dataset string, set statements, there bool) {
	switch {
	case len(set) > 0, there && m.loaded[dataset] != nil:
		m.sets[dataset] = set
	default:
		delete(m.sets, dataset)
	}
	m.learn()
}

// load loads a dataset as the model has it, with some records less.
func (m *updateModel) load() {
	dataset := oneOf(m.random, modelDatasets...)
	set := maps.Clone(m.sets[dataset])
	for _, id := range slices.Sorted(maps.Keys(set)) {
		if m.random.IntN(6) == 0 {
			delete(set, id)
		}
	}
	_, err := m.graph.Load(m.t.Context(), dataset, sequence(set.records()...), &graph.LoadOptions{Replace: true})
	if errors.Is(err, graph.ErrRejected) {
		return
	}
	if err != nil {
		m.t.Fatal(err)
	}
	if set == nil {
		set = statements{}
	}
	m.sets[dataset], m.loaded[dataset] = set, maps.Clone(set)
	m.learn()
	m.check()
}

func (m *updateModel) forget() {
	dataset := oneOf(m.random, modelDatasets...)
	_, err := m.graph.Forget(m.t.Context(), dataset)
	if m.sets[dataset] == nil && !errors.Is(err, graph.ErrNotFound) || m.sets[dataset] != nil && err != nil {
		m.t.Fatal(err)
	}
	delete(m.sets, dataset)
	delete(m.loaded, dataset)
	m.check()
}

// After any updates, the graph is the one that loads of the same records make.
func TestUpdatesMakeWhatLoadsMake(t *testing.T) {
	const steps = 60
	seeds := sizeOf(t, "ENTENTE_UPDATES", 2, 10)
	refusals := map[string]int{}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := newUpdateModel(t, uint64(seed))
			for range steps {
				switch n := m.random.IntN(20); {
				case n == 0:
					m.forget()
				case n < 3:
					m.load()
				default:
					m.update()
				}
			}
			for what, n := range m.refusals {
				refusals[what] += n
			}
		})
	}
	t.Logf("updates done, and refused: %v", refusals)
}
