package records

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/entente-kg/entente/graph/safefile"
)

// Texts are compressed copies of texts in a folder, by their hashes. Copies of several
// owners are in one folder.
type Texts struct{ Folder, Of string }

func (t Texts) prefix() string {
	sum := sha256.Sum256([]byte(t.Of))
	return hex.EncodeToString(sum[:16]) + "."
}

func (t Texts) path(hash string) string {
	return filepath.Join(t.Folder, t.prefix()+filepath.Base(hash))
}

// Has reports whether there is a copy of a text.
func (t Texts) Has(hash string) bool {
	_, err := os.Stat(t.path(hash))
	return err == nil
}

// Keep writes a copy of a text to a file with some permissions, and makes the folder. The
// file is on the disk, and whole, when Keep returns.
func (t Texts) Keep(hash string, perm fs.FileMode, open func() (io.ReadCloser, error)) error {
	if err := os.Mkdir(t.Folder, perm|perm>>2&0o111); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	text, err := open()
	if err != nil {
		return err
	}
	defer text.Close()
	file, err := safefile.BeginNew(t.path(hash), perm)
	if err != nil {
		return err
	}
	if err = compress(file, text); err == nil {
		err = file.Replace(true)
	}
	return errors.Join(err, file.Discard())
}

// Sweep removes the copies whose hashes are not wanted, unfinished ones, and the folder if
// it is empty then.
func (t Texts) Sweep(isWanted func(hash string) bool) {
	Sweep(t.Folder)
	files, _ := os.ReadDir(t.Folder)
	for _, file := range files {
		if hash, isOurs := strings.CutPrefix(file.Name(), t.prefix()); isOurs && !isWanted(hash) {
			_ = os.Remove(filepath.Join(t.Folder, file.Name()))
		}
	}
	_ = os.Remove(t.Folder) // fails if it is not empty
}

func compress(w io.Writer, text io.Reader) error {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	_, err = io.Copy(z, text)
	return errors.Join(err, z.Close())
}

// Open opens the text of a copy.
func (t Texts) Open(hash string) (io.ReadCloser, error) {
	file, err := safefile.OpenRegular(t.path(hash))
	if err != nil {
		return nil, err
	}
	z, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return keptText{z, file}, nil
}

// keptText reads a text, and closes its file.
type keptText struct {
	*zstd.Decoder
	file *os.File
}

func (t keptText) Close() error {
	t.Decoder.Close()
	return t.file.Close()
}
