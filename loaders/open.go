package loaders

import (
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
	"strings"

	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/foreign/rdf"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/loaders/sheet"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
	"github.com/entente-kg/entente/schema/written"
)

// Options are the settings for reading an input. The zero Options is ready to
// use.
type Options struct {
	// Vocabulary is the vocabulary with which the input is read. Nil stands for the
	// vocabulary of the graph into which the input is loaded, or else the default
	// vocabulary.
	Vocabulary *schema.Vocabulary

	// Known are entities, not of the input, that its names may refer to. Several
	// inputs may have the same Known: names in an input may then refer to the
	// entities of all inputs that were read before it.
	Known *Names

	// Dataset is the name of the dataset. Empty stands for the name of the file or
	// folder, without extension.
	Dataset string

	// OnUnreadable, if set, is called with the error of each file of a folder that
	// cannot be read: the input is then the other files. Without it, such a file is an
	// error of Open.
	OnUnreadable func(error)

	// Mapping reads files of any shape, also XML: see package mapping. Nil stands for
	// entente's own formats.
	Mapping *mapping.Mapping

	// From is the name of the format of another program in which files are, or
	// [foreign.Own] for entente's own formats. Empty stands for what each file looks like.
	From string

	// Sheet is the name or the number, from 1, of the sheet that is read of a workbook of
	// Excel. Empty stands for the first one.
	Sheet string

	// Contexts are the contexts of JSON-LD that are not part of the program, by their IRIs;
	// the one under the empty IRI stands for all others. Nothing is fetched.
	Contexts rdf.Contexts
	// Texts are the texts of documents to which extractions are held. Texts beside a file
	// of extractions are found without it.
	Texts *grounding.Texts

	// HoldsQuotes rejects facts with a quote that the text of its document among Texts
	// lacks, whoever wrote the quote. Quotes whose documents have no text are counted.
	HoldsQuotes bool

	// Dates is the order of the numbers in dates such as 03/04/2015. Without it, such
	// a date is an error. A file with another order under its key "dates" is an error.
	Dates written.Order

	// Encoding is the encoding of files without a byte order mark, except N-Quads,
	// which are UTF-8. Empty stands for UTF-8.
	Encoding charset.Encoding
}

// Input is one dataset: the content of a file, or of all files of a folder.
type Input struct {
	Path       string // the path that was passed to Open
	Dataset    string
	SHA256     string            // of the unpacked bytes; for a folder, of the names and bytes of its files; with a mapping, of its bytes too
	Files      []string          // in the order of reading
	About      map[string]string // metadata from the files' "about", set by Records
	Tally      mapping.Tally     // what a mapping read and left out, set by Records
	NotGiven   []schema.ID       // entities of formats of other programs that the input refers to and does not declare, named by their ids; set by Records
	Quotes     grounding.Count   // of HoldsQuotes, set by Records
	Sheets     []Sheet           // of workbooks of Excel
	Recognized []Recognized      // the files of formats of other programs
	LeftOut    []string          // the files of a folder that are not read, since their names have no known extension

	opts         *Options           // never nil, with a vocabulary
	given        *schema.Vocabulary // the vocabulary that was passed to Open; nil for none
	isStream     bool               // OpenStream has read it
	streamFormat string             // the extension of files like the stream, without its dot; empty if none was given
	isShared     bool               // Known was passed to Open: other inputs may use the names of this one
	names        string             // the digest of Known when reading began

	verbs      []schema.VerbsPart // the own verbs of the dataset, by file
	verbsError error              // why they do not extend the vocabulary

	sourceKeys map[string]schema.ID // the keys of the sources that the input declares, set by Records

	files []*file
	chain *chain // of a full file and deltas; nil for another input

	blockSize int
	maxKept   int64                // bytes of undivided files whose facts are kept
	maxSaved  int                  // bytes of saved facts in memory
	stream    func(*RowError) bool // receives the problems of one file of rows, if there are many
	wholes    int                  // the files of one mapping that turned out to be undivided
}

