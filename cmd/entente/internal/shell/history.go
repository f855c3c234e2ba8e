package shell

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/peterh/liner"

	"github.com/entente-kg/entente/graph/safefile"
)

// terminalPrompter reads lines at a terminal and keeps them from one session to the next, in
// the user's configuration folder.
type terminalPrompter struct {
	*liner.State
}

// HistoryFile returns the path of the history: ENTENTE_HISTORY, or a file in the
// user's configuration folder.
func HistoryFile() (string, error) {
	if name := os.Getenv("ENTENTE_HISTORY"); name != "" {
		return name, nil
	}
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "entente", "history"), err
}

// historyPath returns the path of the history with symbolic links resolved.
func historyPath() (string, error) {
	name, err := HistoryFile()
	if err != nil {
		return "", err
	}
	return safefile.Resolve(name)
}

func (h *terminalPrompter) read() {
	name, err := historyPath()
	if err != nil {
		return
	}
	file, err := safefile.OpenRegular(name)
	if err != nil {
		return // an unreadable history counts as empty
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(data)) {
		h.AppendHistory(historyEntry(line))
	}
}

// AppendHistory keeps an entry unless it is empty.
func (h *terminalPrompter) AppendHistory(entry string) {
	if entry != "" {
		h.State.AppendHistory(entry)
	}
}

// Close writes the history to a file that only the user can read. If the path is a
// device such as /dev/null or a read-only file, no history is kept.
func (h *terminalPrompter) Close() error {
	defer h.State.Close()
	name, err := historyPath()
	if err != nil {
		return nil // no configuration folder
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	if info, err := os.Lstat(name); err == nil && (!info.Mode().IsRegular() || info.Mode().Perm()&0o200 == 0) {
		return nil
	}
	_, _ = safefile.Sweep(name)
	file, err := safefile.Begin(name, 0o600)
	if err != nil {
		return err
	}
	if _, err = h.WriteHistory(file); err == nil {
		err = file.Replace(false)
	}
	return errors.Join(err, file.Discard())
}

// maxEntry is the largest size of an entry of the history in bytes. liner stops
// reading a history at a longer line.
const maxEntry = 4000

// historyEntry returns a script as one line of the history. It returns "" for a
// script that is too long, is not valid UTF-8, or has several lines and a comment.
func historyEntry(script string) string {
	several := strings.Contains(script, "\n")
	if len(script) > maxEntry || !utf8.ValidString(script) || several && strings.Contains(script, "//") {
		return ""
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(script), "\n.", "."), "\n", " ")
}
