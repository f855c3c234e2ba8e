package output

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/entente-kg/entente/graph/safefile"
)

// Destination is the file, device or pipe to which an answer or rejected rows are
// written. A file replaces an existing file only when it is complete.
type Destination struct {
	*bufio.Writer
	name    string
	free    func(string) error // see [Open]
	pending *safefile.Pending  // the new file; nil for a device, a pipe or standard output
	stream  *os.File           // a device or pipe; nil for a file and for standard output
}

// Open opens the destination that a flag names. A symbolic link is followed, and is
// not replaced itself. The caller must call Keep or drop. Before an existing file is
// replaced, free is called with its path: if it returns an error, the file stays.
func Open(ctx context.Context, name string, free func(string) error) (*Destination, error) {
	d := &Destination{name: name, free: free}
	info, err := os.Stat(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, own := range []*os.File{os.Stdout, os.Stderr} {
		if is, ownErr := own.Stat(); err == nil && ownErr == nil && os.SameFile(info, is) { // such as /dev/stdout
			d.Writer = bufio.NewWriter(own)
			return d, nil
		}
	}
	if err == nil && !info.Mode().IsRegular() {
		if d.stream, err = openStream(ctx, name); err != nil {
			return nil, err
		}
		d.Writer = bufio.NewWriter(d.stream)
		return d, nil
	}
	if d.pending, err = beginFile(name, err == nil); err != nil {
		return nil, err
	}
	d.Writer = bufio.NewWriter(d.pending)
	return d, nil
}

// beginFile begins the file at a path. If a file exists there, it must be writable.
func beginFile(name string, there bool) (*safefile.Pending, error) {
	if there {
		f, err := os.OpenFile(name, os.O_WRONLY|safefile.NoWait, 0)
		if err != nil {
			return nil, err
		}
		f.Close()
	}
	path, err := safefile.Resolve(name)
	if err == nil {
		_, err = safefile.Sweep(path)
	}
	if err != nil {
		return nil, err
	}
	f, err := safefile.Begin(path, 0o666)
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: its folder does not exist", name)
		}
		return nil, fmt.Errorf("%s: its folder is not writable: %w", name, file.Err)
	}
	return f, err
}

// openStream opens a device or a pipe for writing. It waits until another process
// reads the pipe, or ctx ends.
func openStream(ctx context.Context, name string) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		done <- opened{f, err}
	}()
	select {
	case o := <-done:
		return o.file, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx) // the goroutine waits until the process ends
	}
}

// Keep ends the writing and moves a new file to its path.
func (d *Destination) Keep() error {
	err := d.Flush()
	switch {
	case d.stream != nil:
		return errors.Join(err, d.stream.Close())
	case d.pending == nil:
		return err
	case err == nil:
		err = d.free(d.name) // the file may have been created since Open
	}
	if err == nil {
		err = d.pending.Replace(true)
	}
	return errors.Join(err, d.pending.Discard())
}

// drop ends the writing of an incomplete answer. An existing file stays unchanged.
func (d *Destination) drop() {
	if d.pending != nil {
		_ = d.pending.Discard()
		return
	}
	_ = d.Flush()
	if d.stream != nil {
		_ = d.stream.Close()
	}
}
