package shell

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
	"golang.org/x/term"

	"github.com/entente-kg/entente/schema"
)

// session is one run of the shell: it reads lines and runs them.
type session struct {
	host      *Host
	settings  Settings
	out       io.Writer // the host's Out, or a pager that writes to it
	terminal  bool
	prompter  prompter
	words     *completer
	scripts   continuation
	showTimes bool
	failed    error // the first error of a line

	interrupts chan os.Signal // at a terminal
}

// Run reads and runs lines until the end of the input or :quit. At a terminal it
// returns nil. Else it returns an error of reading, or the first error of a line as a
// ReportedError.
func Run(ctx context.Context, h *Host) (err error) {
	s := &session{host: h, settings: h.Settings, out: h.Out, terminal: IsTerminal(h.In)}
	s.words = newCompleter(h)
	s.prompter = newPrompter(h.In)
	defer func() { err = errors.Join(err, s.prompter.Close()) }()
	defer context.AfterFunc(ctx, s.abort)()
	if s.terminal {
		s.atTerminal()
	}
	return s.lines(ctx)
}

// IsTerminal reports whether an input is a terminal.
func IsTerminal(in io.Reader) bool {
	file, ok := in.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// atTerminal prepares interrupts, completion and paging at a terminal.
func (s *session) atTerminal() {
	signal.Ignore(os.Interrupt) // ctrl-c stops a query or drops lines, not the session
	s.interrupts = make(chan os.Signal, 1)
	signal.Notify(s.interrupts, os.Interrupt)
	if h, ok := s.prompter.(*terminalPrompter); ok {
		h.SetWordCompleter(s.words.complete)
	}
	if out, ok := s.out.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		s.out = &pager{file: out, keys: s.host.In}
	}
	fmt.Fprintln(s.out, "Gizmo. :help lists the commands, :quit leaves.")
}

// lines reads and runs lines until the end of the input or :quit.
func (s *session) lines(ctx context.Context) error {
	for {
		s.flush()
		script, err := readScript(s.prompter, s.interrupts)
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
			continue
		case errors.Is(err, errLongLine):
			s.report(err)
			continue
		case errors.Is(err, io.EOF):
			if s.terminal {
				fmt.Fprintln(s.out)
			}
			return s.end()
		case err != nil:
			return err
		}
		script = strings.TrimSpace(script)
		if script == ":quit" || script == ":q" || script == ":exit" {
			return s.end()
		}
		if err := s.runInterruptibly(ctx, func(ctx context.Context) error { return s.line(ctx, script) }); err != nil {
			return err
		}
	}
}

// end returns nil at a terminal, else the first error of a line.
func (s *session) end() error {
	s.flush()
	if s.terminal {
		return nil
	}
	s.reportUnrun()
	return s.failed
}

// line runs one line: a command or a script.
func (s *session) line(ctx context.Context, line string) error {
	script, continues, err := s.scripts.join(line)
	s.prompter.AppendHistory(historyEntry(script))
	switch command, ok := strings.CutPrefix(script, ":"); {
	case err != nil:
		return err
	case script == "":
		return nil
	case ok:
		return s.command(ctx, command)
	case !continues:
		s.reportUnrun()
	}
	return s.query(ctx, script, "query", continues)
}

// query runs one script and shows its rows. The next line may continue the script.
func (s *session) query(ctx context.Context, script, name string, continues bool) error {
	result, err := s.host.Query(ctx, s.out, s.settings, script, name)
	if result.Took > 0 && s.showTimes {
		s.flush()
		s.host.Note("%s in %v", rows(result.Rows), result.Took.Round(10*time.Microsecond))
	}
	unrun, err := s.scripts.remember(script, continues, err)
	if unrun != nil {
		s.host.Note("%v, or continue it with a line that begins with a dot", unrun)
	}
	return err
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// reportUnrun is called when no line can continue the last script any more. If the script
// ends in a path that no call runs, that is an error, except at a terminal.
func (s *session) reportUnrun() {
	if err := s.scripts.unrun; err != nil && !s.terminal {
		s.report(err)
	}
	s.scripts.unrun = nil
}

// runInterruptibly calls do and reports its error. At a terminal, ctrl-c cancels do. The
// returned error is not nil only if the context of the session has ended.
func (s *session) runInterruptibly(session context.Context, do func(context.Context) error) error {
	ctx := session
	if s.terminal {
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
	s.flush()
	if errors.Is(err, context.Canceled) {
		s.host.Complain("query interrupted", "")
		return nil
	}
	s.report(err)
	return nil
}

// report prints an error, and keeps the first one for the exit code.
func (s *session) report(err error) {
	s.host.Complain(err.Error(), schema.Hint(err))
	if s.failed == nil {
		s.failed = ReportedError{err}
	}
}

// flush shows the output that the pager has buffered.
func (s *session) flush() {
	if p, ok := s.out.(*pager); ok {
		p.show()
	}
}

// abort ends a session whose context has ended: it restores the mode of the
// terminal and writes the history.
func (s *session) abort() {
	if !s.terminal {
		time.Sleep(time.Second) // a running query ends by itself
		s.host.Complain("interrupted", "")
	}
	_ = s.prompter.Close()
	s.host.Abort()
}
