package loaders

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// problems are the rejected entities, sources, facts and rows of one dataset.
type problems struct {
	all       []problem
	fileOrder map[string]int // the index of each file in the dataset, by path
}

// problem is one rejected item.
type problem struct {
	*RowError
	isConsequence bool     // rejected only because it refers to a rejected item
	unread        *excerpt // where the text of the item is, if that is not at hand
}

// excerpt is the place of an item in a file.
type excerpt struct {
	file  *file
	begin schema.Position
	last  int32 // the last line
}

// add adds an error that has its position already.
func (ps *problems) add(row *RowError) { ps.all = append(ps.all, problem{RowError: row}) }

// reject adds an error and the text of the rejected item.
func (ps *problems) reject(err error, row string) {
	r := &RowError{Err: err, Text: strings.Clone(row)}
	var at *positionedError
	if errors.As(err, &at) {
		r.Pos, r.Err = at.pos, at.err
	}
	ps.all = append(ps.all, problem{RowError: r, isConsequence: errors.Is(err, errRejected)})
}

// rejectAt adds an error and the text of the rejected item, which begins at a
// position and ends on line last.
func (ps *problems) rejectAt(err error, s *source, begin schema.Position, last int32) {
	ps.reject(err, s.excerpt(begin, int(last)))
}

// rejectUnread adds an error of an item whose text is not at hand.
func (ps *problems) rejectUnread(err error, e excerpt) {
	ps.reject(err, "")
	ps.all[len(ps.all)-1].unread = &e
}

func (ps *problems) rejectFact(f *factDraft, err error) {
	ps.rejectAt(err, f.source, f.source.position(f.pos), f.lastLine)
}

// wantsSuggestions reports whether an error is still worth a search for the words
// at fault and for suggestions. Only the first errors are printed.
func (ps *problems) wantsSuggestions() bool { return ps != nil && len(ps.all) < 200 }

// orderFiles sets the order of files for [problems.sorted].
func (ps *problems) orderFiles(paths []string) {
	ps.fileOrder = make(map[string]int, len(paths))
	for i, path := range paths {
		ps.fileOrder[path] = i
	}
}

// sorted returns the problems by file, line and column. Problems that only follow
// from other problems are last.
func (ps *problems) sorted() []problem {
	slices.SortStableFunc(ps.all, func(a, b problem) int {
		return cmp.Or(cmp.Compare(btoi(a.isConsequence), btoi(b.isConsequence)),
			cmp.Compare(ps.fileOrder[a.Pos.File], ps.fileOrder[b.Pos.File]),
			cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	return ps.all
}

// item is the entity, source or fact that is being parsed or resolved, and the
// first error in it.
type item struct {
	source *source
	err    *positionedError
}

func (i *item) failed() bool { return i.err != nil }

func (i *item) fail(t text, format string, args ...any) {
	i.failWith(t, fmt.Errorf(format, args...))
}

func (i *item) failWith(t text, err error) {
	if i.err == nil {
		i.err = i.source.errorAt(t, err)
	}
}

// failWithin sets an error at a byte of a text.
func (i *item) failWithin(t text, at int, err error) {
	if i.err == nil {
		i.err = i.source.errorWithin(t, at, err)
	}
}
