package loaders

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"strings"
	"unicode/utf8"

	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/sniff"
	"github.com/entente-kg/entente/schema"
)

// textCheck hashes a file and checks that it is text of UTF-8 with lines that are
// not too long, a chunk at a time.
type textCheck struct {
	file *file
	hash hash.Hash
	size int64
	part []byte // the beginning of a character at the end of the chunk before

	hasText bool
	first   byte   // the first byte that is no space
	verbs   bool   // a key of a file of verbs may be in it
	end     []byte // the last bytes of the chunk before

	line       int // the line of the next byte, from one
	characters int // in that line so far
	length     int // the bytes of that line so far

	nul, invalid, long error // the first error of each sort
}

func newTextCheck(f *file) *textCheck { return &textCheck{file: f, hash: sha256.New(), line: 1} }

func (c *textCheck) empty() error { return faultf(schema.UnreadableFile, "%s: is empty", c.file.path) }

func (c *textCheck) add(chunk []byte) error {
	c.hash.Write(chunk)
	text := chunk
	if c.size == 0 {
		if unmapped(c.file.loader) != (xmlFile{}) && sniff.IsPage(chunk) {
			return foreignFile(c.file.path, sniff.Page())
		}
		text = bytes.TrimPrefix(chunk, []byte(byteOrderMark))
	}
	if c.size += int64(len(chunk)); c.size > maxFile {
		return faultf(schema.TooLarge, "%s: is larger than %d bytes", c.file.path, maxFile)
	}
	c.findVerbs(text)
	c.characterwise(text)
	return nil
}

// findVerbs finds out whether a chunk may have a key of a file of verbs.
func (c *textCheck) findVerbs(chunk []byte) {
	if _, isTable := unmapped(c.file.loader).(CSV); isTable || c.verbs {
		return
	}
	const longest = 16
	seam := append(c.end, chunk[:min(len(chunk), longest)]...)
	c.verbs = hasVerbsKey(seam) || hasVerbsKey(chunk)
	c.end = bytes.Clone(seam[max(0, len(seam)-longest):])
	if len(chunk) >= longest {
		c.end = bytes.Clone(chunk[len(chunk)-longest:])
	}
}

// hasVerbsKey reports whether a text may have a key of a file of verbs: the key with a
// colon after it, perhaps after the end of the text.
func hasVerbsKey(text []byte) bool {
	for _, key := range schema.VerbsKeys() {
		for rest := text; ; {
			i := bytes.Index(rest, []byte(key))
			if i < 0 {
				break
			}
			isWhole := i == 0 || !isLetter(rest[i-1])
			rest = rest[i+len(key):]
			after := bytes.TrimLeft(rest, " \t\r\n\"'")
			if isWhole && (len(after) == 0 || after[0] == ':') {
				return true
			}
		}
	}
	return false
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' || b == '-' }

// characterwise checks a chunk up to its last whole character.
func (c *textCheck) characterwise(chunk []byte) {
	if len(c.part) > 0 {
		chunk = append(c.part, chunk...)
	}
	end := len(chunk)
	for i := 1; i <= min(len(chunk), utf8.UTFMax); i++ {
		if utf8.RuneStart(chunk[len(chunk)-i]) {
			if !utf8.FullRune(chunk[len(chunk)-i:]) {
				end = len(chunk) - i
			}
			break
		}
	}
	c.part = bytes.Clone(chunk[end:])
	c.check(chunk[:end])
}

func (c *textCheck) check(text []byte) {
	if trimmed := bytes.TrimSpace(text); !c.hasText && len(trimmed) > 0 {
		c.hasText, c.first = true, trimmed[0]
	}
	if i := bytes.IndexByte(text, 0); i >= 0 && c.nul == nil {
		c.nul = c.errorAt(text, i, withEncodingHint(faultf(schema.WrongEncoding, "is binary, not text: a NUL byte"), encodingOfNULs(text, i)))
	}
	if c.invalid == nil && !utf8.Valid(text) {
		i := firstInvalid(text)
		c.invalid = c.errorAt(text, i, c.notText(text, i))
	}
	for len(text) > 0 {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			c.characters, c.length = c.characters+countCharacters(text), c.length+len(text)
			return
		}
		c.length += i
		c.checkLength()
		c.line, c.characters, c.length = c.line+1, 0, 0
		text = text[i+1:]
	}
}

// notText is the error of a byte that is no character. Its hint shows the word in
// Windows-1252, of which Latin-1 is a part.
func (c *textCheck) notText(text []byte, i int) error {
	if e := c.file.encoding; e == charset.UTF16LE || e == charset.UTF16BE {
		return faultf(schema.WrongEncoding, "not %s: half a character", strings.ToUpper(string(e)))
	}
	isEnd := func(r rune) bool { return strings.ContainsRune(" ,;:\t\r\n\"'()[]{}<>|", r) }
	from, to := bytes.LastIndexFunc(text[:i], isEnd)+1, bytes.IndexFunc(text[i:], isEnd)
	if to < 0 {
		to = len(text) - i
	}
	word := charset.As1252(text[max(from, i-40) : i+min(to, 40)])
	return withHint(faultf(schema.WrongEncoding, "not UTF-8: byte 0x%02x", text[i]),
		fmt.Sprintf("--encoding windows-1252 (or latin1) reads the word as %q; save the file as UTF-8 if that is wrong", word))
}

// encodingOfNULs returns UTF-16 without a byte order mark, if every other byte from the
// first NUL is one; else an empty string.
func encodingOfNULs(text []byte, first int) charset.Encoding {
	for i := first; i < first+6; i++ {
		if i >= len(text) || (text[i] == 0) != ((i-first)%2 == 0) {
			return ""
		}
	}
	if first%2 == 1 {
		return charset.UTF16LE
	}
	return charset.UTF16BE
}

func withEncodingHint(err error, encoding charset.Encoding) error {
	if encoding == "" {
		return err
	}
	return withHint(err, "it seems to be UTF-16 without a byte order mark: --encoding "+string(encoding))
}

func (c *textCheck) checkLength() {
	if c.length > maxLine && c.long == nil {
		c.long = &positionedError{c.file.position(c.line, 0), faultf(schema.TooLarge, "a line of %d bytes, more than %d", c.length, maxLine)}
	}
}

// errorAt returns an error at a byte of the text that is being checked.
func (c *textCheck) errorAt(text []byte, i int, err error) error {
	line, col := c.line+bytes.Count(text[:i], []byte("\n")), c.characters
	start := bytes.LastIndexByte(text[:i], '\n') + 1
	if start > 0 {
		col = 0
	}
	return &positionedError{c.file.position(line, col+countCharacters(text[start:i])+1), err}
}

// countCharacters counts the characters that begin in a text.
func countCharacters(text []byte) (n int) {
	for _, b := range text {
		n += btoi(beginsRune(b))
	}
	return n
}

// finish returns the first error of the whole text.
func (c *textCheck) finish() error {
	c.check(c.part)
	c.checkLength()
	switch {
	case !c.hasText:
		return c.empty()
	case c.nul != nil:
		return c.nul
	case c.invalid != nil:
		return c.invalid
	}
	return c.long
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}
