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

// historian keeps the lines of past sessions in the user's configuration folder.
type historian struct {
	*liner.State
}

// HistoryFile names the file that keeps the lines of past sessions.
func HistoryFile() (string, error) {
	if name := os.Getenv("ENTENTE_HISTORY"); name != "" {
		return name, nil
	}
	dir, err := os.UserConfigDir()
	return filepath.Join(dir, "entente", "history"), err
}

// historyPath is where the history lies, which may be where a link leads.
func historyPath() (string, error) {
	name, err := HistoryFile()
	if err != nil {
		return "", err
	}
	return safefile.Resolve(name)
}

func (h *historian) read() {
	name, err := historyPath()
	if err != nil {
		return
	}
	file, err := safefile.OpenRegular(name)
	if err != nil {
		return // a history that cannot be read is as none
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

// AppendHistory keeps an entry that is none but empty.
func (h *historian) AppendHistory(entry string) {
	if entry != "" {
		h.State.AppendHistory(entry)
	}
}

// Close saves the history for the user alone. Where the name leads to a device,
// such as /dev/null, or to a file that may only be read, no history is kept.
func (h *historian) Close() error {
	defer h.State.Close()
	name, err := historyPath()
	if err != nil {
		return nil // no folder to keep it in
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

// maxEntry bounds an entry of the history in bytes: liner reads no longer ones,
// nor what follows them.
const maxEntry = 4000

// historyEntry is a script on one line, as the history keeps it; empty where that
// cannot be.
func historyEntry(script string) string {
	several := strings.Contains(script, "\n")
	if len(script) > maxEntry || !utf8.ValidString(script) || several && strings.Contains(script, "//") {
		return ""
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(script), "\n.", "."), "\n", " ")
}
