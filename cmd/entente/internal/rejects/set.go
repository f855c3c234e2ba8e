package rejects

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// Set is the rejected rows of all files of a load. Those of the first file with any go
// to First. Those of each further file go to a file beside, since no file has two
// formats or two headers, or both entities and changes of them: rejects.2.yaml beside
// rejects.csv. JSON lines go together.
type Set struct {
	Name  string // of the first file; - for standard output, which all rows are written to
	First io.Writer
	Open  func(name string) (*output.Destination, error) // opens a further file

	parts []*part
	err   error // the first error of writing
}

type part struct {
	*File
	name string
	w    io.Writer
	end  func() error
}

// Add adds a rejected row of an input.
func (s *Set) Add(in *loaders.Input, row *schema.RowError) {
	if s.err != nil {
		return
	}
	p, err := s.partOf(in, row.Pos.File)
	if err == nil {
		err = p.Add(p.w, row)
	}
	s.err = err
}

func (s *Set) partOf(in *loaders.Input, path string) (*part, error) {
	f := NewFile(in, path)
	for _, p := range s.parts {
		if p.path == path || p.format == f.format && f.format == "JSON lines" && p.isDelta == f.isDelta {
			return p, nil
		}
	}
	p := &part{File: f, name: s.Name, w: s.First, end: func() error { return nil }}
	if len(s.parts) > 0 && s.Name != "-" {
		stem := strings.TrimSuffix(s.Name, filepath.Ext(s.Name))
		p.name = fmt.Sprintf("%s.%d%s", stem, len(s.parts)+1, f.Extension())
		d, err := s.Open(p.name)
		if err != nil {
			return nil, err
		}
		p.w, p.end = d, d.Keep
	}
	s.parts = append(s.parts, p)
	return p, nil
}

// Close writes what is not written yet, and closes all files but First.
func (s *Set) Close() error {
	for _, p := range s.parts {
		s.err = errors.Join(s.err, p.End(p.w), p.end())
	}
	return s.err
}

// Notes says which rows are in which further file, and where the name of the first file
// has the extension of another format.
func (s *Set) Notes() (notes []string) {
	for i, p := range s.parts {
		switch {
		case s.Name == "-":
		case i > 0:
			notes = append(notes, fmt.Sprintf("the rejected rows of %s are in %s", p.path, p.name))
		case p.Extension() != ".txt" && isOther(p.name, p.Extension()):
			notes = append(notes, fmt.Sprintf("%s has rows of %s: name it %s to load it again", p.name, p.format, strings.TrimSuffix(p.name, filepath.Ext(p.name))+p.Extension()))
		}
	}
	return notes
}

// isOther reports whether a name has the extension of another format.
func isOther(name, extension string) bool {
	mine, err := loaders.ForFile(name, nil)
	theirs, _ := loaders.ForFile("x"+extension, nil)
	return err == nil && mine != theirs
}
