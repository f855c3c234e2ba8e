package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// encoder is the version of how records become quads: a dataset that was loaded
// by another one is not the same input.
const encoder = "2"

// ErrRejected is wrapped where a load had more bad rows than it may have.
var ErrRejected = errors.New("rejected")

// LoadOptions say how to load. The zero value rejects a dataset for one bad row.
type LoadOptions struct {
	// Input is the SHA-256 of the input's bytes. Where the dataset was loaded
	// from the same, with the same vocabulary, Load does nothing.
	Input string

	// Origin is where the records came from: the path of a file or folder, or an
	// address such as https://example.org/facts.yaml. A dataset is not replaced by
	// one of another place, nor by one of which only one of the two places is
	// known, unless nothing would change or Replace says so. Paths are compared as
	// what symbolic links lead to, from wherever they are given, and kept relative
	// to the graph's folder, which may be moved together with its inputs.
	Origin string

	// Replace lets the dataset take the place of one of its name that came from
	// elsewhere.
	Replace bool

	// Names stands for what else the records came from: the names that could be
	// used without being declared. The same input with other names is another.
	Names string

	// About is what the dataset says about itself, such as its title and license.
	About map[string]string

	// MaxErrors is how many rows may be rejected and the rest still loaded;
	// negative for any number.
	MaxErrors int

	// StrictNames rejects an id that was made from a name and that another
	// dataset has made or given too.
	StrictNames bool

	// Memory is that of [Options], for what is staged.
	Memory int64

	// OnReject, if set, is called for each rejected row.
	OnReject func(error)
}

// Report tells what a load did. Entities, Documents, Facts, Statements, Repeated
// and Rejected add up to the records that came in.
type Report struct {
	Dataset    string
	Unchanged  bool // the dataset was there already, and is as it was
	Empty      bool // the input was a text of N-Quads with nothing in it, and no dataset was made of it
	Entities   int
	Documents  int
	Facts      int
	Statements int // RDF that is no fact
	Repeated   int // facts and entities given more than once, merged
	Rejected   int
	ByName     []ByName
	Added      int // quads, derived ones among them
	Removed    int

	// Restored are the datasets that the records brought under names of their
	// own, as an export has them. Edges count with the first of all.
	Restored []Report

	// Sideless are facts that name more than two parties and no sides, so that each
	// party is linked with each other, delegates of one side among them; the first of
	// them stands at FirstSideless.
	Sideless      int
	FirstSideless schema.Position

	// Namesakes are entities that got an id from a name which in other datasets
	// is that of another id, and Differences what datasets say otherwise of an id
	// that both give. Dangling are facts that refer to one that nobody tells now.
	Namesakes   []Namesake
	Differences []Difference
	Dangling    []schema.ID
}

// Namesake is an entity whose name is also that of Other.
type Namesake struct {
	ID    schema.ID
	Label string
	Other schema.ID
}

// Difference is what two datasets say of one entity.
type Difference struct {
	ID          schema.ID
	What        string // such as "country"
	Here, There string
	Dataset     string // the one that says There
}

// ByName says that an id made from a name in one dataset was taken for the
// entity that other datasets know by it.
type ByName struct {
	ID       schema.ID
	Label    string
	Datasets []string // the others
}

// Load makes the records the dataset of that name, in place of what it was, in
// one transaction: all or nothing. Each record must pass [schema.Vocabulary.Check]
// and name only ids that it or another dataset declares. Records that do not are
// rejected as [schema.RowError] values, as are those that the sequence yields.
// Errors wrap [ErrRejected] where those are too many.
func (g *Graph) Load(ctx context.Context, dataset string, records iter.Seq2[schema.Record, error], opts *LoadOptions) (Report, error) {
	if err := checkDataset(dataset); err != nil {
		return Report{}, err
	}
	if same, err := g.IsLoaded(ctx, dataset, opts); err != nil || same {
		return Report{Dataset: dataset, Unchanged: same}, err
	}
	s, err := Stage(ctx, g.Vocabulary(), dataset, records, opts)
	if err != nil {
		return s.Report(), err
	}
	defer s.Close()
	return g.Commit(ctx, s)
}

// ErrDatasetName is wrapped where a dataset cannot have the name given.
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

// IsLoaded reports whether the dataset stands as the input of the options would
// make it.
func (g *Graph) IsLoaded(ctx context.Context, dataset string, opts *LoadOptions) (same bool, err error) {
	if opts == nil || opts.Input == "" {
		return false, nil
	}
	err = g.read(ctx, func(r reader) error {
		n, _, err := r.noteOf(ctx, dataset)
		moved := opts.Replace && !g.folderOf().isAt(n, opts.Origin)
		same = err == nil && n.Key == opts.key(g.Vocabulary()) && !moved
		return err
	})
	return same, err
}

// key tells one load of a dataset from another.
func (o *LoadOptions) key(v *schema.Vocabulary) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %q %s %d %t", encoder, o.Input, o.Names, v.Hash(), o.MaxErrors, o.StrictNames)
	return hex.EncodeToString(h.Sum(nil))
}
