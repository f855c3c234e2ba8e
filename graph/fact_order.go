package graph

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// factOrder puts candidates, which are ids of the store, in the order in which facts are
// yielded.
type factOrder struct {
	snapshot *store.Snapshot
	found    *idSet

	// count, if set, is called with the facts without a date, which are not yielded.
	count func(ctx context.Context, undated *idSet) error
}

// factGroup is facts on one place in the order of dates. Among them, the order is that of
// their ids in the graph.
type factGroup struct {
	place uint32
	ids   []uint64
	done  bool // ids are in order
}

// undatedPlace is the place of facts without a date, the last one.
const undatedPlace = ^uint32(0)

// placeOf returns the place of a day: the first day on which a fact may have begun. A fact
// whose day is derived follows, since it is part of another fact.
func placeOf(day uint32, derived bool) uint32 {
	if derived {
		return 2*day + 1
	}
	return 2 * day
}

// datedFact is a fact with its place.
type datedFact struct {
	place uint32
	id    uint64
}

const (
	fewFacts   = 512     // as many facts are looked up without asking whether that is the faster way
	denseFacts = 16      // at least one fact in so many is a candidate: days are walked
	fewDays    = 256     // so many days are walked before few enough candidates are sorted instead
	sortedRest = 1 << 16 // as many candidates are sorted after the first ones are yielded
)

// byDate calls yield with the candidates in the order of dates, until it returns false.
func (o *factOrder) byDate(ctx context.Context, yield func(factGroup) bool) error {
	from, err := o.snapshot.ID(schema.FromTerm)
	if err != nil {
		return err
	}
	if from == 0 {
		return o.undated(ctx, o.found, yield)
	}
	total, n := int64(0), int64(o.found.count)
	if n > fewFacts {
		if total, err = o.snapshot.CountIDs(ctx, [4]uint64{1: from}); err != nil {
			return err
		}
	}
	switch {
	case n <= fewFacts || n*quadsPerSearch < total:
		return o.sorted(ctx, yield, func(add func(datedFact)) error { return o.lookUp(ctx, from, add) })
	case n*denseFacts < total:
		return o.sorted(ctx, yield, func(add func(datedFact)) error { return o.scanDays(ctx, from, add) })
	}
	return o.walk(ctx, from, yield)
}

// lookUp finds the days of each candidate.
func (o *factOrder) lookUp(ctx context.Context, from uint64, add func(datedFact)) error {
	days, ids := map[uint64]uint32{}, slices.Collect(o.found.all())
	var failed error
	err := store.EachSubject(ctx, o.snapshot, ids, func(_ int, quads [][4]uint64) {
		for _, q := range quads {
			if q[1] != from || failed != nil {
				continue
			}
			day, known := days[q[2]]
			if !known {
				day, failed = o.dayOf(q[2])
				days[q[2]] = day
			}
			add(datedFact{placeOf(day, q[3] == q[0]), q[0]})
		}
	})
	return cmp.Or(err, failed)
}

// dayOf returns the day with an id, counted from the first possible day.
func (o *factOrder) dayOf(id uint64) (uint32, error) {
	value, err := o.snapshot.Term(id)
	if err != nil {
		return 0, err
	}
	day, err := schema.DayOf(value)
	return uint32(day - schema.MinDay), err
}

// scanDays finds the days of all candidates in one pass.
func (o *factOrder) scanDays(ctx context.Context, from uint64, add func(datedFact)) error {
	days := map[uint64]uint32{}
	for ids, err := range o.days(ctx) {
		if err != nil {
			return err
		}
		for _, id := range ids {
			days[id] = uint32(len(days))
		}
	}
	last, day := uint64(0), uint32(0)
	return eachQuad(ctx, o.snapshot.NewScan(), [4]uint64{1: from}, func(q [4]uint64) {
		if !o.found.has(q[0]) {
			return
		}
		if q[2] != last {
			last, day = q[2], days[q[2]]
		}
		add(datedFact{placeOf(day, q[3] == q[0]), q[0]})
	})
}

// days yields the ids of all days in the graph, in order.
func (o *factOrder) days(ctx context.Context) func(func([]uint64, error) bool) {
	return o.snapshot.IDsBetween(ctx, schema.MinDay.Date(), schema.MaxDay.Date())
}

// sorted yields the candidates by the places that find finds for them: the first of
// several counts.
func (o *factOrder) sorted(ctx context.Context, yield func(factGroup) bool, find func(add func(datedFact)) error) error {
	list := make([]datedFact, 0, o.found.count)
	if err := find(func(f datedFact) { list = append(list, f) }); err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b datedFact) int { return cmp.Or(cmp.Compare(a.place, b.place), cmp.Compare(a.id, b.id)) })
	seen := &idSet{}
	list = slices.DeleteFunc(list, func(f datedFact) bool { return !seen.add(f.id) })
	ids := make([]uint64, len(list))
	for i, f := range list {
		ids[i] = f.id
	}
	from := 0
	for i := range list {
		if i+1 < len(list) && list[i+1].place == list[i].place {
			continue
		}
		if !yield(factGroup{place: list[i].place, ids: ids[from : i+1]}) {
			return nil
		}
		from = i + 1
	}
	o.found.drop(seen)
	return o.undated(ctx, o.found, yield)
}

