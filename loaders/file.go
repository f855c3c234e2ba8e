package loaders

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"

	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/loaders/packed"
	"github.com/entente-kg/entente/loaders/sniff"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// Limits of an input.
const (
	maxFile    = 1 << 30 // bytes of a file
	maxTree    = 1 << 26 // bytes of a YAML file that is parsed whole, into a tree in memory
	maxJSON    = 1 << 27 // bytes of a JSON file that is parsed whole
	maxLine    = 10 << 20
	maxRow     = 1 << 25 // bytes of a row or an item of several lines
	maxColumns = 4096    // of a table
	maxDepth   = 100
	maxRowText = 64 << 10 // bytes of a row in a reject file

	maxDefaults = 16 << 10 // bytes of the defaults of a file
)

// file is one file of an input. Its text is read several times, and its hash shows
// whether it was the same each time.
type file struct {
	path         string // the path as the user wrote it, for error messages
	relPath      string // the path inside the dataset
	open         opener // opens the unpacked content
	size         int64  // of the unpacked content
	hash         string // SHA-256 of the text in UTF-8, in hexadecimal
	rawHash      string // SHA-256 of the bytes, if they are not UTF-8
	encoding     charset.Encoding
	loader       Loader
	runeColumns  bool          // columns of texts count runes, not bytes
	unit         string        // the unit of locators: line or row
	delta        string        // its name, if it changes what the files before it say; else empty
	full         *file         // the full file that it changes; nil for none
	isArray      bool          // the text begins with a square bracket
	mayHaveVerbs bool          // a key of a file of verbs may be in it
	isWhole      bool          // it is a mapping whose items cannot be read one by one
	dates        written.Order // of the dates in the file, unless it says so itself
	contexts     rdf.Contexts  // of JSON-LD
	scanned      atomic.Int64  // how many bytes were read to compute positions, for tests
}

type opener func() (io.ReadCloser, error)

const byteOrderMark = "\xef\xbb\xbf"

// check reads the file once, to hash it and to check that it is text. raw opens the
// bytes that the encoding is of.
func (f *file) check(raw opener) error {
	f.unit = "line"
	switch unmapped(f.loader).(type) {
	case CSV:
		f.unit = "row"
	case YAML:
		f.runeColumns = true
	}
	check := newTextCheck(f)
	err := f.eachChunk(check.add)
	if err == nil {
		err = check.finish()
	}
	f.isArray, f.mayHaveVerbs = check.first == '[', check.verbs
	f.size, f.hash = check.size, hex.EncodeToString(check.hash.Sum(nil))
	if err == nil && f.encoding != charset.UTF8 {
		f.rawHash, err = f.hashOf(raw)
	}
	return err
}

// hashOf returns the SHA-256 of all bytes.
func (f *file) hashOf(open opener) (string, error) {
	r, err := open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", f.readError(err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// sha256 returns the SHA-256 of the bytes as they are in the file.
func (f *file) sha256() string { return cmp.Or(f.rawHash, f.hash) }

// inUTF8 returns an opener of the text in UTF-8, and the encoding of the file: that of
// its byte order mark, or else that of the options.
func (in *Input) inUTF8(name string, open opener) (opener, charset.Encoding, error) {
	r, err := open()
	if err != nil {
		return nil, "", err
	}
	head := make([]byte, sniff.HeadSize)
	n, err := io.ReadFull(r, head)
	r.Close()
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, "", (&file{path: name}).readError(err)
	}
	if kind, is := sniff.Of(unpackedName(name), head[:n]); is {
		return nil, "", foreignFile(name, kind)
	}
	switch encoding := cmp.Or(charset.OfMark(head[:n]), in.opts.Encoding, charset.UTF8); encoding {
	case charset.UTF8:
		return open, encoding, nil
	case charset.UTF16:
		err := faultf(schema.WrongEncoding, "%s: has no byte order mark, which would say the order of its bytes", name)
		return nil, "", withHint(err, "--encoding utf-16le or --encoding utf-16be says it; programs of Windows write utf-16le")
	default:
		return decoding(open, encoding), encoding, nil
	}
}

// foreignFile is the error of a file of another program.
func foreignFile(name string, kind sniff.Kind) error {
	return withHint(faultf(schema.UnreadableFile, "%s: is %s", name, kind.What), strings.ReplaceAll(kind.Advice, "FILE", name))
}

