package main

import (
	"fmt"
	"io"
	"runtime"
	"time"
)

// pathMeasures returns the rows in their order.
func pathMeasures() (list []measure) {
	for _, q := range []struct{ name, title string }{
		{askShortest, "shortest path between two officials"},
		{askConstrained, "the same, by three verbs within five years"},
		{askNear, "all within 3 hops of an official, counted"},
		{askTelling, "the ten most telling paths"},
		{askInOrder, "the path in order of time that arrives first"},
	} {
		for _, p := range []string{"p50", "p99"} {
			list = append(list, measure{q.name + "-" + p, q.title + ", " + p, duration, false})
		}
	}
	return append(list,
		measure{"path-prepare", "a subgraph for the three verbs and five years, made beforehand", duration, false},
		measure{"path-build", "build it all", duration, false},
		measure{"path-memory", "memory of the process then", memory, false})
}

const pathsCompared = `
Entente is asked by ids, and answers with the most telling of the shortest paths and all of its facts; the others are asked by numbers, and answer with the numbers of any shortest path. Entente is built from its store, the others from a file of numbers. The three verbs and five years are in the query of SQLite and its index; networkx and graphology look at each link that they come to, in a search from both ends that was written for this; igraph cannot, and is given a subgraph made beforehand.
`

func printPathReport(w io.Writer, b *pathBench, took time.Duration) {
	fmt.Fprintf(w, "%d cores (%s), %s, Node %s, go-sqlite3 %s; one thread each, but entente builds on all cores; all in memory. The best of %d for each of %d pairs of officials; measured %s in %.0f minutes. ×N: entente is N times better.\n",
		runtime.NumCPU(), processor(), runtime.Version(), nodeVersion(), moduleVersion("github.com/mattn/go-sqlite3"),
		b.rounds, pathPairs, time.Now().UTC().Format(time.DateOnly), took.Minutes())
	fmt.Fprint(w, pathsCompared)
	for i, t := range b.tables {
		world, found := b.worlds[i], b.found[i]
		fmt.Fprintf(w, "\n%d quads, %d facts, %d entities, %d links; %d pairs have a path, %d one by the three verbs within five years:\n\n",
			t.quads, t.facts, world.Nodes, world.Links, found[askShortest].paths(), found[askConstrained].paths())
		t.print(w, pathMeasures(), b.chosen, b.titles)
	}
	if len(b.tables) > 1 {
		fmt.Fprintf(w, "\nHow entente grows:\n\n")
		printGrowth(w, pathMeasures(), b.tables)
	}
}
