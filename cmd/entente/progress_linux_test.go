package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// pseudoTerminal is a pseudo-terminal and what was written to it.
type pseudoTerminal struct {
	screen *os.File // what a command writes to
	mu     sync.Mutex
	text   bytes.Buffer
}

func newPseudoTerminal(t *testing.T) *pseudoTerminal {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals: ", err)
	}
	control := func(request uintptr, value unsafe.Pointer) {
		t.Helper()
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, keyboard.Fd(), request, uintptr(value)); errno != 0 {
			t.Fatal(errno)
		}
	}
	var locked, number int32
	control(syscall.TIOCSPTLCK, unsafe.Pointer(&locked))
	control(syscall.TIOCGPTN, unsafe.Pointer(&number))
	size := [4]uint16{24, 100}
	control(syscall.TIOCSWINSZ, unsafe.Pointer(&size))
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	term := &pseudoTerminal{screen: screen}
	t.Cleanup(func() { screen.Close(); keyboard.Close() })
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := keyboard.Read(b)
			if err != nil {
				return
			}
			term.mu.Lock()
			term.text.Write(b[:n])
			term.mu.Unlock()
		}
	}()
	return term
}

// written returns what was written to the terminal so far.
func (t *pseudoTerminal) written() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.ReplaceAll(t.text.String(), "\r\n", "\n")
}

// wait waits until a text is on the terminal.
func (t *pseudoTerminal) wait(text string) bool {
	for range 600 {
		if strings.Contains(t.written(), text) {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

// clearLine begins each state, and removes the last one.
const clearLine = "\r\x1b[2K"

// A command of some seconds shows at a terminal how far it is, and leaves nothing of
// that behind; with --quiet it shows nothing.
func TestProgressAtATerminal(t *testing.T) {
	if !fullTests() {
		t.Skip("takes 10 s: ENTENTE_TESTS=full")
	}
	t.Parallel()
	dir := t.TempDir()
	world, graph := filepath.Join(dir, "w.jsonl"), filepath.Join(dir, "g")
	for _, args := range [][]string{{"synth", "--facts", "30000", "-o", world}, {"load", world, "--graph", graph}} {
		if out, err := exec.Command("entente", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	command := func(args ...string) (*exec.Cmd, *pseudoTerminal) {
		term := newPseudoTerminal(t)
		cmd := exec.Command("entente", append([]string{"rank", "--by", "betweenness", "--rows", "1", "--graph", graph}, args...)...)
		cmd.Env = append(os.Environ(), "TERM=xterm")
		cmd.Stderr = term.screen
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, term
	}

	cmd, term := command()
	if err := cmd.Wait(); err != nil || !term.wait(" shown: --rows N") {
		t.Errorf("%v\n%q", err, term.written())
	}
	text := term.written()
	states, after := text[:strings.LastIndex(text, clearLine)], text[strings.LastIndex(text, clearLine)+len(clearLine):]
	if !strings.HasPrefix(text, clearLine) || !strings.Contains(states, " sources  ") || !strings.Contains(states, " left") ||
		!strings.HasPrefix(after, "note: 1 of ") {
		t.Errorf("%q", text)
	}

	cmd, term = command("--quiet")
	if err := cmd.Wait(); err != nil || !term.wait(" shown: --rows N") || strings.Contains(term.written(), clearLine) {
		t.Errorf("%v\n%q", err, term.written())
	}

	cmd, term = command()
	if !term.wait(" left") {
		t.Errorf("no state is shown: %q", term.written())
	}
	_ = cmd.Process.Signal(os.Interrupt)
	_ = cmd.Wait()
	if !term.wait(clearLine+"\x1b[31mentente:\x1b[0m interrupted\n") || cmd.ProcessState.ExitCode() != exitInterrupted {
		t.Errorf("%v\n%q", cmd.ProcessState, term.written())
	}
}
