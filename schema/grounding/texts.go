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
		*all = Texts{slices.Clone(t.files), t.isSingle}
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

// Find returns the text of a document, or the rule by which none is.
func (t *Texts) Find(d Document) (*Text, *Problem) {
	if t == nil {
		t = &Texts{}
	}
	if d.SHA256 != "" {
		for _, f := range t.files {
			if strings.EqualFold(f.sha256, d.SHA256) {
				return f.text(), nil
			}
		}
		if t.isSingle || t.named(d.Names) != nil {
			return nil, &Problem{Rule: TextHash, Field: "sha256", Message: fmt.Sprintf("the given text is not the text of the document, whose SHA-256 is %s", d.SHA256)}
		}
		return nil, &Problem{Rule: TextMissing, Field: "sha256", Message: fmt.Sprintf("no given text has the SHA-256 %s", d.SHA256)}
	}
	if t.isSingle {
		return t.files[0].text(), nil
	}
	if f := t.named(d.Names); f != nil {
		return f.text(), nil
	}
	return nil, &Problem{Rule: TextMissing, Message: "the text of the document is not given"}
}

// named returns the one file that has a name of a document, with or without its extension,
// or the last part of its address.
func (t *Texts) named(names []string) (found *textFile) {
	for _, name := range names {
		name = strings.TrimRight(name, "/")
		last := name[strings.LastIndexAny(name, `/\`)+1:]
		for i, f := range t.files {
			base := filepath.Base(f.path)
			stem := strings.TrimSuffix(base, filepath.Ext(base))
			if last == "" || last != base && last != stem && strings.TrimSuffix(last, path.Ext(last)) != stem {
				continue
			}
			if found != nil && found.sha256 != f.sha256 {
				return nil
			}
			found = &t.files[i]
		}
	}
	return found
}

// IsIn reports whether a text has words at any place.
func (t *Text) IsIn(words string) bool { return len(t.Find(words)) > 0 }

// ProblemKind returns the kind of the problem for reports of loads.
func (Problem) ProblemKind() schema.ProblemKind { return schema.BadEvidence }
