package loaders

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/loaders/foreign/ftm"
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

// IsDelta reports whether a file changes the dataset of another file, as deltas of
// FollowTheMoney do. [Open] refuses it, and [OpenParts] reads it. It is false for a file
// that cannot be read.
func IsDelta(name string, opts *Options) bool {
	info, err := os.Stat(name)
	in := newInput(opts)
	if err != nil || !info.Mode().IsRegular() || in.opts.Mapping != nil || in.opts.From == foreign.Own {
		return false
	}
	head, err := headOf(in, name, fileAt(name))
	if err != nil {
		return false
	}
	f, err := in.chosen(name, head)
	return err == nil && f != nil && f.IsDelta != nil && f.IsDelta(unpackedName(name), head)
}

// OpenParts opens the full file of a dataset and the deltas that change it, in their order,
// as one dataset: what a load of the full file of the day of the last delta would load. A
// part with a hash must still have it. If the path of the full file is empty, the deltas are
// read by themselves, for finding the errors in them.
func OpenParts(parts []schema.Part, opts *Options) (*Input, error) {
	name := parts[0].Path
	if name == "" && len(parts) > 1 {
		name = parts[1].Path
	}
	return openInput(name, opts, func(in *Input) error {
		in.chain = &chain{deltas: ftm.NewDeltas()}
		for i, part := range parts {
			err := in.chain.add(in, part, i == 0)
			if err != nil && part.SHA256 != "" {
				err = withHint(err, "load the full file of a later day or, in one command, a full file and all deltas since")
			}
			if err != nil {
				return err
			}
		}
		in.SHA256 = partsHash(in.files)
		return nil
	})
}

// chain is a full file and the deltas that change it.
type chain struct {
	deltas  *ftm.Deltas
	changes []schema.Part // the deltas that have lines
	follows int           // the parts of which the dataset was made before
}

// add adds a part to an input: the full file, or a delta.
func (c *chain) add(in *Input, part schema.Part, isFull bool) error {
	if part.SHA256 != "" {
		c.follows++
	}
	switch {
	case !isFull:
		return c.addDelta(in, part)
	case part.Path != "":
		return c.addFull(in, part)
	}
	return nil
}

// addFull adds the file that deltas change.
func (c *chain) addFull(in *Input, part schema.Part) error {
	if err := in.openFile(part.Path); err != nil {
		return err
	}
	f := in.files[0]
	if !isFull(in) {
		return withHint(fmt.Errorf("%s: is no file of FollowTheMoney entities, which a delta could change", f.path), "the full file stands before its deltas: entente load FULL DELTA")
	}
	m, err := c.deltas.Full()
	f.loader = mapped{JSONLines{}, m, in.Dataset, false}
	return cmp.Or(err, checkPart(in, part, f))
}

// isFull reports whether an input is a full file of FollowTheMoney, perhaps with deltas.
func isFull(in *Input) bool {
	return len(in.files) > 0 && !in.isStream && in.files[0].path == in.Path && len(in.Recognized) > 0 && in.Recognized[0].Format.IsDelta != nil
}

// checkPart returns an error if a file is not as it was when its hash was noted.
func checkPart(in *Input, part schema.Part, f *file) error {
	if part.SHA256 == "" || part.SHA256 == f.hash {
		return nil
	}
	return fmt.Errorf("%s: has changed since dataset %s was loaded from it, so that no delta applies", f.path, in.Dataset)
}

// addDelta adds a delta. One without any line changes nothing.
func (c *chain) addDelta(in *Input, part schema.Part) (err error) {
	f := &file{path: part.Path, relPath: filepath.Base(part.Path), open: part.Open, encoding: charset.UTF8,
		loader: JSONLines{}, dates: in.opts.Dates, contexts: in.opts.Contexts, delta: filepath.Base(part.Path)}
	if isFull(in) {
		f.full, f.relPath = in.files[0], in.files[0].relPath
	}
	raw := part.Open
	if raw != nil {
		f.path += " (as it was loaded)" // the file at the path may be another one by now
	} else {
		raw = fileAt(part.Path)
		if f.open, f.encoding, err = in.inUTF8(part.Path, raw); err != nil {
			return err
		}
	}
	isBlank, err := f.isBlank()
	if err != nil {
		return err
	}
	if !isBlank {
		if err := cmp.Or(f.check(raw), checkPart(in, part, f)); err != nil {
			return err
		}
		in.addFile(f)
		c.changes = append(c.changes, schema.Part{Path: part.Path, SHA256: f.hash, Open: f.open})
	}
	text, err := f.open()
	if err != nil {
		return err
	}
	defer text.Close()
	m, err := c.deltas.Add(f.path, text)
	if err != nil {
		return f.readError(err)
	}
	f.loader = mapped{f.loader, m, in.Dataset, false}
	return nil
}

// isBlank reports whether the text of a file is empty.
func (f *file) isBlank() (bool, error) {
	r, err := f.open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, foreign.HeadSize))
	if err != nil {
		return false, f.readError(err)
	}
	return len(head) < foreign.HeadSize && len(bytes.TrimSpace(bytes.TrimPrefix(head, []byte(byteOrderMark)))) == 0, nil
}

// partsOf returns the files of an input that deltas can change, and of how many of them the
// dataset was made before; nil for another input.
func partsOf(in *Input) (parts []schema.Part, follows int) {
	if !isFull(in) {
		return nil, 0
	}
	parts = []schema.Part{{Path: in.Path, SHA256: in.files[0].hash}}
	if in.chain == nil {
		return parts, 0
	}
	return append(parts, in.chain.changes...), in.chain.follows
}

// partsHash hashes the hashes of a full file and its deltas.
func partsHash(files []*file) string {
	if len(files) == 1 {
		return files[0].sha256()
	}
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "delta %s\n", f.sha256())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Applied counts what each delta of an input did, once the input has been read.
func Applied(in *Input) []ftm.Applied {
	if in.chain == nil {
		return nil
	}
	return in.chain.deltas.Applied()
}

// HasDelta reports whether a file of an input is a delta. The path is as in [Input.Files].
func HasDelta(in *Input, path string) bool {
	return slices.ContainsFunc(in.files, func(f *file) bool { return f.path == path && f.delta != "" })
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
