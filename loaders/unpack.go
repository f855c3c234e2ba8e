package loaders

import (
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// packed are the extensions of compressed files.
var packed = []string{".gz", ".zst"}

// unpackedName returns a name without the extension of a compressed file.
func unpackedName(name string) string {
	for _, ext := range packed {
		if strings.EqualFold(path.Ext(name), ext) {
			return name[:len(name)-len(ext)]
		}
	}
	return name
}

// Limits of the decompressed size: maxUnpacking times the compressed size, or
// unpackedFree bytes if that is more. Lines of facts compress to between a
// twentieth and a fiftieth.
const (
	maxUnpacking = 250
	unpackedFree = 1 << 26
	maxWindow    = 1 << 27 // bytes of zstd's window
)

// unpack decompresses a file if its name has the extension of a compressed file.
func unpack(name string, f io.ReadCloser) (io.ReadCloser, error) {
	if unpackedName(name) == name {
		return f, nil
	}
	u := &unpackedFile{name: name, file: f}
	var err error
	if strings.EqualFold(path.Ext(name), ".gz") {
		var z *gzip.Reader
		z, err = gzip.NewReader(u.counting())
		u.r, u.end = z, func() { z.Close() }
	} else {
		var z *zstd.Decoder
		z, err = zstd.NewReader(u.counting(), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		u.r, u.end = z, func() { z.Close() }
	}
	if err != nil {
		f.Close()
		return nil, u.formatError(err)
	}
	return u, nil
}

// unpackedFile decompresses a file and counts the bytes before and after.
type unpackedFile struct {
	name    string
	file    io.ReadCloser
	r       io.Reader
	end     func()
	in, out int64
}

type countingReader struct{ u *unpackedFile }

func (c countingReader) Read(p []byte) (int, error) {
	n, err := c.u.file.Read(p)
	c.u.in += int64(n)
	return n, err
}

func (u *unpackedFile) counting() io.Reader { return countingReader{u} }

func (u *unpackedFile) formatError(err error) error {
	return fmt.Errorf("%s: not %s: %w", u.name, strings.TrimPrefix(path.Ext(u.name), "."), err)
}

func (u *unpackedFile) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.out += int64(n)
	if u.out > max(unpackedFree, maxUnpacking*u.in) {
		return n, fmt.Errorf("%s: unpacks to more than %d times its size", u.name, maxUnpacking)
	}
	if err != nil && err != io.EOF {
		err = u.formatError(err)
	}
	return n, err
}

func (u *unpackedFile) Close() error {
	u.end()
	return u.file.Close()
}
