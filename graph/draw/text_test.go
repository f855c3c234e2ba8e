package draw_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/paths"
)

func TestVisualOrder(t *testing.T) {
	t.Parallel()
	for s, want := range map[string][]string{
		"met":                {"met"},
		"שלום כהן 12":        {"12", "שלום כהן "},
		"abc שלום 12 כהן de": {"abc ", " כהן", "12", "שלום ", " de"},
		"[1] שלום":           {"[1] ", "שלום"},
	} {
		if got := draw.VisualOrder(s); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, s := range append(names, strings.Repeat("ab ", 5000), strings.Repeat("长", 10000), strings.Repeat("w", 10000)) {
		for _, width := range []float64{40, 150, 400} {
			lines, widths, err := draw.Wrap(s, width, 6)
			if err != nil {
				t.Fatal(err)
			}
			if len(lines) > 6 || len(lines) == 0 {
				t.Errorf("%d lines of %.30q", len(lines), s)
			}
			for i, w := range widths {
				if w > width {
					t.Errorf("%q is %v wide, more than %v", lines[i], w, width)
				}
			}
			whole := strings.Join(strings.Fields(s), "")
			if got := strings.Join(strings.Fields(strings.Join(lines, "")), ""); got != whole && !strings.HasSuffix(got, "…") {
				t.Errorf("%.30q was cut to %q without an ellipsis", s, got)
			}
		}
	}
}

// FuzzEscapeXML reads escaped texts with another program's reader, as an element and as
// an attribute. The text is the same, without what XML does not allow.
func FuzzEscapeXML(f *testing.F) {
	for _, s := range append(names, "\x00\x1f\t\r\n\ufffe\xff\u0085\u2028") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.Map(func(r rune) rune {
			if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
				return -1
			}
			return r
		}, strings.ToValidUTF8(replaceInvalid(s), ""))
		var got struct {
			A    string `xml:"a,attr"`
			Text string `xml:",chardata"`
		}
		in := draw.EscapeXML(s)
		if err := xml.Unmarshal([]byte(`<x a="`+in+`">`+in+`</x>`), &got); err != nil {
			t.Fatal(err)
		}
		if got.A != want || got.Text != want {
			t.Errorf("%q was read as %q and %q", s, got.A, got.Text)
		}
	})
}

// replaceInvalid replaces each byte that is not UTF-8 by the replacement character.
func replaceInvalid(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		b.WriteRune(r)
		i += size
	}
	return b.String()
}

// A date after an Arabic name keeps the order of its parts.
func TestListsStayInOrder(t *testing.T) {
	t.Parallel()
	list := draw.LeftToRight("خطاب (1), الأهرام, 1956-07-27")
	if parts := draw.VisualOrder(list); !strings.HasSuffix(parts[len(parts)-1], "1956-07-27") {
		t.Errorf("the parts of %q from left to right are %q", list, parts)
	}
	for _, same := range []string{"", "Title, The Times, 2020", "周恩来, 1956", "1, 2"} {
		if got := draw.LeftToRight(same); got != same {
			t.Errorf("%q became %q", same, got)
		}
	}
}

func TestLettersOnA4(t *testing.T) {
	t.Parallel()
	f := open(t, records(60))
	var last float64 = 100
	for _, top := range []int{1, 20, 60} {
		d, err := draw.Around(t.Context(), f, person(0), paths.Query{}, draw.Options{Top: top})
		if err != nil {
			t.Fatal(err)
		}
		points := d.LettersOnA4()
		if points > last || points < 1 || top == 1 && points < 7.5 {
			t.Errorf("letters of %v entities are %v points, after %v", top, points, last)
		}
		last = points
	}
}
