package schema

import "io"

// Source describes an input that a loader reads, such as a file or a folder.
type Source struct {
	Dataset    string            // the name of the dataset that the input becomes
	Path       string            // the path of the file or folder, or the address, as the user wrote it
	SHA256     string            // of the bytes; for a folder, of the names and bytes of its files
	Names      string            // a digest of the ids and names of other datasets that the input may use; empty for none
	Settings   string            // how the bytes are read, such as the order of dates; empty for the defaults
	Vocabulary *Vocabulary       // the vocabulary with which the input is read
	About      map[string]string // metadata such as the title; complete when the input has been read
	SourceKeys map[string]ID     // the documents that the input declares, by the keys by which it cites them; complete when the input has been read
	IsShared   bool              // other inputs may use the names of this input
	IsText     bool              // N-Quads alone, which may restore datasets with names of their own
	Parts      []Part            // the full file and its deltas, in order, if deltas can change the dataset; else nil
	Follows    int               // a load is refused unless the dataset was made of this many of the first parts; 0 for any
}

// Part is one of the files from which a dataset is made: the full file, or a delta, which
// changes what the files before it say.
type Part struct {
	Path   string                        `json:"path,omitempty"`
	SHA256 string                        `json:"sha256"` // of the unpacked text in UTF-8; empty if it is not known yet
	Open   func() (io.ReadCloser, error) `json:"-"`      // opens that text; nil for the file at the path
}
