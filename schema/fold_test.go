package schema_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// Names that are folded letter by letter fold as any others do.
func TestFoldOfLetters(t *testing.T) {
	check := func(name string) (isFast bool) {
		t.Helper()
		got, isFast := schema.FoldLetters(name)
		if !isFast {
			return false
		}
		if want := schema.FoldAny(name); got != want {
			t.Fatalf("%q (%+q) folds to %q, want %q", name, name, got, want)
		}
		return true
	}
	fast, letters := 0, []rune(" \t'`-AZaz.09’“–«")
	for r := rune(0); r <= unicode.MaxRune; r++ {
		isFast := check("a" + string(r) + "B " + string(r) + string(r) + " ")
		if isFast {
			fast++
		}
		if isFast && r >= utf8.RuneSelf && (r < 0x700 || r%97 == 0) {
			letters = append(letters, r)
		}
	}
	if fast < 30000 || len(letters) < 1000 {
		t.Errorf("%d characters of %d fold fast", fast, len(letters))
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50000 {
		var name strings.Builder
		for range 1 + rng.IntN(8) {
			name.WriteRune(letters[rng.IntN(len(letters))])
		}
		if !check(name.String()) {
			t.Fatalf("%q does not fold fast", name.String())
		}
	}
	for _, name := range []string{"Й\u0308", "e\u0301", "a\u00a0b", "\xff", "ﬁ", "ｱ", "か\u3099"} {
		if check(name); schema.Fold(name) != schema.FoldAny(name) {
			t.Errorf("%q folds to %q", name, schema.Fold(name))
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for _, name := range []string{"Захарова Мария Александровна", "Müller-Lüdenscheidt, Jürgen", "中华人民共和国外交部"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				schema.Fold(name)
			}
		})
	}
}
