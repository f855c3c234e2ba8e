package main

import (
	"io"
	"strings"

	"github.com/entente-kg/entente/graph/render"
)

// answerOf makes an answer of a table. JSON output is json, or the rows if it is nil.
func answerOf(t render.Table, json any) *answer {
	return &answer{columns: t.Columns, rows: t.Rows, json: json}
}

// hangingText returns a function that writes a text, wrapped at the width of the page.
func hangingText(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, hanging(text, width(w)))
		return err
	}
}

// plainText returns a function that writes a text as it is.
func plainText(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// list joins words by commas.
func list[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, ", ")
}
