package quadfile_test

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// TestSortTuples sorts tuples of several sizes and distributions, and compares
// the results with the standard library.
func TestSortTuples(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, n := range []int{0, 1, 20, 200, 300, 5000, 70_000} {
		for _, spread := range []uint64{1, 3, 100, 5000, 1 << 20, 1<<31 - 1} {
			var tuples [][4]uint64
			for range n {
				tuples = append(tuples, [4]uint64{rng.Uint64N(spread), rng.Uint64N(4), rng.Uint64N(spread), rng.Uint64N(spread)})
			}
			got := quadfile.SortTuples(tuples)
			slices.SortFunc(tuples, func(a, b [4]uint64) int { return slices.Compare(a[:], b[:]) })
			if !slices.Equal(got, tuples) {
				t.Fatalf("%d tuples below %d are not sorted", n, spread)
			}
		}
	}
}

// FuzzSortTerms sorts the words of a text by the bytes of their keys.
func FuzzSortTerms(f *testing.F) {
	f.Add("b a ab abcdefgh abcdefgh\x00 abcdefgh\x00\x00 abcdefghi abcdefghabcdefgh")
	long := strings.Repeat("long", 120)
	f.Add(long + " " + long + "a " + long + "b " + long[1:])
	f.Fuzz(func(t *testing.T, text string) {
		words := strings.Split(text, " ")
		slices.Sort(words)
		words = slices.Compact(words)
		var want [][]byte
		for _, word := range words {
			key := []byte(word)
			if len(key) > 480 {
				sum := sha256.Sum256(key)
				key = append(key[:480:480], sum[:]...)
			}
			want = append(want, key)
		}
		slices.SortFunc(want, bytes.Compare)
		rand.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		if got := quadfile.SortTerms(words); !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
