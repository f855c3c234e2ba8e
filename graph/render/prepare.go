package render

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// Prepare reads the names and documents that [Renderer.Fact] needs for some facts, all
// together, and remembers them. For a few hundred facts at a time, that is several times
// as fast as reading each when its fact is put into words.
func (r *Renderer) Prepare(ctx context.Context, facts []graph.Selected) error {
	n := unknown{renderer: r, facts: unknownIDs{}, entities: unknownIDs{}, documents: unknownIDs{}}
	for i := range facts {
		n.addFact(&facts[i].Fact)
	}
	named, err := n.readNamed(ctx)
	if err != nil {
		return err
	}
	if err := readLabels(ctx, r, n.entities.list()); err != nil {
		return err
	}
	for i := range slices.Backward(named) { // those that name others after these
		if _, err := nameOf(ctx, r, &named[i]); err != nil {
			return err
		}
	}
	return readDocuments(ctx, r, n.documents.list())
}

// readFacts reads different facts together, and remembers the names and documents in them.
func readFacts(ctx context.Context, r *Renderer, ids []schema.ID) (map[schema.ID]schema.Fact, error) {
	selected := make([]graph.Selected, len(ids))
	err := inParts(len(ids), func(from, to int) error {
		list, err := graph.FactsByID(ctx, r.graph, ids[from:to])
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].ID == "" {
				return fmt.Errorf("%w: %s", graph.ErrNotFound, ids[from+i])
			}
			selected[from+i].Fact = list[i]
		}
		return r.Prepare(ctx, selected[from:to])
	})
	facts := make(map[schema.ID]schema.Fact, len(ids))
	for i := range selected {
		facts[ids[i]] = selected[i].Fact
	}
	return facts, err
}

// leastPart is the least number of facts for which a goroutine of its own saves time.
const leastPart = 64

// inParts calls fn with the bounds of parts of a list of n items, on all processors. The
// error is the one of the first part that has one.
func inParts(n int, fn func(from, to int) error) error {
	if n == 0 {
		return nil
	}
	parts := max(1, min(n/leastPart, 2*runtime.GOMAXPROCS(0)))
	errs := make([]error, parts)
	var next atomic.Int64
	var working sync.WaitGroup
	for range min(parts, runtime.GOMAXPROCS(0)) {
		working.Go(func() {
			for i := int(next.Add(1)) - 1; i < parts; i = int(next.Add(1)) - 1 {
				errs[i] = fn(i*n/parts, (i+1)*n/parts)
			}
		})
	}
	working.Wait()
	return cmp.Or(errs...)
}

// readLabels reads the labels of entities together and remembers them.
func readLabels(ctx context.Context, r *Renderer, ids []schema.ID) error {
	if len(ids) == 0 {
		return nil
	}
	labels, err := graph.Labels(ctx, r.graph, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if labels[i] != "" { // else it has to be looked for elsewhere
			r.labels.put(ownID(id), labels[i])
		}
	}
	return nil
}

// readDocuments reads documents together and remembers them.
func readDocuments(ctx context.Context, r *Renderer, ids []schema.ID) error {
	if len(ids) == 0 {
		return nil
	}
	documents, err := graph.Documents(ctx, r.graph, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if documents[i].Kind != "" {
			r.records.put(ownID(id), documents[i])
		}
	}
	return nil
}

// unknown is the ids of which a renderer does not remember what it needs.
type unknown struct {
	renderer  *Renderer
	facts     unknownIDs // of which the name is needed
	entities  unknownIDs
	documents unknownIDs
}

// addFact adds the unknown ids of a fact. Ids in facts to which it refers are not added.
func (n *unknown) addFact(f *schema.Fact) {
	n.addRoles(f)
	for _, l := range f.Links {
		n.addName(l.Fact)
	}
	for i := range f.Evidence {
		e := &f.Evidence[i]
		n.addName(e.SaidBy)
		for _, id := range e.Via {
			n.addName(id)
		}
		for _, id := range e.At {
			n.addName(id)
		}
		if !n.renderer.documents.has(e.Source) {
			n.documents[e.Source] = true
		}
	}
}

// addRoles adds the unknown ids of the participants of a fact.
func (n *unknown) addRoles(f *schema.Fact) {
	for _, p := range f.Roles {
		n.addName(p.ID)
	}
}

// addName adds the id of an entity or a fact.
func (n *unknown) addName(id schema.ID) {
	switch {
	case id == "" || n.renderer.labels.has(id):
	case schema.KindOf(id) == schema.KindFact:
		n.facts[id] = true
	default:
		n.entities[id] = true
	}
}

// readNamed reads the facts whose names are needed, then the facts that these have as
// participants, and so on, and adds what their names consist of.
func (n *unknown) readNamed(ctx context.Context) (named []schema.Fact, err error) {
	seen := unknownIDs{}
	for len(n.facts) > 0 {
		maps.Copy(seen, n.facts)
		some, err := graph.FactsByID(ctx, n.renderer.graph, n.facts.list())
		if err != nil {
			return nil, err
		}
		clear(n.facts)
		for i := range some {
			if n.addRoles(&some[i]); some[i].ID != "" {
				named = append(named, some[i])
			}
		}
		maps.DeleteFunc(n.facts, func(id schema.ID, _ bool) bool { return seen[id] })
	}
	return named, nil
}

// unknownIDs is a set of ids.
type unknownIDs map[schema.ID]bool

func (u unknownIDs) list() []schema.ID { return slices.Collect(maps.Keys(u)) }
