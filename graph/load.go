package graph

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/internal/records"
	"github.com/entente-kg/entente/graph/store"
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

	stored  *records.Set // the digests of the records that the graph has; nil if it has none
	reviews reviewed     // the decisions of reviews; nil if the graph has none
}

// Report is the result of a load or an update. Entities, Documents, Facts, Statements,
// Repeated, Rejected and KeptOut add up to the number of records in the input. For an update,
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
	KeptOut    int // facts of which a review has rejected all evidence: see [RecordReview]
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
	o := opts.orDefault()
	var err error
	if o.reviews, err = reviewsOf(ctx, g); err != nil {
		return Report{}, err
	}
	s, err := stage(ctx, g.Vocabulary(), dataset, records, &o)
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

// verbFile is a file of verbs of a dataset.
type verbFile struct{ dataset, text string }

// learnVerbs makes the graph's vocabulary: the one of its options with the verbs of the
// datasets, so that a graph is read with the vocabulary of its loads.
func learnVerbs(ctx context.Context, g *Graph) error {
	return g.read(ctx, func(r reader) error {
		files, err := allVerbFiles(ctx, r)
		if err != nil {
			return err
		}
		v, err := extend(g.given, "", files)
		if err == nil {
			g.vocabulary.Store(v)
		}
		return err
	})
}

// VocabularyFor returns the vocabulary with which a graph reads a new input for a dataset:
// the vocabulary of the graph without the own verbs of the dataset ([schema.VerbsOwner]),
// which the input replaces. Verbs that other datasets use too remain.
func VocabularyFor(ctx context.Context, g *Graph, dataset string) (*schema.Vocabulary, error) {
	v := g.Vocabulary()
	isOwn := func(text string) bool { return schema.VerbsOwner(text) == dataset }
	if !slices.ContainsFunc(v.Extensions(), isOwn) {
		return v, nil
	}
	var others []verbFile
	err := g.read(ctx, func(r reader) error {
		files, err := allVerbFiles(ctx, r)
		others = slices.DeleteFunc(files, func(f verbFile) bool { return f.dataset == dataset || !isOwn(f.text) })
		return err
	})
	if err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(v.Extensions(), func(text string) bool { return !isOwn(text) })
	if v, err = schema.WithoutExtensions(v, own); err != nil {
		return nil, err
	}
	return extend(v, "", others)
}

// allVerbFiles reads the files of verbs of all datasets and, after them, those of all
// notes.
func allVerbFiles(ctx context.Context, r reader) ([]verbFile, error) {
	files, err := r.verbFiles(ctx, store.Pattern{Predicate: vocabularyTerm})
	if err != nil {
		return nil, err
	}
	notes, err := r.notes(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(notes)) {
		for _, text := range notes[name].Verbs {
			files = append(files, verbFile{name, text})
		}
	}
	return files, nil
}

// verbFiles reads the files of verbs of datasets, in the order of dataset names.
func (r reader) verbFiles(ctx context.Context, p store.Pattern) (files []verbFile, err error) {
	for q, err := range r.Match(ctx, p) {
		if err != nil {
			return nil, err
		}
		name, _ := schema.DatasetName(q.Label)
		files = append(files, verbFile{name, quad.ToString(q.Object)})
	}
	slices.SortFunc(files, func(a, b verbFile) int {
		return cmp.Or(cmp.Compare(a.dataset, b.dataset), cmp.Compare(a.text, b.text))
	})
	return files, nil
}

// extend adds files of verbs to a vocabulary, in an order that respects dependencies.
// Errors begin with where and the dataset's name.
func extend(v *schema.Vocabulary, where string, files []verbFile) (*schema.Vocabulary, error) {
	for len(files) > 0 {
		var later []verbFile
		var first error
		for _, f := range files {
			extended, err := v.ExtendStored(where+"vocabulary of dataset "+f.dataset, []byte(f.text))
			if err != nil {
				first = cmp.Or(first, err)
				later = append(later, f)
				continue
			}
			v = extended
		}
		if len(later) == len(files) {
			return nil, first
		}
		files = later
	}
	return v, nil
}
