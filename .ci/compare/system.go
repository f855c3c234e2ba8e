package main

import (
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"golang.org/x/sys/unix"
)

// system is a database for quads. Each has a file of its own.
type system interface {
	// title returns the head of its column, with its version.
	title() string
	// inMemory reports whether it keeps nothing on disk: to open it is to load it.
	inMemory() bool
	// largest returns the largest number of quads for the system; 0 means no limit.
	largest() int
	// load loads a file of N-Quads into a new store in the folder. It returns when the
	// store is synced and closed.
	load(file, dir string) error
	// open opens the store in the folder, for reading only unless write is set. A
	// system in memory reads the file instead.
	open(file, dir string, write bool) (session, error)
}

// session is an open store. Terms have the form of N-Quads. With check, an answer has
// a digest of the results; without, the results are only converted to values.
type session interface {
	// hop finds the quads of each subject.
	hop(subjects []string, check bool) (answer, error)
	// find finds the subjects that have each name.
	find(names []string, check bool) (answer, error)
	// scan visits every quad without a conversion to values.
	scan() (answer, error)
	// all reads every quad as values.
	all(check bool) (answer, error)
	// add stores N-Quads in one synced transaction.
	add(text string) (answer, error)
	// remove removes N-Quads in one synced transaction. For a system that accepts
	// values, the time of making them does not count.
	remove(text string) (answer, error)
	// peak returns the peak memory of its process in bytes.
	peak() float64
	close() error
}

// asker is a session that answers Gizmo over the store as it is at the call.
type asker interface {
	quadStore() (cgraph.QuadStore, func() error, error)
}

// answer is the size of a result and the time to find it.
type answer struct {
	Rows   int    `json:"rows"`
	Digest uint32 `json:"digest"` // the sum of the hashes of all rows, in any order
	Nanos  int64  `json:"nanos"`
}

func (a answer) took() time.Duration { return time.Duration(a.Nanos) }

// systems lists the systems in the order of their columns, ours first.
var systems = []struct {
	name string
	make func() system
}{
	{"entente", func() system { return ours{} }},
	{"cayley-bolt", func() system { return cayleyBolt{} }},
	{"cayley-memory", func() system { return cayleyMemory{} }},
	{"sqlite", func() system { return sqlite{} }},
	{"oxigraph", func() system { return oxigraph{} }},
}

func systemNamed(name string) system {
	for _, s := range systems {
		if s.name == name {
			return s.make()
		}
	}
	return nil
}

// processorTime selects processor time of all threads instead of elapsed time for
// reads, for a machine with other work.
var processorTime bool

// timed runs fn, which counts rows and with check sums their hashes, and measures
// elapsed time.
func timed(fn func(a *answer) error) (answer, error) {
	return timedBy(now, fn)
}

// timedRead measures work that waits for nothing, by processor time if selected.
func timedRead(fn func(a *answer) error) (answer, error) {
	if processorTime {
		return timedBy(worked, fn)
	}
	return timed(fn)
}

func timedBy(clock func() int64, fn func(a *answer) error) (answer, error) {
	var a answer
	start := clock()
	err := fn(&a)
	a.Nanos = clock() - start
	return a, err
}

var started = time.Now()

func now() int64 { return time.Since(started).Nanoseconds() }

func worked() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return t.Nano()
}
