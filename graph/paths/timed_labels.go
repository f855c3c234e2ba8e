package paths

// timedLabel is a way from the beginning of a search to a node, or from a node to
// the end, with the earliest day on which it arrives.
type timedLabel struct {
	node    uint32
	from    uint32 // the way that it goes on from, 0 for none
	older   uint32 // the way of the same node made before, 0 for none
	arrival int32  // when it arrives, unless one has to wait before
	latest  int32  // to the end: by when one must be at the node; from the beginning: -time
	hops    uint8
	set     uint8 // which entities that the path must pass it passes
}

// dominates reports whether a way is at least as good as another one to the same
// node.
func (m *timedLabel) dominates(o *timedLabel) bool {
	return m.arrival <= o.arrival && m.latest >= o.latest && m.hops <= o.hops && m.set|o.set == m.set
}

// timedLabels is the ways of one side of a search. Number 0 stands for none.
type timedLabels struct {
	list      []timedLabel
	known     []uint64 // a bit for each node, whether there is a way
	newest    []uint32 // of each node that has one
	firstOpen int      // where the newest begin, which are still to go on
	queue     queue    // instead, where the best go on first
}

func (s *timedLabels) reset(n int) {
	if len(s.newest) < n {
		s.known, s.newest = make([]uint64, n/64+1), make([]uint32, n)
	} else {
		clear(s.known)
	}
	s.list, s.firstOpen, s.queue.items = append(s.list[:0], timedLabel{}), 1, s.queue.items[:0]
}

func (s *timedLabels) has(node uint32) bool { return s.known[node/64]>>(node%64)&1 != 0 }

func (s *timedLabels) of(node uint32) uint32 {
	if s.has(node) {
		return s.newest[node]
	}
	return 0
}

// isDominated reports whether a known way, other than one of them, dominates a
// way.
func (s *timedLabels) isDominated(way *timedLabel, but uint32) bool {
	for i := s.of(way.node); i != 0; i = s.list[i].older {
		if i != but && s.list[i].dominates(way) {
			return true
		}
	}
	return false
}

// add adds a way and returns its number.
func (s *timedLabels) add(way timedLabel) uint32 {
	n := uint32(len(s.list))
	way.older = s.of(way.node)
	s.known[way.node/64] |= 1 << (way.node % 64)
	s.newest[way.node] = n
	s.list = append(s.list, way)
	return n
}

// nodes is the nodes of a way, from its own node back to where it began.
func (s *timedLabels) nodes(i uint32) (nodes []uint32) {
	for ; i != 0; i = s.list[i].from {
		nodes = append(nodes, s.list[i].node)
	}
	return nodes
}

// never and always are beyond any day.
const (
	never  = 1 << 30
	always = -never
)

// arrivalWeight orders ways by day, then by hops.
func arrivalWeight(day int32, hops uint8) weight { return weight(int64(day)-always)<<8 | weight(hops) }
