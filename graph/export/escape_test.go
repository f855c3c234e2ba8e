package export

import (
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"
)

// hostileTexts seed the fuzz targets of escapers.
func hostileTexts() []string {
	return []string{"", "plain", `"double" 'single' \ back`, "a\tb\nc\rd\r\ne", "]]> <b>&amp;&#x41; </script><!-- -->", "=cmd|'/C calc'!A0",
		"\x00\x01\x08\x0b\x0c\x0e\x1f\x7f", "\u0085\u2028\u2029\ufeff\ufffe\uffff\ufffd", "\u202e\u2066bidi\u2069", "\xff\xc3(\xed\xa0\x80", "谢锋 Се Фэн نص 𝒳 👩🏽‍🚀",
		strings.Repeat("x\"", 10000), "[\"a\", \"b\"]"}
}

// FuzzXML checks that a reader of XML gets a text back, from an element and from an
// attribute, apart from the characters that XML cannot hold.
func FuzzXML(f *testing.F) {
	for _, text := range hostileTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		escaped, replaced := appendXML([]byte("before"), text)
		escaped = escaped[len("before"):]
		document := slices.Concat([]byte(`<e a="`), escaped, []byte(`">`), escaped, []byte("</e>"))
		var read struct {
			Attribute string `xml:"a,attr"`
			Text      string `xml:",chardata"`
		}
		if err := xml.Unmarshal(document, &read); err != nil {
			t.Fatalf("%q: %v", document, err)
		}
		want, lost := heldByXML(text)
		if read.Attribute != want || read.Text != want || replaced != lost {
			t.Errorf("%q is read as %q and %q, want %q; %d replaced, want %d", text, read.Attribute, read.Text, want, replaced, lost)
		}
	})
}

// heldByXML returns a text with U+FFFD for each character that XML 1.0 cannot hold, and
// their number, by the production Char of the specification.
func heldByXML(text string) (held string, lost int) {
	var out strings.Builder
	for i, r := range text {
		invalid := r == '\uFFFD' && !strings.HasPrefix(text[i:], "\uFFFD")
		if ok := r == 9 || r == 10 || r == 13 || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000; !ok || invalid {
			r = '\uFFFD'
			lost++
		}
		out.WriteRune(r)
	}
	return out.String(), lost
}

// FuzzJSONText checks that a reader of JSON gets a text back, and that the JSON can stand
// in a script of an HTML page.
func FuzzJSONText(f *testing.F) {
	for _, text := range hostileTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		escaped := appendJSON(nil, text)
		var read string
		if err := json.Unmarshal(escaped, &read); err != nil {
			t.Fatalf("%q: %v", escaped, err)
		}
		if want := string([]rune(text)); read != want {
			t.Errorf("%q is read as %q", want, read)
		}
		if strings.ContainsAny(string(escaped), "<>&\u2028\u2029\n") {
			t.Errorf("%q ends a script or a line", escaped)
		}
	})
}

// FuzzGEXFList checks that Gephi gets the texts of a list back, by its own rules: a
// backslash stands before a quote or a backslash, and a quote ends a text.
func FuzzGEXFList(f *testing.F) {
	for _, text := range hostileTexts() {
		f.Add(text, "second")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		out := newBuffer(nil)
		(&gexfWriter{buffer: out}).addList([]string{a, b})
		var read struct {
			List string `xml:"a,attr"`
		}
		if err := xml.Unmarshal(slices.Concat([]byte(`<e a="`), out.bytes, []byte(`"/>`)), &read); err != nil {
			t.Fatal(err)
		}
		heldA, _ := heldByXML(a)
		heldB, _ := heldByXML(b)
		if got := gephiList(read.List); !slices.Equal(got, []string{heldA, heldB}) {
			t.Errorf("%q and %q are read as %q of %q", a, b, got, read.List)
		}
	})
}

// gephiList reads a list as ArraysParser of Gephi's graphstore does.
func gephiList(text string) (list []string) {
	var item strings.Builder
	inside, escaped := false, false
	for _, r := range text {
		switch {
		case !inside:
			inside = r == '"'
		case escaped:
			item.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			list = append(list, item.String())
			item.Reset()
			inside = false
		default:
			item.WriteRune(r)
		}
	}
	return list
}
