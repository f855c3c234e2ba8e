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

// TestDistanceIsTheCheapestWay compares distances with a search for the cheapest way,
// letter by letter, of the definition.
func TestDistanceIsTheCheapestWay(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 3_000 {
		a, b := randomWord(r)+randomWord(r), randomWord(r)+randomWord(r)
		if got, want := schema.Distance(a, b), cheapestWay([]rune(a), []rune(b)); got != want {
			t.Fatalf("%q to %q is %d, want %d", a, b, got, want)
		}
	}
}

// cheapestWay computes the Damerau-Levenshtein distance of all beginnings of two texts.
func cheapestWay(s, t []rune) int {
	cost := make([][]int, len(s)+1)
	for i := range cost {
		cost[i] = make([]int, len(t)+1)
		for j := range cost[i] {
			switch {
			case i == 0 || j == 0:
				cost[i][j] = i + j
				continue
			case s[i-1] == t[j-1]:
				cost[i][j] = cost[i-1][j-1]
			default:
				cost[i][j] = 1 + min(cost[i-1][j-1], cost[i-1][j], cost[i][j-1])
			}
			for k := 1; k < i; k++ { // s[k-1] and s[i-1] change places, those between them go
				for l := 1; l < j; l++ {
					if s[k-1] == t[j-1] && s[i-1] == t[l-1] {
						cost[i][j] = min(cost[i][j], cost[k-1][l-1]+(i-k-1)+1+(j-l-1))
					}
				}
			}
		}
	}
	return cost[len(s)][len(t)]
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
