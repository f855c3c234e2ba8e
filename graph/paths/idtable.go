package paths

// idTable gives numbers to ids of a store, which lie close together.
type idTable struct{ pages map[uint64]*[idPage]uint32 }

const idPage = 1 << 12

func newIDTable() *idTable { return &idTable{map[uint64]*[idPage]uint32{}} }

// set gives an id a number, from 0 up.
func (t *idTable) set(id uint64, n uint32) {
	page := t.pages[id/idPage]
	if page == nil {
		page = new([idPage]uint32)
		t.pages[id/idPage] = page
	}
	page[id%idPage] = n + 1
}

func (t *idTable) get(id uint64) (n uint32, ok bool) {
	page := t.pages[id/idPage]
	if page == nil {
		return 0, false
	}
	n = page[id%idPage]
	return n - 1, n > 0
}
