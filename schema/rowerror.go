package schema

import (
	"errors"
	"fmt"
	"strings"
)

// RowError is an error in one row, fact or entity of an input. In a sequence of
// records the next row follows after it; any other error ends the sequence.
type RowError struct {
	Pos  Position
	Err  error
	Text string // the original row, for a reject file

	Kind  ProblemKind // what is wrong; empty if it is not known
	Field string      // the key or column of the value at fault; empty for the whole row
	Value string      // the text at fault, which may be shortened

	// More are the further problems of the same row, in the order of their columns.
	// They have no text and no further problems.
	More []*RowError
}

// Error returns the position, if it is known, and the error. Each further problem
// of the row is a line of its own.
func (e *RowError) Error() string {
	if len(e.More) == 0 {
		return e.alone()
	}
	lines := []string{e.alone()}
	for _, other := range e.More {
		lines = append(lines, other.alone())
	}
	return strings.Join(lines, "\n")
}

func (e *RowError) alone() string {
	if e.Pos == (Position{}) {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v: %v", e.Pos, e.Err)
}

// Unwrap returns the errors of all problems of the row without their positions.
func (e *RowError) Unwrap() []error {
	all := []error{e.Err}
	for _, other := range e.More {
		all = append(all, other.Err)
	}
	return all
}

// Hint returns advice on how to correct the first problem of the row; empty if
// there is none.
func (e *RowError) Hint() string { return Hint(e.Err) }

// Problems returns each problem of the row as an error of its own.
func (e *RowError) Problems() []*RowError {
	first := *e
	first.More = nil
	return append([]*RowError{&first}, e.More...)
}

// ProblemKind names what is wrong in an input. Programs may rely on the words:
// they stay the same.
type ProblemKind string

// The kinds of problems.
const (
	UnreadableFile    ProblemKind = "unreadable-file"    // missing, no file, empty, of an unknown format
	WrongEncoding     ProblemKind = "wrong-encoding"     // not text of UTF-8
	TooLarge          ProblemKind = "too-large"          // above a limit of size, length or depth
	BadSyntax         ProblemKind = "bad-syntax"         // not CSV, JSON, YAML or N-Quads
	UnknownColumn     ProblemKind = "unknown-column"     // of a table
	RepeatedColumn    ProblemKind = "repeated-column"    // two columns with one meaning
	MissingColumn     ProblemKind = "missing-column"     // of the verb, or a column without a name
	WrongWidth        ProblemKind = "wrong-width"        // a row with more or fewer fields than the header
	UnknownKey        ProblemKind = "unknown-key"        // of a mapping
	RepeatedKey       ProblemKind = "repeated-key"       // a key that a mapping has twice
	UnknownRecord     ProblemKind = "unknown-record"     // neither an entity, a source nor a fact
	WrongType         ProblemKind = "wrong-type"         // such as a list in place of a text
	BadText           ProblemKind = "bad-text"           // control characters, several lines, no letters
	UnknownWord       ProblemKind = "unknown-word"       // a status, stance, method or kind of entity
	MissingValue      ProblemKind = "missing-value"      // such as an entity without a name
	ConflictingValues ProblemKind = "conflicting-values" // such as a sentence and a verb
	BadDate           ProblemKind = "bad-date"
	BadID             ProblemKind = "bad-id"
	UnknownVerb       ProblemKind = "unknown-verb"
	UnknownName       ProblemKind = "unknown-name"
	UnknownID         ProblemKind = "unknown-id"
	UnknownSource     ProblemKind = "unknown-source"
	UnknownFactKey    ProblemKind = "unknown-fact-key" // no fact has the key
	AmbiguousName     ProblemKind = "ambiguous-name"
	BadSentence       ProblemKind = "bad-sentence" // no verb, a negation, several readings
	WrongKind         ProblemKind = "wrong-kind"   // an entity of a kind that the verb or role does not allow
	BadParticipants   ProblemKind = "bad-participants"
	BadStatus         ProblemKind = "bad-status" // a status that the verb does not allow
	BadEvidence       ProblemKind = "bad-evidence"
	RepeatedIdentity  ProblemKind = "repeated-identity"  // two items with one id or key that differ
	BadVerbs          ProblemKind = "bad-verbs"          // an entry of the own verbs of a dataset
	Circle            ProblemKind = "circle"             // facts or relations that lead back to themselves
	RejectedReference ProblemKind = "rejected-reference" // refers to a rejected item: follows from another problem
	OtherProblem      ProblemKind = "other"
)

// ProblemKinds lists all kinds of problems.
func ProblemKinds() []ProblemKind {
	return []ProblemKind{UnreadableFile, WrongEncoding, TooLarge, BadSyntax, UnknownColumn, RepeatedColumn, MissingColumn,
		WrongWidth, UnknownKey, RepeatedKey, UnknownRecord, WrongType, BadText, UnknownWord, MissingValue, ConflictingValues,
		BadDate, BadID, UnknownVerb, UnknownName, UnknownID, UnknownSource, UnknownFactKey, AmbiguousName, BadSentence,
		WrongKind, BadParticipants, BadStatus, BadEvidence, RepeatedIdentity, BadVerbs, Circle, RejectedReference, OtherProblem}
}

// ProblemKindOf returns the kind of an error: what its method ProblemKind returns,
// or the kind of the error that it wraps.
func ProblemKindOf(err error) ProblemKind {
	var known interface{ ProblemKind() ProblemKind }
	if errors.As(err, &known) {
		return known.ProblemKind()
	}
	for _, c := range []struct {
		err  error
		kind ProblemKind
	}{
		{ErrUnknownVerb, UnknownVerb}, {ErrCode, UnknownVerb}, {ErrDate, BadDate}, {ErrID, BadID}, {ErrKind, WrongKind},
		{ErrParticipant, BadParticipants}, {ErrRole, BadParticipants}, {ErrStatus, BadStatus},
		{ErrText, BadText}, {ErrEntity, BadText}, {ErrEvidence, BadEvidence}, {ErrLink, Circle},
		{ErrDuplicate, RepeatedIdentity},
	} {
		if errors.Is(err, c.err) {
			return c.kind
		}
	}
	return OtherProblem
}
