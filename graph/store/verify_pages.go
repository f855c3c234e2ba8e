package store

import "fmt"

// pages checks that every page of the file is in one place: in the tree of one
// bucket, in the list of free pages, or the list itself. bbolt writes over a
// page that is in use and free, and a page in neither place is lost.
func (c *check) pages() {
	var p *pageFile
	err := c.view.read(func() error {
		file := c.view.handle.file
		info, err := file.Stat()
		if err != nil {
			return err
		}
		p, err = openPages(file, info.Size())
		return err
	})
	if c.fail("pages", err); err != nil {
		return
	}
	p.stop = func() error { return cause(c.ctx) }
	c.fail("pages", c.view.read(p.account))
}

// account walks the whole file.
func (p *pageFile) account() error {
	free := newIDSet(p.high)
	if err := p.eachFree(func(id uint64) { free.put(id) }); err != nil {
		return err
	}
	roots, err := p.buckets(p.root, 0)
	if err != nil {
		return err
	}
	for _, root := range roots {
		if err := p.walk(root, nil, nil, 0); err != nil {
			return err
		}
	}
	lost := 0
	for id := uint64(metaPages); id < p.high; id++ {
		switch used := p.seen.has(id); {
		case used && free.has(id):
			return fmt.Errorf("page %d is in use and free", id)
		case !used && !free.has(id):
			lost++
		}
	}
	if lost > 0 && p.freelist != noFreelist {
		return fmt.Errorf("%d pages are neither in use nor free", lost)
	}
	return nil
}