// walk yields the candidates of each day of the graph, so that the first ones are there at
// once. It needs no list of them, unless few are left after some days: to find all days of
// these in one pass and sort them takes less time.
func (o *factOrder) walk(ctx context.Context, from uint64, yield func(factGroup) bool) error {
	scan, seen, place := o.snapshot.NewScan(), &idSet{}, uint32(0)
	var own, derived []uint64
	for days, err := range o.days(ctx) {
		if err != nil {
			return err
		}
		for _, day := range days {
			own, derived = own[:0], derived[:0]
			err := eachQuad(ctx, scan, [4]uint64{1: from, 2: day}, func(q [4]uint64) {
				switch {
				case !o.found.has(q[0]):
				case q[3] == q[0]:
					derived = append(derived, q[0])
				case seen.add(q[0]):
					own = append(own, q[0])
				}
			})
			if err != nil {
				return err
			}
			derived = slices.DeleteFunc(derived, func(id uint64) bool { return !seen.add(id) })
			for i, ids := range [][]uint64{own, derived} {
				if len(ids) > 0 && !yield(factGroup{place: placeOf(place, i == 1), ids: ids}) {
					return nil
				}
			}
			if place++; place >= fewDays && o.found.count-seen.count <= sortedRest {
				o.found.drop(seen)
				return o.sorted(ctx, yield, func(add func(datedFact)) error { return o.scanDays(ctx, from, add) })
			}
		}
	}
	o.found.drop(seen)
	return o.undated(ctx, o.found, yield)
}

// undated yields facts without a date.
func (o *factOrder) undated(ctx context.Context, facts *idSet, yield func(factGroup) bool) error {
	if o.count != nil {
		return o.count(ctx, facts)
	}
	if facts.count <= mostTogether {
		if facts.count > 0 {
			yield(factGroup{place: undatedPlace, ids: slices.Collect(facts.all())})
		}
		return nil
	}
	return o.byID(ctx, facts, undatedPlace, yield)
}

// byID yields facts in the order of their ids in the graph, some at a time.
func (o *factOrder) byID(ctx context.Context, facts *idSet, place uint32, yield func(factGroup) bool) error {
	if facts.count > mostTogether {
		status, err := o.snapshot.ID(schema.StatusTerm)
		if err != nil {
			return err
		}
		total, err := o.snapshot.CountIDs(ctx, [4]uint64{1: status})
		if err != nil {
			return err
		}
		if int64(facts.count)*denseFacts > total {
			return o.inStore(ctx, facts, place, yield)
		}
	}
	ids, err := o.sortByID(ctx, slices.Collect(facts.all()))
	if err == nil && len(ids) > 0 {
		yield(factGroup{place, ids, true})
	}
	return err
}

// inStore yields facts in the order of the terms of the store. If facts is nil, it yields
// all facts.
func (o *factOrder) inStore(ctx context.Context, facts *idSet, place uint32, yield func(factGroup) bool) error {
	for ids, err := range o.snapshot.IRIs(ctx, schema.KindFact.Prefix()+":") {
		if err != nil {
			return err
		}
		if facts != nil {
			ids = slices.DeleteFunc(ids, func(id uint64) bool { return !facts.has(id) })
		}
		if len(ids) > 0 && !yield(factGroup{place, ids, true}) {
			return nil
		}
	}
	return nil
}

// sortByID sorts facts by their ids in the graph. The ids of the store must be in
// ascending order.
func (o *factOrder) sortByID(ctx context.Context, ids []uint64) ([]uint64, error) {
	type named struct {
		name string
		id   uint64
	}
	list := make([]named, 0, len(ids))
	for value, err := range o.snapshot.Terms(ctx, ids) {
		if err != nil {
			return nil, err
		}
		iri, _ := value.(quad.IRI)
		list = append(list, named{string(iri), ids[len(list)]})
	}
	slices.SortFunc(list, func(a, b named) int { return strings.Compare(a.name, b.name) })
	for i, n := range list {
		ids[i] = n.id
	}
	return ids, nil
}

// listStored starts parts for all facts, in the order of the snapshot.
func (m *factMapper[T]) listStored(ctx context.Context) {
	var one [1]uint64
	for one[0] = range m.stored.All() {
		if !m.add(ctx, factGroup{ids: one[:], done: true}) {
			return
		}
	}
}
