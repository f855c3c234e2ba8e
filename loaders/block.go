package loaders

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"hash/maphash"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/entente-kg/entente/schema"
)

// blockSize is the usual number of bytes of a block, unless a row is longer.
const blockSize = 256 << 10

// block is a part of a file whose items are parsed together: some whole rows, or a
// whole file.
type block struct {
	file   *file
	layout blockLayout // nil for a whole file whose facts are kept
	line   int         // the number of the first line
	row    int         // the number of the first row
	last   bool        // it ends where the file ends

	offset int64 // in the unpacked file
	size   int
	sum    uint64 // a hash of the bytes

	firstFact     int // the number of the first fact of the block in the dataset
	facts         int
	firstDocument int // the same for documents
	saved         savedBlock

	// Of a whole file whose facts are kept:
	kept   []*factDraft
	source *source
	lines  claimLines
}

// bytes returns the size of the block in the unpacked file.
func (b *block) bytes() int64 {
	if b.layout == nil {
		return b.file.size
	}
	return int64(b.size)
}

// blockText is a block with its text.
type blockText struct {
	block *block
	text  string
}

func (b blockText) source() *source {
	return &source{file: b.block.file, text: b.text, firstLine: b.block.line, firstRow: b.block.row, last: b.block.last}
}

// hashSeed is the seed of the hashes of blocks.
var hashSeed = maphash.MakeSeed()

// blockReader reads the unpacked bytes of a file in blocks.
type blockReader struct {
	file   *file
	r      io.ReadCloser
	offset int64     // of the first byte in buf
	buf    []byte    // bytes that are read and not yet taken
	all    hash.Hash // of all bytes that are read; nil if it is not needed
}

func (f *file) openBlocks() (*blockReader, error) {
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	return &blockReader{file: f, r: r}, nil
}

// fill reads until there are n bytes, or all bytes of the file.
func (r *blockReader) fill(n int) error {
	if n = int(min(int64(n), r.file.size-r.offset)); n <= len(r.buf) {
		return nil
	}
	have := len(r.buf)
	r.buf = slices.Grow(r.buf, n-have)[:n]
	got, err := io.ReadFull(r.r, r.buf[have:])
	switch {
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return r.file.changed()
	case err != nil:
		return r.file.readError(err)
	}
	if r.all != nil {
		r.all.Write(r.buf[have : have+got])
	}
	return nil
}

// ended reports whether all bytes of the file are read.
func (r *blockReader) ended() bool { return r.offset+int64(len(r.buf)) == r.file.size }

// take takes the first bytes as a block.
func (r *blockReader) take(n int) (text string, sum uint64) {
	raw := r.buf[:n]
	text, sum = string(raw), maphash.Bytes(hashSeed, raw)
	if r.offset == 0 {
		text = strings.TrimPrefix(text, byteOrderMark)
	}
	r.drop(n)
	return text, sum
}

// drop leaves out the first bytes.
func (r *blockReader) drop(n int) {
	r.offset += int64(n)
	r.buf = append(r.buf[:0], r.buf[n:]...)
}

