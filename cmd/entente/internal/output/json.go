package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph/render"
)

func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

// writeLines writes each item of a list on a line of its own.
func writeLines(w io.Writer, v any) error {
	body, err := encode(v)
	if err != nil {
		return err
	}
	var items []json.RawMessage
	if json.Unmarshal(body, &items) != nil {
		items = []json.RawMessage{body}
	}
	for _, item := range items {
		if _, err := fmt.Fprintf(w, "%s\n", bytes.TrimSpace(item)); err != nil {
			return err
		}
	}
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return escapeJSON(b.Bytes()), err
}

// escapeJSON writes control characters of terminals as JSON escapes. The values stay
// equal.
func escapeJSON(body []byte) []byte {
	unsafe := func(r rune) bool { return r >= 0x7f && render.SteersTerminal(r) }
	first := slices.IndexFunc(body, func(b byte) bool { return b >= 0x7f })
	if first < 0 || bytes.IndexFunc(body[first:], unsafe) < 0 {
		return body
	}
	escaped := make([]byte, 0, len(body)+len(body)/8)
	for _, r := range string(body) {
		if unsafe(r) {
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
		} else {
			escaped = utf8.AppendRune(escaped, r)
		}
	}
	return escaped
}

// staleJSON adds "stale": true as the first key of an object, or of each object of a
// list.
func staleJSON(v any) (any, error) {
	body, err := encode(v)
	if err != nil {
		return nil, err
	}
	var items []json.RawMessage
	if json.Unmarshal(body, &items) != nil {
		return staleObject(body), nil
	}
	for i, item := range items {
		items[i] = staleObject(item)
	}
	return items, nil
}

func staleObject(body []byte) json.RawMessage {
	rest, ok := bytes.CutPrefix(bytes.TrimSpace(body), []byte("{"))
	switch rest = bytes.TrimSpace(rest); {
	case !ok:
		return body
	case bytes.HasPrefix(rest, []byte("}")):
		return json.RawMessage(`{"stale":true}`)
	}
	return append(json.RawMessage(`{"stale":true,`), rest...)
}
