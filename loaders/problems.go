package loaders

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// problems are the rejected entities, sources, facts and rows of one dataset.
type problems struct {
	all       []problem
	fileOrder map[string]int // the index of each file in the dataset, by path

	// stream receives problems before all are found, once there are many, so that memory
	// does not grow with their number. It returns false to stop. Nil keeps all problems.
	stream   func(*RowError) bool
	streamed int  // how many it has received
	stopped  bool // it has returned false
}

// mostKept is the number of problems that are kept in memory. More are sorted and passed
// on in parts.
const mostKept = 50_000

// passOn passes all problems on if there are many.
func (ps *problems) passOn(blocks []*block) error {
	if ps.stream == nil || len(ps.all) < mostKept {
		return nil
	}
	if err := readExcerpts(blocks, ps); err != nil {
		return err
	}
	for _, p := range ps.sorted() {
		ps.stopped = ps.stopped || !ps.stream(p.RowError)
	}
	ps.streamed, ps.all = ps.streamed+len(ps.all), nil
	if ps.stopped {
		return errStopped
	}
	return nil
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
	all := (faults)(nil)
	at := (*positionedError)(nil)
	r := &RowError{Err: err, Kind: schema.ProblemKindOf(err)}
	switch {
	case errors.As(err, &all):
		r = all.rowError()
	case errors.As(err, &at):
		r = at.rowError()
	}
	r.Text = strings.Clone(row)
	ps.all = append(ps.all, problem{RowError: r, isConsequence: isConsequence(err)})
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

// rejectFact adds the errors of a fact. The posts and relations of an entity that is
// rejected itself are counted only where they have errors of their own.
func (ps *problems) rejectFact(f *factDraft, err error) {
	if f.ofRejected && isConsequence(err) {
		return
	}
	ps.rejectAt(err, f.source, f.source.position(f.pos), f.lastLine)
}

// isConsequence reports whether an error only follows from the error of another
// item.
func isConsequence(err error) bool {
	all := (faults)(nil)
	if errors.As(err, &all) {
		err = all.own()[0]
	}
	return errors.Is(err, errRejected)
}

// wantsSuggestions reports whether an error is still worth a search for the words
// at fault and for suggestions. Only the first errors are printed.
func (ps *problems) wantsSuggestions() bool { return ps != nil && ps.streamed+len(ps.all) < 200 }

// orderFiles sets the order of files for [problems.sorted].
func (ps *problems) orderFiles(paths []string) {
	ps.fileOrder = make(map[string]int, len(paths))
	for i, path := range paths {
		ps.fileOrder[path] = i
	}
}

// dropUnknownKeys removes the problems of unknown keys that are among some words.
func (ps *problems) dropUnknownKeys(words map[string]bool) {
	follows := func(p *RowError) bool { return p.Kind == schema.UnknownKey && words[p.Value] }
	ps.all = slices.DeleteFunc(ps.all, func(p problem) bool {
		p.More = slices.DeleteFunc(p.More, follows)
		if follows(p.RowError) && len(p.More) > 0 {
			first := *p.More[0]
			first.Text, first.More = p.Text, p.More[1:]
			*p.RowError = first
		}
		return follows(p.RowError)
	})
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
// errors in it.
type item struct {
	source *source
	field  string // the key whose value is being read; empty for the whole item
	errs   faults
}

func (i *item) failed() bool { return len(i.errs) > 0 }

// fail adds an error of a kind of problem at the beginning of a text.
func (i *item) fail(kind schema.ProblemKind, t text, format string, args ...any) {
	i.failWith(t, faultf(kind, format, args...))
}

// failWith adds an error at the beginning of a text.
func (i *item) failWith(t text, err error) { i.failWithin(t, 0, err) }

// failWithin adds an error at a byte of a text.
func (i *item) failWithin(t text, at int, err error) {
	i.add(i.source.errorWithin(t, at, &fault{error: err, field: i.field, value: strings.Clone(shorten(t.value))}))
}

func (i *item) add(err *positionedError) { i.errs = append(i.errs, err) }

// take returns the errors in the order of their positions, and forgets them. The
// result is nil if there are none.
func (i *item) take() faults {
	errs := i.errs
	i.errs = nil
	errs.sort()
	return errs
}

func (f faults) sort() {
	slices.SortStableFunc(f, func(a, b *positionedError) int {
		return cmp.Or(cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Col, b.pos.Col))
	})
}

// err returns the errors as one, or nil.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
