package paths

import (
	"context"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// calendar is the arcs of each node in order of time: first the arcs of facts with an
// interval of several days, by its first day, then the arcs of facts with one day. If
// time runs backwards, days are negative. It needs 16 bytes for each arc, and 8 for
// each node.
type calendar struct {
	rows        *adjacency
	start       []uint32 // for each node: the start of its entries, and of its entries of one day
	entries     []entry
	first, last int32 // the least and the greatest first day of entries with a known start
}

// entry is one arc of a calendar.
type entry struct {
	from, to  int32 // before and after every day if not dated
	neighbour uint32
	arc       uint32 // index in the rows
}

// of returns the entries of a node with several days, and its entries of one day from
// a first day on.
func (c *calendar) of(node uint32, first int32) (several, oneDay []entry) {
	at := c.start[2*node+1]
	several, oneDay = c.entries[c.start[2*node]:at], c.entries[at:c.start[2*node+2]]
	return several, oneDay[countBefore(oneDay, first):]
}

// countBefore returns the number of entries that begin before a day.
func countBefore(list []entry, day int32) int {
	low, high := 0, len(list)
	for low < high {
		if half := (low + high) / 2; list[half].from < day {
			low = half + 1
		} else {
			high = half
		}
	}
	return low
}

// firstDay returns the first day of an entry of a node: the constant always if undated
// entries count and there is one, and the constant never if there are no entries.
func (c *calendar) firstDay(node uint32, undated bool) int32 {
	several, oneDay := c.of(node, always)
	if !undated {
		several = several[countBefore(several, always+1):]
	}
	day := int32(never)
	for _, list := range [2][]entry{several, oneDay} {
		if len(list) > 0 {
			day = min(day, list[0].from)
		}
	}
	return day
}

func (c *calendar) bytes() int64 { return 16*int64(len(c.entries)) + 4*int64(len(c.start)) }

// calendar returns the calendar of an adjacency of the view. It is built on first use.
func (v *View) calendar(ctx context.Context, rows *adjacency, backwards bool) (*calendar, error) {
	which := 0
	if rows == &v.others {
		which++
	}
	if backwards {
		which += 2
	}
	if c := v.calendars[which].Load(); c != nil {
		return c, nil
	}
	c, err := newCalendar(ctx, rows, v.Nodes(), backwards)
	if err == nil {
		v.calendars[which].CompareAndSwap(nil, c) // another search may have stored one meanwhile
	}
	return c, err
}

func newCalendar(ctx context.Context, rows *adjacency, nodes int, backwards bool) (*calendar, error) {
	c := &calendar{rows: rows, start: make([]uint32, 2*nodes+1), entries: make([]entry, len(rows.arcs)), first: never, last: always}
	err := runRanges(ctx, nodes, func(low, high int) error {
		var buffer sortBuffer
		for node := uint32(low); node < uint32(high); node++ {
			c.fill(node, backwards, &buffer)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	open := int32(schema.MinDay)
	if backwards {
		open = -int32(schema.MaxDay)
	}
	return c, eachRange(ctx, nodes, func(low, high int) {
		for node := uint32(low); node < uint32(high); node++ {
			several, oneDay := c.of(node, always)
			several = several[countBefore(several, open+1):]
			for _, list := range [2][]entry{several, oneDay} {
				if len(list) > 0 {
					c.first, c.last = min(c.first, list[0].from), max(c.last, list[len(list)-1].from)
				}
			}
		}
	})
}

// sortBuffer is memory to sort the entries of a node: the entries in their original
// order, and keys that give the new order.
type sortBuffer struct {
	entries []entry
	keys    []uint64
}

// fill makes the entries of a node.
func (c *calendar) fill(node uint32, backwards bool, buffer *sortBuffer) {
	buffer.entries, buffer.keys = buffer.entries[:0], buffer.keys[:0]
	a := c.rows
	begin := a.first[a.start[node]]
	several := begin
	for i := a.start[node]; i < a.start[node+1]; i++ {
		for n := a.first[i]; n < a.first[i+1]; n++ {
			arc := &a.arcs[n]
			e := entry{arc.from, arc.to, a.neighbours[i], n}
			switch {
			case arc.flags&arcDated == 0:
				e.from, e.to = always, never
			case backwards:
				e.from, e.to = -arc.to, -arc.from
			}
			key := uint64(e.from-always)<<32 | uint64(len(buffer.entries))
			if e.from == e.to {
				key |= 1 << 63
			} else {
				several++
			}
			buffer.entries, buffer.keys = append(buffer.entries, e), append(buffer.keys, key)
		}
	}
	slices.Sort(buffer.keys)
	for i, key := range buffer.keys {
		c.entries[begin+uint32(i)] = buffer.entries[uint32(key)]
	}
	c.start[2*node+1], c.start[2*node+2] = several, begin+uint32(len(buffer.keys))
}
