package shell

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/peterh/liner"

	"github.com/entente-kg/entente/graph/gizmo"
)

// prompter reads lines: with liner from a terminal, or unedited from other inputs.
type prompter interface {
	Prompt(prompt string) (string, error)
	AppendHistory(line string)
	Close() error
}

// readScript reads lines until they form a complete script. A ctrl-c drops the lines,
// both while a line is typed and between two lines.
func readScript(p prompter, interrupts <-chan os.Signal) (string, error) {
	var lines []string
	typed := gizmo.NewLineScanner()
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

func newPrompter(in io.Reader) prompter {
	if !IsTerminal(in) {
		return &plainPrompter{bufio.NewReader(in)}
	}
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	state.SetMultiLineMode(true)
	h := &terminalPrompter{State: state}
	h.read()
	return h
}

// plainPrompter reads scripts from a pipe or a file.
type plainPrompter struct{ lines *bufio.Reader }

// maxLine is the largest size in bytes of a line from a pipe. A longer line is an
// error.
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

// Lines reads lines of another dialogue than a shell's: with editing from a terminal, or
// as they are from a pipe or a file.
type Lines interface {
	Prompt(prompt string) (string, error)
	Close() error
}

// NewLines returns a reader of lines. At a terminal, it has to be closed.
func NewLines(in io.Reader) Lines {
	if !IsTerminal(in) {
		return &plainPrompter{bufio.NewReader(in)}
	}
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	return state
}
