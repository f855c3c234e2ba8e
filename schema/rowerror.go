package schema

import "fmt"

// RowError is what is wrong with one row, fact or entity of an input. In a
// sequence of records the next row follows it; any other error ends the
// sequence.
type RowError struct {
	Pos  Position
	Err  error
	Text string // the row as it stands in its file, for a reject file
}

// Error is the place, where it is known, then what is wrong.
func (e *RowError) Error() string {
	if e.Pos == (Position{}) {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v: %v", e.Pos, e.Err)
}

// Unwrap is the error without its place.
func (e *RowError) Unwrap() error { return e.Err }

// Hint is advice on how to correct the row; empty where there is none.
func (e *RowError) Hint() string { return Hint(e.Err) }
