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

// Destination is where an answer, or rejected rows, are written: a file, which
// takes the place of the one that is there only once it is whole, or a device or
// pipe, which is written to.
type Destination struct {
	*bufio.Writer
	name    string
	free    func(string) error // as of [Open]
	pending *safefile.Pending  // nil where there is no file to replace
	stream  *os.File           // a device or pipe; nil for a file and for standard output
}

// Open opens what a flag names. A link is followed, and stays a link.
// It must be kept or dropped.
// Before a file is replaced, free says whether it may be.
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

// beginFile begins the file that a path leads to, where the one that is there may
// be written to.
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
			return nil, fmt.Errorf("%s: no such file or directory: its folder is not there", name)
		}
		return nil, fmt.Errorf("%s: its folder cannot be written: %w", name, file.Err)
	}
	return f, err
}

// openStream opens a device or a pipe to write to it. A pipe that nobody reads
// yet is waited for until ctx ends.
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
		return nil, context.Cause(ctx) // what waits ends with the process
	}
}

// Keep ends the writing: a file is put in its place.
func (d *Destination) Keep() error {
	err := d.Flush()
	switch {
	case d.stream != nil:
		return errors.Join(err, d.stream.Close())
	case d.pending == nil:
		return err
	case err == nil:
		err = d.free(d.name) // that may have come to be meanwhile
	}
	if err == nil {
		err = d.pending.Replace(true)
	}
	return errors.Join(err, d.pending.Discard())
}

// drop ends the writing of what is not whole: a file stays as it was.
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
