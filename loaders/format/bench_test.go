package format_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/format"
)

// BenchmarkYAML formats a file of 5,000 facts, of which each fourth has a comment.
func BenchmarkYAML(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var text strings.Builder
	text.WriteString("facts:\n")
	for i := range 5000 {
		fmt.Fprintf(&text, "  - {fact: Person %d met Person %d, quote: \"talks, %d\", source: times,\n     when: '%d-%02d-%02d', locator: page %d}",
			r.IntN(100), r.IntN(100), i, 1990+r.IntN(34), 1+r.IntN(12), 1+r.IntN(28), i)
		if i%4 == 0 {
			fmt.Fprintf(&text, " # comment %d", i)
		}
		text.WriteString("\n")
	}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := format.YAML("facts.yaml", []byte(text.String())); err != nil {
			b.Fatal(err)
		}
	}
}
