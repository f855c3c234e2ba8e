package graph

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// Edits are the records of a dataset that [Graph.Update] has added, changed and
// removed: facts, entities and documents, in the order of their ids.
type Edits struct {
	Added, Changed, Removed []schema.ID
}

// Len returns the number of records.
func (e Edits) Len() int { return len(e.Added) + len(e.Changed) + len(e.Removed) }

// String counts the records: "2 facts and 1 entity added, 1 fact removed".
func (e Edits) String() string {
	var parts []string
	for _, part := range []struct {
		ids  []schema.ID
		verb string
	}{{e.Added, "added"}, {e.Changed, "changed"}, {e.Removed, "removed"}} {
		if len(part.ids) > 0 {
			parts = append(parts, countKinds(part.ids)+" "+part.verb)
		}
	}
	return strings.Join(parts, ", ")
}

// countKinds counts ids by kind: "2 facts and 1 entity".
func countKinds(ids []schema.ID) string {
	counts := map[string]int{}
	for _, id := range ids {
		switch schema.KindOf(id) {
		case schema.KindFact:
			counts["fact"]++
		case schema.Doc:
			counts["document"]++
		default:
			counts["entity"]++
		}
	}
	var words []string
	for _, noun := range []string{"fact", "entity", "document"} {
		switch n := counts[noun]; {
		case n == 1:
			words = append(words, "1 "+noun)
		case n > 1:
			words = append(words, fmt.Sprintf("%d %s", n, strings.Replace(noun+"s", "ys", "ies", 1)))
		}
	}
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// add adds an id to the list of a kind of edit.
func (e *Edits) add(kind string, id schema.ID) {
	switch kind {
	case editAdded:
		e.Added = append(e.Added, id)
	case editChanged:
		e.Changed = append(e.Changed, id)
	case editRemoved:
		e.Removed = append(e.Removed, id)
	}
}

// ErrEdited is the sentinel that every [EditsError] matches.
var ErrEdited = errors.New("changed by hand")

// EditsError is a load that would undo changes that updates have made in a dataset
// since it was loaded.
type EditsError struct {
	Dataset string
	Undone  Edits // Removed are the records that would come back
	Carried bool  // the dataset came under its own name in an N-Quads text
}

func (e *EditsError) Error() string {
	const shown = 3
	ids := slices.Concat(e.Undone.Added, e.Undone.Changed, e.Undone.Removed)
	var names []string
	for _, id := range ids[:min(shown, len(ids))] {
		names = append(names, string(id))
	}
	if len(ids) > shown {
		names = append(names, fmt.Sprintf("and %d more", len(ids)-shown))
	}
	return fmt.Sprintf("dataset %q was %v, and the load would undo that: %v (%s)", e.Dataset, ErrEdited, e.Undone, strings.Join(names, ", "))
}

// Is reports whether the target is [ErrEdited].
func (e *EditsError) Is(target error) bool { return target == ErrEdited }

// Edits returns the changes by updates in a dataset since it was loaded. In a dataset
// that was never loaded, they are all its records.
func (g *Graph) Edits(ctx context.Context, dataset string) (edits Edits, err error) {
	err = g.read(ctx, func(r reader) error {
		marks, err := readMarks(ctx, r, dataset)
		edits = marks.edits()
		return err
	})
	return edits, err
}

// An update marks each changed record by one quad outside of the dataset,
// <note:edits/NAME/RECORD> <dip:by-hand> "KIND HASH" <note:loads>. HASH is the hash of
// the record's quads as they were loaded; it is absent if the record was not loaded.
const (
	editPrefix  = "note:edits/"
	editTerm    = quad.IRI("dip:by-hand")
	editAdded   = "added"
	editChanged = "changed"
	editRemoved = "removed"
)

// editMark is the mark of one record.
type editMark struct {
	id       schema.ID
	kind     string
	original string // hash of the loaded record; empty if it was not loaded
}

// editMarks are the marks of one dataset, in the order of their ids.
type editMarks []editMark

func (m editMarks) edits() (edits Edits) {
	for _, mark := range m {
		edits.add(mark.kind, mark.id)
	}
	return edits
}

func editSubject(dataset string, id schema.ID) quad.IRI {
	return quad.IRI(editPrefix + dataset + "/" + string(id))
}

func (m editMark) quad(dataset string) quad.Quad {
	return quad.Quad{Subject: editSubject(dataset, m.id), Predicate: editTerm,
		Object: quad.String(strings.TrimSpace(m.kind + " " + m.original)), Label: LoadsLabel}
}

// parseMark parses a mark; ok is false if it belongs to another dataset.
func parseMark(q quad.Quad, dataset string) (m editMark, ok bool) {
	id, ok := strings.CutPrefix(string(subjectOf(q)), editPrefix+dataset+"/")
	kind, original, _ := strings.Cut(quad.ToString(q.Object), " ")
	return editMark{schema.ID(id), kind, original}, ok
}

// readMarks reads the marks of a dataset.
func readMarks(ctx context.Context, r reader, dataset string) (marks editMarks, err error) {
	for q, err := range r.Match(ctx, store.Pattern{Predicate: editTerm, Label: LoadsLabel}) {
		if err != nil {
			return nil, err
		}
		if m, ok := parseMark(q, dataset); ok {
			marks = append(marks, m)
		}
	}
	slices.SortFunc(marks, func(a, b editMark) int { return strings.Compare(string(a.id), string(b.id)) })
	return marks, nil
}

// removeMarks removes the marks of a dataset.
func removeMarks(tx *store.Tx, dataset string, marks editMarks) error {
	var stale []quad.Quad
	for _, m := range marks {
		stale = append(stale, m.quad(dataset))
	}
	_, err := tx.RemoveAll(stale)
	return err
}

// markEdits marks the records that an update has changed, and removes the marks of
// records that are as they were loaded.
func (tx *Tx) markEdits(edits []*recordEdit) error {
	var stale, fresh []quad.Quad
	for _, e := range edits {
		if e.was == nil && e.now == nil { // a borrowed name
			continue
		}
		p := store.Pattern{Subject: editSubject(tx.dataset.name, e.id), Predicate: editTerm, Label: LoadsLabel}
		old, err := tx.transaction.readBefore().collect(tx.ctx, p)
		if err != nil {
			return err
		}
		if len(old) == 0 && tx.isReview {
			continue
		}
		mark := editMark{id: e.id}
		if len(old) > 0 {
			mark, _ = parseMark(old[0], tx.dataset.name)
		} else if e.was != nil {
			mark.original = hashQuads(e.before)
		}
		stale = append(stale, old...)
		if mark.update(e) {
			fresh = append(fresh, mark.quad(tx.dataset.name))
		}
	}
	if _, err := tx.store.RemoveAll(stale); err != nil {
		return err
	}
	_, err := tx.store.AddAll(fresh)
	return err
}

// update updates a mark, and reports whether the record differs from the loaded one.
func (m *editMark) update(e *recordEdit) bool {
	if m.original == "" && e.now != nil { // its quads need no hash
		m.kind = editAdded
		return true
	}
	now := ""
	if e.now != nil {
		now = hashQuads(e.after)
	}
	switch {
	case now == m.original:
		return false
	case now == "":
		m.kind = editRemoved
	default:
		m.kind = editChanged
	}
	return true
}

// hashQuads returns a hash of quads, independent of their order.
func hashQuads(quads []quad.Quad) string {
	lines := make([]string, len(quads))
	for i, q := range quads {
		lines[i] = q.NQuad()
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16]))
}

// hashRecord returns the hash of a dataset's record, empty if the dataset does not
// state it.
func hashRecord(ctx context.Context, r reader, id schema.ID, label quad.IRI) (string, error) {
	read := r.ownEntityQuads
	if schema.KindOf(id) == schema.KindFact {
		read = r.factQuads
	}
	quads, err := read(ctx, id, label)
	if err != nil || len(quads) == 0 || onlyBorrows(quads, label) {
		return "", err
	}
	return hashQuads(quads), nil
}

// hashes returns the current hashes of the marked records.
func (m editMarks) hashes(ctx context.Context, r reader, label quad.IRI) ([]string, error) {
	hashes := make([]string, len(m))
	for i, mark := range m {
		var err error
		if hashes[i], err = hashRecord(ctx, r, mark.id, label); err != nil {
			return nil, err
		}
	}
	return hashes, nil
}
