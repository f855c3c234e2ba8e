// Package cayley implements Cayley's graph.QuadStore, its iterators, shapes and
// planner rules over a narrow interface of a storage engine: [Reader] to query
// it, and [Writer] where Cayley itself writes.
//
// A snapshot of graph/store is a Reader:
//
//	qs := cayley.New(snapshot)             // one state, read-only
//	qs := cayley.Live(s.Snapshot, s.Update) // the newest state of a store
//
// # Differences from Cayley
//
// A path has one row for each way to walk it, with the tags of that way. Cayley's
// iterators lose rows if both sides of an intersection find a node on several
// paths, and mix up tags; this package has iterators of its own in their place
// (intersect.go, join.go, union.go, sort.go, page.go, filter.go, without_tags.go,
// recursion.go). Sorted nodes come in the order of their terms.
//
// Comparisons become ranges of terms. They mean the same as in Cayley except for
// typed strings: an xsd:date is compared with other dates, by their text, while
// Cayley compares it with the N-Quads text of every term.
//
// Sizes of patterns are exact, which Cayley's planner relies on.
package cayley
