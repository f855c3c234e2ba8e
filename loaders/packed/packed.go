// Package packed reads files that are compressed by gzip or zstd, and zip archives of one
// file. How far a file may grow by unpacking is bounded.
package packed

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// extensions are those of compressed files.
var extensions = []string{".gz", ".zst", ".zip"}

// Extension returns the extension of a compressed file as it is in a name; empty for any
// other name.
func Extension(name string) string {
	for _, ext := range extensions {
		if strings.EqualFold(path.Ext(name), ext) {
			return name[len(name)-len(ext):]
		}
	}
	return ""
}

// Name returns a name without the extension of a compressed file.
func Name(name string) string { return strings.TrimSuffix(name, Extension(name)) }

// ExtensionOf returns the extension of compressed files whose bytes begin so; empty for
// any other bytes.
func ExtensionOf(head []byte) string {
	for ext, begin := range map[string]string{".gz": "\x1f\x8b", ".zst": "\x28\xb5\x2f\xfd", ".zip": "PK\x03\x04"} {
		if bytes.HasPrefix(head, []byte(begin)) {
			return ext
		}
	}
	return ""
}

// Limits of the decompressed size: maxUnpacking times the compressed size, or
// unpackedFree bytes if that is more. Lines of facts compress to between a
// twentieth and a fiftieth.
const (
	maxUnpacking = 250
	unpackedFree = 1 << 26
	maxWindow    = 1 << 27 // bytes of zstd's window
)

// Open returns a reader of what a file contains, and closes the file with it. The
// extension says how the file is compressed; empty for not at all. Errors begin with the
// name.
func Open(name, extension string, f io.ReadCloser) (io.ReadCloser, error) {
	u := &unpacked{name: name, format: strings.ToLower(strings.TrimPrefix(extension, ".")), file: f}
	var err error
	switch u.format {
	case "":
		return f, nil
	case "gz":
		var z *gzip.Reader
		z, err = gzip.NewReader(counting{u})
		u.r, u.end = z, func() { z.Close() }
	case "zst":
		var z *zstd.Decoder
		z, err = zstd.NewReader(counting{u}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		u.r, u.end = z, func() { z.Close() }
	default:
		err = u.openMember()
	}
	if err != nil {
		f.Close()
		return nil, u.formatError(err)
	}
	return u, nil
}

// unpacked decompresses a file and counts the bytes before and after.
type unpacked struct {
	name    string
	format  string // the extension without its dot
	file    io.ReadCloser
	r       io.Reader
	end     func()
	in, out int64
}

// counting reads the compressed file.
type counting struct{ u *unpacked }

func (c counting) Read(p []byte) (int, error) {
	n, err := c.u.file.Read(p)
	c.u.in += int64(n)
	return n, err
}

func (u *unpacked) formatError(err error) error {
	if _, is := err.(*ArchiveError); is {
		return fmt.Errorf("%s: %w", u.name, err)
	}
	if err == io.ErrUnexpectedEOF {
		return fmt.Errorf("%s: ends too early: the %s file is cut off", u.name, u.format)
	}
	return fmt.Errorf("%s: not %s: %w", u.name, u.format, err)
}

func (u *unpacked) Read(p []byte) (int, error) {
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

func (u *unpacked) Close() error {
	u.end()
	return u.file.Close()
}
