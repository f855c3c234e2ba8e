package paths

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/safefile"
	"github.com/entente-kg/entente/schema"
)

// The file of a view, beside its graph:
//
//	16 bytes  "entente paths 5\n"
//	8 bytes   the length and the CRC-32C of the head, in native byte order: a
//	          machine with another order builds the view again
//	...       the head, in JSON
//	...       the sections of View.sections, each aligned to 64 bytes
//
// The head has the stamp of the graph, the data that is not in a section, and a
// CRC-32C of each MiB of sections. A file that is damaged or has another stamp is
// ignored.
const (
	cacheMark  = "entente paths 5\n"
	cacheAlign = 64
	cacheChunk = 1 << 20
	maxHead    = 64 << 20
)

// File is the name of a view's file in the graph's folder.
const File = "graph.paths"

// IsFile reports whether a file holds a view, of any version. It is false for a
// symbolic link.
func IsFile(path string) bool {
	begin := strings.TrimRight(cacheMark, "0123456789\n")
	f, err := safefile.OpenRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	first := make([]byte, len(begin))
	_, err = io.ReadFull(f, first)
	return err == nil && string(first) == begin
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errStale is the error of a file that does not hold the view of this graph.
var errStale = errors.New("not the view of this graph")

// stamp identifies the state of a graph. Two graphs at one path at different times may
// have the same generation, but their files have different times.
type stamp struct {
	Generation uint64
	Mark       uint64 // mark of the state in the store
	Size       int64
	Written    int64 // file time in nanoseconds since 1970
	Vocabulary string
}

type cacheHead struct {
	Stamp    stamp
	Newest   int32
	Verbs    []schema.Verb
	Datasets []string
	Lengths  []int64  // of each section, in bytes
	Sums     []uint32 // of each chunk
}

// section gives access to the memory of one part of a view as bytes.
type section struct {
	bytes func() []byte
	set   func([]byte) bool
}

func sectionOf[T any](s *[]T) section {
	size := int(unsafe.Sizeof(*new(T)))
	return section{
		bytes: func() []byte {
			return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(*s))), len(*s)*size)
		},
		set: func(b []byte) bool {
			*s = unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/size)
			return len(b)%size == 0
		},
	}
}

func textSection(s *string) section {
	return section{
		bytes: func() []byte { return unsafe.Slice(unsafe.StringData(*s), len(*s)) },
		set: func(b []byte) bool {
			*s = unsafe.String(unsafe.SliceData(b), len(b))
			return true
		},
	}
}

func (v *View) sections() []section {
	list := []section{textSection(&v.entities.names), sectionOf(&v.entities.ends), sectionOf(&v.entities.kinds), sectionOf(&v.facts.rows), sectionOf(&v.facts.claims)}
	for _, a := range []*adjacency{&v.happened, &v.others} {
		list = append(list, sectionOf(&a.start), sectionOf(&a.neighbours), sectionOf(&a.first), sectionOf(&a.arcs))
	}
	return list
}

// save writes the view into a folder, first under a temporary name.
func (v *View) save(dir string, st stamp) (err error) {
	head := cacheHead{Stamp: st, Newest: v.newest, Verbs: v.predicates.verbs, Datasets: v.facts.datasets}
	for _, s := range v.sections() {
		head.Lengths = append(head.Lengths, int64(len(s.bytes())))
	}
	var sums chunkSums
	if err := v.write(&sums); err != nil {
		return err
	}
	head.Sums = sums.sums
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	first := binary.NativeEndian.AppendUint32([]byte(cacheMark), uint32(len(text)))
	first = append(binary.NativeEndian.AppendUint32(first, crc32.Checksum(text, castagnoli)), text...)
	f, err := newFile(dir)
	if err != nil {
		return err
	}
	defer f.Discard()
	_, err = f.Write(append(first, make([]byte, padding(len(first)))...))
	if err == nil {
		err = v.write(f)
	}
	if err == nil {
		err = f.Replace(false)
	}
	return err
}

// write writes the sections, each with padding for alignment.
func (v *View) write(w io.Writer) error {
	for _, s := range v.sections() {
		b := s.bytes()
		for _, part := range [2][]byte{b, make([]byte, padding(len(b)))} {
			if _, err := w.Write(part); err != nil {
				return err
			}
		}
	}
	return nil
}

// chunkSums computes a checksum of each chunk written to it.
type chunkSums struct {
	sums []uint32
	left int // bytes left in the last chunk
}

