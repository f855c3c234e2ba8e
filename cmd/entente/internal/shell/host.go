// Package shell is the REPL: it reads lines from a terminal or a pipe, joins them
// into scripts, completes names, keeps a history and shows long answers a page at a
// time. A Host runs the scripts and commands.
package shell

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/entente-kg/entente/schema"
)

// Host contains the functions and values of the program that a shell uses.
type Host struct {
	In         io.Reader
	Out        io.Writer
	Settings   Settings // the initial settings
	Formats    []string // formats of answers
	Commands   []Command
	Pages      []Page
	Vocabulary *schema.Vocabulary

	// Section returns the section of the manual with a heading.
	Section func(heading string) (text string, ok bool)
	// Query runs a script and writes its rows. Errors begin with name.
	Query func(ctx context.Context, w io.Writer, s Settings, script, name string) (Result, error)
	// Explain runs a script and writes its query plan, sizes and time.
	Explain func(ctx context.Context, w io.Writer, s Settings, script string) error
	// Run runs a command of the program on the session's graph.
	Run func(ctx context.Context, w io.Writer, s Settings, args []string) error
	// Entities yields the entities of the session's graph, for completion.
	Entities func(ctx context.Context) iter.Seq2[schema.Entity, error]

	Complain func(text, hint string)
	Note     func(format string, args ...any)
	// Abort ends the process. It is called when the context ends while the session
	// waits for a line.
	Abort func()
}

// Settings are the settings that commands such as :format and :limit change.
type Settings struct {
	Format  string
	Rows    int  // largest number of rows of an answer; 0 for all
	RowsSet bool // Rows comes from a flag, the configuration or :limit
}

// Result is the number of rows of a script and its running time.
type Result struct {
	Rows int
	Took time.Duration
}

// Command is a command of the program that also runs in the shell.
type Command struct {
	Name, Use, About string
	Help             string // the complete help text
	Flags            []string
}

// Page is a page of the manual.
type Page struct{ Name, Title, Text string }

// ReportedError is an error that the shell has printed. Only its exit code is still
// needed.
type ReportedError struct{ error }

func (e ReportedError) Unwrap() error { return e.error }
