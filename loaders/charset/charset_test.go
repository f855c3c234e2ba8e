package charset_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/entente-kg/entente/loaders/charset"
)

func decode(t *testing.T, e charset.Encoding, data []byte) string {
	t.Helper()
	text, err := io.ReadAll(e.NewReader(iotest.OneByteReader(bytes.NewReader(data))))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Texts that another package encodes are decoded again.
func TestDecoding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name charset.Encoding
		enc  encoding.Encoding
		text string
	}{
		{charset.Latin1, charmap.ISO8859_1, "José Müller, £5\r\n"},
		{charset.Windows1252, charmap.Windows1252, "“José” – 5 €\n"},
		{charset.UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "谢锋 met José 🙂\n"},
		{charset.UTF16BE, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "谢锋 met José 🙂\n"},
		{charset.UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "with a mark"},
		{charset.UTF8, encoding.Nop, "é"},
		{"", encoding.Nop, "é"},
	} {
		data, err := c.enc.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := decode(t, c.name, data); got != c.text {
			t.Errorf("%s: %q, not %q", c.name, got, c.text)
		}
	}
}

// Half a character is a byte that is no UTF-8, wherever it is.
func TestHalfCharacters(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\x00b": "a\xff", "\x3d\xd8a\x00": "\xffa", "a\x00\x3d\xd8": "a\xff", "\x42\xdea\x00": "\xffa", "\x3d\xd8\x42\xde": "🙂", "\x3d\xd8\x3d\xd8\x42\xde": "\xff🙂",
	} {
		if got := decode(t, charset.UTF16LE, []byte(in)); got != want {
			t.Errorf("%q is %q, not %q", in, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, name := range append(charset.All(), "Latin-1", "ISO-8859-1", "CP1252", "UTF8", "utf_16le") {
		if _, err := charset.Parse(name); err != nil {
			t.Error(err)
		}
	}
	if _, err := charset.Parse("koi8-r"); err == nil || !strings.Contains(err.Error(), "latin1") {
		t.Errorf("error %v", err)
	}
}

func FuzzUTF16(f *testing.F) {
	f.Add([]byte("a\x00\x3d\xd8\x42\xde"), true)
	f.Fuzz(func(t *testing.T, data []byte, big bool) {
		e, order := charset.UTF16LE, unicode.LittleEndian
		if big {
			e, order = charset.UTF16BE, unicode.BigEndian
		}
		got := decode(t, e, data)
		want, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
		if utf8.ValidString(got) && (err != nil || strings.TrimPrefix(string(want), "\ufeff") != got) {
			t.Errorf("%q is %q, not %q", data, got, want)
		}
	})
}
