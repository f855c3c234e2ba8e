package packed

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// ArchiveError is the error of a zip archive that does not contain one file.
type ArchiveError struct {
	Files int    // how many; 0 for none, -1 for too many to list
	First string // the name of the first; empty for none
	more  error  // what else is wrong
}

func (e *ArchiveError) Error() string {
	switch {
	case e.more != nil:
		return e.more.Error()
	case e.Files < 0:
		return "is a zip archive of very many files"
	case e.Files == 0:
		return "is a zip archive without any file"
	}
	return fmt.Sprintf("is a zip archive of %d files, the first %s", e.Files, e.First)
}

// Hint is the advice that the command prints.
func (e *ArchiveError) Hint() string {
	if e.Files == 0 {
		return ""
	}
	return "an archive of one file is read as it is; unpack this one, and load the folder"
}

// maxDirectory is the number of bytes of the directory of an archive.
const maxDirectory = 1 << 20

// openMember opens the only file of a zip archive. What macOS adds to archives is no file.
func (u *unpacked) openMember() error {
	at, size, err := u.randomAccess()
	if err != nil {
		return err
	}
	if err := checkDirectory(at, size); err != nil {
		return err
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return err
	}
	var members []*zip.File
	for _, f := range z.File {
		if !f.FileInfo().IsDir() && !strings.HasPrefix(f.Name, "__MACOSX/") && !strings.HasPrefix(path.Base(f.Name), ".") {
			members = append(members, f)
		}
	}
	if len(members) != 1 {
		e := &ArchiveError{Files: len(members)}
		if e.Files > 0 {
			e.First = fmt.Sprintf("%q", members[0].Name)
		}
		return e
	}
	const isEncrypted = 1
	if members[0].Flags&isEncrypted != 0 {
		return &ArchiveError{Files: 1, more: errors.New("is an encrypted zip archive")}
	}
	r, err := members[0].Open()
	if err != nil {
		return err
	}
	end := u.end
	u.r, u.in = r, int64(min(members[0].CompressedSize64, uint64(size)))
	u.end = func() {
		r.Close()
		if end != nil {
			end()
		}
	}
	return nil
}

// randomAccess returns the file for reading at any place: a stream is copied to a
// temporary file without a name, which u.end closes.
func (u *unpacked) randomAccess() (io.ReaderAt, int64, error) {
	switch f := u.file.(type) {
	case *os.File:
		info, err := f.Stat()
		if err != nil {
			return nil, 0, err
		}
		return f, info.Size(), nil
	case interface {
		io.ReaderAt
		Size() int64
	}:
		return f, f.Size(), nil
	}
	return nil, 0, errors.New("a zip archive cannot be read from a stream")
}

// checkDirectory refuses an archive whose directory is large: package zip keeps each of its
// entries in memory, and reads on where an archive has more than it says.
func checkDirectory(f io.ReaderAt, size int64) error {
	const endLength, maxComment = 22, 1<<16 - 1
	tail := make([]byte, min(size, endLength+maxComment))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return err
	}
	for i := len(tail) - endLength; i >= 0; i-- {
		end := tail[i:]
		if string(end[:4]) != "PK\x05\x06" {
			continue
		}
		length, offset := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
		if length > maxDirectory || size-offset > maxDirectory+int64(len(tail)) {
			return &ArchiveError{Files: -1}
		}
		return nil
	}
	return zip.ErrFormat
}
