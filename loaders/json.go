package loaders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// JSON reads one object with the keys of a YAML file, or an array of records.
type JSON struct{ Options *Options }

// JSONLines reads one record from each line.
type JSONLines struct{ Options *Options }

// Load implements [Loader].
func (l JSON) Load(ctx context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return load(ctx, l, l.Options, name, r)
}

// Load implements [Loader].
func (l JSONLines) Load(ctx context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return load(ctx, l, l.Options, name, r)
}

func looksJSON(head []byte) bool {
	return bytes.HasPrefix(head, []byte("{")) || bytes.HasPrefix(head, []byte("["))
}

func looksJSONLines(head []byte) bool {
	line, rest, more := bytes.Cut(head, []byte("\n"))
	return more && bytes.HasPrefix(line, []byte("{")) && json.Valid(line) &&
		bytes.HasPrefix(bytes.TrimSpace(rest), []byte("{"))
}

func (JSON) parse(_ context.Context, p *parser) error {
	text := p.source.text
	if len(text) > maxJSON {
		return faultf(schema.TooLarge, "%s: a JSON file of %d bytes, more than %d, that cannot be read item by item: use JSON lines", p.source.path, len(text), maxJSON)
	}
	p.scanner.reset(text, 1)
	root, err := p.scanner.single(), error(nil)
	if root == nil {
		root, err = newJSONParser(p.source, text, 1).single()
	}
	if err != nil {
		return err
	}
	return p.dataset(root)
}

func (JSON) layout(*schema.Vocabulary, *source) (rowLayout, error) { return jsonArray{}, nil }

// jsonArray is the layout of an array of records. A block ends after a comma and a
// line break between two elements.
type jsonArray struct{}

func (jsonArray) cut(text []byte, first, last bool) (size, rows int) {
	if last {
		return len(text), 0
	}
	depth := btoi(!first)
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += quotedLength(text[i:]) - 1
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case ',':
			if end := i + 1 + lineBreak(text[i+1:]); depth == 1 && end > i+1 {
				size = end
			}
		}
	}
	return size, 0
}

// lineBreak returns the length of the spaces up to a line break, and of the line
// break; 0 if anything else is before it.
func lineBreak(text []byte) int {
	n := bytes.IndexByte(text[:min(len(text), 100)], '\n') + 1
	if len(bytes.TrimSpace(text[:n])) > 0 {
		return 0
	}
	return n
}

func (jsonArray) parse(p *parser) error {
	p.scanner.reset(p.source.text, p.source.firstLine)
	ok := p.scanner.elements(p.source.firstLine == 1, p.source.last, 1, func(n *node) {
		p.readItem(n, func() { p.record(n) })
	})
	if !ok {
		return p.source.file.jsonError()
	}
	return nil
}

// jsonError returns the error in a file that is not well-formed.
func (f *file) jsonError() error {
	s, err := f.whole()
	if err == nil {
		err = newJSONParser(s, s.text, 1).check()
	}
	if err == nil {
		err = faultf(schema.BadSyntax, "%s: not JSON", f.path)
	}
	return err
}

func (JSONLines) layout(*schema.Vocabulary, *source) (rowLayout, error) { return jsonRows{}, nil }

// jsonRows is the layout of JSON lines.
type jsonRows struct{}

func (jsonRows) cut(text []byte, _, last bool) (size, rows int) {
	if last {
		return len(text), 0
	}
	return bytes.LastIndexByte(text, '\n') + 1, 0
}

func (jsonRows) parse(p *parser) error {
	eachJSONLine(p, func(n *node) { p.readItem(n, func() { p.record(n) }) })
	return nil
}

// eachJSONLine calls read for the value of each line that is not empty.
func eachJSONLine(p *parser, read func(*node)) {
	number := p.source.firstLine - 1
	for line := range strings.Lines(p.source.text) {
		number++
		if strings.TrimSpace(line) == "" {
			continue
		}
		line = strings.TrimRight(line, "\r\n")
		p.scanner.reset(line, number)
		n, err := p.scanner.single(), error(nil)
		if n == nil {
			n, err = newJSONParser(p.source, line, number).single()
		}
		if err != nil {
			p.drafts.reject(err, line[:min(len(line), maxRowText)])
			continue
		}
		read(n)
	}
}

// jsonParser reads JSON values with their positions, or finds the error in them.
// It is slow: what is well-formed is read by [jsonScanner].
type jsonParser struct {
	source *source
	data   []byte
	dec    *json.Decoder
	line   int // the line of the byte at seen
	start  int // offset of that line
	seen   int

	forgets bool // collections stay empty: only errors matter
}

func newJSONParser(s *source, text string, line int) *jsonParser {
	data := []byte(text)
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return &jsonParser{source: s, data: data, dec: dec, line: line}
}

// nextPlace returns the position of the next token, after spaces and separators.
func (j *jsonParser) nextPlace() text {
	i := int(j.dec.InputOffset())
	for i < len(j.data) && strings.IndexByte(" \t\r\n,:", j.data[i]) >= 0 {
		i++
	}
	return j.place(i)
}

func (j *jsonParser) place(i int) text {
	i = min(i, len(j.data))
	for ; j.seen < i; j.seen++ {
		if j.data[j.seen] == '\n' {
			j.line++
			j.start = j.seen + 1
		}
	}
	return text{line: int32(j.line), col: int32(i - j.start + 1)}
}

