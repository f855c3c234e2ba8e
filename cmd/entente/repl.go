package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/peterh/liner"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

const replHelp = `:help          this
:format NAME   show answers as table, json or csv
:quit          leave (also ctrl-d)

A line that is not complete goes on with the next one; an empty line ends it. A
line that begins with a dot goes on from the script before it. ctrl-c drops what
is typed, or stops a running query. Lines are kept in your configuration folder
from one session to the next.

`

func (a *app) replCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "repl",
		Short:   "Ask in Gizmo line by line, with history; :help tells how",
		GroupID: "ask",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error { return a.repl(cmd, g) })
		},
	}
	settingFlag(cmd.Flags(), "timeout")
	a.rowFlags(cmd)
	return a.reading(cmd)
}

// prompter reads lines: liner at a terminal, else the input as it is.
type prompter interface {
	Prompt(prompt string) (string, error)
	AppendHistory(line string)
	Close() error
}

func (a *app) repl(cmd *cobra.Command, g *graph.Graph) (err error) {
	p, terminal := a.prompter()
	defer func() { err = errors.Join(err, p.Close()) }()
	if terminal {
		signal.Ignore(os.Interrupt) // ctrl-c stops a query, not the session
		defer context.AfterFunc(cmd.Context(), func() { a.leave(p, g) })()
		fmt.Fprintln(a.out, "Gizmo. :help tells what there is, :quit leaves.")
	}
	last := ""
	for {
		script, err := readScript(p)
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
			continue
		case errors.Is(err, io.EOF):
			if terminal {
				fmt.Fprintln(a.out)
			}
			return nil
		case err != nil:
			return err
		}
		script = strings.TrimSpace(script)
		switch command, ok := strings.CutPrefix(script, ":"); {
		case ok && a.replCommandLine(command):
			return nil
		case ok || script == "":
			continue
		case strings.HasPrefix(script, ".") && last != "":
			script = last + "\n" + script // goes on where the last one stopped
		}
		last = script
		if err := a.replQuery(cmd, g, script, terminal); err != nil {
			return err
		}
	}
}

// replQuery runs one script; an error of it is told, and the session goes on.
func (a *app) replQuery(cmd *cobra.Command, g *graph.Graph, script string, terminal bool) error {
	session := cmd.Context()
	if terminal {
		ctx, stop := signal.NotifyContext(session, os.Interrupt)
		cmd.SetContext(ctx)
		defer func() {
			cmd.SetContext(session)
			stop()
			signal.Ignore(os.Interrupt)
		}()
	}
	err := a.query(cmd, g, script, "query")
	switch {
	case session.Err() != nil:
		return err
	case errors.Is(err, context.Canceled):
		a.complain("query interrupted", "")
	case err != nil:
		a.complain(err.Error(), schema.Hint(err))
	}
	return nil
}

// leave ends a session that waits for a line when the process is told to stop:
// the terminal gets its mode back, and a temporary graph is removed.
func (a *app) leave(p prompter, g *graph.Graph) {
	_ = errors.Join(p.Close(), g.Close())
	os.Exit(exitInterrupted)
}

// replCommandLine does what a line after a colon says; true to leave.
func (a *app) replCommandLine(line string) bool {
	word, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
	switch word {
	case "help", "h", "?":
		fmt.Fprint(a.out, replHelp+gizmo.Help)
	case "quit", "q", "exit":
		return true
	case "format":
		for _, f := range formats() {
			if f == strings.TrimSpace(argument) {
				a.config.Format = f
				return false
			}
		}
		a.complain(fmt.Sprintf("unknown format %q: want one of %s", argument, list(formats())), "")
	default:
		a.complain(fmt.Sprintf("unknown command :%s", word), ":help lists them")
	}
	return false
}

// readScript reads lines until they are a whole script.
func readScript(p prompter) (string, error) {
	var lines []string
	prompt := "entente> "
	for {
		line, err := p.Prompt(prompt)
		if err != nil {
			if errors.Is(err, io.EOF) && len(lines) > 0 {
				return strings.Join(lines, "\n"), nil
			}
			return "", err
		}
		lines = append(lines, line)
		script := strings.Join(lines, "\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(script, ":") || !gizmo.Incomplete(script) {
			if text := strings.TrimSpace(script); text != "" {
				p.AppendHistory(strings.ReplaceAll(text, "\n", " "))
			}
			return script, nil
		}
		prompt = "    ...> "
	}
}

func (a *app) prompter() (p prompter, terminal bool) {
	file, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		scanner := bufio.NewScanner(a.in)
		scanner.Buffer(nil, 1<<20)
		return &plainPrompter{scanner}, false
	}
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	state.SetMultiLineMode(true)
	h := &historian{State: state}
	h.read()
	return h, true
}

// plainPrompter reads scripts from a pipe or a file.
type plainPrompter struct{ lines *bufio.Scanner }

func (p *plainPrompter) Prompt(string) (string, error) {
	if p.lines.Scan() {
		return p.lines.Text(), nil
	}
	if err := p.lines.Err(); err != nil {
		return "", err
	}
	return "", io.EOF
}

func (p *plainPrompter) AppendHistory(string) {}
func (p *plainPrompter) Close() error         { return nil }

// historian keeps the lines of past sessions in the user's configuration folder.
type historian struct {
	*liner.State
}

func historyFile() (string, error) {
	if name := os.Getenv("ENTENTE_HISTORY"); name != "" {
		return name, nil
	}
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "entente", "history"), err
}

func (h *historian) read() {
	name, err := historyFile()
	if err != nil {
		return
	}
	if file, err := os.Open(name); err == nil {
		_, _ = h.ReadHistory(file) // a history that cannot be read is as none
		_ = file.Close()
	}
}

// Close saves the history for the user alone.
func (h *historian) Close() error {
	defer h.State.Close()
	name, err := historyFile()
	if err != nil {
		return nil // no folder to keep it in
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = h.WriteHistory(file)
	return errors.Join(err, file.Close())
}
