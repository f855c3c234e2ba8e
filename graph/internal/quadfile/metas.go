package quadfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"io"
	"os"
)

// ErrStale means that the last change of the store may be lost: the meta pages,
// which alternately name the newest state, are not as a commit leaves them. Such
// a store is not opened for writing unless Options.AcceptLoss of package store is
// set: the next change would make the loss permanent, and Rebuild of package
// store may still find the newer state.
var ErrStale = errors.New("the last change may be lost")

// metas are the two meta pages of a file, without their headers; nil for an
// invalid one. bbolt writes them alternately: transaction n writes page n modulo
// 2.
type metas struct {
	Pages    [MetaPages][]byte
	PageSize int64
	noted    uint64 // a transaction that was committed, according to the newest meta page
}

// ReadMetas reads the meta pages of a file of the given size in bytes.
func ReadMetas(file io.ReaderAt, size int64) (m metas) {
	if m.Pages[0] = validMeta(file, 0); m.Pages[0] != nil {
		m.PageSize = int64(NativeEndian.Uint32(m.Pages[0][8:]))
	} else {
		m.PageSize = findPageSize(file, size)
	}
	if m.PageSize > 0 {
		m.Pages[1] = validMeta(file, m.PageSize)
	}
	for i, page := range m.Pages {
		if page != nil && i == m.newest() {
			m.noted = readNote(file, m.noteAt(i))
		}
	}
	return m
}

// newest returns the number of the meta page of the newest state.
func (m *metas) newest() int {
	if m.Pages[0] == nil || m.Pages[1] != nil && TransactionOf(m.Pages[1]) > TransactionOf(m.Pages[0]) {
		return 1
	}
	return 0
}

// Loss returns why the last change may be lost, or nil if the pages are as a
// commit leaves them.
func (m *metas) Loss() error {
	for i, page := range m.Pages {
		if page == nil {
			return fmt.Errorf("%w: meta page %d is not valid", ErrStale, i)
		}
	}
	first, second := TransactionOf(m.Pages[0]), TransactionOf(m.Pages[1])
	last := max(first, second)
	switch {
	case m.noted > last:
		return fmt.Errorf("%w: transaction %d was committed, and the newest one left is %d", ErrStale, m.noted, last)
	case first%2 != 0, second%2 != 1, last-min(first, second) != 1:
		return fmt.Errorf("%w: the meta pages are of transactions %d and %d", ErrStale, first, second)
	}
	return nil
}

// TransactionOf returns the transaction of a meta page.
func TransactionOf(meta []byte) uint64 { return NativeEndian.Uint64(meta[48:]) }

// validMeta reads the meta page at an offset of the file, nil if it is invalid.
func validMeta(file io.ReaderAt, at int64) []byte {
	b := make([]byte, PageHeader+metaSize+8)
	if n, _ := file.ReadAt(b, at); n < len(b) {
		return nil
	}
	meta := b[PageHeader:]
	sum := fnv.New64a()
	sum.Write(meta[:metaSize])
	if NativeEndian.Uint32(meta) != boltMagic || NativeEndian.Uint32(meta[4:]) != 2 || NativeEndian.Uint64(meta[metaSize:]) != sum.Sum64() {
		return nil
	}
	return meta
}

// findPageSize searches for the second meta page if the first is invalid.
func findPageSize(file io.ReaderAt, size int64) int64 {
	for at := int64(1024); at <= 1<<24 && at < size; at *= 2 {
		if meta := validMeta(file, at); meta != nil && int64(NativeEndian.Uint32(meta[8:])) == at {
			return at
		}
	}
	return 0
}

// A note in the meta page before the newest one says that the newest was written.
// bbolt does not use the bytes of the note. With it, a newest page that is missing,
// or replaced by an older one, is noticed. Notes are not synced; a missing note
// does no harm.
const (
	noteMark = "entente>"
	noteSize = len(noteMark) + 8 + 4
)

func (m *metas) noteAt(page int) int64 { return int64(page)*m.PageSize + m.PageSize/2 }

func appendNote(transaction uint64) []byte {
	b := binary.BigEndian.AppendUint64([]byte(noteMark), transaction)
	return binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// readNote returns the transaction of a note, 0 if there is no note.
func readNote(file io.ReaderAt, at int64) uint64 {
	b := make([]byte, noteSize)
	if n, _ := file.ReadAt(b, at); n < len(b) || string(b[:len(noteMark)]) != noteMark {
		return 0
	}
	if binary.BigEndian.Uint32(b[noteSize-4:]) != crc32.Checksum(b[:noteSize-4], castagnoli) {
		return 0
	}
	return binary.BigEndian.Uint64(b[len(noteMark):])
}

// WriteCommitNote notes that a transaction was committed. Errors are ignored.
func WriteCommitNote(file io.WriterAt, pageSize int, transaction uint64) {
	m := metas{PageSize: int64(pageSize)}
	_, _ = file.WriteAt(appendNote(transaction), m.noteAt(int(transaction-1)%MetaPages))
}

// HasMagic reports whether one of the two meta pages has bbolt's magic number.
func HasMagic(file io.ReaderAt) bool {
	for i := range int64(MetaPages) {
		var magic [4]byte
		if _, err := file.ReadAt(magic[:], i*int64(os.Getpagesize())+PageHeader); err == nil && NativeEndian.Uint32(magic[:]) == boltMagic {
			return true
		}
	}
	return false
}
