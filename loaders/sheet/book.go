package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf16"
)

// book is a workbook: a ZIP archive of XML files, its parts.
type book struct {
	parts    map[string]*zip.File // by their names in lower case
	room     int64                // how many bytes of parts may still be read
	sheets   []sheet
	from1904 bool     // the first day is in 1904
	strings  []string // the texts that cells share
	layouts  []layout // of dates, by style
}

// sheet is a sheet of a workbook, and the name of its part.
type sheet struct{ Name, part string }

// relation is how one part refers to another one.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

// is reports whether the relation leads to a part of a kind, such as styles. Strict
// workbooks have other addresses with the same ends.
func (r relation) is(kind string) bool { return path.Base(r.Type) == kind }

var errUnpacked = fmt.Errorf("is larger than %d bytes when it is unpacked", maxUnpacked)

// open reads a workbook, but for its sheets.
func open(r io.Reader) (*book, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxWorkbook {
		return nil, fmt.Errorf("is larger than %d bytes", maxWorkbook)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("not a workbook: %w", err)
	}
	b := &book{parts: make(map[string]*zip.File), room: maxUnpacked}
	declared := uint64(0)
	for _, f := range archive.File {
		if declared += f.UncompressedSize64; f.UncompressedSize64 > maxUnpacked || declared > maxUnpacked {
			return nil, errUnpacked
		}
		b.parts[strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))] = f
	}
	if err := b.readParts(); err != nil {
		return nil, fmt.Errorf("not a workbook: %w", err)
	}
	return b, nil
}

func (b *book) readParts() error {
	main := "xl/workbook.xml"
	top, err := b.relations("")
	if err != nil {
		return err
	}
	for _, r := range top {
		if r.is("officeDocument") {
			main = r.Target
		}
	}
	relations, err := b.relations(main)
	if err != nil {
		return err
	}
	if err := b.readWorkbook(main, relations); err != nil {
		return err
	}
	for _, r := range relations {
		switch {
		case r.is("sharedStrings"):
			err = b.readStrings(r.Target)
		case r.is("styles"):
			err = b.readStyles(r.Target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// relations returns the relations of a part, with the names of parts as their targets. A
// part may have none.
func (b *book) relations(part string) ([]relation, error) {
	dir, base := path.Split(part)
	name := dir + "_rels/" + base + ".rels"
	if b.parts[strings.ToLower(name)] == nil {
		return nil, nil
	}
	var all struct {
		Relationship []relation
	}
	if err := b.decode(name, &all); err != nil {
		return nil, err
	}
	for i, r := range all.Relationship {
		if absolute, ok := strings.CutPrefix(r.Target, "/"); ok {
			all.Relationship[i].Target = path.Clean(absolute)
		} else {
			all.Relationship[i].Target = path.Join(dir, r.Target)
		}
	}
	return all.Relationship, nil
}

func (b *book) readWorkbook(part string, relations []relation) error {
	var workbook struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name     string `xml:"name,attr"`
			Relation string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.decode(part, &workbook); err != nil {
		return err
	}
	b.from1904, _ = strconv.ParseBool(workbook.Properties.Date1904)
	for _, s := range workbook.Sheets {
		found := sheet{Name: s.Name}
		for _, r := range relations {
			if r.ID == s.Relation && r.is("worksheet") {
				found.part = r.Target
			}
		}
		b.sheets = append(b.sheets, found)
	}
	return nil
}

func (b *book) readStyles(part string) error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.decode(part, &styles); err != nil {
		return err
	}
	own := make(map[int]layout, len(styles.Formats))
	for _, f := range styles.Formats {
		own[f.ID] = layoutOf(f.Code)
	}
	for _, c := range styles.Cells {
		l, ok := own[c.Format]
		if !ok {
			l = layoutOfNumber(c.Format)
		}
		b.layouts = append(b.layouts, l)
	}
	return nil
}

func (b *book) readStrings(part string) error {
	return b.elements(part, func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		var t richText
		err := d.DecodeElement(&t, &e)
		b.strings = append(b.strings, t.String())
		return err
	})
}

// richText is a text, or a text in pieces of different looks. How Japanese is pronounced,
// which stands beside both, is no part of it.
type richText struct {
	Text   string `xml:"t"`
	Pieces []struct {
		Text string `xml:"t"`
	} `xml:"r"`
}

func (t richText) String() string {
	all := t.Text
	for _, p := range t.Pieces {
		all += p.Text
	}
	return unescape(all)
}

// unescape replaces characters that are written as _x000D_, which XML does not allow.
func unescape(s string) string {
	var out []byte
	done := 0
	for i := 0; i+7 <= len(s); i++ {
		if s[i] != '_' || s[i+1] != 'x' || s[i+6] != '_' {
			continue
		}
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || utf16.IsSurrogate(rune(n)) {
			continue
		}
		out = append(append(out, s[done:i]...), string(rune(n))...)
		i += 6
		done = i + 1
	}
	return string(append(out, s[done:]...))
}

// decode decodes a part.
func (b *book) decode(part string, into any) error {
	r, err := b.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := xml.NewDecoder(r).Decode(into); err != nil {
		return fmt.Errorf("%s: %w", part, err)
	}
	return nil
}

// errEnough ends elements without an error.
var errEnough = errors.New("enough")

// elements calls fn with the start of each element of a part, of which fn may decode the
// rest.
func (b *book) elements(part string, fn func(*xml.Decoder, xml.StartElement) error) error {
	r, err := b.open(part)
	if err != nil {
		return err
	}
	defer r.Close()
	for d := xml.NewDecoder(r); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if e, ok := token.(xml.StartElement); ok && err == nil {
			err = fn(d, e)
		}
		if errors.Is(err, errEnough) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
}

// open opens a part, of which no more can be read than all parts may have.
func (b *book) open(part string) (io.ReadCloser, error) {
	f := b.parts[strings.ToLower(part)]
	if f == nil {
		return nil, fmt.Errorf("no part %q", part)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	return &limited{r, b}, nil
}

// limited counts what is read of the parts of a workbook.
type limited struct {
	io.ReadCloser
	book *book
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if l.book.room -= int64(n); l.book.room < 0 {
		return n, errUnpacked
	}
	return n, err
}
