package loaders

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// RowError is an error in one fact, entity or row. Reading continues with the
// next row.
type RowError = schema.RowError

// ErrInput is wrapped by the errors of an input that cannot be read as facts at
// all, such as a missing file, an unknown format, or YAML that does not parse.
var ErrInput = errors.New("unreadable input")

// NameError is an unknown name in an input: neither the input nor what is known
// before it declares the name.
type NameError struct {
	Name  string
	Kinds []schema.Kind // the kinds that could stand in its place; none for any kind
}

// ProblemKind returns [schema.UnknownName].
func (e *NameError) ProblemKind() schema.ProblemKind { return schema.UnknownName }

func (e *NameError) Error() string { return fmt.Sprintf("unknown name: %q", shorten(e.Name)) }

// LackError is an error of a fact that a mapping makes without a value for some keys.
type LackError struct {
	error
	Keys []string
}

// Unwrap returns the error itself.
func (e *LackError) Unwrap() error { return e.error }

// Hint says which keys have no value.
func (e *LackError) Hint() string { return "the row has no value for " + strings.Join(e.Keys, ", ") }

// inputError has the text of its cause, and is [ErrInput].
type inputError struct{ error }

func (e inputError) Is(target error) bool { return target == ErrInput }
func (e inputError) Unwrap() error        { return e.error }

// asInputError makes an error match [ErrInput], unless its cause is the file system
// or the end of the input.
func asInputError(err error) error {
	if err == nil || err == io.EOF || errors.As(err, new(*fs.PathError)) {
		return err
	}
	return inputError{err}
}

// inputErrorOpener applies [asInputError] to the errors of opening a file and of
// reading it.
func inputErrorOpener(open opener) opener {
	return func() (io.ReadCloser, error) {
		r, err := open()
		if err != nil {
			return nil, asInputError(err)
		}
		return inputErrorReader{r}, nil
	}
}

// inputErrorReader applies [asInputError] to the errors of reading.
type inputErrorReader struct{ io.ReadCloser }

func (r inputErrorReader) Read(b []byte) (int, error) {
	n, err := r.ReadCloser.Read(b)
	return n, asInputError(err)
}

// notAFile returns the error of a pipe or a device: reading it may block or never
// end.
func notAFile(name string, info fs.FileInfo) error {
	err := fmt.Errorf("%s: is not a file", name)
	if info.Mode()&fs.ModeNamedPipe == 0 {
		return err
	}
	return withHint(fmt.Errorf("%w but a pipe", err), "write the output of the pipe to a file, and read the file")
}

// withoutPath returns an error of the file system without the path, which the
// caller adds.
func withoutPath(err error) error {
	var p *fs.PathError
	switch {
	case !errors.As(err, &p):
		return err
	case p.Err.Error() == "path escapes from parent": // package os exports no error for it
		return errors.New("leads out of the folder")
	}
	return p.Err
}

// positionedError is an error and its position in a file.
type positionedError struct {
	pos schema.Position
	err error
}

func (e *positionedError) Error() string { return fmt.Sprintf("%v: %v", e.pos, e.err) }
func (e *positionedError) Unwrap() error { return e.err }

// fault is an error, what kind of problem it is, and the text at fault.
type fault struct {
	error
	kind  schema.ProblemKind // empty if the cause says it
	field string
	value string
}

func (f *fault) Unwrap() error { return f.error }

// ProblemKind returns the kind of the problem.
func (f *fault) ProblemKind() schema.ProblemKind {
	if f.kind != "" {
		return f.kind
	}
	return schema.ProblemKindOf(f.error)
}

// faultOf says what kind of problem an error is.
func faultOf(kind schema.ProblemKind, err error) error { return &fault{error: err, kind: kind} }

// faultf returns an error of a kind of problem.
func faultf(kind schema.ProblemKind, format string, args ...any) error {
	return faultOf(kind, fmt.Errorf(format, args...))
}

// faultOfValue says what kind of problem an error is, and the text at fault where that
// is only a part of a value.
func faultOfValue(kind schema.ProblemKind, value string, err error) error {
	return &fault{error: err, kind: kind, value: value}
}

// faults are the errors of one item, in the order of their positions. The list is
// never empty.
type faults []*positionedError

func (f faults) Error() string {
	lines := make([]string, len(f))
	for i, e := range f {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

func (f faults) Unwrap() []error {
	all := make([]error, len(f))
	for i, e := range f {
		all[i] = e
	}
	return all
}

// own returns the faults that do not follow from another item, or all faults if
// there is none.
func (f faults) own() faults {
	own := slices.DeleteFunc(slices.Clone(f), func(e *positionedError) bool { return errors.Is(e, errRejected) })
	if len(own) == 0 {
		return f
	}
	return own
}

// rowError returns the error of a rejected row.
func (f faults) rowError() *RowError {
	var first *RowError
	for _, e := range f.own() {
		row := e.rowError()
		if first == nil {
			first = row
			continue
		}
		first.More = append(first.More, row)
	}
	return first
}

func (e *positionedError) rowError() *RowError {
	row := &RowError{Pos: e.pos, Err: e.err, Kind: schema.ProblemKindOf(e.err)}
	for cause := (*fault)(nil); errors.As(row.Err, &cause) && error(cause) == row.Err; {
		row.Field, row.Value = cmp.Or(row.Field, cause.field), cmp.Or(cause.value, row.Value)
		row.Err = cause.error
	}
	if cause := (*fault)(nil); row.Value == "" && errors.As(row.Err, &cause) {
		row.Value = cause.value // of a field of a mapping
	}
	if name := (*NameError)(nil); errors.As(row.Err, &name) {
		row.Value = name.Name
	}
	row.Value = shorten(row.Value)
	return row
}

// Problems returns each problem that an error of an input has: of a row, of the
// header of a table, or of a whole file. An error of a file has a position without
// a line where its place is not known.
func Problems(err error) []*RowError {
	if files := (fileErrors)(nil); errors.As(err, &files) {
		var all []*RowError
		for _, err := range files {
			all = append(all, Problems(err)...)
		}
		return all
	}
	if row := (*RowError)(nil); errors.As(err, &row) {
		return row.Problems()
	}
	if all := (faults)(nil); errors.As(err, &all) {
		return all.rowError().Problems()
	}
	if at := (*positionedError)(nil); errors.As(err, &at) {
		return []*RowError{at.rowError()}
	}
	kind := schema.ProblemKindOf(err)
	if kind == schema.OtherProblem && errors.Is(err, ErrInput) {
		kind = schema.UnreadableFile
	}
	return []*RowError{{Err: err, Kind: kind}}
}

// fileErrors are the errors of several files of an input.
type fileErrors []error

func (f fileErrors) Error() string   { return errors.Join(f...).Error() }
func (f fileErrors) Unwrap() []error { return f }

// errRejected is wrapped if an item is rejected only because it refers to a
// rejected item.
var errRejected = errors.New("that is rejected")

// withHint attaches a hint whose text is known already.
func withHint(err error, hint string) error {
	return schema.WithHint(err, func() string { return hint })
}
