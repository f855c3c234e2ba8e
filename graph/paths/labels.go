package paths

// label is a way from the start to a node, or in a backward search from a node to the
// end. No other known way of the node has both as low a cost and as few hops.
type label struct {
	cost  weight
	node  uint32
	from  uint32 // the label that it extends; 0 for none
	older uint32 // the previous label of the same node; 0 for none
	hops  uint8
	set   uint8 // the set of via nodes on the way
	final bool  // no cheaper way is possible
}

// labels is the labels of one search. Label 0 means none.
type labels struct {
	list   []label
	newest []uint32 // newest label of each node whose mark equals the search's mark
	marks  []uint32
	mark   uint32
	sets   map[uint64]uint32 // replaces newest if there are via nodes
	queue  queue
}

// reset begins a search over n nodes. Its time is proportional to n only once in 2^32
// searches.
func (l *labels) reset(n int) {
	if len(l.marks) < n {
		l.newest, l.marks, l.mark = make([]uint32, n), make([]uint32, n), 0
	}
	if l.mark++; l.mark == 0 {
		clear(l.marks)
		l.mark = 1
	}
	l.list = append(l.list[:0], label{})
	l.queue.items = l.queue.items[:0]
	l.sets = nil
}

// of returns the newest label of a node with a set of via nodes, or 0.
func (l *labels) of(node uint32, set uint8) uint32 {
	if l.sets != nil {
		return l.sets[uint64(node)<<8|uint64(set)]
	}
	if l.marks[node] != l.mark {
		return 0
	}
	return l.newest[node]
}

// add keeps a way unless a known one is at least as good, and returns the number of
// its label, or 0.
func (l *labels) add(way label) uint32 {
	way.older = l.of(way.node, way.set)
	for i := way.older; i != 0; i = l.list[i].older {
		if known := &l.list[i]; known.cost <= way.cost && known.hops <= way.hops {
			return 0
		}
	}
	l.list = append(l.list, way)
	n := uint32(len(l.list) - 1)
	if l.sets != nil {
		l.sets[uint64(way.node)<<8|uint64(way.set)] = n
	} else {
		l.newest[way.node], l.marks[way.node] = n, l.mark
	}
	return n
}

// settle makes a label final; it returns false if a better label was found meanwhile.
func (l *labels) settle(n uint32) bool {
	way := &l.list[n]
	for i := l.of(way.node, way.set); i != 0; i = l.list[i].older {
		if known := &l.list[i]; i != n && known.cost <= way.cost && known.hops <= way.hops {
			return false
		}
	}
	way.final = true
	return true
}

// best returns the cheapest final label of a node with at least the via nodes in need
// and at most a number of hops, or 0.
func (l *labels) best(node uint32, need uint8, hops int) (best uint32) {
	if l.sets == nil {
		return l.cheapest(l.of(node, 0), hops)
	}
	for set := need; ; set = (set + 1) | need {
		if i := l.cheapest(l.of(node, set), hops); i != 0 && (best == 0 || l.list[i].cost < l.list[best].cost) {
			best = i
		}
		if set == 1<<maxVia-1 {
			return best
		}
	}
}

func (l *labels) cheapest(i uint32, hops int) (best uint32) {
	for ; i != 0; i = l.list[i].older {
		if known := &l.list[i]; known.final && int(known.hops) <= hops && (best == 0 || known.cost < l.list[best].cost) {
			best = i
		}
	}
	return best
}

// way appends the nodes of a label's way, from its own node to the node where the way
// began.
func (l *labels) way(nodes []uint32, i uint32) []uint32 {
	for ; i != 0; i = l.list[i].from {
		nodes = append(nodes, l.list[i].node)
	}
	return nodes
}

// event is a label and the cost at which it becomes final or is expanded.
type event struct {
	at     weight
	label  uint32
	onward bool // the label is final and will be expanded
}

// queue is a 4-ary heap of events by cost, then by the number of the label.
type queue struct{ items []event }

func (e event) before(o event) bool {
	return e.at < o.at || e.at == o.at && e.label < o.label
}

func (q *queue) push(e event) {
	q.items = append(q.items, e)
	at := len(q.items) - 1
	for at > 0 {
		up := (at - 1) / 4
		if !e.before(q.items[up]) {
			break
		}
		q.items[at] = q.items[up]
		at = up
	}
	q.items[at] = e
}

// first returns the cost of the first event, or infinite.
func (q *queue) first() weight {
	if len(q.items) == 0 {
		return infinite
	}
	return q.items[0].at
}

func (q *queue) pop() event {
	top := q.items[0]
	last := q.items[len(q.items)-1]
	q.items = q.items[:len(q.items)-1]
	n, at := len(q.items), 0
	for n > 0 {
		child := 4*at + 1
		if child >= n {
			break
		}
		for c := child + 1; c < min(child+4, n); c++ {
			if q.items[c].before(q.items[child]) {
				child = c
			}
		}
		if !q.items[child].before(last) {
			break
		}
		q.items[at] = q.items[child]
		at = child
	}
	if n > 0 {
		q.items[at] = last
	}
	return top
}
