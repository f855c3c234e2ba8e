package loaders

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Options says how an input is read. The zero Options is sensible.
type Options struct {
	Vocabulary *schema.Vocabulary // nil is the default one
	Known      *Names             // what names may mean besides what the input declares
	Dataset    string             // empty is the name of the file or folder, without extension
}

func (o *Options) orDefault() *Options {
	if o == nil {
		o = &Options{}
	}
	c := *o
	if c.Vocabulary == nil {
		c.Vocabulary = schema.DefaultVocabulary()
	}
	return &c
}

// Input is one dataset to be: a file, or a folder as one, all of it read.
type Input struct {
	Path    string // of the file or folder, as it was given
	Dataset string
	SHA256  string            // of its bytes; for a folder, of its files' names and bytes
	Files   []string          // in the order in which they are read
	About   map[string]string // what its files say about themselves, once Records has run

	opts  *Options
	files []inputFile
}

// inputFile is a file in memory, or one of N-Quads, which is read when it is
// asked for.
type inputFile struct {
	source *source
	loader Loader
	open   opener // of N-Quads
}

type opener func() (io.ReadCloser, error)

// Open reads a file, or every file of a folder that a loader knows, as one
// dataset. Hidden files, and files of other extensions, are left out. Links that
// lead out of the folder are refused, and so are pipes and devices.
func Open(name string, opts *Options) (*Input, error) {
	in := &Input{Path: name, opts: opts.orDefault()}
	in.Dataset = in.opts.Dataset
	if in.Dataset == "" {
		in.Dataset = datasetName(name)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	switch {
	case info.IsDir():
		err = in.openFolder(name)
	case !info.Mode().IsRegular():
		err = notAFile(name, info)
	default:
		err = in.openFile(name)
	}
	if err != nil {
		return nil, err
	}
	return in, nil
}

// notAFile refuses what may never end, or keep its reader waiting for ever.
func notAFile(name string, info fs.FileInfo) error {
	err := fmt.Errorf("%s: is not a file", name)
	if info.Mode()&fs.ModeNamedPipe == 0 {
		return err
	}
	return withHint(fmt.Errorf("%w but a pipe", err), "write what comes out of it to a file, and read that")
}

// withoutPath is an error of the file system without the path that it repeats.
func withoutPath(err error) error {
	var p *fs.PathError
	switch {
	case !errors.As(err, &p):
		return err
	case p.Err.Error() == "path escapes from parent": // package os has no name for it
		return errors.New("leads out of the folder")
	}
	return p.Err
}

// datasetName is the base name without extension, with what cannot stand in an
// id made a hyphen.
func datasetName(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		abs = name
	}
	base := unpackedName(filepath.Base(abs))
	base = cmp.Or(strings.TrimSuffix(base, filepath.Ext(base)), base)
	base = strings.Map(func(r rune) rune {
		if schema.CheckID(schema.ID("doc:"+string(r))) != nil {
			return '-'
		}
		return r
	}, base)
	return cmp.Or(strings.Trim(base, "-"), "dataset")
}

func (in *Input) openFile(name string) error {
	_, err := in.readFile(name, filepath.Base(name), func() (io.ReadCloser, error) { return os.Open(name) })
	return err
}

// readFile adds a file and returns how many bytes of it are kept.
func (in *Input) readFile(name, rel string, open opener) (size int, err error) {
	unpacked := func() (io.ReadCloser, error) {
		f, err := open()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, withoutPath(err))
		}
		return unpack(name, f)
	}
	if l, _ := byExtension(name); l == (NQuads{}) {
		return 0, in.addText(name, rel, unpacked)
	}
	r, err := unpacked()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	data, err := readAll(name, r)
	if err != nil {
		return 0, err
	}
	l, err := ForFile(name, data[:min(len(data), 4096)])
	switch {
	case err != nil && len(bytes.TrimSpace(data)) == 0:
		return 0, fmt.Errorf("%s: is empty", name)
	case err != nil:
		return 0, err
	case l == (NQuads{}):
		return 0, in.addText(name, rel, func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(data)), nil
		})
	}
	return len(data), in.addSource(name, rel, l, data)
}

func (in *Input) addSource(name, rel string, l Loader, data []byte) error {
	s, err := newSource(name, rel, data)
	if err != nil {
		return err
	}
	in.addFile(inputFile{source: s, loader: l})
	return nil
}

