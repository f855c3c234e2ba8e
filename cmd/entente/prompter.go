package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/peterh/liner"
	"golang.org/x/term"

	"github.com/entente-kg/entente/graph/gizmo"
)

// prompter reads lines: liner at a terminal, else the input as it is.
type prompter interface {
	Prompt(prompt string) (string, error)
	AppendHistory(line string)
	Close() error
}

// readScript reads lines until they are a whole script. A ctrl-c that comes
// between two of them drops them, as one while a line is typed does.
func readScript(p prompter, interrupts <-chan os.Signal) (string, error) {
	var lines []string
	typed := gizmo.NewTyped()
	prompt := "entente> "
	for {
		line, err := p.Prompt(prompt)
		if err != nil {
			if errors.Is(err, io.EOF) && len(lines) > 0 {
				return strings.Join(lines, "\n"), nil
			}
			return "", err
		}
		select {
		case <-interrupts:
			if len(lines) > 0 {
				return "", liner.ErrPromptAborted
			}
		default:
		}
		lines = append(lines, line)
		typed.Add(line)
		if strings.TrimSpace(line) == "" || strings.HasPrefix(lines[0], ":") || !typed.Incomplete() {
			return strings.Join(lines, "\n"), nil
		}
		prompt = "    ...> "
	}
}

func (a *app) prompter() (p prompter, terminal bool) {
	file, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return &plainPrompter{bufio.NewReader(a.in)}, false
	}
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	state.SetMultiLineMode(true)
	h := &historian{State: state}
	h.read()
	return h, true
}

// plainPrompter reads scripts from a pipe or a file.
type plainPrompter struct{ lines *bufio.Reader }

// maxLine bounds a line of a pipe: what is longer is no script.
const maxLine = 1 << 20

var errLongLine = fmt.Errorf("a line is longer than %d bytes", maxLine)

func (p *plainPrompter) Prompt(string) (string, error) {
	var line []byte
	long := false
	for {
		part, err := p.lines.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && len(part) == 0 && len(line) == 0 && !long:
			return "", err
		case long:
			return "", errLongLine
		}
		return strings.TrimRight(string(line), "\r\n"), nil
	}
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
	data, err := os.ReadFile(name)
	if err != nil {
		return // a history that cannot be read is as none
	}
	for line := range strings.Lines(string(data)) {
		h.AppendHistory(historyEntry(line))
	}
}

// AppendHistory keeps an entry that is none but empty.
func (h *historian) AppendHistory(entry string) {
	if entry != "" {
		h.State.AppendHistory(entry)
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
