package shell

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// pager buffers what is written, and shows it a screen at a time.
type pager struct {
	file *os.File
	keys io.Reader // the terminal's keys, if it is an *os.File
	kept bytes.Buffer
}

func (p *pager) Write(b []byte) (int, error) { return p.kept.Write(b) }

// Fd returns the file descriptor of the terminal, from which layouts read its size.
func (p *pager) Fd() uintptr { return p.file.Fd() }

const moreText = "-- space: next page, enter: next line, q: no more --"

// show writes the buffered text. After each full screen it waits for a key.
func (p *pager) show() {
	text := p.kept.String()
	p.kept.Reset()
	width, height, err := term.GetSize(int(p.file.Fd()))
	keys, ok := p.keys.(*os.File)
	if err != nil || !ok || height < 4 || width < 1 {
		fmt.Fprint(p.file, text)
		return
	}
	for room := height - 1; text != ""; {
		page := screenful(text, width, room)
		fmt.Fprint(p.file, page)
		if text = text[len(page):]; text == "" {
			return
		}
		switch p.key(keys) {
		case ' ':
			room = height - 1
		case '\r', '\n':
			room = 1
		default:
			return
		}
	}
}

// screenful returns the first lines of a text that fit a number of screen rows, at
// least one line.
func screenful(page string, width, rows int) string {
	size := 0
	for line := range strings.Lines(page) {
		rows -= max(1, (text.StringWidthWithoutEscSequences(strings.TrimSuffix(line, "\n"))+width-1)/width)
		if rows < 0 && size > 0 {
			break
		}
		size += len(line)
	}
	return page[:size]
}

// key reads one key. It returns 'q' if no key can be read.
func (p *pager) key(keys *os.File) byte {
	fmt.Fprint(p.file, moreText)
	defer fmt.Fprint(p.file, "\r"+strings.Repeat(" ", len(moreText))+"\r")
	mode, err := term.MakeRaw(int(keys.Fd()))
	if err != nil {
		return 'q'
	}
	defer func() { _ = term.Restore(int(keys.Fd()), mode) }()
	var b [1]byte
	for {
		if _, err := keys.Read(b[:]); err != nil {
			return 'q'
		}
		switch b[0] {
		case ' ', '\r', '\n', 'q', 'Q', 3, 27: // and ctrl-c, escape
			return b[0]
		}
	}
}
