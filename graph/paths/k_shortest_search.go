package paths

import "slices"

// addBack adds a label to the backward search.
func (r *kShortest) addBack(way label) uint32 {
	n := r.back.add(way)
	if n != 0 {
		r.back.queue.push(event{at: way.cost, label: n})
	}
	return n
}

// stepBack handles the next event of the backward search. It calls onLabel, if set,
// with each new label.
func (r *kShortest) stepBack(onLabel func(label uint32)) error {
	e := r.back.queue.pop()
	way := r.back.list[e.label]
	passing := weight(0)
	if way.from != 0 {
		passing = r.plan.view.passingCost(r.plan.rank, way.node)
	}
	if !e.onward {
		if r.back.settle(e.label) && int(way.hops) < r.plan.hops && r.plan.passes(way.node) {
			r.back.queue.push(event{at: way.cost + passing + r.plan.leastHopCost, label: e.label, onward: true})
		}
		return r.plan.checkContext(r.ctx, 1)
	}
	for _, rows := range r.plan.rows {
		low, high := rows.start[way.node], rows.start[way.node+1]
		for i := low; i < high; i++ {
			from := rows.neighbours[i]
			if !containsNode(r.plan.from, from) && !r.plan.passes(from) {
				continue
			}
			w, ok := r.plan.hopCost(rows, i, true)
			if !ok {
				continue
			}
			n := r.addBack(label{cost: way.cost + passing + w, node: from, from: e.label, hops: way.hops + 1, set: way.set | r.plan.viaBit(from)})
			if n != 0 && onLabel != nil {
				onLabel(n)
			}
		}
		if err := r.plan.checkContext(r.ctx, int(high-low)); err != nil {
			return err
		}
	}
	return nil
}

// costOfArriving returns the cost of a hop plus the cost of passing the node reached.
func (r *kShortest) costOfArriving(w weight, to uint32) weight {
	if containsNode(r.plan.to, to) {
		return w
	}
	return w + r.plan.view.passingCost(r.plan.rank, to)
}

// bidirectional finds the best path by a bidirectional search.
func (r *kShortest) bidirectional() ([]uint32, weight, error) {
	r.ahead.reset(r.plan.view.Nodes())
	best, before, after := infinite, uint32(0), uint32(0)
	join := func(a, b uint32) {
		x, y := &r.ahead.list[a], &r.back.list[b]
		if x.cost+y.cost < best && int(x.hops)+int(y.hops) <= r.plan.hops {
			best, before, after = x.cost+y.cost, a, b
		}
	}
	joinBack := func(b uint32) {
		for a := r.ahead.of(r.back.list[b].node, 0); a != 0; a = r.ahead.list[a].older {
			join(a, b)
		}
	}
	joinAhead := func(a uint32) {
		for b := r.back.of(r.ahead.list[a].node, 0); b != 0; b = r.back.list[b].older {
			join(a, b)
		}
	}
	for _, node := range r.plan.from {
		r.ahead.queue.push(event{label: r.ahead.add(label{node: node})})
	}
	for {
		ahead, back := r.ahead.queue.first(), r.back.queue.first()
		if ahead == infinite || back == infinite || ahead+back >= best {
			break
		}
		var err error
		if len(r.ahead.queue.items) < len(r.back.queue.items) {
			err = r.stepAhead(joinAhead)
		} else {
			err = r.stepBack(joinBack)
		}
		if err != nil {
			return nil, 0, err
		}
	}
	if best == infinite {
		return nil, 0, nil
	}
	nodes := r.ahead.way(nil, before)
	slices.Reverse(nodes)
	return r.back.way(nodes, r.back.list[after].from), best, nil
}

// stepAhead settles the next label of the forward search and expands it. It calls
// onLabel with each new label.
func (r *kShortest) stepAhead(onLabel func(label uint32)) error {
	e := r.ahead.queue.pop()
	if !r.ahead.settle(e.label) {
		return r.plan.checkContext(r.ctx, 1)
	}
	return r.expandAhead(e.label, nil, nil, func(n uint32) {
		r.ahead.queue.push(event{at: r.ahead.list[n].cost, label: n})
		onLabel(n)
	})
}

// expandAhead adds labels for the neighbours of a forward label, except passed and
// barred nodes. It calls onLabel with each new label.
func (r *kShortest) expandAhead(from uint32, passed, barred []uint32, onLabel func(label uint32)) error {
	way := r.ahead.list[from]
	if int(way.hops) >= r.plan.hops || containsNode(r.plan.to, way.node) {
		return nil
	}
	for _, rows := range r.plan.rows {
		low, high := rows.start[way.node], rows.start[way.node+1]
		for i := low; i < high; i++ {
			to := rows.neighbours[i]
			if !containsNode(r.plan.to, to) && !r.plan.passes(to) || slices.Contains(passed, to) || slices.Contains(barred, to) {
				continue
			}
			if w, ok := r.plan.hopCost(rows, i, false); ok {
				if n := r.ahead.add(label{cost: way.cost + r.costOfArriving(w, to), node: to, from: from, hops: way.hops + 1}); n != 0 {
					onLabel(n)
				}
			}
		}
		if err := r.plan.checkContext(r.ctx, int(high-low)); err != nil {
			return err
		}
	}
	return nil
}

// searchBranch finds the best path of a branch by A* search, with lower bounds from
// the backward search.
func (r *kShortest) searchBranch(b *branch) error {
	r.ahead.reset(r.plan.view.Nodes())
	enqueue := func(n uint32) {
		way := &r.ahead.list[n]
		if rest, _ := r.costToEnd(way.node, 0, r.plan.hops-int(way.hops)); rest != infinite {
			r.ahead.queue.push(event{at: way.cost + rest, label: n})
		}
	}
	if len(b.prefix) == 0 {
		for _, node := range r.plan.from {
			if !slices.Contains(b.barred, node) {
				enqueue(r.ahead.add(label{node: node}))
			}
		}
	} else {
		last := len(b.prefix) - 1
		first := r.ahead.add(label{cost: b.spent, node: b.prefix[last], hops: uint8(last)})
		if err := r.expandAhead(first, b.prefix, b.barred, enqueue); err != nil {
			return err
		}
	}
	for len(r.ahead.queue.items) > 0 {
		e := r.ahead.queue.pop()
		if !r.ahead.settle(e.label) {
			continue
		}
		way := r.ahead.list[e.label]
		if n := r.back.best(way.node, 0, r.plan.hops-int(way.hops)); n != 0 {
			nodes := r.ahead.way(nil, e.label)
			slices.Reverse(nodes)
			if len(b.prefix) > 0 {
				nodes = nodes[1:]
			}
			if nodes = r.back.way(nodes, r.back.list[n].from); hasNoLoop(b.prefix, nodes) {
				b.bound, b.rest = way.cost+r.back.list[n].cost, nodes
				r.pushBranch(b)
				return nil
			}
		}
		if err := r.expandAhead(e.label, b.prefix, nil, enqueue); err != nil {
			return err
		}
	}
	return nil
}
