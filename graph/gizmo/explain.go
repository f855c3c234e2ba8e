package gizmo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/cayley/graph/iterator"
	"github.com/cayleygraph/cayley/query/shape"
	"github.com/cayleygraph/quad"
)

// Explanation describes how a script was run.
type Explanation struct {
	Plans []Plan        `json:"plans"` // one for each path that the script ran, in order
	Rows  int           `json:"rows"`
	More  bool          `json:"more"` // the script had more rows than the limit
	Took  time.Duration `json:"nanoseconds"`
}

// Plan is the tree of iterators that Cayley's planner made of a path, in
// depth-first order from its root.
type Plan []Step

// Step is one iterator of a plan.
type Step struct {
	Depth int    `json:"depth"` // in the tree, zero for the root
	What  string `json:"what"`  // the name that Cayley or the store gives it
	Size  int64  `json:"size"`  // the number of results that the planner expects
	Exact bool   `json:"exact"` // the size is exact
	Next  int64  `json:"next"`  // the cost of one result, in steps of a scan
	Test  int64  `json:"test"`  // the cost of testing whether a value is among the results
}

// maxPlans bounds how many paths of a script are explained.
const maxPlans = 100

// Explain runs a script as [Runner.Run] does, and returns its plans instead of
// its rows.
func (r *Runner) Explain(ctx context.Context, script string, l Limits) (*Explanation, error) {
	p := &planRecorder{QuadStore: r.qs}
	watched := *r
	watched.qs = p
	e := &Explanation{}
	start := time.Now()
	for _, err := range watched.Run(ctx, script, l) {
		switch {
		case errors.Is(err, ErrRows):
			e.More = true
		case err != nil:
			return nil, err
		default:
			e.Rows++
		}
	}
	e.Took = time.Since(start)
	for _, s := range p.shapes() {
		plan, err := describePlan(ctx, r.qs, s)
		if err != nil {
			return nil, err
		}
		e.Plans = append(e.Plans, plan)
	}
	return e, nil
}

func describePlan(ctx context.Context, qs cgraph.QuadStore, s shape.Shape) (plan Plan, err error) {
	it := s.BuildIterator(qs)
	it, _ = it.Optimize(ctx)
	var walk func(it iterator.Shape, depth int) error
	walk = func(it iterator.Shape, depth int) error {
		costs, err := it.Stats(ctx)
		if err != nil {
			return err
		}
		plan = append(plan, Step{
			Depth: depth, What: strings.TrimPrefix(fmt.Sprint(it), "*iterator."), Size: costs.Size.Value, Exact: costs.Size.Exact,
			Next: costs.NextCost, Test: costs.ContainsCost,
		})
		for _, sub := range it.SubIterators() {
			if err := walk(sub, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return plan, walk(it, 0)
}

// planRecorder records the shapes of which Cayley builds iterators. Cayley asks
// the store to optimize each part of a shape, innermost first. Then it builds the
// iterators of the whole shape, and calls other methods of the store.
type planRecorder struct {
	cgraph.QuadStore

	mu       sync.Mutex
	pending  shape.Shape
	recorded []shape.Shape
}

func (p *planRecorder) OptimizeShape(ctx context.Context, s shape.Shape) (shape.Shape, bool) {
	changed := false
	if o, ok := p.QuadStore.(shape.Optimizer); ok {
		s, changed = o.OptimizeShape(ctx, s)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pending = s
	return s, changed
}

// record adds the last optimized shape to the recorded shapes.
func (p *planRecorder) record() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending != nil && len(p.recorded) < maxPlans {
		p.recorded = append(p.recorded, p.pending)
	}
	p.pending = nil
}

func (p *planRecorder) shapes() []shape.Shape {
	p.record()
	return p.recorded
}

func (p *planRecorder) QuadIterator(d quad.Direction, ref cgraph.Ref) iterator.Shape {
	p.record()
	return p.QuadStore.QuadIterator(d, ref)
}

func (p *planRecorder) QuadsAllIterator() iterator.Shape {
	p.record()
	return p.QuadStore.QuadsAllIterator()
}

func (p *planRecorder) NodesAllIterator() iterator.Shape {
	p.record()
	return p.QuadStore.NodesAllIterator()
}

func (p *planRecorder) ValueOf(v quad.Value) (cgraph.Ref, error) {
	p.record()
	return p.QuadStore.ValueOf(v)
}
