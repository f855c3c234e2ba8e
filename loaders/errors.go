package loaders

import (
	"errors"
	"fmt"

	"github.com/entente-kg/entente/schema"
)

// RowError is an error in one fact, entity or row. Reading continues with the
// next row.
type RowError = schema.RowError

// positionedError is an error and its position in a file.
type positionedError struct {
	pos schema.Position
	err error
}

func (e *positionedError) Error() string { return fmt.Sprintf("%v: %v", e.pos, e.err) }
func (e *positionedError) Unwrap() error { return e.err }

// errRejected is wrapped where an item is rejected only because it refers to a
// rejected item.
var errRejected = errors.New("that is rejected")

// withHint attaches a hint whose text is known already.
func withHint(err error, hint string) error {
	return schema.WithHint(err, func() string { return hint })
}
