package dossier

import (
	"bytes"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph/render"
)

// EscapeJSON makes a JSON text safe within the script element of an HTML page: the
// characters that could end the element or begin markup, and those that could steer a
// terminal or an editor, become \u escapes. The text has the same value as before.
func EscapeJSON(json []byte) []byte {
	var b bytes.Buffer
	for len(json) > 0 {
		r, size := utf8.DecodeRune(json)
		switch {
		case r == '<' || r == '>' || r == '&':
			fmt.Fprintf(&b, `\u%04x`, r)
		case r >= unicode.MaxASCII && render.SteersTerminal(r): // JSON has escaped the others
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.Write(json[:size])
		}
		json = json[size:]
	}
	return b.Bytes()
}
