package statusline

import (
	"fmt"
	"time"

	"github.com/mattn/go-runewidth"

	"github.com/entente-kg/entente/schema/progress"
)

// window is the time over which the speed of a task is measured.
const window = 10 * time.Second

// sample is the work done at a time.
type sample struct {
	at   time.Time
	done int64
}

// pace measures the speed of one task.
type pace struct{ samples []sample }

func (p *pace) add(at time.Time, done int64) {
	p.samples = append(p.samples, sample{at, done})
	for len(p.samples) > 2 && at.Sub(p.samples[0].at) > window {
		p.samples = p.samples[1:]
	}
}

// perSecond returns the work done in a second; ok is false while it is not known.
func (p *pace) perSecond() (speed float64, ok bool) {
	if len(p.samples) == 0 {
		return 0, false
	}
	first, last := p.samples[0], p.samples[len(p.samples)-1]
	took := last.at.Sub(first.at)
	if took < patience/2 || last.done <= first.done {
		return 0, false
	}
	return float64(last.done-first.done) / took.Seconds(), true
}

// Text returns a state in one line of at most width columns: what is done, how far, how
// fast, and how long it still lasts at that speed. Speed is the work done in a second, 0
// if it is not known. The name of the task is cut before anything else.
func Text(s progress.State, speed float64, width int) string {
	facts := ""
	if s.Total > 0 {
		facts += fmt.Sprintf("  %d%%", 100*min(s.Done, s.Total)/s.Total)
	}
	if s.Done > 0 {
		facts += "  " + amount(s)
	}
	if speed > 0 {
		facts += "  " + quantity(speed, s.Unit) + "/s"
	}
	if left := remaining(s, speed); left != "" {
		facts += "  " + left + " left"
	}
	name := runewidth.Truncate(s.Task, max(1, width-runewidth.StringWidth(facts)), "…")
	return runewidth.Truncate(name+facts, width, "")
}

// amount returns how much is done of how much.
func amount(s progress.State) string {
	if s.Total <= 0 {
		return quantity(float64(s.Done), s.Unit)
	}
	unit := s.Unit
	if unit != progress.Bytes {
		unit = "" // it follows the total
	}
	return quantity(float64(min(s.Done, s.Total)), unit) + " of " + quantity(float64(s.Total), s.Unit)
}

// quantity returns a number in at most four digits with its unit.
func quantity(n float64, unit string) string {
	number, suffix := n, ""
	for _, s := range []string{"k", "M", "G"} {
		if number < 9999.5 {
			break
		}
		number, suffix = number/1000, s
	}
	digits := 0
	if suffix != "" && number < 99.95 {
		digits = 1
	}
	text := fmt.Sprintf("%.*f", digits, number)
	switch {
	case unit == progress.Bytes:
		return text + " " + suffix + "B"
	case suffix != "":
		text += " " + suffix
	}
	if unit != "" {
		text += " " + unit
	}
	return text
}

// remaining returns how long the rest of the task lasts, or nothing if that is not known.
func remaining(s progress.State, speed float64) string {
	if s.Total <= 0 || speed <= 0 {
		return ""
	}
	seconds := int64(float64(max(0, s.Total-s.Done))/speed + 0.5)
	switch {
	case seconds < 100:
		return fmt.Sprintf("%d s", seconds)
	case seconds < 100*60:
		return fmt.Sprintf("%d min", (seconds+30)/60)
	}
	return fmt.Sprintf("%d h %d min", seconds/3600, seconds%3600/60)
}