// Open reads a file, or all files of a folder that have a known extension, as one
// dataset. It leaves out hidden files. It refuses links that lead out of the
// folder, pipes and devices. Its errors wrap [ErrInput].
func Open(name string, opts *Options) (*Input, error) {
	return openInput(name, opts, func(in *Input) error {
		info, err := os.Stat(name)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, withoutPath(err))
		case info.IsDir():
			return in.openFolder(name)
		case !info.Mode().IsRegular():
			return notAFile(name, info)
		}
		return in.openFile(name)
	})
}

// openInput opens an input. Add adds its files.
func openInput(name string, opts *Options, add func(*Input) error) (*Input, error) {
	in := newInput(opts)
	in.Path, in.Dataset = name, cmp.Or(in.opts.Dataset, datasetName(name))
	if err := add(in); err != nil {
		return nil, inputError{err}
	}
	in.mixMapping()
	in.extend(in.opts.Vocabulary)
	return in, nil
}

// mixMapping adds the mappings to the hash of the bytes.
func (in *Input) mixMapping() {
	for _, m := range in.mappings() {
		in.SHA256 = fmt.Sprintf("%x", sha256.Sum256([]byte(in.SHA256+" "+m.SHA256)))
	}
}

func newInput(opts *Options) *Input {
	in := &Input{opts: opts.orDefault(), blockSize: blockSize, maxKept: maxKept, maxSaved: maxSaved}
	in.isShared = in.opts.Known != nil
	if opts != nil {
		in.given = opts.Vocabulary
	}
	return in
}

func (in *Input) openFile(name string) error {
	_, err := in.readFile(name, filepath.Base(name), func() (io.ReadCloser, error) { return os.Open(name) })
	return err
}

// readFile adds a file and returns its size, or 0 for N-Quads.
func (in *Input) readFile(name, rel string, open opener) (size int64, err error) {
	unpacked := unpacking(name, open)
	l, known := in.byExtension(name)
	if sheet.Is(name) {
		if unpacked, err = readSheet(in, name, unpacked); err != nil {
			return 0, err
		}
		l, known = CSV{}, true
	}
	if l == (NQuads{}) {
		return 0, in.addText(name, rel, unpacked)
	}
	if from, err := in.foreign(name, unpacked); err != nil || from != nil {
		if err != nil {
			return 0, err
		}
		return in.addSource(name, rel, from, unpacked)
	}
	if !known {
		text, _, err := in.inUTF8(name, unpacked)
		if err == nil {
			l, err = in.byContent(name, text)
		}
		if err != nil {
			return 0, err
		}
	}
	l = in.withMapping(l)
	if l == (NQuads{}) {
		return 0, in.addText(name, rel, unpacked)
	}
	return in.addSource(name, rel, l, unpacked)
}

func (in *Input) addSource(name, rel string, l Loader, open opener) (size int64, err error) {
	text, encoding, err := in.inUTF8(name, open)
	if err != nil {
		return 0, err
	}
	f := &file{path: name, relPath: rel, open: text, loader: l, encoding: encoding, contexts: in.opts.Contexts}
	if err := f.check(open); err != nil {
		return 0, err
	}
	if f.dates, err = in.dateOrder(f.mapping()); err != nil {
		return 0, err
	}
	if err := in.readVerbs(f); err != nil {
		return 0, err
	}
	in.addFile(f)
	return f.size, nil
}

// addText adds a file of N-Quads, which may be empty. It reads the file only to
// hash it.
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
	in.addFile(&file{path: name, relPath: rel, loader: NQuads{}, open: open, hash: hex.EncodeToString(h.Sum(nil))})
	return nil
}

func (in *Input) addFile(f *file) {
	in.files = append(in.files, f)
	in.Files = append(in.Files, f.path)
	in.SHA256 = f.sha256()
}

