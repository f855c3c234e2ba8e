// Package phrase puts numbers and lists of words into sentences.
package phrase

import (
	"fmt"
	"strings"
)

// Counted returns a number and the noun that fits it: "1 entity", "2 entities".
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Plural returns a number and a noun whose plural ends in s: "1 fact", "2 facts".
func Plural(n int, noun string) string { return Counted(n, noun, noun+"s") }

// MoreThan says that more than n items exist: "there are more than 10 rows".
func MoreThan(n int, noun string) string {
	if n == 1 {
		return "there is more than 1 " + noun
	}
	return "there are more than " + Plural(n, noun)
}

// List joins words with commas: "table, json, csv".
func List[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, ", ")
}