func (c *chunkSums) Write(p []byte) (n int, err error) {
	for n < len(p) {
		if c.left == 0 {
			c.sums, c.left = append(c.sums, 0), cacheChunk
		}
		part := p[n:min(n+c.left, len(p))]
		sum := &c.sums[len(c.sums)-1]
		*sum = crc32.Update(*sum, castagnoli, part)
		c.left -= len(part)
		n += len(part)
	}
	return n, nil
}

func padding(n int) int { return -n & (cacheAlign - 1) }

// newFile creates a view's file, with the read permissions of the graph's file. If
// another process writes one, it returns an error.
func newFile(dir string) (*safefile.Pending, error) {
	name := filepath.Join(dir, File)
	if busy, err := safefile.Sweep(name); busy || err != nil {
		return nil, errors.Join(err, os.ErrExist)
	}
	info, err := os.Stat(filepath.Join(dir, graph.File))
	if err != nil {
		return nil, err
	}
	return safefile.BeginNew(name, info.Mode().Perm()&0o666|0o600)
}

// load reads the view in a folder if it has the stamp.
func load(ctx context.Context, dir string, st stamp, vocabulary *schema.Vocabulary) (*View, error) {
	f, err := safefile.OpenRegular(filepath.Join(dir, File))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, at, err := readHead(f)
	if err != nil {
		return nil, err
	}
	if head.Stamp != st || !slices.Equal(head.Verbs, vocabulary.Predicates()) {
		return nil, errStale
	}
	v := &View{generation: st.Generation, newest: head.Newest, predicates: newPredicateTable(vocabulary), facts: factTable{datasets: head.Datasets}}
	sections := v.sections()
	size := int64(0)
	for _, n := range head.Lengths {
		if n < 0 || n > int64(1)<<40 {
			return nil, errStale
		}
		size += n + int64(padding(int(n)))
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if len(head.Lengths) != len(sections) || info.Size() != at+size || len(head.Sums) != int((size+cacheChunk-1)/cacheChunk) {
		return nil, errStale
	}
	all, err := readChunks(ctx, f, at, size, head.Sums)
	if err != nil {
		return nil, err
	}
	for i, s := range sections {
		n := head.Lengths[i]
		if !s.set(all[:n:n]) {
			return nil, errStale
		}
		all = all[n+int64(padding(int(n))):]
	}
	if !v.isConsistent() {
		return nil, errStale
	}
	v.measure()
	return v, nil
}

func readHead(f *os.File) (head cacheHead, end int64, err error) {
	first := make([]byte, len(cacheMark)+8)
	if _, err := io.ReadFull(f, first); err != nil {
		return head, 0, err
	}
	n := binary.NativeEndian.Uint32(first[len(cacheMark):])
	if !bytes.HasPrefix(first, []byte(cacheMark)) || n > maxHead {
		return head, 0, errStale
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(f, text); err != nil {
		return head, 0, err
	}
	if crc32.Checksum(text, castagnoli) != binary.NativeEndian.Uint32(first[len(cacheMark)+4:]) {
		return head, 0, errStale
	}
	length := len(first) + len(text)
	return head, int64(length + padding(length)), json.Unmarshal(text, &head)
}

// readChunks reads the sections and verifies their checksums, in parallel.
func readChunks(ctx context.Context, f *os.File, at, size int64, sums []uint32) ([]byte, error) {
	words := make([]uint64, (size+7)/8) // aligns all sections
	all := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), size)
	var tasks []func(context.Context) error
	for i := range sums {
		tasks = append(tasks, func(ctx context.Context) error {
			low := int64(i) * cacheChunk
			chunk := all[low:min(low+cacheChunk, size)]
			if _, err := f.ReadAt(chunk, at+low); err != nil {
				return err
			}
			if crc32.Checksum(chunk, castagnoli) != sums[i] {
				return fmt.Errorf("%w: checksum of MiB %d", errStale, i)
			}
			return context.Cause(ctx)
		})
	}
	return all, runParallel(ctx, tasks)
}

// isConsistent reports whether the lengths of a view's sections are consistent.
func (v *View) isConsistent() bool {
	ok := len(v.entities.kinds) == len(v.entities.ends) && len(v.facts.rows) > 0 && int(v.facts.rows[v.Facts()].claims) == len(v.facts.claims) &&
		(len(v.entities.ends) == 0 || int(v.entities.ends[len(v.entities.ends)-1]) == len(v.entities.names))
	for _, a := range []*adjacency{&v.happened, &v.others} {
		ok = ok && len(a.start) == v.Nodes()+1 && int(a.start[v.Nodes()]) == len(a.neighbours) &&
			len(a.first) == len(a.neighbours)+1 && int(a.first[len(a.neighbours)]) == len(a.arcs)
	}
	return ok
}