func (j *jsonParser) errorAt(t text, err error) error {
	if schema.ProblemKindOf(err) == schema.OtherProblem {
		err = faultOf(schema.BadSyntax, err)
	}
	return &positionedError{j.source.position(t), err}
}

// token reads one token and its position.
func (j *jsonParser) token() (json.Token, text, error) {
	at := j.nextPlace()
	begin := j.seen
	tok, err := j.dec.Token()
	if err == nil {
		return tok, at, j.checkSurrogates(begin)
	}
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("not JSON: ends too early")
	case errors.As(err, &syntax) && j.nextRune() >= utf8.RuneSelf:
		err = withJSONHint(fmt.Errorf("not JSON: unexpected %q", j.nextRune()), j.nextRune(), "") // the decoder's error would show a single byte
	case errors.As(err, &syntax):
		err = withJSONHint(fmt.Errorf("not JSON: %v", syntax), j.nextRune(), syntax.Error())
	}
	return nil, at, j.errorAt(at, err)
}

// withJSONHint adds what is often wrong where JSON has a character that it must not have.
func withJSONHint(err error, found rune, what string) error {
	hint := ""
	switch {
	case found == '\'' || strings.ContainsRune("“”„«»‘’", found):
		hint = `texts and keys of JSON stand in straight double quotes: "text"`
	case (found == ']' || found == '}') && strings.Contains(what, "looking for beginning"):
		hint = "remove the comma before it"
	case strings.Contains(what, "after array element"), strings.Contains(what, "after object key:value pair"):
		hint = "a comma is missing before it"
	case found == '#' || found == '/':
		hint = "JSON has no comments; YAML has"
	case strings.ContainsRune("NTF", found):
		hint = "write null, true or false, in lower case"
	}
	if hint == "" {
		return err
	}
	return withHint(err, hint)
}

// checkSurrogates refuses a \u escape that is half of a surrogate pair. The
// decoder would replace it with U+FFFD.
func (j *jsonParser) checkSurrogates(begin int) error {
	raw := j.data[begin:j.dec.InputOffset()]
	if len(raw) == 0 || raw[0] != '"' {
		return nil
	}
	for i := bytes.IndexByte(raw, '\\'); i >= 0 && i < len(raw); {
		size, whole := escapeLength(raw[i:])
		if !whole {
			return j.errorAt(j.place(begin+i), fmt.Errorf("not JSON: half of a surrogate pair: %q", raw[i:i+size]))
		}
		i += size
		next := bytes.IndexByte(raw[i:], '\\')
		if next < 0 {
			return nil
		}
		i += next
	}
	return nil
}

// escapeLength returns the length of the valid escape at the beginning of raw; a
// surrogate pair counts as one escape. whole is false for half of a pair.
func escapeLength(raw []byte) (size int, whole bool) {
	const one = len(`\u0000`)
	if raw[1] != 'u' {
		return 2, true
	}
	first := hexRune(raw[2:one])
	if !utf16.IsSurrogate(first) {
		return one, true
	}
	if len(raw) < 2*one || raw[one] != '\\' || raw[one+1] != 'u' {
		return one, false
	}
	pair := utf16.DecodeRune(first, hexRune(raw[one+2:2*one]))
	if pair == unicode.ReplacementChar {
		return one, false
	}
	return 2 * one, true
}

func hexRune(digits []byte) rune {
	n, _ := strconv.ParseUint(string(digits), 16, 16)
	return rune(n)
}

// nextRune returns the character at the position of the last token.
func (j *jsonParser) nextRune() rune {
	r, _ := utf8.DecodeRune(j.data[j.seen:])
	return r
}

// single reads data that is a single value.
func (j *jsonParser) single() (*node, error) {
	n, err := j.value(0)
	if err != nil {
		return nil, err
	}
	return n, j.end()
}

func (j *jsonParser) end() error {
	at := j.nextPlace()
	if rest := bytes.TrimSpace(j.data[j.dec.InputOffset():]); len(rest) > 0 {
		err := fmt.Errorf("not JSON: more after the value: %q", shorten(string(rest[:min(len(rest), 400)])))
		return j.errorAt(at, withHint(err, "a file of one value a line is JSON lines: name it .jsonl"))
	}
	return nil
}

// check reads data that is a single value for the error in it.
func (j *jsonParser) check() error {
	j.forgets = true
	_, err := j.single()
	return err
}

func (j *jsonParser) value(depth int) (*node, error) {
	tok, at, err := j.token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, j.errorAt(at, errDeep)
	}
	n := &node{text: at}
	switch tok := tok.(type) {
	case nil:
	case bool:
		n.kind, n.value = boolNode, fmt.Sprint(tok)
	case json.Number:
		n.kind, n.value = numberNode, tok.String()
	case string:
		n.kind, n.value = textNode, tok
	case json.Delim:
		return n, j.collection(n, tok, depth)
	}
	return n, nil
}

// collection reads an array or an object after its opening bracket.
func (j *jsonParser) collection(n *node, open json.Delim, depth int) error {
	n.kind = listNode
	if open == '{' {
		n.kind = mapNode
	}
	for j.dec.More() {
		if n.kind == mapNode {
			tok, at, err := j.token()
			if err != nil {
				return err
			}
			at.value, _ = tok.(string)
			n.keys = append(n.keys, at)
		}
		item, err := j.value(depth + 1)
		if err != nil {
			return err
		}
		if n.items = append(n.items, item); j.forgets {
			n.keys, n.items = nil, nil
		}
	}
	_, _, err := j.token()
	return err
}
