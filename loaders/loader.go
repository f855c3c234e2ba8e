// Package loaders reads files of facts into records: YAML, JSON, JSON lines and
// CSV; N-Quads are passed on as a text. The page "format" of the manual
// (cmd/entente/manual) describes the formats.
//
// [Open] opens a file or a folder as one dataset, which a graph loads:
//
//	in, err := loaders.Open("facts.yaml", nil)
//	if err != nil {
//		return err
//	}
//	report, err := g.LoadInput(ctx, in, nil)
//
// [Input.Records] yields the records for other uses. A row that cannot be read is a
// [*RowError], with its position and often with advice (see [schema.Hint]), and the
// next row follows. An input that cannot be read at all is an error that wraps
// [ErrInput].
//
// A name in an input refers to an entity that the input declares, or else to an
// entity in the [Names] of the [Options]. If inputs share their Names, each can use
// the names of the inputs that are read before it.
//
// Reading has two phases. First every file of a dataset is parsed, and what it
// declares is collected. Then names, sentences and references are resolved, so
// that the order of files and rows never matters. Files of rows, which are JSON
// lines, arrays of JSON and CSV, are read again for the second phase: their facts
// are never in memory all at once. A file that changes meanwhile is an error.
//
// A loader of another format is a type with one method, [Loader].
package loaders

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/loaders/packed"
	"github.com/entente-kg/entente/loaders/sheet"
	"github.com/entente-kg/entente/loaders/sniff"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// Loader reads one format. The sequence yields the entities and documents of a
// file first, then its facts. After a [*RowError] the next row follows; any other
// error is the last pair.
type Loader interface {
	Load(ctx context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error]
}

// format is a loader and how its files are recognized.
type format struct {
	name       string
	extensions []string
	looks      func(head []byte) bool // by content, for files without a known extension; nil for never
	loader     Loader
}

// formats lists the loaders; add a new loader here. Content is tried in this
// order.
func formats() []format {
	return []format{
		{"JSON lines", []string{".jsonl", ".ndjson"}, looksJSONLines, JSONLines{}},
		{"JSON", []string{".json"}, looksJSON, JSON{}},
		{"YAML", []string{".yaml", ".yml"}, looksYAML, YAML{}},
		{"N-Quads", []string{".nq", ".nquads", ".nt", ".ntriples"}, looksNQuads, NQuads{}},
		{"Turtle", []string{".ttl", ".turtle"}, nil, RDF{rdf.Turtle}},
		{"TriG", []string{".trig"}, nil, RDF{rdf.TriG}},
		{"JSON-LD", []string{".jsonld"}, nil, RDF{rdf.JSONLD}},
		{"CSV", []string{".csv", ".tsv", ".tab"}, looksCSV, CSV{}},
	}
}

// ForFile returns the loader of a file by the extension of its name, without the
// extension of a compressed file, or else by the beginning of its content.
func ForFile(name string, head []byte) (Loader, error) {
	if l, ok := byExtension(name); ok {
		return l, nil
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if !bytes.ContainsRune(head, 0) {
		for _, f := range formats() {
			if f.looks != nil && f.looks(head) {
				return f.loader, nil
			}
		}
	}
	return nil, fmt.Errorf("%s: unknown format: want %s", name, strings.Join(extensions(), ", "))
}

func byExtension(name string) (Loader, bool) {
	ext := strings.ToLower(path.Ext(unpackedName(name)))
	for _, f := range formats() {
		if slices.Contains(f.extensions, ext) {
			return f.loader, true
		}
	}
	return nil, false
}

func extensions() []string {
	all := []string{".xlsx", ".xlsm"}
	for _, f := range formats() {
		all = append(all, f.extensions...)
	}
	slices.Sort(all)
	return all
}

// load reads a single stream as a dataset.
func load(ctx context.Context, l Loader, opts *Options, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		data, err := readAll(name, r)
		if err != nil {
			yield(nil, err)
			return
		}
		in := newInput(opts)
		in.Dataset = in.opts.Dataset
		if in.Dataset == "" {
			in.Dataset = datasetName(name)
		}
		if _, err := in.addSource(name, path.Base(name), in.withMapping(l), inMemory(data)); err != nil {
			yield(nil, err)
			return
		}
		in.extend(in.opts.Vocabulary)
		in.Records(ctx)(yield)
	}
}

// StandardInput is the name of the file that [OpenStream] reads.
const StandardInput = "standard input"

// StreamOrigin is the origin of datasets that [OpenStream] has read.
const StreamOrigin = "stdin://"

// OpenStream reads a stream to its end and opens it as one dataset, whose name the
// options must have. The format is an extension of files without its dot, such as csv or
// jsonl; empty stands for the format of the option From, or else for what the stream looks
// like. Streams may be compressed. A stream of lines that ends within a line was cut off,
// and is an error. The bytes are kept in a temporary file without a name.
func OpenStream(r io.Reader, format string, opts *Options) (*Input, error) {
	in := newInput(opts)
	in.Path, in.Dataset, in.isStream = "-", in.opts.Dataset, true
	if err := openStream(in, r, format); err != nil {
		return nil, inputError{err}
	}
	in.mixMapping()
	in.extend(in.opts.Vocabulary)
	return in, nil
}

