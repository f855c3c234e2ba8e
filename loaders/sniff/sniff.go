// Package sniff recognizes files of other programs, such as workbooks, documents and
// web pages, by their first bytes and names, and says how to get facts out of them.
package sniff

import (
	"bytes"
	"path"
	"strings"
)

// Kind is a kind of file that is no input: what it is, and what to do instead.
type Kind struct {
	What   string // such as "an Excel workbook"
	Advice string
}

// HeadSize is the number of bytes at the beginning of a file that [Of] looks at.
const HeadSize = 4096

const (
	workbookAdvice = "give it the extension .xlsx"
	sheetAdvice    = "save the sheet as CSV UTF-8 (in Excel and LibreOffice: File, Save As), and load the .csv file"
	documentAdvice = "copy its tables to a spreadsheet and save them as CSV, or write its facts in YAML: entente help format"
	archiveAdvice  = "unpack it, and load the files or the folder that it contains"
)

// signatures are the first bytes of files that are not text.
var signatures = []struct {
	begin string
	kind  Kind
}{
	{"%PDF-", Kind{"a PDF document", documentAdvice}},
	{"{\\rtf", Kind{"a document in RTF", documentAdvice}},
	{"SQLite format 3\x00", Kind{"an SQLite database", "export its tables as CSV: sqlite3 -header -csv FILE 'select * from TABLE'"}},
	{"PAR1", Kind{"a Parquet file", "convert it to CSV or JSON lines, for example with duckdb: copy (from 'FILE') to 'rows.csv'"}},
	{"\x1f\x8b", Kind{"compressed by gzip", "add the extension .gz to the extension of its format, as in rows.csv.gz"}},
	{"\x28\xb5\x2f\xfd", Kind{"compressed by zstd", "add the extension .zst to the extension of its format, as in rows.csv.zst"}},
	{"BZh9", Kind{"compressed by bzip2", "unpack it: bunzip2 FILE"}},
	{"\xfd7zXZ\x00", Kind{"compressed by xz", "unpack it: unxz FILE"}},
	{"7z\xbc\xaf\x27\x1c", Kind{"a 7-Zip archive", archiveAdvice}},
	{"Rar!", Kind{"a RAR archive", archiveAdvice}},
	{"\x89PNG", Kind{"a picture", documentAdvice}},
	{"\xff\xd8\xff", Kind{"a picture", documentAdvice}},
	{"GIF8", Kind{"a picture", documentAdvice}},
}

// Of returns the kind of a file by its name and the bytes at its beginning; false if
// the file may be an input.
func Of(name string, head []byte) (Kind, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return inZip(name, head), true
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return inCompound(name), true
	}
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.begin)) {
			return s.kind, true
		}
	}
	return Kind{}, false
}

// inZip returns the kind of a zip archive: programs of offices write theirs as one.
func inZip(name string, head []byte) Kind {
	has := func(s string) bool { return bytes.Contains(head, []byte(s)) }
	ext := strings.ToLower(path.Ext(name))
	switch {
	case ext == ".xlsx" || ext == ".xlsm" || has("xl/"):
		return Kind{"an Excel workbook", workbookAdvice}
	case ext == ".ods" || has("oasis.opendocument.spreadsheet"):
		return Kind{"an OpenDocument spreadsheet", sheetAdvice}
	case ext == ".docx" || has("word/"):
		return Kind{"a Word document", documentAdvice}
	case ext == ".odt" || has("oasis.opendocument.text"):
		return Kind{"an OpenDocument text", documentAdvice}
	case ext == ".pptx" || has("ppt/"):
		return Kind{"a PowerPoint presentation", documentAdvice}
	}
	return Kind{"a zip archive", archiveAdvice}
}

// IsWorkbook reports whether a file that begins so is a workbook of Excel.
func IsWorkbook(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) && bytes.Contains(head[:min(len(head), HeadSize)], []byte("xl/"))
}

// inCompound returns the kind of a compound file, as Office wrote them until 2003.
func inCompound(name string) Kind {
	switch strings.ToLower(path.Ext(name)) {
	case ".doc":
		return Kind{"a Word document", documentAdvice}
	case ".ppt":
		return Kind{"a PowerPoint presentation", documentAdvice}
	}
	return Kind{"an Excel workbook or another file of Office", sheetAdvice}
}

// IsPage reports whether a text begins as a web page. Servers send one, such as a page
// to log in, in place of a file that cannot be downloaded.
func IsPage(head []byte) bool {
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	for _, begin := range []string{"<!doctype html", "<html", "<head", "<body", "<table"} {
		if bytes.HasPrefix(text, []byte(begin)) {
			return true
		}
	}
	return false
}

// Page is the kind of web pages.
func Page() Kind {
	return Kind{"a web page (HTML)", "open it in a browser: it may be a page to log in or an error in place of the file; copy a table that it shows to a spreadsheet, and save that as CSV"}
}

// Text returns the advice for a file without a known extension whose content is no
// known format.
func Text() string {
	return "if it is a table, its first line must have the names of the columns, and a name such as FILE.csv says its format; facts as sentences are written in YAML: entente help format"
}
