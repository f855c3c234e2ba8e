package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders/synth"
)

// TestCommandsOnDamage runs every command that reads a graph on damaged ones: it
// answers, or says in a line that the graph is damaged, and soon.
func TestCommandsOnDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "g")
	g, err := graph.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Load(t.Context(), "world", synth.Records(200, 1), &graph.LoadOptions{MaxErrors: -1}); err != nil {
		t.Fatal(err)
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "graph.db")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for i := range 14 {
		if err := os.WriteFile(path, damage(file, uint64(i)), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{
			"datasets", "find Xie", "show person:official-1", "facts", "stats", "export --format nquads", "path a b",
			"query g.V().all()", "backup " + filepath.Join(t.TempDir(), "kept.db"), "forget world", "compact",
		} {
			var out, errs bytes.Buffer
			start := time.Now()
			code := run(context.Background(), program, append(strings.Fields(command), "--graph", dir), nil, &out, &errs)
			switch {
			case code == exitDamaged:
				refused++
			case code != exitOK && code != exitNotFound && code != exitQuery:
				t.Errorf("damage %d: %s: exit code %d: %s", i, command, code, &errs)
			}
			if text := errs.String(); strings.Contains(text, "panic") || strings.Contains(text, "goroutine") || code == exitDamaged && strings.Count(text, "\n") != 1 {
				t.Errorf("damage %d: %s said %s", i, command, text)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("damage %d: %s took %v", i, command, took)
			}
		}
	}
	if refused < 30 {
		t.Errorf("only %d commands met the damage", refused)
	}
}

// damage flips bits, swaps pages, or cuts the file.
func damage(file []byte, seed uint64) []byte {
	rng := rand.New(rand.NewPCG(5, seed))
	damaged, pages := bytes.Clone(file), len(file)/4096
	switch seed % 3 {
	case 0:
		for range 20 + seed*seed {
			damaged[8192+rng.IntN(len(file)-8192)] ^= 1 << rng.IntN(8)
		}
	case 1:
		for range 4 {
			a, b := damaged[(2+rng.IntN(pages-2))*4096:][:4096], damaged[(2+rng.IntN(pages-2))*4096:][:4096]
			kept := bytes.Clone(a)
			copy(a, b)
			copy(b, kept)
		}
	default:
		return damaged[:rng.IntN(len(file))]
	}
	return damaged
}
