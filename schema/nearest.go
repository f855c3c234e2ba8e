package schema

import (
	"cmp"
	"errors"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxCompared is the number of leading runes that [Distance] compares.
const maxCompared = 64

// Distance is the Damerau-Levenshtein distance: the number of insertions,
// deletions, replacements and swaps of neighbouring runes that turn a into b. A
// substring may be edited more than once, so that the triangle inequality holds.
// Only the first 64 runes of each string count.
func Distance(a, b string) int { return distance(leadingRunes(a), leadingRunes(b), nil) }

// distance computes [Distance]. It uses d as scratch memory if d is large enough.
func distance(s, t []rune, d []int) int {
	far := len(s) + len(t)
	width := len(t) + 2
	if size := (len(s) + 2) * width; len(d) < size {
		d = make([]int, size)
	}
	at := func(i, j int) *int { return &d[(i+1)*width+j+1] }
	*at(-1, -1) = far
	for i := range len(s) + 1 {
		*at(i, -1), *at(i, 0) = far, i
	}
	for j := range len(t) + 1 {
		*at(-1, j), *at(0, j) = far, j
	}
	lastRow := make(map[rune]int) // where a rune of t was last seen in s
	for i := 1; i <= len(s); i++ {
		lastCol := 0 // where s[i-1] was last seen in t
		for j := 1; j <= len(t); j++ {
			row, col, cost := lastRow[t[j-1]], lastCol, 1
			if s[i-1] == t[j-1] {
				cost, lastCol = 0, j
			}
			swap := *at(row-1, col-1) + (i - row - 1) + 1 + (j - col - 1)
			*at(i, j) = min(*at(i-1, j-1)+cost, *at(i, j-1)+1, *at(i-1, j)+1, swap)
		}
		lastRow[s[i-1]] = i
	}
	return *at(len(s), len(t))
}

func leadingRunes(s string) []rune {
	runes := make([]rune, 0, min(len(s), maxCompared))
	for _, r := range s {
		if len(runes) == maxCompared {
			break
		}
		runes = append(runes, r)
	}
	return runes
}

// Nearest returns up to n candidates of which the word may be a misspelling,
// nearest first, then in alphabetical order. Both are compared in folded form.
// The distance may be a quarter of the word's length, and at least one.
// Candidates whose distance exceeds the smallest by more than one are left out.
func Nearest(word string, candidates []string, n int) []string {
	return NewCandidates(candidates).Nearest(word, n)
}

// Candidates is a set of known words, folded once for many calls of
// [Candidates.Nearest].
type Candidates struct {
	byLength map[int][]candidate
	work     int
	scratch  []int
}

type candidate struct {
	text  string
	runes []rune
	bits  uint64
}

// runeBits returns a set of runes as bits. One edit changes at most two bits.
func runeBits(runes []rune) (set uint64) {
	for _, r := range runes {
		set |= 1 << (uint(r) % 64)
	}
	return set
}

// NewCandidates folds words for [Candidates.Nearest].
func NewCandidates(words []string) *Candidates {
	c := &Candidates{byLength: make(map[int][]candidate), scratch: make([]int, (maxCompared+2)*(maxCompared+2))}
	for _, w := range words {
		folded := Fold(w)
		runes, first := utf8.RuneCountInString(folded), leadingRunes(folded)
		c.byLength[runes] = append(c.byLength[runes], candidate{w, first, runeBits(first)})
	}
	return c
}

// Work returns how many pairs of runes have been compared so far.
func (c *Candidates) Work() int { return c.work }

// Nearest is the function [Nearest] for these candidates.
func (c *Candidates) Nearest(word string, n int) []string {
	word = Fold(word)
	runes := utf8.RuneCountInString(word)
	limit := max(1, min(runes, maxCompared)/4)
	first := leadingRunes(word)
	set := runeBits(first)
	type near struct {
		text     string
		distance int
	}
	var found []near
	for length := max(0, runes-limit); length <= runes+limit; length++ {
		for _, other := range c.byLength[length] {
			c.work++
			if bits.OnesCount64(set^other.bits) > 2*limit {
				continue
			}
			c.work += len(first) * len(other.runes)
			if d := distance(first, other.runes, c.scratch); d <= limit {
				found = append(found, near{other.text, d})
			}
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.text, b.text))
	})
	var words []string
	for _, f := range slices.Compact(found) {
		if len(words) < n && f.distance <= found[0].distance+1 {
			words = append(words, f.text)
		}
	}
	return words
}

// WithHint attaches advice on how to correct the input to an error: see [Hint].
// The hint is computed only when it is needed, since only a few of many errors
// are printed.
func WithHint(err error, hint func() string) error {
	if err == nil {
		return nil
	}
	return &errorWithHint{err, hint}
}

// Hint returns the advice that an error or an error it wraps carries, such as
// `did you mean "met"?`, or an empty string. Commands print it on the line after
// the error, as "hint: ...". Any error with a method Hint() string can carry one.
func Hint(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

type errorWithHint struct {
	error
	hint func() string
}

// Hint returns the advice without the error.
func (h *errorWithHint) Hint() string { return h.hint() }

// Unwrap returns the error without its advice.
func (h *errorWithHint) Unwrap() error { return h.error }

// DidYouMean returns suggestions as a hint; empty if there are none.
func DidYouMean(words []string) string {
	if len(words) == 0 {
		return ""
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = strconv.Quote(w)
	}
	return "did you mean " + strings.Join(quoted, " or ") + "?"
}
