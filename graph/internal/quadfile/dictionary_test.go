package quadfile_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// FuzzDictionary packs the words of a text in both directions and looks up each
// word.
func FuzzDictionary(f *testing.F) {
	f.Add([]byte("b a ab abcdefgh abcdefgh\x00 abcdefgh\x00\x00 abcdefghi"))
	f.Add([]byte(strings.Repeat(strings.Repeat("long", 119), 3) + " " + strings.Repeat("long", 121) + "a"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var terms []string
		for word := range bytes.SplitSeq(text, []byte(" ")) {
			if len(word) > 0 && len(word) <= 480 {
				terms = append(terms, string(word))
			}
		}
		slices.Sort(terms)
		terms = slices.Compact(terms)
		byID, byKey := quadfile.EncodeDictionary(terms)
		for _, b := range slices.Concat(byID, byKey) {
			if err := quadfile.FindEach(b[0], b[1]); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		for _, b := range byKey {
			k, _, _, err := quadfile.DecodeKeys(b[0], b[1])
			if err != nil {
				t.Fatal(err)
			}
			n += k
		}
		if n != len(terms) {
			t.Fatalf("%d terms became %d", len(terms), n)
		}
	})
}
