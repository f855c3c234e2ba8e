package store

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