func openStream(in *Input, r io.Reader, format string) error {
	if from, err := foreign.Named(in.opts.From); err == nil && format == "" {
		format = from.Container
	}
	l, known := in.byExtension("." + format)
	if format != "" && !known && !sheet.Is("."+format) || strings.Contains(format, ".") {
		err := fmt.Errorf("unknown format %q of the standard input", format)
		return withHint(err, "known are "+strings.ReplaceAll(strings.Join(extensions(), ", "), ".", ""))
	}
	in.streamFormat = format
	head, open, err := spool(r, l == (NQuads{}))
	if err != nil {
		return fmt.Errorf("%s: %w", StandardInput, err)
	}
	if sheet.Is("."+format) || format == "" && sniff.IsWorkbook(head) {
		if open, err = readSheet(in, StandardInput, open); err != nil {
			return err
		}
		l = CSV{}
	} else if ext := packed.ExtensionOf(head); ext != "" {
		stored := open
		open = func() (io.ReadCloser, error) {
			r, err := stored()
			if err != nil {
				return nil, err
			}
			return packed.Open(StandardInput, ext, r)
		}
	}
	return addStream(in, l, open)
}

// addStream adds the standard input. The loader is nil if nothing says its format.
func addStream(in *Input, l Loader, open opener) error {
	if l != (NQuads{}) {
		from, err := in.foreign(StandardInput, open)
		if err == nil && from == nil && l == nil {
			l, err = in.byContent(StandardInput, open)
		}
		if err != nil {
			return err
		}
		if l = in.withMapping(l); from != nil {
			l = from
		}
	}
	if err := checkEnd(l, open); err != nil {
		return fmt.Errorf("%s: %w", StandardInput, err)
	}
	if l == (NQuads{}) {
		return in.addText(StandardInput, StandardInput, open)
	}
	_, err := in.addSource(StandardInput, StandardInput, l, open)
	return err
}

// spool copies a stream to a temporary file, and returns its first bytes and an opener of
// it. A text that is not parsed may have any size.
func spool(r io.Reader, isText bool) (head []byte, open opener, err error) {
	f, err := os.CreateTemp("", "entente-")
	if err != nil {
		return nil, nil, err
	}
	_ = os.Remove(f.Name()) // the system frees the file when the program ends
	head = make([]byte, foreign.HeadSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, nil, errors.Join(err, f.Close())
	}
	head = head[:n]
	if !isText && !looksNQuads(head) {
		r = io.LimitReader(r, maxFile+1) // newFile refuses a larger one
	}
	size, err := io.Copy(f, io.MultiReader(bytes.NewReader(head), r))
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return head, func() (io.ReadCloser, error) { return streamReader{io.NewSectionReader(f, 0, size)}, nil }, nil
}

// streamReader reads what spool has kept.
type streamReader struct{ *io.SectionReader }

func (streamReader) Close() error { return nil }

// checkEnd refuses a stream of lines that ends within a line.
func checkEnd(l Loader, open opener) error {
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	kept, isPlain := r.(streamReader)
	if !isPlain || !isOfLines(l) || kept.Size() == 0 {
		return nil // an error of unpacking says that a compressed stream was cut off
	}
	end := make([]byte, min(kept.Size(), 2))
	if _, err := kept.ReadAt(end, kept.Size()-int64(len(end))); err != nil && err != io.EOF {
		return err
	}
	if bytes.HasSuffix(end, []byte("\n")) || string(end) == "\n\x00" {
		return nil
	}
	err = faultf(schema.BadSyntax, "ends within a line, so that the program before the pipe may have failed")
	return withHint(err, "nothing was loaded; if the input is complete, end its last line with a line break")
}

// isOfLines reports whether the files of a loader end with a line break. JSON and XML
// have another end.
func isOfLines(l Loader) bool {
	switch unmapped(l).(type) {
	case CSV, JSONLines, NQuads, YAML:
		return true
	}
	return false
}

func inMemory(data []byte) opener {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

func readAll(name string, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil && strings.HasPrefix(err.Error(), name+":"): // an error of a compressed file names the file already
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: is larger than %d bytes", name, maxFile)
	}
	return data, nil
}

// NQuads passes N-Quads on unparsed as one [schema.NQuads], which the graph
// reads.
type NQuads struct{}

// Load implements [Loader]. The record reads from r, so it can be opened only
// once.
func (NQuads) Load(_ context.Context, name string, r io.Reader) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		yield(schema.NQuads{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}, nil)
	}
}

// isStatements reports whether a loader passes on statements of RDF.
func isStatements(l Loader) bool {
	_, is := unmapped(l).(RDF)
	return is || l == (NQuads{})
}

// looksNQuads reports whether the first line is a statement.
func looksNQuads(head []byte) bool {
	if len(head) == 0 || head[0] != '<' && head[0] != '_' && head[0] != '#' {
		return false
	}
	for line := range bytes.Lines(head) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			_, err := nquads.NewReader(bytes.NewReader(line), "").Read()
			return err == nil
		}
	}
	return false
}
