// Package charset reads texts that are not UTF-8: Latin-1, Windows-1252 and UTF-16.
// What is no character of the encoding becomes the byte 0xFF, which is in no text of
// UTF-8.
package charset

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// Encoding is how the characters of a text are encoded. The zero Encoding is that of
// the byte order mark, or else UTF-8.
type Encoding string

// The encodings. UTF16 is UTF-16 with a byte order mark.
const (
	UTF8        Encoding = "utf-8"
	Latin1      Encoding = "latin1"
	Windows1252 Encoding = "windows-1252"
	UTF16       Encoding = "utf-16"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
)

// All returns the names of all encodings.
func All() []string {
	return []string{string(UTF8), string(Latin1), string(Windows1252), string(UTF16), string(UTF16LE), string(UTF16BE)}
}

// aliases are other names of encodings, without hyphens and underscores.
var aliases = map[string]Encoding{
	"utf8": UTF8, "latin1": Latin1, "iso88591": Latin1, "windows1252": Windows1252, "cp1252": Windows1252,
	"utf16": UTF16, "utf16le": UTF16LE, "utf16be": UTF16BE,
}

// Parse reads the name of an encoding. Case, hyphens and underscores do not matter.
func Parse(name string) (Encoding, error) {
	plain := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	if e, ok := aliases[plain]; ok {
		return e, nil
	}
	return "", fmt.Errorf("unknown encoding %q: want one of %s", name, strings.Join(All(), ", "))
}

// OfMark returns the encoding that a byte order mark at the beginning of a text says;
// empty if there is none.
func OfMark(head []byte) Encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return UTF8
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return UTF16LE
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return UTF16BE
	}
	return ""
}

// NewReader returns a reader of the same text in UTF-8, without the byte order mark of
// UTF-16.
func (e Encoding) NewReader(r io.Reader) io.Reader {
	switch e {
	case Latin1:
		return transform.NewReader(r, charmap.ISO8859_1.NewDecoder())
	case Windows1252:
		return transform.NewReader(r, charmap.Windows1252.NewDecoder())
	case UTF16LE, UTF16BE:
		return transform.NewReader(r, &decoder{isBig: e == UTF16BE})
	}
	return r
}

// As1252 returns a text of one byte a character in Windows-1252.
func As1252(text []byte) string {
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(text)
	if err != nil {
		return string(text)
	}
	return string(decoded)
}

// decoder decodes UTF-16.
type decoder struct {
	isBig   bool
	isBegun bool // the first character was read
}

func (d *decoder) Reset() { d.isBegun = false }

// Transform implements [transform.Transformer].
func (d *decoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	for nSrc < len(src) {
		r, size := d.next(src[nSrc:], atEOF)
		switch {
		case size == 0:
			return nDst, nSrc, transform.ErrShortSrc
		case nDst+utf8.UTFMax > len(dst):
			return nDst, nSrc, transform.ErrShortDst
		case r < 0:
			dst[nDst] = 0xFF
			nDst++
		case r != '\ufeff' || d.isBegun:
			nDst += utf8.EncodeRune(dst[nDst:], r)
		}
		nSrc, d.isBegun = nSrc+size, true
	}
	return nDst, nSrc, nil
}

// next returns the first character and its size in bytes. It is negative for half a
// character, and the size is zero if more bytes are needed.
func (d *decoder) next(src []byte, atEOF bool) (r rune, size int) {
	switch {
	case len(src) == 1 && atEOF:
		return -1, 1
	case len(src) == 1:
		return 0, 0
	}
	r = rune(d.unit(src))
	if !utf16.IsSurrogate(r) {
		return r, 2
	}
	if len(src) < 4 {
		if atEOF {
			return -1, 2
		}
		return 0, 0
	}
	if pair := utf16.DecodeRune(r, rune(d.unit(src[2:]))); pair != utf8.RuneError {
		return pair, 4
	}
	return -1, 2
}

func (d *decoder) unit(src []byte) uint16 {
	if d.isBig {
		return uint16(src[0])<<8 | uint16(src[1])
	}
	return uint16(src[1])<<8 | uint16(src[0])
}