// addText adds a text of N-Quads, of which only the hash is taken now. It may be
// empty.
func (in *Input) addText(name, rel string, open opener) error {
	r, err := open()
	if err != nil {
		return err
	}
	h := sha256.New()
	_, err = io.Copy(h, r)
	if errors.As(err, new(*fs.PathError)) {
		err = fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	if err := errors.Join(err, r.Close()); err != nil {
		return err
	}
	in.addFile(inputFile{source: &source{path: name, relPath: rel, hash: hex.EncodeToString(h.Sum(nil))}, open: open})
	return nil
}

func (in *Input) addFile(f inputFile) {
	in.files = append(in.files, f)
	in.Files = append(in.Files, f.source.path)
	in.SHA256 = f.source.hash
}

func (in *Input) openFolder(name string) error {
	root, err := os.OpenRoot(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	defer root.Close()
	total := 0
	err = fs.WalkDir(root.FS(), ".", func(rel string, d fs.DirEntry, err error) error {
		full := filepath.Join(name, filepath.FromSlash(rel))
		if err != nil {
			return fmt.Errorf("%s: %w", full, withoutPath(err))
		}
		if path.Base(rel) == "entente.yaml" && !d.IsDir() {
			return nil // the command's configuration
		}
		if strings.HasPrefix(path.Base(rel), ".") && rel != "." {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if _, known := byExtension(rel); d.IsDir() || !known {
			return checkLink(root, full, rel, d)
		}
		n, err := in.addMember(root, full, rel)
		if total += n; total > maxFile {
			return fmt.Errorf("%s: is larger than %d bytes in all", name, maxFile)
		}
		return err
	})
	if err == nil && len(in.files) == 0 {
		return fmt.Errorf("%s: no file here has a known extension: %s", name, strings.Join(extensions(), ", "))
	}
	in.SHA256 = in.folderHash()
	return err
}

// checkLink refuses a link that leads to a folder outside. One that leads to a
// openFolder inside is left out: what is there is read where it stands.
func checkLink(root *os.Root, full, rel string, d fs.DirEntry) error {
	if d.Type()&fs.ModeSymlink == 0 {
		return nil
	}
	_, err := root.Stat(rel)
	if info, out := os.Stat(full); err == nil || out != nil || !info.IsDir() {
		return nil // or to nothing, or to a file that is none of ours
	}
	return fmt.Errorf("%s: %w", full, withoutPath(err))
}

// addMember adds one file of a folder, and nothing where it is a linked folder.
func (in *Input) addMember(root *os.Root, full, rel string) (int, error) {
	info, err := root.Stat(rel)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", full, withoutPath(err))
	}
	if info.IsDir() {
		return 0, nil
	}
	if !info.Mode().IsRegular() {
		return 0, notAFile(full, info)
	}
	return in.readFile(full, rel, func() (io.ReadCloser, error) { return os.OpenInRoot(root.Name(), rel) })
}

// folderHash hashes the names and hashes of all files, in order.
func (in *Input) folderHash() string {
	h := sha256.New()
	for _, f := range in.files {
		fmt.Fprintf(h, "%d %s %s\n", len(f.source.relPath), f.source.relPath, f.source.hash)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// IsText reports whether all of the input is N-Quads, which may bring datasets
// under names of their own.
func (in *Input) IsText() bool {
	return !slices.ContainsFunc(in.files, func(f inputFile) bool { return f.open == nil })
}

// Records yields what the input says: entities and documents first, then facts,
// not normalized, with all ids resolved. After a full pass the options' Known
// also holds what this input declares.
func (in *Input) Records(ctx context.Context) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		d, found := newDrafts(in.Dataset), &problems{}
		fatal := in.parse(ctx, d, found)
		in.About = d.about
		var r *resolved
		if fatal == nil {
			found.orderFiles(in.Files)
			r, fatal = resolve(ctx, in.opts, d, found)
		}
		for _, p := range found.sorted() {
			if !yield(nil, p.RowError) {
				return
			}
		}
		if fatal != nil {
			yield(nil, fatal)
			return
		}
		if r.yield(ctx, yield) && in.opts.Known != nil {
			in.opts.Known.addAll(d.names)
		}
	}
}

// parse reads all files into drafts.
func (in *Input) parse(ctx context.Context, d *drafts, found *problems) error {
	for _, f := range in.files {
		if f.open != nil {
			d.texts = append(d.texts, schema.NQuads{Name: f.source.path, Open: f.open})
			continue
		}
		if l, ok := f.loader.(parsingLoader); ok {
			if err := l.parse(ctx, newParser(in.opts.Vocabulary, f.source, d, found)); err != nil {
				return err
			}
			continue
		}
		records := f.loader.Load(ctx, f.source.path, bytes.NewReader(f.source.data))
		if err := d.addForeign(f.source, records, found); err != nil {
			return err
		}
	}
	return nil
}
