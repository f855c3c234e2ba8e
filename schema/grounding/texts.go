package grounding

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// maxText is the greatest number of bytes of the text of a document.
const maxText = 16 << 20

// Texts are the texts of documents. The zero Texts has none. Several goroutines may use it
// at once.
type Texts struct {
	files    []textFile
	isSingle bool // one file was named: it is the text of a document without a SHA-256

	mu    sync.Mutex
	found *textIndex // of the files
}

// textFile is a file with the text of a document.
type textFile struct {
	path, sha256 string
	text         func() *Text
}

// OpenTexts reads files of UTF-8, and all files of folders but hidden ones. A file of a
// folder that is larger than 16 MiB or is not UTF-8 is left out.
func OpenTexts(paths ...string) (*Texts, error) {
	t := &Texts{}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			err = t.addFolder(p, nil)
		} else {
			err = t.addFile(p, info.Size())
		}
		if err != nil {
			return nil, err
		}
	}
	t.isSingle = len(paths) == 1 && len(t.files) == 1 && t.files[0].path == paths[0]
	return t, nil
}

// With returns the texts and those beside a file: the files of its folder, without the
// folders in it, whose names end with .txt, .text or .md.
func (t *Texts) With(beside string) (*Texts, error) {
	all := &Texts{}
	if t != nil {
		all.files, all.isSingle = slices.Clone(t.files), t.isSingle
	}
	err := all.addFolder(filepath.Dir(beside), extensions)
	return all, err
}

// extensions are those of texts that are found beside a file.
var extensions = []string{".txt", ".text", ".md"}

// IsText reports whether a file of a name may be a text that is found beside another file.
func IsText(name string) bool { return slices.Contains(extensions, strings.ToLower(path.Ext(name))) }

func (t *Texts) addFile(name string, size int64) error {
	if size > maxText {
		return fmt.Errorf("%s: larger than %d MiB", name, maxText>>20)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if !utf8.Valid(data) {
		return fmt.Errorf("%s: the text of a document is not UTF-8", name)
	}
	t.add(name, data)
	return nil
}

func (t *Texts) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	t.files = append(t.files, textFile{name, hex.EncodeToString(sum[:]), sync.OnceValue(func() *Text { return NewText(filepath.Base(name), string(data)) })})
}

// addFolder adds the files of a folder: with some extensions only those, and none of the
// folders in it.
func (t *Texts) addFolder(folder string, extensions []string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(rel string, d fs.DirEntry, err error) error {
		switch isHidden := strings.HasPrefix(path.Base(rel), ".") && rel != "."; {
		case err != nil:
			return err
		case d.IsDir() && rel != "." && (isHidden || extensions != nil):
			return fs.SkipDir
		case isHidden || !d.Type().IsRegular() || extensions != nil && !slices.Contains(extensions, strings.ToLower(path.Ext(rel))):
			return nil
		}
		info, err := d.Info()
		if err != nil || info.Size() > maxText {
			return err
		}
		data, err := root.ReadFile(rel)
		if err == nil && utf8.Valid(data) {
			t.add(filepath.Join(folder, filepath.FromSlash(rel)), data)
		}
		return err
	})
}

// Sum returns a hash of all texts, whatever their names and order.
func (t *Texts) Sum() string {
	if t == nil || len(t.files) == 0 {
		return ""
	}
	var sums []string
	for _, f := range t.files {
		sums = append(sums, f.sha256)
	}
	slices.Sort(sums)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(sums), "\n")))
	return hex.EncodeToString(sum[:])
}

// Document says what is known of the text of a document.
type Document struct {
	SHA256 string   // of the bytes of the text, in hexadecimal; empty if it is not known
	Names  []string // of its file, its address or its title, for a document without SHA256
}

// Find returns the text of a document, or the rule by which none is. A single file that was
// named is the text of every document without a SHA-256.
func (t *Texts) Find(d Document) (*Text, *Problem) { return t.find(d, true) }

func (t *Texts) find(d Document, singleIsAny bool) (*Text, *Problem) {
	if t == nil {
		t = &Texts{}
	}
	index := t.index()
	if d.SHA256 != "" {
		if i, ok := index.bySHA256[strings.ToLower(d.SHA256)]; ok {
			return t.files[i].text(), nil
		}
		if named := index.named(d.Names); singleIsAny && t.isSingle || named >= 0 {
			name := filepath.Base(t.files[max(named, 0)].path)
			return nil, &Problem{Rule: TextHash, Field: "sha256", Message: fmt.Sprintf("the given text %s is not the text of the document, whose SHA-256 is %s", name, d.SHA256)}
		}
		return nil, &Problem{Rule: TextMissing, Field: "sha256", Message: fmt.Sprintf("no given text has the SHA-256 %s", d.SHA256)}
	}
	if singleIsAny && t.isSingle {
		return t.files[0].text(), nil
	}
	if i := index.named(d.Names); i >= 0 {
		return t.files[i].text(), nil
	}
	return nil, &Problem{Rule: TextMissing, Message: "the text of the document is not given"}
}

// textIndex finds the files of texts.
type textIndex struct {
	files    int // how many of the files it has
	bySHA256 map[string]int
	byName   [3]map[string]int // by whole name; by name without a text's extension; without another one. Several texts are -1
}

// index returns the index of all files.
func (t *Texts) index() *textIndex {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.found != nil && t.found.files == len(t.files) {
		return t.found
	}
	x := &textIndex{len(t.files), make(map[string]int), [3]map[string]int{{}, {}, {}}}
	for i, f := range t.files {
		if _, again := x.bySHA256[f.sha256]; !again {
			x.bySHA256[f.sha256] = i
		}
		add := func(rank int, name string) {
			before, again := x.byName[rank][name]
			if x.byName[rank][name] = i; again && (before < 0 || t.files[before].sha256 != f.sha256) {
				x.byName[rank][name] = -1
			}
		}
		base := filepath.Base(f.path)
		extension := filepath.Ext(base)
		add(0, base)
		add(2-btoi(extension == "" || slices.Contains(extensions, strings.ToLower(extension))), strings.TrimSuffix(base, extension))
	}
	t.found = x
	return x
}

// named returns the number of the one file that has a name of a document, with or without
// its extension, or the last part of its address; -1 for none or several. The first name
// that a file has decides, and whole names come before others.
func (x *textIndex) named(names []string) int {
	for _, name := range names {
		name = strings.TrimRight(name, "/")
		last := name[strings.LastIndexAny(name, `/\`)+1:]
		if last == "" {
			continue
		}
		stem := strings.TrimSuffix(last, path.Ext(last))
		for rank, all := range x.byName {
			for _, candidate := range []string{last, stem} {
				if i, ok := all[candidate]; ok && (rank > 0 || candidate == last) {
					return i
				}
			}
		}
	}
	return -1
}

// IsIn reports whether a text has words at any place.
func (t *Text) IsIn(words string) bool { return t.has(words) }

// ProblemKind returns the kind of the problem for reports of loads.
func (Problem) ProblemKind() schema.ProblemKind { return schema.BadEvidence }
