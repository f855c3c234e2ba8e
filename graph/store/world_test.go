package store_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/store"
)

// world makes random quads from few values, so that many quads share values.
type world struct {
	*rand.Rand
	nodes, predicates, objects, labels []quad.Value
}

func newWorld(seed uint64) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 7))}
	for i := range 60 {
		w.nodes = append(w.nodes, quad.IRI(fmt.Sprintf("person:p-%d", i*i)), quad.BNode(fmt.Sprint("b", i)))
		w.labels = append(w.labels, quad.IRI(fmt.Sprint("fact:", i)))
		w.objects = append(w.objects, quad.Int(i*7-100), quad.Float(float64(i)/3-5), quad.String(fmt.Sprint("name ", i)),
			quad.TypedString{Value: quad.String(fmt.Sprintf("20%02d-01-02", i)), Type: "xsd:date"},
			quad.LangString{Value: quad.String(fmt.Sprint("nom ", i%9)), Lang: []string{"en", "zh"}[i%2]},
			quad.Time(time.Unix(int64(i)*1e7, int64(i)).UTC()), quad.Bool(i%2 == 0),
			quad.String(strings.Repeat("long ", 110)+fmt.Sprint(i)), quad.String(strings.Repeat("x", 400+i*4)))
	}
	for i := range 7 {
		w.predicates = append(w.predicates, quad.IRI(fmt.Sprint("dip:verb", i)))
	}
	w.objects = append(w.objects, w.nodes...)
	w.objects = append(w.objects, quad.String(strings.Repeat("vast", 20000)))
	w.labels = append(w.labels, nil, nil, nil)
	return w
}

func pick[T any](w *world, from []T) T { return from[w.IntN(len(from))] }

func (w *world) quad() quad.Quad {
	return quad.Quad{Subject: pick(w, w.nodes), Predicate: pick(w, w.predicates), Object: pick(w, w.objects), Label: pick(w, w.labels)}
}

// pattern returns a random pattern, in which each part is nil half of the time.
func (w *world) pattern() store.Pattern {
	p := store.Pattern(w.quad())
	for _, v := range []*quad.Value{&p.Subject, &p.Predicate, &p.Object, &p.Label} {
		if w.IntN(2) == 0 {
			*v = nil
		}
	}
	return p
}
