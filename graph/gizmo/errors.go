package gizmo

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
)

// scriptName is the name of the user's script in errors.
const scriptName = "query"

// maxScript and maxBrackets bound the bytes of a script and the nesting of its
// brackets, since the parser and the compiler are recursive.
const (
	maxScript   = 64 << 10
	maxBrackets = 500
)

// ScriptError is an error at a place in a script. Line and column count from one,
// columns in characters. Both are zero if the place is unknown.
type ScriptError struct {
	Line, Column int
	Err          error
}

func (e *ScriptError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", scriptName, e.Err)
	}
	return fmt.Sprintf("%s:%d:%d: %v", scriptName, e.Line, e.Column, e.Err)
}

func (e *ScriptError) Unwrap() error { return e.Err }

// newScriptError returns the error of a place in the script, whose column counts
// bytes.
func newScriptError(script string, at file.Position, err error) *ScriptError {
	e := &ScriptError{Line: at.Line, Column: at.Column, Err: err}
	if len(err.Error()) > maxMessage {
		e.Err = shortError{err}
	}
	lines := strings.Split(script, "\n")
	if at.Line > 0 && at.Line <= len(lines) {
		before := lines[at.Line-1][:min(max(at.Column-1, 0), len(lines[at.Line-1]))]
		e.Column = max(at.Column, 1) - len(before) + utf8.RuneCountInString(before)
	}
	return e
}

// maxMessage bounds the bytes of an error text, since scripts may throw long
// texts.
const maxMessage = 500

// shortError cuts the text of an error short.
type shortError struct{ error }

func (e shortError) Unwrap() error { return e.error }

func (e shortError) Error() string {
	return strings.ToValidUTF8(e.error.Error()[:maxMessage], "") + "…"
}

// compile parses and compiles a script. Source maps are off, since they would
// open files.
func compile(script string) (*goja.Program, error) {
	if err := checkSize(script); err != nil {
		return nil, err
	}
	if err := checkBrackets(script); err != nil {
		return nil, err
	}
	tree, err := parser.ParseFile(nil, scriptName, script, 0, parser.WithDisableSourceMaps)
	var list parser.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		return nil, newScriptError(script, list[0].Position, errors.New(lowerFirst(list[0].Message)))
	}
	if err != nil {
		return nil, &ScriptError{Err: err}
	}
	program, err := goja.CompileAST(tree, false)
	var bad *goja.CompilerSyntaxError
	if errors.As(err, &bad) && bad.File != nil {
		return nil, newScriptError(script, bad.File.Position(bad.Offset), errors.New(lowerFirst(bad.Message)))
	}
	if err != nil {
		return nil, &ScriptError{Err: err}
	}
	return program, nil
}

func checkSize(script string) error {
	if len(script) > maxScript {
		return &ScriptError{Err: fmt.Errorf("the script has %d bytes, more than %d", len(script), maxScript)}
	}
	return nil
}

// checkBrackets bounds the nesting of brackets. It counts brackets in strings and
// comments too, and so refuses a script with hundreds of unclosed brackets in
// them.
func checkBrackets(script string) error {
	depth := 0
	for _, r := range script {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		}
		if depth > maxBrackets {
			return &ScriptError{Err: fmt.Errorf("brackets are nested more than %d deep", maxBrackets)}
		}
	}
	return nil
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// scriptError adds the place in the user's script to an error.
func scriptError(script string, err error) error {
	var exception *goja.Exception
	var overflow *goja.StackOverflowError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &overflow):
		return newScriptError(script, scriptPosition(overflow.Stack()), errors.New("calls are nested too deeply"))
	case !errors.As(err, &exception):
		return err
	}
	cause := exception.Unwrap()
	if thrown, ok := exportValue(exception.Value()).(error); ok {
		cause = thrown
	}
	var inner *goja.Exception
	if errors.As(cause, &inner) && inner != exception {
		return scriptError(script, inner) // thrown by a callback that Cayley called
	}
	if cause == nil {
		cause = errors.New(thrownText(exception.Value()))
	}
	return newScriptError(script, scriptPosition(exception.Stack()), cause)
}

func exportValue(v goja.Value) any {
	if v == nil {
		return nil
	}
	if o, ok := v.(*goja.Object); ok && o.ClassName() == "Array" {
		return nil
	}
	return v.Export()
}

// thrownText returns a thrown value as text. Its toString may throw too.
func thrownText(v goja.Value) (s string) {
	defer func() {
		if recover() != nil {
			s = "an error that cannot be shown"
		}
	}()
	return v.String()
}

func scriptPosition(stack []goja.StackFrame) file.Position {
	for _, frame := range stack {
		if frame.SrcName() == scriptName {
			return frame.Position()
		}
	}
	return file.Position{}
}
