package cite_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/entente-kg/entente/graph/cite"
)

// unBib reads what LaTeX typesets of a field, and false if the field has braces without a
// partner, as BibTeX counts them, or a command that is not known.
func unBib(field string) (string, bool) {
	depth := 0
	for _, r := range field {
		if r == '{' {
			depth++
		} else if r == '}' {
			depth--
		}
		if depth < 0 {
			return "", false
		}
	}
	if depth != 0 {
		return "", false
	}
	commands := map[string]string{`textbackslash`: `\`, "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~",
		"textasciicircum": "^", "textless": "<", "textgreater": ">"}
	var b strings.Builder
	for field != "" {
		switch {
		case strings.HasPrefix(field, "{}"):
			field = field[2:]
		case field[0] == '\\' && len(field) > 1 && strings.IndexByte(`{}%&_#$`, field[1]) >= 0:
			b.WriteByte(field[1])
			field = field[2:]
		case field[0] == '\\':
			name, rest, ok := strings.Cut(field[1:], "{}")
			text, known := commands[name]
			if !ok || !known {
				return "", false
			}
			b.WriteString(text)
			field = rest
		case strings.IndexByte(`{}%&_#$~^<>`, field[0]) >= 0,
			strings.HasPrefix(field, "--"), strings.HasPrefix(field, "''"), strings.HasPrefix(field, "``"), strings.HasPrefix(field, ",,"),
			strings.HasPrefix(field, "?`"), strings.HasPrefix(field, "!`"):
			return "", false // LaTeX reads it as something else
		default:
			b.WriteByte(field[0])
			field = field[1:]
		}
	}
	return b.String(), true
}

var hostile = []string{"", "plain", "50% & more_#1 $5 ~x ^y", `\textbf{x} \`, "{", "}", "}{", "{a {b} c} }", "a--b---c", "''``,,?`!`", "<b>&amp;</b>",
	"two\nlines\tand\x00\x1b[31m", "\u202edesrever", "中国新闻", "تصريح", "\xff\xfe", strings.Repeat("{", 10_000), strings.Repeat(`\`, 10_000), "@article{x, title={y}}"}

func FuzzBibText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		field := cite.BibText(s)
		if got, ok := unBib(field); !ok || got != cite.OneLine(s) {
			t.Errorf("%q is %q, which reads as %q, %v", s, field, got, ok)
		}
		if strings.ContainsFunc(field, unicode.IsControl) || strings.ContainsFunc(field, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
			t.Errorf("%q is %q", s, field)
		}
	})
}

func TestBibAddress(t *testing.T) {
	for _, s := range []string{"https://example.org/a_b?x=1&y=%20~z#f", "https://example.org/{a}\\b c", "https://example.org/外交部"} {
		got := cite.BibAddress(s)
		if strings.ContainsAny(got, `{}\ `) {
			t.Errorf("%q is %q", s, got)
		}
		a, err := url.PathUnescape(s)
		b, wrong := url.PathUnescape(got)
		if err != nil || wrong != nil || a != b {
			t.Errorf("%q is %q, another address", s, got)
		}
	}
}
