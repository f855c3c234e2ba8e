package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/schema"
)

// encoder is the version of the encoding of records as quads. It is part of
// LoadOptions.key, so that a dataset of another version is loaded again.
const encoder = "2"

// ErrRejected is wrapped by a load that rejected more rows than it allows.
var ErrRejected = errors.New("rejected")

// LoadOptions are the options of a load. With the zero value, one bad row rejects the
// whole dataset.
type LoadOptions struct {
	// Input is the SHA-256 of the input's bytes. Load does nothing if the dataset was
	// already loaded from the same bytes with the same vocabulary.
	Input string

	// Origin is the place of the records: the path of a file or folder, or an address
	// such as https://example.org/facts.yaml. Unless Replace is set or nothing would
	// change, a load does not replace a dataset of another origin, nor one where only
	// one of the two origins is known. Paths are compared with symbolic links
	// resolved, and stored relative to the graph's folder, so that the folder can be
	// moved together with its inputs.
	Origin string

	// Replace allows the load to replace a dataset of another origin, and to undo
	// changes that updates have made.
	Replace bool

	// Names is a digest of the names that the records may use without a declaration.
	// The same input with other Names counts as another input.
	Names string

	// Settings are the settings with which the input is read, such as the order of dates.
	// The same input with other Settings counts as another input.
	Settings string

	// With are datasets of the graph whose names an input may use without declaring
	// them: see [Graph.LoadInput]. [Graph.Load] ignores it.
	With []string

	// About is metadata of the dataset, such as its title and license.
	About map[string]string

	// MaxErrors is the number of rows that may be rejected before the load fails. A
	// negative number allows any.
	MaxErrors int

	// StrictNames rejects an id made from a name if another dataset has the same id,
	// made or written.
	StrictNames bool

	// Memory is [Options.Memory] for the staged data.
	Memory int64

	// OnReject, if set, is called for each rejected row.
	OnReject func(error)

	stored *records.Set // the digests of the records that the graph has; nil if it has none
}

// Report is the result of a load or an update. Entities, Documents, Facts, Statements,
// Repeated and Rejected add up to the number of records in the input. For an update,
// they count the changed records.
type Report struct {
	Dataset    string
	Unchanged  bool // the dataset was loaded before, and has not changed
	Empty      bool // the input is N-Quads without any quad, and no dataset was made
	Entities   int
	Documents  int
	Facts      int
	Statements int // RDF statements that are not part of a fact
	Repeated   int // repeated facts and entities, which were merged
	Rejected   int
	ByName     []ByName
	Added      int // quads, including derived quads
	Removed    int

	// Restored are the reports of the other datasets that the records contained, as an
	// export does. Derived quads count in the first report only.
	Restored []Report

	// Sideless is the number of facts with more than two parties and no sides. Every
	// two parties of such a fact are linked, even delegates of one side. FirstSideless
	// is the position of the first such fact.
	Sideless      int
	FirstSideless schema.Position

	// Namesakes are entities with an id made from a name that another id has in another
	// dataset. Differences are contradictions between datasets about an id that both
	// declare. Dangling are facts that refer to a fact that no dataset has any more.
	Namesakes   []Namesake
	Differences []Difference
	Dangling    []schema.ID

	// Edits are the changes of an update. For a load that changed nothing, they are
	// the changes by updates since the dataset was loaded. Undone are the changes by
	// updates that a load with Replace, or Forget, has undone.
	Edits  Edits
	Undone Edits
}

// Namesake is an entity that shares its name with the entity Other.
type Namesake struct {
	ID    schema.ID
	Label string
	Other schema.ID
}

// Difference is a contradiction of two datasets about one entity.
type Difference struct {
	ID          schema.ID
	What        string // such as "country"
	Here, There string
	Dataset     string // the dataset in which the value is There
}

// ByName is an id that one dataset made from a name, and that was matched with the
// entity of the same id in other datasets.
type ByName struct {
	ID       schema.ID
	Label    string
	Datasets []string // the other datasets
}

// Load replaces the named dataset with the records, in one transaction. Each record
// must pass [schema.Vocabulary.Check] and refer only to ids that the dataset or
// another one declares. Other records, and errors from the sequence that are
// [schema.RowError] values, are rejected rows. Errors wrap [ErrRejected] if too many
// rows were rejected. Without Replace, they wrap [ErrElsewhere] if the load would
// replace a dataset of another origin, and [ErrEdited] if it would undo changes by
// [Graph.Update].
func (g *Graph) Load(ctx context.Context, dataset string, records iter.Seq2[schema.Record, error], opts *LoadOptions) (Report, error) {
	if err := checkDataset(dataset); err != nil {
		return Report{}, err
	}
	if same, err := g.isLoaded(ctx, dataset, opts, g.Vocabulary()); err != nil || same {
		return reportSame(ctx, g, dataset, same, err)
	}
	s, err := stage(ctx, g.Vocabulary(), dataset, records, opts)
	if err != nil {
		return s.Report(), err
	}
	defer s.Close()
	return g.Commit(ctx, s)
}

// reportSame returns the report of a load that does nothing, with the changes by
// updates.
func reportSame(ctx context.Context, g *Graph, dataset string, same bool, err error) (Report, error) {
	r := Report{Dataset: dataset, Unchanged: same}
	if err == nil {
		r.Edits, err = g.Edits(ctx, dataset)
	}
	return r, err
}

// ErrDatasetName is wrapped if a string is not a valid dataset name.
var ErrDatasetName = errors.New("bad dataset name")

func checkDataset(name string) error {
	if name == decisions || strings.TrimSpace(name) == "" || len(name) > 255 {
		return fmt.Errorf("%w %q", ErrDatasetName, name)
	}
	if i := strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`<>"{}|^\`+"`/\x7f\ufffd", r) }); i >= 0 {
		return fmt.Errorf("%w %q: %q cannot stand in it", ErrDatasetName, name, name[i:i+1])
	}
	return nil
}

// isLoaded reports whether a load of the options' input with the vocabulary would do
// nothing. That is so if the dataset was loaded from the same input in the same way,
// unless the options say Replace and the load would change the origin or undo changes
// by updates.
func (g *Graph) isLoaded(ctx context.Context, dataset string, opts *LoadOptions, v *schema.Vocabulary) (same bool, err error) {
	if opts == nil || opts.Input == "" {
		return false, nil
	}
	err = g.read(ctx, func(r reader) error {
		n, _, err := r.noteOf(ctx, dataset)
		same = err == nil && n.Key == opts.key(v)
		if !same || !opts.Replace {
			return err
		}
		marks, err := readMarks(ctx, r, dataset)
		same = len(marks) == 0 && g.folderOf().isAt(n, opts.Origin)
		return err
	})
	return same, err
}

// key returns a hash of everything that determines the result of a load.
func (o *LoadOptions) key(v *schema.Vocabulary) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %q %s %d %t", encoder, o.Input, o.Names, v.Hash(), o.MaxErrors, o.StrictNames)
	if o.Settings != "" {
		fmt.Fprintf(h, " %q", o.Settings)
	}
	return hex.EncodeToString(h.Sum(nil))
}
