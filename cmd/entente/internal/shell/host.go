// Package shell is the REPL: it reads lines at a terminal or from a pipe, joins
// them to scripts, completes names, keeps a history and shows long answers a page
// at a time. A Host does what the lines ask for.
package shell

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/entente-kg/entente/schema"
)

// Host is what a shell needs of the program that it is a part of.
type Host struct {
	In         io.Reader
	Out        io.Writer
	Settings   Settings // at the start; lines change them
	Formats    []string // of answers
	Commands   []Command
	Pages      []Page
	Vocabulary *schema.Vocabulary

	// Query runs a script, which errors call by its name, and writes its rows.
	Query func(ctx context.Context, w io.Writer, s Settings, script, name string) (Result, error)
	// Explain runs a script, and writes how it was run.
	Explain func(ctx context.Context, w io.Writer, s Settings, script string) error
	// Run runs a command of the program over the session's graph.
	Run func(ctx context.Context, w io.Writer, s Settings, args []string) error
	// Entities are those of the session's graph, for completion.
	Entities func(ctx context.Context) iter.Seq2[schema.Entity, error]

	Complain func(text, hint string)
	Note     func(format string, args ...any)
	// Abort ends the process, since a session that waits for a line was told to
	// stop.
	Abort func()
}

// Settings are what lines of a session set for those after them.
type Settings struct {
	Format  string
	Rows    int  // the most of an answer; 0 for all
	RowsSet bool // a flag, the configuration or a line says how many
}

// Result is how many rows a script found, and in what time.
type Result struct {
	Rows int
	Took time.Duration
}

// Command is a command of the program that a session has too.
type Command struct {
	Name, Use, About string
	Help             string // the whole of it
	Flags            []string
}

// Page is a page of the manual.
type Page struct{ Name, Title, Text string }

// ReportedError is an error that the person at the shell has been told of. It is
// left for the exit code.
type ReportedError struct{ error }

func (e ReportedError) Unwrap() error { return e.error }