// decoding returns an opener of the text in UTF-8.
func decoding(open opener, encoding charset.Encoding) opener {
	return func() (io.ReadCloser, error) {
		r, err := open()
		if err != nil {
			return nil, err
		}
		return decodedFile{encoding.NewReader(r), r}, nil
	}
}

// decodedFile reads a file in UTF-8.
type decodedFile struct {
	io.Reader
	io.Closer
}

// rows returns the loader of a file that is read in blocks, or nil for a file that
// is parsed whole.
func (f *file) rows() rowLoader {
	if m, ok := f.loader.(mapped); ok {
		return m.rows()
	}
	if _, isJSON := f.loader.(JSON); isJSON && !f.isArray {
		return nil
	}
	rows, _ := f.loader.(rowLoader)
	return rows
}

// eachChunk calls read for the bytes of the file, a chunk at a time. All chunks but
// the last one have the same size.
func (f *file) eachChunk(read func([]byte) error) error {
	r, err := f.open()
	if err != nil {
		return err
	}
	defer r.Close()
	chunk := make([]byte, 256<<10)
	for {
		n, err := io.ReadFull(r, chunk)
		if n > 0 {
			if err := read(chunk[:n]); err != nil {
				return err
			}
		}
		switch {
		case err == io.EOF, err == io.ErrUnexpectedEOF:
			return nil
		case err != nil:
			return f.readError(err)
		}
	}
}

// readError adds the path to an error of reading, unless the error names it.
func (f *file) readError(err error) error {
	if strings.HasPrefix(err.Error(), f.path+":") {
		return err
	}
	if errors.As(err, new(*fs.PathError)) {
		err = withoutPath(err)
	}
	return fmt.Errorf("%s: %w", f.path, err)
}

// changed is the error of a file that is not the same when it is read again.
func (f *file) changed() error {
	return withHint(fmt.Errorf("%s: was changed while it was read", f.path), "read it once nothing writes to it")
}

// whole reads the whole text of the file.
func (f *file) whole() (*source, error) {
	var text strings.Builder
	sum := sha256.New()
	text.Grow(int(f.size))
	err := f.eachChunk(func(chunk []byte) error {
		if int64(text.Len()+len(chunk)) > f.size {
			return f.changed()
		}
		text.Write(chunk)
		sum.Write(chunk)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.hash {
		return nil, f.changed()
	}
	return &source{file: f, text: strings.TrimPrefix(text.String(), byteOrderMark), firstLine: 1}, nil
}

// position returns the position of a line and a column.
func (f *file) position(line, col int) schema.Position {
	return schema.Position{File: f.path, Line: line, Col: col}
}

// unpackedName returns a name without the extension of a compressed file.
func unpackedName(name string) string { return packed.Name(name) }

// unpacking returns an opener of the unpacked content of a file.
func unpacking(name string, open opener) opener {
	return func() (io.ReadCloser, error) {
		f, err := open()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, withoutPath(err))
		}
		return packed.Open(name, packed.Extension(name), f)
	}
}

// fileAt returns an opener of the unpacked content of the file at a path.
func fileAt(name string) opener {
	return unpacking(name, func() (io.ReadCloser, error) { return os.Open(name) })
}

// byContent returns the loader of a file by the beginning of its content.
func (in *Input) byContent(name string, open opener) (Loader, error) {
	head := make([]byte, 4096)
	r, err := open()
	if err != nil {
		return nil, err
	}
	n, err := io.ReadFull(r, head)
	r.Close()
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, (&file{path: name}).readError(err)
	}
	if isXML(name, head[:n]) {
		return in.xml(name)
	}
	l, err := ForFile(name, head[:n])
	if err == nil {
		return l, nil
	}
	if sniff.IsPage(head[:n]) {
		return nil, foreignFile(name, sniff.Page())
	}
	check := newTextCheck(&file{path: name, open: open})
	if unreadable := check.file.eachChunk(check.add); unreadable != nil {
		return nil, unreadable
	}
	if !check.hasText {
		return nil, check.empty()
	}
	if check.nul != nil {
		return nil, err
	}
	if name == StandardInput {
		return nil, withHint(err, "--format says the format, such as csv or ttl")
	}
	return nil, withHint(err, sniff.Text())
}
