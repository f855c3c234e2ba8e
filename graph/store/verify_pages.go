package store

import "github.com/entente-kg/entente/graph/internal/quadfile"

// pages checks that every page of the file is in one place: in the tree of one
// bucket, in the list of free pages, or the list itself. bbolt writes over a
// page that is in use and free, and a page in neither place is lost.
func (c *check) pages() {
	var p *quadfile.PageFile
	err := c.reader.Read(func() error {
		file := c.snapshot.handle.file
		info, err := file.Stat()
		if err != nil {
			return err
		}
		p, err = quadfile.OpenPages(file, info.Size())
		return err
	})
	if c.fail("pages", err); err != nil {
		return
	}
	p.Stop = func() error { return cause(c.ctx) }
	c.fail("pages", c.reader.Read(p.Account))
}
