package paths

import (
	"context"
	"math"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// readIDs reads the ids of all data of the view, each predicate in a task of its own.
func (b *builder) readIDs(ctx context.Context) error {
	verbOf := make([][]idPair, b.view.predicates.verbCount)
	edges := make([][]edgeEntry, len(b.view.predicates.verbs))
	tasks := []func(context.Context) error{
		func(ctx context.Context) error { return b.readPairs(ctx, schema.SourceTerm, &b.sources) },
		func(ctx context.Context) error { return b.readDates(ctx, schema.FromTerm, &b.from) },
		b.readDoubtful,
		func(ctx context.Context) error { return b.readDates(ctx, schema.ToTerm, &b.to) },
		b.readEvidence, b.readStances, b.readConfidence, b.readOthers,
	}
	for i, verb := range b.view.predicates.verbs {
		d, isVerb := b.vocabulary.Lookup(verb)
		tasks = append(tasks, func(ctx context.Context) (err error) {
			edges[i], err = b.readEdges(ctx, uint16(i), isVerb && d.Symmetric)
			return err
		})
		if isVerb {
			tasks = append(tasks, func(ctx context.Context) error {
				return b.eachMatch(ctx, store.Pattern{Predicate: schema.TypeTerm, Object: schema.Term(verb)}, func(q store.IDs) error {
					verbOf[i] = append(verbOf[i], idPair{q[0], uint64(i)})
					return nil
				})
			})
		}
	}
	err := runParallel(ctx, tasks)
	b.verbOf, b.edges = slices.Concat(verbOf...), slices.Concat(edges...)
	return err
}

func (b *builder) eachMatch(ctx context.Context, p store.Pattern, fn func(store.IDs) error) error {
	for q, err := range b.snapshot.MatchIDs(ctx, p) {
		if err == nil {
			err = fn(q)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reserve makes room for the quads of a predicate.
func reserve[T any](ctx context.Context, b *builder, predicate quad.IRI, into *[]T) error {
	n, err := b.snapshot.Count(ctx, store.Pattern{Predicate: predicate})
	*into = make([]T, 0, n)
	return err
}

func (b *builder) readPairs(ctx context.Context, predicate quad.IRI, into *[]idPair) error {
	if err := reserve(ctx, b, predicate, into); err != nil {
		return err
	}
	return b.eachMatch(ctx, store.Pattern{Predicate: predicate}, func(q store.IDs) error {
		*into = append(*into, idPair{q[0], q[2]})
		return nil
	})
}

// readEdges reads the edges of a predicate. It keeps one of two inverse edges of a
// symmetric verb.
func (b *builder) readEdges(ctx context.Context, verb uint16, symmetric bool) (edges []edgeEntry, err error) {
	flags := arcForward
	if symmetric {
		flags |= arcBackward
	}
	err = b.eachMatch(ctx, store.Pattern{Predicate: schema.Term(b.view.predicates.verbs[verb])}, func(q store.IDs) error {
		if q[3] != 0 && (!symmetric || q[0] < q[2]) {
			edges = append(edges, edgeEntry{q[0], q[2], q[3], verb, flags})
		}
		return nil
	})
	return edges, err
}

func (b *builder) readDoubtful(ctx context.Context) error {
	err := b.eachMatch(ctx, store.Pattern{Predicate: schema.WithinTerm}, func(q store.IDs) error {
		b.disputedWholes = append(b.disputedWholes, q[0])
		return nil
	})
	slices.Sort(b.disputedWholes)
	return err
}

func (b *builder) readEvidence(ctx context.Context) error {
	if err := reserve(ctx, b, schema.EvidenceTerm, &b.evidence); err != nil {
		return err
	}
	return b.eachMatch(ctx, store.Pattern{Predicate: schema.EvidenceTerm}, func(q store.IDs) error {
		b.evidence = append(b.evidence, q)
		return nil
	})
}

func (b *builder) readStances(ctx context.Context) error {
	for i, stance := range schema.Stances() {
		if stance == schema.Asserts {
			continue
		}
		err := b.eachMatch(ctx, store.Pattern{Predicate: schema.StanceTerm, Object: schema.Term(stance)}, func(q store.IDs) error {
			b.stances = append(b.stances, idPair{q[0], uint64(i)})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// eachObject calls fn with the quads of a predicate and their objects. Equal objects
// are adjacent, so that each is looked up once.
func (b *builder) eachObject(ctx context.Context, predicate quad.IRI, fn func(store.IDs, quad.Value) error) error {
	var last uint64
	var value quad.Value
	return b.eachMatch(ctx, store.Pattern{Predicate: predicate}, func(q store.IDs) error {
		if q[2] != last {
			last = q[2]
			for v, err := range b.snapshot.Terms(ctx, []uint64{last}) {
				if err != nil {
					return err
				}
				value = v
			}
		}
		return fn(q, value)
	})
}

func (b *builder) readConfidence(ctx context.Context) error {
	if err := reserve(ctx, b, schema.ConfidenceTerm, &b.confidences); err != nil {
		return err
	}
	return b.eachObject(ctx, schema.ConfidenceTerm, func(q store.IDs, value quad.Value) error {
		confidence, _ := value.Native().(float64)
		b.confidences = append(b.confidences, idPair{q[0], uint64(math.Float32bits(float32(confidence)))})
		return nil
	})
}

func (b *builder) readDates(ctx context.Context, predicate quad.IRI, into *[]datedFact) error {
	if err := reserve(ctx, b, predicate, into); err != nil {
		return err
	}
	var last quad.Value
	var day schema.Day
	return b.eachObject(ctx, predicate, func(q store.IDs, value quad.Value) (err error) {
		if value != last {
			last = value
			day, err = schema.DayOf(value)
		}
		*into = append(*into, datedFact{q[0], q[3], day})
		return err
	})
}

// readOthers reads the participants of facts without edges in the graph: facts that
// were planned, refused, cancelled or hypothetical, and facts of status happened that no
// source asserts.
func (b *builder) readOthers(ctx context.Context) error {
	others := newIDTable()
	for i, status := range schema.Statuses() {
		if status == schema.Happened {
			continue
		}
		err := b.eachMatch(ctx, store.Pattern{Predicate: schema.StatusTerm, Object: schema.Term(status)}, func(q store.IDs) error {
			b.edgelessFacts = append(b.edgelessFacts, idPair{q[0], uint64(i)})
			others.set(q[0], 0)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := b.readUnasserted(ctx, others); err != nil || len(b.edgelessFacts) == 0 {
		return err
	}
	for i, role := range b.roles {
		err := b.eachMatch(ctx, store.Pattern{Predicate: schema.Term(role)}, func(q store.IDs) error {
			if _, ok := others.get(q[0]); ok {
				b.rolePlayers[i] = append(b.rolePlayers[i], idPair{q[0], q[2]})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readUnasserted adds the facts of status happened that no source asserts.
func (b *builder) readUnasserted(ctx context.Context, others *idTable) error {
	for _, standing := range schema.Standings() {
		if standing.Asserted() {
			continue
		}
		err := b.eachMatch(ctx, store.Pattern{Predicate: schema.StandingTerm, Object: schema.Term(standing)}, func(q store.IDs) error {
			if _, ok := others.get(q[0]); !ok {
				b.edgelessFacts = append(b.edgelessFacts, idPair{q[0], uint64(statusNumber(schema.Happened))})
				others.set(q[0], 0)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
