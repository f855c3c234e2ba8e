package schema

import "fmt"

// RowError is an error in one row, fact or entity of an input. In a sequence of
// records the next row follows after it; any other error ends the sequence.
type RowError struct {
	Pos  Position
	Err  error
	Text string // the original row, for a reject file
}

// Error returns the position, if it is known, and the error.
func (e *RowError) Error() string {
	if e.Pos == (Position{}) {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v: %v", e.Pos, e.Err)
}

// Unwrap returns the error without its position.
func (e *RowError) Unwrap() error { return e.Err }

// Hint returns advice on how to correct the row; empty if there is none.
func (e *RowError) Hint() string { return Hint(e.Err) }
