package main

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/gizmo"
)

// BenchmarkQuestions asks single questions of the graph in the folder
// ENTENTE_BENCH_GRAPH, a world of `entente synth` with the file of its view. Each opens
// the graph, as a command does.
func BenchmarkQuestions(b *testing.B) {
	dir := os.Getenv("ENTENTE_BENCH_GRAPH")
	if dir == "" {
		b.Skip("ENTENTE_BENCH_GRAPH is not set")
	}
	for _, question := range []string{
		"find person:synth-50", "find Hiva_Nuvi", "find Foreign_Ministri_0_of_Fizaland",
		"path person:synth-50 person:synth-77", "near person:synth-2 --hops 2", "rank --by pagerank",
		"common person:synth-50 person:synth-77", "common person:synth-2 person:synth-3",
		"show person:synth-50", "show person:synth-2", "show country:synth-0",
		"facts --since 2020-03 --until 2020-03 --all --format jsonl", "facts --since 2020-03 --until 2020-03 --all --format csv",
		"export --format csv", "export --format gexf", "export --format graphml",
	} {
		b.Run(question, func(b *testing.B) {
			args := append(strings.Fields(question), "--graph", dir)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "_", " ")
			}
			args[len(args)-1] = dir
			for b.Loop() {
				if code := run(context.Background(), gizmo.Program{}, args, strings.NewReader(""), io.Discard, io.Discard); code != 0 {
					b.Fatalf("entente %s: exit code %d", question, code)
				}
			}
		})
	}
}
