package paths

// idTable maps ids of a store, which are dense, to numbers.
type idTable struct{ pages []*[idPage]uint32 }

const idPage = 1 << 12

func newIDTable() *idTable { return &idTable{} }

// set maps an id to a number.
func (t *idTable) set(id uint64, n uint32) {
	for uint64(len(t.pages)) <= id/idPage {
		t.pages = append(t.pages, nil)
	}
	page := t.pages[id/idPage]
	if page == nil {
		page = new([idPage]uint32)
		t.pages[id/idPage] = page
	}
	page[id%idPage] = n + 1
}

func (t *idTable) get(id uint64) (n uint32, ok bool) {
	if at := id / idPage; at < uint64(len(t.pages)) && t.pages[at] != nil {
		n = t.pages[at][id%idPage]
	}
	return n - 1, n > 0
}

// ids returns the ids that have a number, in ascending order.
func (t *idTable) ids() (ids []uint64) {
	for i, page := range t.pages {
		if page == nil {
			continue
		}
		for k, n := range page {
			if n > 0 {
				ids = append(ids, uint64(i*idPage+k))
			}
		}
	}
	return ids
}
