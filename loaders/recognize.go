package loaders

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"slices"

	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/loaders/sheet"
	"github.com/entente-kg/entente/loaders/sniff"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
)

// foreign returns the loader of a file of another program: the one that the options name,
// or else by what the file looks like. It returns nil for a file of entente's own formats.
func (in *Input) foreign(name string, open opener) (Loader, error) {
	if in.opts.Mapping != nil || in.opts.From == foreign.Own {
		return nil, nil
	}
	head, err := headOf(in, name, open)
	if err != nil {
		return nil, err
	}
	f, err := in.chosen(name, head)
	if f == nil && err == nil {
		if kind, is := sniff.Lookalike(head); is {
			err = foreignFile(name, kind)
		}
	}
	if f != nil && f.Name == "ftm" {
		if kind, is := sniff.Nested(head); is {
			err = foreignFile(name, kind)
		}
	}
	if f == nil || err != nil {
		return nil, err
	}
	m, err := mappingFor(name, f, head, in.opts.Texts)
	if err != nil {
		return nil, err
	}
	in.Recognized = append(in.Recognized, Recognized{name, f})
	if f.Container == "xml" {
		return mapped{xmlFile{}, m, in.Dataset, false}, nil
	}
	inner, _ := byExtension("." + f.Container)
	return mapped{inner, m, in.Dataset, f.Grounded != nil}, nil
}

// mappingFor returns what reads a file of a format. The texts of documents are those of
// the options, and those beside the file.
func mappingFor(name string, f *foreign.Format, head []byte, texts *grounding.Texts) (m *mapping.Mapping, err error) {
	if f.Grounded == nil {
		if m, err = f.MappingOf(head); err != nil {
			err = faultf(schema.UnreadableFile, "%s: %w", name, err)
		}
		return m, err
	}
	if name != StandardInput {
		if texts, err = texts.With(name); err != nil {
			return nil, err
		}
	}
	return f.Grounded(texts)
}

// chosen returns the format that the options name, or that a file looks like.
func (in *Input) chosen(name string, head []byte) (*foreign.Format, error) {
	if in.opts.From != "" {
		return foreign.Named(in.opts.From)
	}
	if in.streamFormat != "" {
		name += "." + in.streamFormat
	}
	return foreign.Recognize(unpackedName(name), head), nil
}

// headOf returns the text at the beginning of a file.
func headOf(in *Input, name string, open opener) ([]byte, error) {
	text, _, err := in.inUTF8(name, open)
	if err != nil {
		return nil, err
	}
	r, err := text()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, foreign.HeadSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, (&file{path: name}).readError(err)
	}
	return bytes.TrimPrefix(head[:n], []byte(byteOrderMark)), nil
}

// Recognized is a file of the format of another program.
type Recognized struct {
	Path   string
	Format *foreign.Format
}

// Formats lists the formats as which the files are read, each once, such as "CSV" or "GDELT
// events".
func (in *Input) Formats() (titles []string) {
	recognized := make(map[string]string)
	for _, r := range in.Recognized {
		recognized[r.Path] = r.Format.Title
	}
	for _, f := range in.files {
		title := recognized[f.path]
		for _, own := range formats() {
			if title == "" && own.loader == unmapped(f.loader) {
				title = own.name
			}
		}
		if title = cmp.Or(title, "XML"); !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}

// mappings returns the mappings that read the files, each once.
func (in *Input) mappings() (all []*mapping.Mapping) {
	if in.opts.Mapping != nil {
		return []*mapping.Mapping{in.opts.Mapping}
	}
	for _, f := range in.files {
		m := f.mapping()
		if m != nil && !slices.ContainsFunc(all, func(o *mapping.Mapping) bool { return o.SHA256 == m.SHA256 }) {
			all = append(all, m)
		}
	}
	return all
}

// mapping returns the mapping that reads the file; nil for none.
func (f *file) mapping() *mapping.Mapping {
	m, _ := f.loader.(mapped)
	return m.mapping
}

// Sheet is the sheet of a workbook that is read.
type Sheet struct {
	Path string
	sheet.Table
}

// readSheet returns an opener of a sheet as the text of a table.
func readSheet(in *Input, name string, open opener) (opener, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f, err := os.CreateTemp("", "entente-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // the system frees the file when the program ends
	t, err := sheet.CSV(f, r, in.opts.Sheet)
	if err != nil {
		return nil, errors.Join(faultf(schema.UnreadableFile, "%s: %w", name, err), f.Close())
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	in.Sheets = append(in.Sheets, Sheet{name, t})
	return func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(f, 0, size)), nil }, nil
}

// newMappingFormat describes entente's own format to a mapping.
func newMappingFormat(v *schema.Vocabulary) *mapping.Format {
	p := newParser(v, factKeysOf(v))
	definition := func(phrase string) (*schema.Definition, bool) {
		verb, _, ok := v.Resolve(phrase)
		if !ok {
			return nil, false
		}
		return v.Lookup(verb)
	}
	return &mapping.Format{
		Keys: sectionKeys(p),
		Word: func(key, word string) error { return p.checkWord(key, word) },
		Verb: func(phrase string) bool {
			_, ok := definition(phrase)
			return ok
		},
		Code:       v.ByCode,
		Definition: definition,
	}
}
