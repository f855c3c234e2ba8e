package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/entente-kg/entente/schema"
)

func (a *app) replCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "repl",
		Short: "Ask in Gizmo line by line, with history; :help lists what it knows",
		Long: `Repl reads Gizmo scripts, and commands that begin with a colon, line by line. At a
terminal it completes names, keeps a history, and shows tables a page at a time;
what comes from a pipe or a file is answered in JSON lines.`,
		GroupID: "ask",
		Args:    cobra.NoArgs,
		Example: `  entente repl --in examples/us-china-2023
  echo 'entity("Xie Feng").out(verb.met).all()' | entente repl --graph g`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(cmd.Context(), func(s *session) error { return a.repl(cmd, s) })
		},
	}
	a.scriptFlags(cmd)
	return a.reading(cmd)
}

// repl is a session that reads lines from a terminal, a pipe or a file.
type repl struct {
	*app
	cmd      *cobra.Command
	session  *session
	terminal bool
	prompter prompter
	words    *completer
	last     string // the script that a line goes on from which begins with a dot
	unrun    error  // that script ends in a path, and no line has gone on from it so far
	limited  bool   // :limit has said how many rows there are
	timed    bool
	failed   error // the first error of a line

	interrupts chan os.Signal // at a terminal
}

func (a *app) repl(cmd *cobra.Command, s *session) (err error) {
	a.typed = true
	r := &repl{app: a, cmd: cmd, session: s}
	a.config.Rows = a.limit(cmd)
	r.prompter, r.terminal = a.prompter()
	defer func() { err = errors.Join(err, r.prompter.Close()) }()
	defer context.AfterFunc(cmd.Context(), r.leave)()
	if !r.terminal {
		if a.rank(cmd, "format") == 0 {
			a.config.Format = "jsonl"
		}
		return r.lines()
	}
	signal.Ignore(os.Interrupt) // ctrl-c stops a query or drops lines, not the session
	r.interrupts = make(chan os.Signal, 1)
	signal.Notify(r.interrupts, os.Interrupt)
	r.words = newCompleter(r)
	if h, ok := r.prompter.(*historian); ok {
		h.SetWordCompleter(r.words.complete)
	}
	if out, ok := a.out.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		pager := &pager{file: out, keys: a.in}
		a.out = pager
		defer func() { a.out = out }()
	}
	fmt.Fprintln(a.out, "Gizmo. :help tells what there is, :quit leaves.")
	return r.lines()
}

// lines does what each line says until there are no more. The errors of lines
// from a pipe make the exit code.
func (r *repl) lines() error {
	for {
		r.flush()
		script, err := readScript(r.prompter, r.interrupts)
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
			continue
		case errors.Is(err, errLongLine):
			r.fault(err)
			continue
		case errors.Is(err, io.EOF):
			if r.terminal {
				fmt.Fprintln(r.out)
			}
			return r.end()
		case err != nil:
			return err
		}
		script = strings.TrimSpace(script)
		if script == ":quit" || script == ":q" || script == ":exit" {
			return r.end()
		}
		if err := r.interruptible(func(ctx context.Context) error { return r.line(ctx, script) }); err != nil {
			return err
		}
	}
}

// end is how a session ends: at a terminal well, else with the first error.
func (r *repl) end() error {
	r.flush()
	if r.terminal {
		return nil
	}
	r.settle()
	return r.failed
}

// line does what one line says.
func (r *repl) line(ctx context.Context, line string) error {
	script, goesOn, err := r.joined(line)
	r.prompter.AppendHistory(historyEntry(script))
	switch command, ok := strings.CutPrefix(script, ":"); {
	case err != nil:
		return err
	case script == "":
		return nil
	case ok:
		return r.command(ctx, command)
	case !goesOn:
		r.settle()
	}
	return r.remember(script, goesOn, r.query(ctx, script, "query"))
}

// query runs one script and shows its rows.
func (r *repl) query(ctx context.Context, script, name string) error {
	start := time.Now()
	t, err := r.runScript(ctx, r.session, script, r.config.Rows)
	if err != nil {
		return scriptError{name, err}
	}
	took := time.Since(start)
	err = r.print(r.cmd, t)
	if r.timed {
		r.flush()
		r.warn("%s in %v", plural(t.size(), "row"), took.Round(10*time.Microsecond))
	}
	return err
}

// interruptible tells what went wrong with a line; the session goes on unless it
// is to end itself.
func (r *repl) interruptible(do func(context.Context) error) error {
	session := r.cmd.Context()
	ctx := session
	if r.terminal {
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(session, os.Interrupt)
		defer stop()
	}
	err := do(ctx)
	switch {
	case session.Err() != nil:
		return context.Cause(session)
	case err == nil:
		return nil
	}
	r.flush()
	if errors.Is(err, context.Canceled) {
		r.complain("query interrupted", "")
		return nil
	}
	r.fault(err)
	return nil
}

// fault tells of an error, and keeps the first for the exit code.
func (r *repl) fault(err error) {
	r.complain(err.Error(), schema.Hint(err))
	if r.failed == nil {
		r.failed = toldError{err}
	}
}

// toldError was told when it happened; it is left for the exit code.
type toldError struct{ error }

func (e toldError) Unwrap() error { return e.error }

// flush shows what a line has written.
func (r *repl) flush() {
	if p, ok := r.out.(*pager); ok {
		p.show()
	}
}

// leave ends a session that waits for a line when the process is told to stop:
// the terminal gets its mode back, and what is temporary is removed.
func (r *repl) leave() {
	if !r.terminal {
		time.Sleep(time.Second) // a query ends by itself
		r.complain("interrupted", "")
	}
	_ = errors.Join(r.prompter.Close(), r.session.close())
	os.Exit(exitInterrupted)
}
