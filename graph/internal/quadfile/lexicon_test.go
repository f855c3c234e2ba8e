package quadfile_test

import (
	"fmt"
	"testing"

	"github.com/entente-kg/entente/graph/internal/quadfile"
)

// A filter has every term of its lexicon, and few others.
func TestTermFilter(t *testing.T) {
	for _, count := range []int{0, 1, 3, 1000, 100_000} {
		l := quadfile.NewLexicon()
		for i := range count {
			term := fmt.Append(nil, "term ", i)
			l.Add(term, l.Hash(term), uint64(i+1))
		}
		f := l.Filter()
		for i := range count {
			if !f.MayHave(l.Hash(fmt.Append(nil, "term ", i))) {
				t.Fatalf("of %d terms, number %d is missing", count, i)
			}
		}
		others := 0
		for i := range 100_000 {
			if f.MayHave(l.Hash(fmt.Append(nil, "other ", i))) {
				others++
			}
		}
		if others > 2500 {
			t.Errorf("the filter of %d terms has %d of 100,000 others", count, others)
		}
	}
}
