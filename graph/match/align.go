package match

import (
	"cmp"
	"slices"
)

// how is the way in which two words agree, the best first.
type how int

const (
	sameWord how = iota
	sameLetters
	sameSound
	sameSkeleton
	sameGiven
	likeSpelling
	initialOnly
)

// aligned is a pair of words of two names that agree.
type aligned struct {
	i, j       int // the first of the words on each side
	ni, nj     int // how many words are joined on each side
	similarity float64
	how        how
}

// alignment is how the words of two names agree, in any order.
type alignment struct {
	pairs        []aligned
	leftA, leftB []int // words that are in one name only, without particles
}

// comparison is how the words of two names are compared.
type comparison func(a, b *token) (similarity float64, h how)

// align pairs the words of two names, the most similar first. Two words that follow each
// other may be one word of the other name.
func align(a, b *name, compare comparison) alignment {
	var options []aligned
	for i := range a.tokens {
		for j := range b.tokens {
			if s, h := compare(&a.tokens[i], &b.tokens[j]); s > 0 {
				options = append(options, aligned{i, j, 1, 1, s, h})
			}
		}
	}
	options = joined(options, a, b, compare, false)
	options = joined(options, b, a, compare, true)
	slices.SortStableFunc(options, func(x, y aligned) int {
		return cmp.Or(cmp.Compare(y.similarity, x.similarity), cmp.Compare(y.ni+y.nj, x.ni+x.nj))
	})
	var al alignment
	usedA, usedB := make([]bool, len(a.tokens)), make([]bool, len(b.tokens))
	for _, o := range options {
		if slices.Contains(usedA[o.i:o.i+o.ni], true) || slices.Contains(usedB[o.j:o.j+o.nj], true) {
			continue
		}
		mark(usedA, o.i, o.ni)
		mark(usedB, o.j, o.nj)
		al.pairs = append(al.pairs, o)
	}
	al.leftA, al.leftB = unused(a.tokens, usedA), unused(b.tokens, usedB)
	return al
}

func mark(used []bool, from, n int) {
	for i := range n {
		used[from+i] = true
	}
}

func unused(tokens []token, used []bool) (left []int) {
	for i := range tokens {
		if !used[i] && !tokens[i].particle {
			left = append(left, i)
		}
	}
	return left
}

// joined adds the pairs of two words of a name that are one word of the other.
func joined(options []aligned, two, one *name, compare comparison, swapped bool) []aligned {
	for i := range two.joins {
		n := len(two.joins[i].latin)
		for j := range one.tokens {
			if m := len(one.tokens[j].latin); m < n-2 || m > n+2 || m < 4 {
				continue
			}
			s, h := compare(&two.joins[i], &one.tokens[j])
			if s < 0.85 {
				continue
			}
			o := aligned{i, j, 2, 1, s - 0.005, h}
			if swapped {
				o = aligned{j, i, 1, 2, s - 0.005, h}
			}
			options = append(options, o)
		}
	}
	return options
}
