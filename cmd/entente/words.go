package main

import (
	"fmt"
	"strings"
)

// counted is a number before the words that fit it.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// moreThan says that there is more than is shown.
func moreThan(n int, noun string) string {
	if n == 1 {
		return "there is more than 1 " + noun
	}
	return "there are more than " + plural(n, noun)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list joins words by commas.
func list[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, ", ")
}