// splitBlocks divides a file into blocks of whole rows. An error is the last pair.
func splitBlocks(f *file, size int, layout func(head *source) (rowLayout, error)) iter.Seq2[blockText, error] {
	return func(yield func(blockText, error) bool) {
		r, err := f.openBlocks()
		if err != nil {
			yield(blockText{}, err)
			return
		}
		defer r.r.Close()
		r.all = sha256.New()
		s := &blockSplitter{r: r, size: size, next: block{file: f, line: 1, row: 1}, layout: layout}
		for !s.next.last {
			b, err := s.split()
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// blockSplitter finds out where blocks end.
type blockSplitter struct {
	r      *blockReader
	size   int
	next   block     // where the next block begins
	rows   rowLayout // nil until it is known
	layout func(head *source) (rowLayout, error)
}

func (s *blockSplitter) split() (blockText, error) {
	for room := s.size; ; room *= 2 {
		if err := s.r.fill(room); err != nil {
			return blockText{}, err
		}
		if err := s.begin(); err != nil {
			return blockText{}, err
		}
		if s.rows == nil {
			continue
		}
		if n, rows := s.rows.cut(s.r.buf, s.r.offset == 0, s.r.ended()); n > 0 {
			return s.take(n, rows)
		}
		if len(s.r.buf) >= maxRow {
			return blockText{}, s.tooLong()
		}
	}
}

// tooLong is the error of a row, or an item of a list, that has more than maxRow bytes.
func (s *blockSplitter) tooLong() error {
	err := faultf(schema.TooLarge, "one %s has more than %d bytes", map[bool]string{true: "row", false: "item"}[s.r.file.unit == "row"], maxRow)
	if s.r.file.unit == "row" {
		err = withHint(err, "the quote that opens a cell may never be closed")
	}
	return &positionedError{s.r.file.position(s.next.line, 0), err}
}

// begin finds the layout of the file, once its first lines are read.
func (s *blockSplitter) begin() (err error) {
	head := s.r.buf
	if !s.r.ended() {
		head = head[:bytes.LastIndexByte(head, '\n')+1]
	}
	if s.rows == nil && len(head) > 0 {
		text := strings.TrimPrefix(string(head), byteOrderMark)
		s.rows, err = s.layout(&source{file: s.r.file, text: text, firstLine: 1, last: s.r.ended()})
		s.next.layout = s.rows
	}
	return err
}

func (s *blockSplitter) take(n, rows int) (blockText, error) {
	b := s.next
	b.offset, b.size, b.last = s.r.offset, n, s.r.ended() && n == len(s.r.buf)
	lines := bytes.Count(s.r.buf[:n], []byte("\n"))
	var text string
	text, b.sum = s.r.take(n)
	s.next.line, s.next.row, s.next.last = b.line+lines, b.row+rows, b.last
	if nested, ok := s.rows.(nestedLayout); ok && !b.last {
		s.rows = nested.following()
		s.next.layout = s.rows
	}
	if b.last && hex.EncodeToString(s.r.all.Sum(nil)) != s.r.file.hash {
		return blockText{}, s.r.file.changed()
	}
	return blockText{&b, text}, nil
}

// readBlocks reads blocks again, in the order of the list. An error is the last
// pair. The text of a whole file is left out.
func readBlocks(blocks []*block) iter.Seq2[blockText, error] {
	return func(yield func(blockText, error) bool) {
		var r *blockReader
		defer func() {
			if r != nil {
				r.r.Close()
			}
		}()
		for _, b := range blocks {
			t := blockText{block: b}
			var err error
			if b.layout != nil {
				r, t.text, err = readAgain(r, b)
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

// readAgain reads a block with a reader, or with another one if that is of another
// file or has read the block already.
func readAgain(r *blockReader, b *block) (_ *blockReader, text string, err error) {
	if r != nil && (r.file != b.file || r.offset > b.offset) {
		r.r.Close()
		r = nil
	}
	if r == nil {
		if r, err = b.file.openBlocks(); err != nil {
			return nil, "", err
		}
	}
	text, sum, err := r.block(b)
	if err == nil && sum != b.sum {
		err = b.file.changed()
	}
	return r, text, err
}

// skip reads up to an offset.
func (r *blockReader) skip(offset int64) error {
	for r.offset < offset {
		if err := r.fill(int(min(offset-r.offset, blockSize))); err != nil {
			return err
		}
		r.drop(int(min(int64(len(r.buf)), offset-r.offset)))
	}
	return nil
}

// block reads a block that begins at the offset of the reader or further on.
func (r *blockReader) block(b *block) (text string, sum uint64, err error) {
	if err = r.skip(b.offset); err == nil {
		err = r.fill(b.size)
	}
	if err != nil {
		return "", 0, err
	}
	text, sum = r.take(b.size)
	return text, sum, nil
}

// inOrder calls work for each item of a sequence on all processors, and done for
// the results, in the order of the items, in the goroutine of the caller. Each
// processor has a function of its own from newWork. inOrder stops at the first
// error of the sequence, of done and of the context, and returns it. No goroutine
// outlives the call.
func inOrder[T, R any](ctx context.Context, items iter.Seq2[T, error], newWork func() func(T) R, done func(R) error) error {
	type task struct {
		item   T
		err    error
		result chan R
	}
	workers := runtime.GOMAXPROCS(0)
	tasks, order := make(chan task), make(chan task, 2*workers)
	stop := make(chan struct{})
	var running sync.WaitGroup
	defer running.Wait()
	defer close(stop)
	running.Go(func() {
		defer close(order)
		defer close(tasks)
		for item, err := range items {
			t := task{item, err, make(chan R, 1)}
			select {
			case order <- t:
			case <-stop:
				return
			}
			if err != nil {
				return
			}
			select {
			case tasks <- t:
			case <-stop:
				return
			}
		}
	})
	for range workers {
		running.Go(func() {
			work := newWork()
			for t := range tasks {
				t.result <- work(t.item)
			}
		})
	}
	for t := range order {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if t.err != nil {
			return t.err
		}
		if err := done(<-t.result); err != nil {
			return err
		}
	}
	return nil
}
