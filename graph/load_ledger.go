package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrElsewhere is the sentinel that every [PlaceError] matches.
var ErrElsewhere = errors.New("loaded from elsewhere")

// PlaceError is a load that would replace a dataset of another origin.
type PlaceError struct {
	Dataset  string
	Old, New string // origins, empty if unknown; paths are absolute
	OldTitle string // the title of the present dataset
	NewTitle string
	Carried  bool // the dataset came under its own name in an N-Quads text
}

func (e *PlaceError) Error() string {
	return fmt.Sprintf("dataset %q was %s, and %s would replace it",
		e.Dataset, describeOrigin(e.Old, "loaded from "+e.Old, e.OldTitle), describeOrigin(e.New, e.New, e.NewTitle))
}

// describeOrigin returns the phrase for an origin and a title in an error message.
func describeOrigin(origin, text, title string) string {
	if origin == "" {
		text = "a load that does not say from where"
	}
	if title != "" {
		text += fmt.Sprintf(" (“%s”)", title)
	}
	return text
}

// Is reports whether the target is [ErrElsewhere].
func (e *PlaceError) Is(target error) bool { return target == ErrElsewhere }

// checkOrigin returns the error of [Graph.Commit] if it would refuse to replace the
// dataset with other records than N-Quads texts.
func checkOrigin(ctx context.Context, g *Graph, dataset string, opts LoadOptions) error {
	return g.read(ctx, func(r reader) error {
		l := &loadLedger{reader: r, folder: g.folderOf(), options: opts}
		d := newStagedDataset(dataset)
		d.changed = true
		if err := l.open(ctx, []*stagedDataset{d}); err != nil {
			return err
		}
		return l.check(l.entries[0])
	})
}

// loadLedger compares each loaded dataset with the note of its previous load, and
// writes the new notes.
type loadLedger struct {
	reader  reader // the graph before the change
	folder  folder
	known   []verbFile // the files of verbs that other datasets have
	options LoadOptions
	entries []ledgerEntry
	last    int // the highest Order of all notes
}

// ledgerEntry is the state of one dataset before the change.
type ledgerEntry struct {
	dataset      *stagedDataset
	there, noted bool
	begun        bool // its note is already written
	note         note
	input, title string
	marks        editMarks
	hashes       []string // of the marked records before the load
}

// open reads the state of each dataset in the graph, before anything changes.
func (l *loadLedger) open(ctx context.Context, datasets []*stagedDataset) error {
	notes, err := l.reader.notes(ctx)
	if err != nil {
		return err
	}
	for _, n := range notes {
		l.last = max(l.last, n.Order)
	}
	if err := l.readVerbs(ctx, datasets); err != nil {
		return err
	}
	for _, d := range datasets {
		e := ledgerEntry{dataset: d}
		e.note, e.noted = notes[d.name]
		if e.there, err = l.reader.hasDataset(ctx, d.name); err != nil {
			return err
		}
		for q, err := range l.reader.Match(ctx, store.Pattern{Subject: d.label, Label: d.label}) {
			switch {
			case err != nil:
				return err
			case q.Predicate == inputTerm:
				e.input = quad.ToString(q.Object)
			case q.Predicate == titleTerm:
				e.title = quad.ToString(q.Object)
			}
		}
		if err := l.openMarks(ctx, &e); err != nil {
			return err
		}
		l.entries = append(l.entries, e)
	}
	slices.SortStableFunc(l.entries, func(a, b ledgerEntry) int { return compareNames(a.dataset, b.dataset) })
	return nil
}

// readVerbs reads the files of verbs of the other datasets.
func (l *loadLedger) readVerbs(ctx context.Context, datasets []*stagedDataset) error {
	files, err := allVerbFiles(ctx, l.reader)
	if err != nil {
		return err
	}
	l.known = slices.DeleteFunc(files, func(f verbFile) bool {
		return slices.ContainsFunc(datasets, func(d *stagedDataset) bool { return d.name == f.dataset })
	})
	return nil
}

// checkVerbs returns an error if a file of verbs of another dataset contradicts the
// vocabulary of a load. The graph could not be opened with both.
func (l *loadLedger) checkVerbs(v *schema.Vocabulary) error {
	_, err := extend(v, "", l.known)
	return err
}

// openMarks reads the marks of changes that updates made in a dataset.
func (l *loadLedger) openMarks(ctx context.Context, e *ledgerEntry) (err error) {
	if !e.there {
		return nil
	}
	if e.marks, err = readMarks(ctx, l.reader, e.dataset.name); err != nil {
		return err
	}
	e.hashes, err = e.marks.hashes(ctx, l.reader, e.dataset.label)
	return err
}

// titleTerm is the predicate of a dataset's title.
const titleTerm = quad.IRI(aboutPrefix + "title")

// compareNames orders staged datasets by name, since their order in a text has no
// meaning.
func compareNames(a, b *stagedDataset) int { return strings.Compare(a.name, b.name) }

