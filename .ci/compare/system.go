package main

import (
	"time"

	cgraph "github.com/cayleygraph/cayley/graph"
	"golang.org/x/sys/unix"
)

// system is a database that quads are kept in. Each has a file of its own.
type system interface {
	// title is the head of its column, with its version.
	title() string
	// inMemory says that it keeps nothing on disk: opening it is loading it.
	inMemory() bool
	// largest is the most quads that it is asked to take; 0 is any number.
	largest() int
	// load puts a file of N-Quads into a new store in the folder, and returns when
	// all of it is synced and closed.
	load(file, dir string) error
	// open opens the store in the folder, to be read only unless it says write; one
	// in memory reads the file instead.
	open(file, dir string, write bool) (session, error)
}

// session is an open store. Terms are given and checked as N-Quads writes them.
// With check, an answer has a digest of what was found; without, what was found
// is made into values, and that is all.
type session interface {
	// hop finds the quads of each subject.
	hop(subjects []string, check bool) (answer, error)
	// find finds the subjects that have each name.
	find(names []string, check bool) (answer, error)
	// scan visits every quad, without making values of it.
	scan() (answer, error)
	// all reads every quad as values.
	all(check bool) (answer, error)
	// add stores N-Quads in one transaction, synced.
	add(text string) (answer, error)
	// remove takes N-Quads away in one transaction, synced. Where a system takes
	// values, making them does not count.
	remove(text string) (answer, error)
	// peak is the most memory that its process ever had, in bytes.
	peak() float64
	close() error
}

// asker is a session that answers Gizmo. The store is read as it is now.
type asker interface {
	quadStore() (cgraph.QuadStore, func() error, error)
}

// answer is what a session found and how long that took.
type answer struct {
	Rows   int    `json:"rows"`
	Digest uint32 `json:"digest"` // the sum of the hashes of all rows, in any order
	Nanos  int64  `json:"nanos"`
}

func (a answer) took() time.Duration { return time.Duration(a.Nanos) }

// systems lists them in the order of their columns, ours first.
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

// processorTime has reads timed by what the processor worked for them, in all
// threads, and not by the clock: on a machine that does other things meanwhile.
var processorTime bool

// timed runs fn, which counts rows and, where it checks, sums their hashes.
func timed(fn func(a *answer) error) (answer, error) {
	return timedBy(now, fn)
}

// timedRead is timed for what waits for nothing.
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