func (in *Input) openFolder(name string) error {
	root, err := os.OpenRoot(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, withoutPath(err))
	}
	defer root.Close()
	total := int64(0)
	err = fs.WalkDir(root.FS(), ".", func(rel string, d fs.DirEntry, err error) error {
		full := filepath.Join(name, filepath.FromSlash(rel))
		if err != nil {
			return fmt.Errorf("%s: %w", full, withoutPath(err))
		}
		if path.Base(rel) == "entente.yaml" && !d.IsDir() {
			return nil // the configuration file of the command
		}
		if strings.HasPrefix(path.Base(rel), ".") && rel != "." {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if _, known := in.byExtension(rel); d.IsDir() || !known && !sheet.Is(rel) || in.isMappingFile(full) {
			if d.Type().IsRegular() && !in.isMappingFile(full) {
				in.LeftOut = append(in.LeftOut, full)
			}
			return checkLink(root, full, rel, d)
		}
		n, err := in.addMember(root, full, rel)
		if err != nil && in.opts.OnUnreadable != nil {
			in.opts.OnUnreadable(inputError{err})
			return nil
		}
		if total += n; total > maxFile {
			return fmt.Errorf("%s: is larger than %d bytes in all", name, maxFile)
		}
		return err
	})
	if err == nil && len(in.files) == 0 {
		err := fmt.Errorf("%s: no file here has a known extension: %s", name, strings.Join(extensions(), ", "))
		if len(in.LeftOut) > 0 {
			err = withHint(err, "of other files there are "+strings.Join(in.LeftOut[:min(len(in.LeftOut), 3)], ", "))
		}
		return err
	}
	in.SHA256 = in.folderHash()
	return err
}

// checkLink refuses a link to a folder outside the input. A link to a folder
// inside is skipped, since the files there are read under their own path.
func checkLink(root *os.Root, full, rel string, d fs.DirEntry) error {
	if d.Type()&fs.ModeSymlink == 0 {
		return nil
	}
	_, err := root.Stat(rel)
	if info, out := os.Stat(full); err == nil || out != nil || !info.IsDir() {
		return nil // a dangling link, or one to a file with an unknown extension
	}
	return fmt.Errorf("%s: %w", full, withoutPath(err))
}

// addMember adds one file of a folder. It skips links to folders.
func (in *Input) addMember(root *os.Root, full, rel string) (int64, error) {
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
		fmt.Fprintf(h, "%d %s %s\n", len(f.relPath), f.relPath, f.sha256())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// parse parses all files.
func (in *Input) parse(ctx context.Context) (d *drafts, found *problems, err error) {
	for err = errReread; err == errReread; {
		d, found = newDrafts(in.Dataset, in.opts.Vocabulary), &problems{stream: in.stream}
		d.saved.room = in.maxSaved
		err = in.parseFiles(ctx, d, found)
	}
	return d, found, err
}

// Records yields entities and documents first, then facts. Facts are not
// normalized; all their ids are resolved. After a complete pass the Known of the
// options also contains the names of this input. An error that is no [*RowError] is
// the last pair, and wraps [ErrInput].
func (in *Input) Records(ctx context.Context) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		in.names, in.stream = in.Source().Names, nil
		if len(in.files) == 1 && in.files[0].rows() != nil {
			in.stream = func(row *RowError) bool { return yield(nil, row) }
		}
		d, found, fatal := in.parse(ctx)
		defer d.saved.close()
		in.About, in.Tally, in.Quotes = d.about, d.tally, grounding.Count{}
		fatal = cmp.Or(fatal, in.checkMapping(), in.verbsError)
		var r *resolved
		switch {
		case fatal == nil || ctx.Err() != nil:
		case len(in.files) == 1:
			d.reportUnresolved(found)
		default:
			found, fatal = in.parseEach(ctx, fatal)
		}
		found.orderFiles(in.Files)
		if words := in.ownWords(); in.verbsError != nil {
			found.dropUnknownKeys(words)
			fatal = withVerbsError(in.verbsError, fatal, words)
		}
		if fatal == nil {
			r, fatal = resolve(ctx, in.opts, d, found)
			in.Quotes = r.facts.quotes
		}
		if found.stopped {
			return
		}
		for _, p := range found.sorted() {
			if !yield(nil, p.RowError) {
				return
			}
		}
		if fatal != nil {
			yield(nil, inputError{fatal})
			return
		}
		in.sourceKeys, in.NotGiven = r.keys, r.notGiven
		if r.yield(ctx, yield) && in.isShared {
			for key, id := range r.keys {
				d.names.AddSource(key, id)
			}
			in.opts.Known.addAll(d.names)
		}
	}
}
