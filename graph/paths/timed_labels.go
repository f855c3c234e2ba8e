package paths

// timedLabel is a way from the beginning of a search to a node, or from a node to the
// end, with its day of earliest arrival.
type timedLabel struct {
	node    uint32
	from    uint32 // the way that it extends; 0 for none
	older   uint32 // the previous way of the same node; 0 for none
	arrival int32  // day of arrival, without waiting before the way
	latest  int32  // of a way to the end: the last day to leave the node; else -arrival
	hops    uint8
	set     uint8 // the set of via nodes on the way
}

// dominates reports whether a way is at least as good as another way to the same node.
func (m *timedLabel) dominates(o *timedLabel) bool {
	return m.arrival <= o.arrival && m.latest >= o.latest && m.hops <= o.hops && m.set|o.set == m.set
}

// timedLabels is the ways of one side of a search. Number 0 means none.
type timedLabels struct {
	list      []timedLabel
	known     []uint64 // one bit for each node that has a way
	newest    []uint32 // the newest way of each node that has one
	firstOpen int      // the first way that is not expanded yet
	queue     queue    // replaces firstOpen in searchAllSimple
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

// isDominated reports whether a known way, except number but, dominates a way.
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

// nodes returns the nodes of a way, from its own node back to the beginning.
func (s *timedLabels) nodes(i uint32) (nodes []uint32) {
	for ; i != 0; i = s.list[i].from {
		nodes = append(nodes, s.list[i].node)
	}
	return nodes
}

// never is after every day, and always before.
const (
	never  = 1 << 30
	always = -never
)

// arrivalWeight orders ways by day of arrival, then by hops.
func arrivalWeight(day int32, hops uint8) weight { return weight(int64(day)-always)<<8 | weight(hops) }
