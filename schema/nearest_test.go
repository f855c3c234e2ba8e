package schema_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "met", 3}, {"met", "met", 0}, {"mett", "met", 1}, {"mte", "met", 1}, {"kitten", "sitting", 3},
		{"ca", "abc", 2}, // a swap, then an insertion between: 3 if no substring may be edited twice
		{"谢锋", "谢峰", 1}, {"a\xffb", "ab", 1},
		{strings.Repeat("a", 64) + "b", strings.Repeat("a", 64) + "cd", 0},
	} {
		if got := schema.Distance(tt.a, tt.b); got != tt.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		a, b, c := randomWord(r), randomWord(r), randomWord(r)
		ab, ba := schema.Distance(a, b), schema.Distance(b, a)
		if ab != ba {
			t.Fatalf("%q to %q is %d, back %d", a, b, ab, ba)
		}
		if (ab == 0) != (a == b) {
			t.Fatalf("%q to %q is %d", a, b, ab)
		}
		if ac, cb := schema.Distance(a, c), schema.Distance(c, b); ab > ac+cb {
			t.Fatalf("%q to %q is %d, by way of %q %d", a, b, ab, c, ac+cb)
		}
		if most := max(len([]rune(a)), len([]rune(b))); ab > most {
			t.Fatalf("%q to %q is %d, more than the longer word", a, b, ab)
		}
	}
}

// randomWord uses few letters, so that many words are near each other.
func randomWord(r *rand.Rand) string {
	letters := []rune("abé谢")
	word := make([]rune, r.IntN(8))
	for i := range word {
		word[i] = letters[r.IntN(len(letters))]
	}
	return string(word)
}

func TestDistanceCountsOneEdit(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5_000 {
		word := []rune(randomWord(r) + "ab")
		i := r.IntN(len(word) - 1)
		swapped := slices.Clone(word)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		for _, edited := range [][]rune{
			swapped, slices.Delete(slices.Clone(word), i, i+1), slices.Insert(slices.Clone(word), i, 'z'),
		} {
			if d := schema.Distance(string(word), string(edited)); d > 1 {
				t.Fatalf("%q to %q is %d", string(word), string(edited), d)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"met", "let", "visited", "invited", "Señor", "met",
		"presidentiel", "presidentiels", "brisidentiel"}
	for _, tt := range []struct {
		word string
		n    int
		want []string
	}{
		{"mett", 3, []string{"met"}},
		{"meet", 3, []string{"met"}},
		{"bet", 3, []string{"let", "met"}},
		{"bet", 1, []string{"let"}},
		{"SENOR", 3, []string{"Señor"}},
		{"visitd", 3, []string{"visited"}},
		{"elephant", 3, nil},
		{"presidential", 3, []string{"presidentiel", "presidentiels"}},
		{"met", 0, nil},
		{"met", -1, nil},
		{strings.Repeat("x", 100_000), 3, nil},
	} {
		if got := schema.Nearest(tt.word, words, tt.n); !slices.Equal(got, tt.want) {
			t.Errorf("Nearest(%.20q, %d) = %q, want %q", tt.word, tt.n, got, tt.want)
		}
	}
}

func TestHintTravelsWithTheError(t *testing.T) {
	asked := 0
	sentinel := errors.New("unknown")
	err := schema.WithHint(sentinel, func() string { asked++; return schema.DidYouMean([]string{"met", "let"}) })
	wrapped := fmt.Errorf("row 4: %w", err)
	if asked != 0 {
		t.Error("the hint is worked out before anybody asks")
	}
	if got := schema.Hint(wrapped); got != `did you mean "met" or "let"?` {
		t.Errorf("hint %q", got)
	}
	if !errors.Is(wrapped, sentinel) || wrapped.Error() != "row 4: unknown" {
		t.Errorf("error %v", wrapped)
	}
	if schema.Hint(sentinel) != "" || schema.Hint(nil) != "" || schema.DidYouMean(nil) != "" || schema.WithHint(nil, nil) != nil {
		t.Error("a hint out of nothing")
	}
}
