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
func Distance(a, b string) int {
	var s, t [maxCompared]rune
	return distance(appendLeading(s[:0], a), appendLeading(t[:0], b))
}

// distance computes [Distance] of at most maxCompared runes each.
func distance(s, t []rune) int {
	s, t = withoutCommonEnds(s, t)
	var table [(maxCompared + 2) * (maxCompared + 2)]uint8
	far, width := len(s)+len(t), len(t)+2
	at := func(i, j int) *uint8 { return &table[(i+1)*width+j+1] }
	*at(-1, -1) = uint8(far)
	for i := range len(s) + 1 {
		*at(i, -1), *at(i, 0) = uint8(far), uint8(i)
	}
	for j := range len(t) + 1 {
		*at(-1, j), *at(0, j) = uint8(far), uint8(j)
	}
	var lastRows [maxCompared]int // where each rune of t was last seen in s
	for i := 1; i <= len(s); i++ {
		lastCol := 0 // where s[i-1] was last seen in t
		for j := 1; j <= len(t); j++ {
			row, col, cost := lastRows[j-1], lastCol, 1
			if s[i-1] == t[j-1] {
				cost, lastCol, lastRows[j-1] = 0, j, i
			}
			swap := int(*at(row-1, col-1)) + (i - row - 1) + 1 + (j - col - 1)
			*at(i, j) = uint8(min(int(*at(i-1, j-1))+cost, int(*at(i, j-1))+1, int(*at(i-1, j))+1, swap))
		}
	}
	return int(*at(len(s), len(t)))
}

// withoutCommonEnds cuts off the runes with which two texts both begin and end, which
// no edit improves.
func withoutCommonEnds(s, t []rune) (a, b []rune) {
	for len(s) > 0 && len(t) > 0 && s[0] == t[0] {
		s, t = s[1:], t[1:]
	}
	for len(s) > 0 && len(t) > 0 && s[len(s)-1] == t[len(t)-1] {
		s, t = s[:len(s)-1], t[:len(t)-1]
	}
	return s, t
}

// appendLeading appends the first maxCompared runes of a text.
func appendLeading(runes []rune, s string) []rune {
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
	c := &Candidates{byLength: make(map[int][]candidate)}
	for _, w := range words {
		folded := Fold(w)
		runes, first := utf8.RuneCountInString(folded), appendLeading(nil, folded)
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
	first := appendLeading(nil, word)
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
			if d := distance(first, other.runes); d <= limit {
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
