package records

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/schema"
)

// Set is the entries of all records of an input, each of an id of its own, with the key
// of the load that has stored them.
type Set struct {
	Key     string
	Outside []schema.ID // facts of other datasets to which these records may refer
	Entries []Entry     // in the order of their digests
	first   []int32     // where the digests with each first 16 bits begin
}

// NewSet returns a set of entries, which it sorts.
func NewSet(key string, outside []schema.ID, entries []Entry) *Set {
	slices.SortFunc(entries, compareDigests)
	s := &Set{Key: key, Outside: outside, Entries: entries}
	s.index()
	return s
}

func compareDigests(a, b Entry) int {
	return bytes.Compare(a.Digest[:], b.Digest[:])
}

const prefixes = 1 << 16

func prefixOf(digest *[12]byte) int { return int(digest[0])<<8 | int(digest[1]) }

func (s *Set) index() {
	s.first = make([]int32, prefixes+1)
	for i := range s.Entries {
		s.first[prefixOf(&s.Entries[i].Digest)+1]++
	}
	for i := range prefixes {
		s.first[i+1] += s.first[i]
	}
}

// Find returns where the entry with a digest is, or -1.
func (s *Set) Find(digest [12]byte) int {
	p := prefixOf(&digest)
	low := int(s.first[p])
	i, ok := slices.BinarySearchFunc(s.Entries[low:s.first[p+1]], digest, func(e Entry, digest [12]byte) int {
		return bytes.Compare(e.Digest[:], digest[:])
	})
	if !ok {
		return -1
	}
	return low + i
}

// magic begins each file. Another version of the digests has another one.
const magic = "entente records 1\n"

const entrySize = 28

// Bytes returns the set as a file: a line with the key and the facts of other datasets, the
// entries, and the SHA-256 of all of it.
func (s *Set) Bytes() []byte {
	b := make([]byte, 0, len(magic)+len(s.Key)+32*len(s.Outside)+1+entrySize*len(s.Entries)+sha256.Size)
	b = append(append(b, magic...), s.Key...)
	for _, id := range s.Outside {
		b = append(append(b, '\t'), id...)
	}
	b = append(b, '\n')
	for i := range s.Entries {
		b = append(append(b, s.Entries[i].Digest[:]...), s.Entries[i].ID[:]...)
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// Write writes the set to a file with some permissions, and makes its folder. The file need
// not reach the disk.
func (s *Set) Write(path string, perm fs.FileMode) error {
	if err := os.Mkdir(filepath.Dir(path), perm|perm>>2&0o111); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	file, err := safefile.BeginNew(path, perm)
	if err != nil {
		return err
	}
	if _, err = file.Write(s.Bytes()); err == nil {
		err = file.Replace(false)
	}
	return errors.Join(err, file.Discard())
}

// Sweep removes unfinished files from a folder of sets or [Texts], which killed processes
// have left.
func Sweep(folder string) {
	files, _ := os.ReadDir(folder)
	for _, file := range files {
		if hidden, ok := strings.CutPrefix(file.Name(), "."); ok {
			name := strings.TrimSuffix(hidden, filepath.Ext(hidden)) // without .new
			name = strings.TrimSuffix(name, filepath.Ext(name))      // without a random number
			_, _ = safefile.Sweep(filepath.Join(folder, name))       // the next sweep tries again
		}
	}
}

// Read reads a file of [Set.Write].
func Read(path string) (*Set, error) {
	file, err := safefile.OpenRegular(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	return Parse(data)
}

// ErrFile is the error of a file that is no set, or was damaged.
var ErrFile = errors.New("no file of records")

// Parse reads the bytes of a file.
func Parse(b []byte) (*Set, error) {
	end := len(b) - sha256.Size
	if end < 0 || !bytes.HasPrefix(b, []byte(magic)) {
		return nil, ErrFile
	}
	if sum := sha256.Sum256(b[:end]); !bytes.Equal(sum[:], b[end:]) {
		return nil, ErrFile
	}
	head, entries, ok := bytes.Cut(b[len(magic):end], []byte("\n"))
	if !ok || len(entries)%entrySize != 0 {
		return nil, ErrFile
	}
	words := strings.Split(string(head), "\t")
	s := &Set{Key: words[0], Entries: make([]Entry, len(entries)/entrySize)}
	for _, word := range words[1:] {
		s.Outside = append(s.Outside, schema.ID(word))
	}
	for i := range s.Entries {
		e := entries[i*entrySize:]
		copy(s.Entries[i].Digest[:], e)
		copy(s.Entries[i].ID[:], e[12:])
	}
	if !slices.IsSortedFunc(s.Entries, compareDigests) {
		return nil, ErrFile
	}
	s.index()
	return s, nil
}
