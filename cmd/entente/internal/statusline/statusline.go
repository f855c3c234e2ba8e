// Package statusline shows at a terminal how far long work is, in one line, which is
// removed when the work ends and before anything else is written.
package statusline

import (
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/entente-kg/entente/schema/progress"
)

const (
	// patience is how long work lasts before it is shown.
	patience = time.Second
	// interval is the time between two states.
	interval = 200 * time.Millisecond
	// pause is how long one piece of work may have no task.
	pause = 2 * time.Second
	// clear moves to the beginning of the line and removes what is there.
	clear = "\r\x1b[2K"
)

// Line is the line of one run of a program. A nil Line shows nothing. All methods may be
// called from several goroutines.
type Line struct {
	terminal io.Writer
	meter    *progress.Meter
	width    func() int
	stop     chan struct{}
	stopOnce sync.Once
	stopped  sync.WaitGroup

	mu       sync.Mutex
	hidden   bool      // an answer is being written to the terminal
	since    time.Time // the beginning of the present work
	lastSeen time.Time // the last time at which there was a task
	shown    bool
	state    progress.State
	pace     pace
}

// Start shows the states of a meter at a terminal until Stop. It returns nil, which
// shows nothing, if the file is not a terminal that can remove a line.
func Start(file *os.File, meter *progress.Meter) *Line {
	if !term.IsTerminal(int(file.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	l := New(file, meter, func() int {
		width, _, _ := term.GetSize(int(file.Fd()))
		return width
	})
	l.stopped.Go(l.run)
	return l
}

// New returns a line for a terminal with a width in columns, whose states the caller
// shows with Update.
func New(terminal io.Writer, meter *progress.Meter, width func() int) *Line {
	return &Line{terminal: terminal, meter: meter, width: width, stop: make(chan struct{})}
}

func (l *Line) run() {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-l.stop:
			return
		case now := <-ticker.C:
			l.Update(now)
		}
	}
}

// Stop removes the line, which is not shown again. Stopping twice does nothing.
func (l *Line) Stop() {
	if l == nil {
		return
	}
	l.mu.Lock()
	l.remove()
	l.stopOnce.Do(func() { close(l.stop) })
	l.mu.Unlock()
	l.stopped.Wait()
}

// Update shows the state at a time, if the work has lasted long enough.
func (l *Line) Update(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	state, ok := l.meter.State()
	select {
	case <-l.stop:
		return
	default:
	}
	if !ok {
		l.remove()
		if now.Sub(l.lastSeen) > pause {
			l.since, l.hidden = time.Time{}, false
		}
		return
	}
	if l.since.IsZero() {
		l.since = now
	}
	l.lastSeen = now
	l.measure(now, state)
	if now.Sub(l.since) < patience || l.hidden {
		return
	}
	speed, _ := l.pace.perSecond()
	l.shown = true
	// The last column stays empty: some terminals begin a new line after it.
	_, _ = io.WriteString(l.terminal, clear+Text(state, speed, l.width()-1))
}

// measure adds the state to the pace of its task.
func (l *Line) measure(now time.Time, state progress.State) {
	if l.state.Task != state.Task || l.state.Total != state.Total || state.Done < l.state.Done {
		l.pace = pace{}
	}
	l.state = state
	l.pace.add(now, state.Done)
}

// remove removes the line from the terminal.
func (l *Line) remove() {
	if l.shown {
		_, _ = io.WriteString(l.terminal, clear)
		l.shown = false
	}
}

// Hide removes the line until the present work ends: an answer follows at the terminal.
func (l *Line) Hide() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove()
	l.hidden, l.lastSeen = true, time.Now()
}

// Writer returns a writer to the terminal that removes the line first.
func (l *Line) Writer() io.Writer { return lineWriter{l} }

type lineWriter struct{ line *Line }

func (w lineWriter) Write(p []byte) (int, error) {
	w.line.mu.Lock()
	defer w.line.mu.Unlock()
	w.line.remove()
	return w.line.terminal.Write(p)
}
