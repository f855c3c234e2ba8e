package export

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/entente-kg/entente/graph/safefile"
)

// folder makes the files of a format that has several. A file is complete before the
// next one is made. A name may have slashes.
type folder interface {
	create(name string) (io.Writer, error)
}

// HasFolder reports whether a format has several files: [WriteFolder] writes them into a
// folder, and [Write] as a zip archive.
func HasFolder(f Format) bool {
	for _, known := range formats() {
		if known.name == f {
			return known.files != nil
		}
	}
	return false
}

// zipFolder is a folder in a zip archive. Its files have no times, so that equal files
// give equal archives.
type zipFolder struct{ *zip.Writer }

func (z zipFolder) create(name string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
}

// asZip returns a function that writes the files of a format as a zip archive.
func asZip(write func(context.Context, folder, Selection, Options) error) func(context.Context, io.Writer, Selection, Options) error {
	return func(ctx context.Context, w io.Writer, s Selection, o Options) error {
		archive := zip.NewWriter(w)
		if err := write(ctx, zipFolder{archive}, s, o); err != nil {
			return err
		}
		return archive.Close()
	}
}

// dirFolder is a folder on disk. Names cannot leave it.
type dirFolder struct {
	root *os.Root
	open *os.File // the last file
}

func (d *dirFolder) create(name string) (io.Writer, error) {
	if err := d.finish(); err != nil {
		return nil, err
	}
	if dir := filepath.Dir(filepath.FromSlash(name)); dir != "." {
		if err := d.root.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
	}
	f, err := d.root.OpenFile(filepath.FromSlash(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	d.open = f
	return f, err
}

// finish closes the last file.
func (d *dirFolder) finish() error {
	if d.open == nil {
		return nil
	}
	err := d.open.Close()
	d.open = nil
	return err
}

// WriteFolder writes the files of a format that has several into a new folder, all or
// none. The folder must not exist or be empty: else the error wraps [fs.ErrExist].
// Equal graphs give equal files.
func WriteFolder(ctx context.Context, dir string, f Format, s Selection, o Options) error {
	if !HasFolder(f) {
		return fmt.Errorf("%w %q: want one of %v", ErrFormat, f, folderFormats())
	}
	if err := o.Check(f); err != nil {
		return err
	}
	if err := checkNew(dir); err != nil {
		return err
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	staged, err := safefile.MakeFolder(filepath.Dir(path), "."+filepath.Base(path)+".new-")
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	defer staged.Remove()
	if err := fill(ctx, staged.Path, f, s, o); err != nil {
		return err
	}
	return staged.Place(path)
}

// fill writes the files of a format into a folder.
func fill(ctx context.Context, dir string, f Format, s Selection, o Options) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	into := &dirFolder{root: root}
	defer func() { err = errors.Join(err, into.finish()) }()
	for _, known := range formats() {
		if known.name == f {
			return s.atOneMoment(func(s Selection) error { return known.files(ctx, into, s, o.resolved(f)) })
		}
	}
	return nil
}

// checkNew returns an error if a path exists and is no empty folder.
func checkNew(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("%s: %w and is not empty", dir, fs.ErrExist)
	}
	return nil
}

// folderFormats returns the names of the formats with several files.
func folderFormats() string {
	var names []string
	for _, f := range formats() {
		if f.files != nil {
			names = append(names, string(f.name))
		}
	}
	return strings.Join(names, ", ")
}