// noteNew writes the notes of new datasets, before the snapshot is added: a quad added
// after it makes the transaction sort the snapshot's quads again. The note of the first
// dataset of a graph is left to the transaction.
func (l *loadLedger) noteNew(t *transaction, s *Staged) error {
	for i := range l.entries {
		e := &l.entries[i]
		if e.there || e.noted {
			continue
		}
		e.dataset.changed, e.begun = true, true
		n := l.noteFor(*e, s)
		t.notes = append(t.notes, n.quad(e.dataset.name))
		t.keys = append(t.keys, sourceKeyQuads(e.dataset.name, s.sourceKeys(e.dataset))...)
	}
	if t.staged != nil {
		return nil
	}
	_, err := t.tx.AddAll(append(t.notes, t.keys...))
	return err
}

// sourceKeys returns the keys of sources of a staged dataset. A restored dataset has none,
// since an export has none.
func (s *Staged) sourceKeys(d *stagedDataset) map[string]schema.ID {
	if s.input == nil || d.restored {
		return nil
	}
	return s.input.Source().SourceKeys
}

// finish returns an error if the load may not replace a dataset or undo changes by
// updates. Otherwise it writes the notes.
func (l *loadLedger) finish(ctx context.Context, tx *store.Tx, s *Staged) error {
	for _, e := range l.entries {
		if err := cmp.Or(l.check(e), s.checkParts(e)); err != nil {
			return err
		}
	}
	for _, e := range l.entries {
		if err := l.checkEdits(ctx, tx, e); err != nil {
			return err
		}
		if e.begun {
			continue
		}
		n := l.noteFor(e, s)
		if err := putNote(ctx, tx, e.dataset.name, &n); err != nil {
			return err
		}
		if e.dataset.restored && !e.dataset.changed {
			continue // the keys of an earlier load are still right
		}
		if err := putSourceKeys(ctx, tx, e.dataset.name, s.sourceKeys(e.dataset)); err != nil {
			return err
		}
	}
	return nil
}

// checkEdits finds the changes by updates that a load has undone, and removes their
// marks. A change that is also in the new input is not undone.
func (l *loadLedger) checkEdits(ctx context.Context, tx *store.Tx, e ledgerEntry) error {
	if len(e.marks) == 0 || e.dataset.restored && !e.dataset.changed {
		return nil
	}
	hashes, err := e.marks.hashes(ctx, reader{tx, l.reader.vocabulary}, e.dataset.label)
	if err != nil {
		return err
	}
	var undone Edits
	for i, m := range e.marks {
		if hashes[i] != e.hashes[i] {
			undone.add(m.kind, m.id)
		}
	}
	if undone.Len() > 0 && !l.options.Replace {
		return &EditsError{Dataset: e.dataset.name, Undone: undone, Carried: e.dataset.restored}
	}
	e.dataset.report.Undone = undone
	return removeMarks(tx, e.dataset.name, e.marks)
}

// check returns an error if the load may not replace a dataset of another origin. A
// dataset that only updates made has no origin: checkEdits protects it.
func (l *loadLedger) check(e ledgerEntry) error {
	o := l.options
	if !e.there || !e.dataset.changed || o.Replace || e.note.Lost || e.note.ByHand || e.sameInput(o) || l.folder.isAt(e.note, o.Origin) {
		return nil
	}
	title := o.About["title"]
	if e.dataset.restored {
		title = ""
	}
	return &PlaceError{Dataset: e.dataset.name, Old: l.folder.resolve(e.note), New: comparableOrigin(o.Origin),
		OldTitle: e.title, NewTitle: title, Carried: e.dataset.restored}
}

// noteFor returns the note of a load. An unchanged dataset keeps its first origin.
func (l *loadLedger) noteFor(e ledgerEntry, s *Staged) note {
	n := e.note
	n.Lost, n.ByHand = false, n.ByHand && e.dataset.restored && !e.dataset.changed
	if n.Order == 0 && !e.there {
		l.last++
		n.Order = l.last
	}
	switch o := l.options; {
	case o.Replace, e.dataset.changed && !e.sameInput(o), n.Origin == "" && !e.dataset.restored:
		l.folder.setOrigin(&n, o.Origin)
	}
	if e.dataset.restored {
		if e.dataset.changed {
			n.Key, n.Parts = "", nil
		}
		return n
	}
	if l.folder.isAt(n, l.options.Origin) {
		n.Parts = s.notedParts()
	}
	n.Key = ""
	if l.options.Input != "" {
		n.Key = l.options.key(s.vocabulary)
	}
	n.Verbs = l.unused(e, s.vocabulary)
	return n
}

func (e ledgerEntry) sameInput(o LoadOptions) bool {
	return !e.dataset.restored && o.Input != "" && o.Input == e.input
}

// unused returns the files of verbs of a load that no dataset would keep.
func (l *loadLedger) unused(e ledgerEntry, v *schema.Vocabulary) []string {
	kept := v.ExtensionsWith(e.dataset.words)
	for _, f := range l.known {
		kept = append(kept, f.text)
	}
	return slices.DeleteFunc(v.Extensions(), func(text string) bool { return slices.Contains(kept, text) })
}
