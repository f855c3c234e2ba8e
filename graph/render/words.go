package render

import (
	"fmt"
	"slices"
	"strings"
)

// joinDistinct joins texts by semicolons. It leaves out repeated and empty texts.
func joinDistinct(texts []string) string { return strings.Join(distinct(texts), "; ") }

// distinct returns the texts in order, without repeated and empty texts.
func distinct(texts []string) []string {
	var kept []string
	for _, s := range texts {
		kept = appendDistinct(kept, s)
	}
	return kept
}

// appendDistinct appends a text that is not empty and not in the list.
func appendDistinct(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// joinWords joins words by commas.
func joinWords[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, ", ")
}

// plural returns a number with a noun: "1 fact", "2 facts".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
