package loaders

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

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

func (e *NameError) Error() string { return fmt.Sprintf("unknown name: %q", shorten(e.Name)) }

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

// positionedError is an error and its position in a file.
type positionedError struct {
	pos schema.Position
	err error
}

func (e *positionedError) Error() string { return fmt.Sprintf("%v: %v", e.pos, e.err) }
func (e *positionedError) Unwrap() error { return e.err }

// errRejected is wrapped if an item is rejected only because it refers to a
// rejected item.
var errRejected = errors.New("that is rejected")

// withHint attaches a hint whose text is known already.
func withHint(err error, hint string) error {
	return schema.WithHint(err, func() string { return hint })
}
