package statusline_test

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"github.com/entente-kg/entente/cmd/entente/internal/statusline"
	"github.com/entente-kg/entente/schema/progress"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		state progress.State
		speed float64
		want  string
	}{
		{progress.State{Task: "reading f.jsonl", Unit: progress.Bytes, Done: 87_300_000, Total: 202_000_000}, 41_000_000, "reading f.jsonl  43%  87.3 MB of 202 MB  41.0 MB/s  3 s left"},
		{progress.State{Task: "reading", Unit: progress.Bytes, Done: 900}, 0, "reading  900 B"},
		{progress.State{Task: "checking", Unit: "facts", Total: 10}, 0, "checking  0%"},
		{progress.State{Task: "checking", Unit: "facts", Done: 12, Total: 10}, 1, "checking  100%  10 of 10 facts  1 facts/s  0 s left"},
		{progress.State{Task: "writing", Unit: "quads", Done: 9_999, Total: 60_000_000}, 10_000, "writing  0%  9999 of 60.0 M quads  10.0 k quads/s  100 min left"},
		{progress.State{Task: "writing", Unit: "quads", Done: 1, Total: 1e9}, 10_000, "writing  0%  1 of 1000 M quads  10.0 k quads/s  27 h 46 min left"},
	} {
		if got := statusline.Text(c.state, c.speed, 200); got != c.want {
			t.Errorf("%+v:\n got %q\nwant %q", c.state, got, c.want)
		}
	}
}

// A line is never wider than the terminal, whatever the width of its characters.
func TestTextFits(t *testing.T) {
	s := progress.State{Task: "reading 部长会见记录.jsonl", Unit: progress.Bytes, Done: 87_300_000, Total: 202_000_000}
	for width := range 100 {
		if got := runewidth.StringWidth(statusline.Text(s, 41_000_000, width)); got > width {
			t.Errorf("%d columns at a terminal of %d", got, width)
		}
	}
	if got := statusline.Text(s, 0, 36); !strings.HasSuffix(got, "…  43%  87.3 MB of 202 MB") {
		t.Errorf("%q", got)
	}
}

// screen is what a terminal shows after what was written to it.
func screen(written string) string {
	var lines []string
	for line := range strings.SplitSeq(written, "\n") {
		if i := strings.LastIndex(line, "\r\x1b[2K"); i >= 0 {
			line = line[i+len("\r\x1b[2K"):]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestLine(t *testing.T) {
	ctx, meter := progress.With(t.Context())
	var terminal bytes.Buffer
	line := statusline.New(&terminal, meter, func() int { return 100 })
	start := time.Now()
	update := func(after time.Duration, want string) {
		t.Helper()
		line.Update(start.Add(after))
		if got := screen(terminal.String()); got != want {
			t.Errorf("after %v: %q, want %q", after, got, want)
		}
	}
	update(0, "")
	task := progress.Begin(ctx, "checking", "facts", 100)
	task.Add(10)
	update(100*time.Millisecond, "")
	task.Add(10)
	update(600*time.Millisecond, "")
	task.Add(20)
	update(1100*time.Millisecond, "checking  40%  40 of 100 facts  30 facts/s  2 s left")
	if _, err := io.WriteString(line.Writer(), "a note\n"); err != nil {
		t.Fatal(err)
	}
	update(1200*time.Millisecond, "a note\nchecking  40%  40 of 100 facts  27 facts/s  2 s left")
	task.End()
	next := progress.Begin(ctx, "writing", "quads", 0)
	update(1300*time.Millisecond, "a note\nwriting")
	line.Hide()
	update(1400*time.Millisecond, "a note\n")
	next.End()
	update(1500*time.Millisecond, "a note\n")
	update(4*time.Second, "a note\n")
	defer progress.Begin(ctx, "more", "", 0).End()
	update(5*time.Second, "a note\n")
	update(6*time.Second, "a note\nmore")
	line.Stop()
	update(7*time.Second, "a note\n")
}

// What is not a terminal shows nothing, and a line that does not exist does nothing.
func TestNoTerminal(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	line := statusline.Start(file, &progress.Meter{})
	if line != nil {
		t.Error("a file has a line")
	}
	line.Hide()
	line.Stop()
}
