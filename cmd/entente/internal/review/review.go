// Package review goes through evidence that waits for a person, one piece at a time: it
// shows each, reads what the person decides, and has the host record it at once.
package review

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/peterh/liner"
)

// Host shows and records what a review is about.
type Host interface {
	// Show writes an item in words. It returns false if the item is no longer pending.
	Show(ctx context.Context, w io.Writer, item Pending) (bool, error)
	Accept(ctx context.Context, item Pending, why string) error
	Reject(ctx context.Context, item Pending, why string) error

	// Edit lets the person correct the fact, records the corrected one, and rejects the
	// item. It returns false if the person changed nothing.
	Edit(ctx context.Context, item Pending, why string) (bool, error)

	// Undo undoes the last decision of this review.
	Undo(ctx context.Context) error
}

// Lines reads lines: see [github.com/peterh/liner.State].
type Lines interface {
	Prompt(prompt string) (string, error)
}

// Result counts what a review decided.
type Result struct{ Accepted, Rejected, Corrected, Skipped, Left int }

const keys = `  a [WHY]  accept: the quote says so
  r WHY    reject: it does not; the fact is kept out of this and later loads
  e [WHY]  edit: correct the fact, and reject the one that was found
  s        skip: leave it pending
  u        undo the last decision
  q        quit; all decisions are kept
`

const prompt = "accept, reject, edit, skip, undo, quit (? explains)> "

// Run goes through the items. It ends after the last one, at q, and at the end of the input.
func Run(ctx context.Context, h Host, lines Lines, w io.Writer, items []Pending) (result Result, err error) {
	r := &run{host: h, lines: lines, w: w, items: items}
	for err == nil && !r.quits {
		if r.at < len(items) {
			err = r.one(ctx)
		} else {
			err = r.end(ctx)
		}
	}
	r.result.Left = len(items) - r.at
	return r.result, err
}

type run struct {
	host   Host
	lines  Lines
	w      io.Writer
	items  []Pending
	at     int
	quits  bool
	result Result
	done   []decided // what was decided, to be undone
}

// decided is the place of an item that was decided, and the number that counts it.
type decided struct {
	at      int
	counter *int
}

// one shows an item and reads commands until the next item is due.
func (r *run) one(ctx context.Context) error {
	fmt.Fprintf(r.w, "\n%d of %d\n", r.at+1, len(r.items))
	pending, err := r.host.Show(ctx, r.w, r.items[r.at])
	if err != nil {
		return err
	}
	if !pending {
		fmt.Fprintln(r.w, "  decided meanwhile")
		r.at++
		return nil
	}
	for {
		line, err := r.lines.Prompt(prompt)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, liner.ErrPromptAborted):
			r.quits = true
			return context.Cause(ctx)
		case err != nil:
			return err
		}
		if goesOn, err := r.obey(ctx, line); goesOn || err != nil {
			return err
		}
	}
}

// end asks whether the last decision is to be undone, after the last item.
func (r *run) end(ctx context.Context) error {
	r.quits = true
	if len(r.done) == 0 {
		return nil
	}
	line, err := r.lines.Prompt("all are seen: Enter ends, u undoes the last decision> ")
	if word := strings.ToLower(strings.TrimSpace(line)); err == nil && (word == "u" || word == "undo") {
		r.quits = false
		_, err = r.undo(ctx)
		return err
	}
	return context.Cause(ctx)
}

// obey does what a line says. It returns true if another item, or none, is due. An error of
// the host about an item is shown, and the item stays.
func (r *run) obey(ctx context.Context, line string) (bool, error) {
	word, why, _ := strings.Cut(strings.TrimSpace(line), " ")
	why = strings.TrimSpace(why)
	item, err := r.items[r.at], error(nil)
	switch strings.ToLower(word) {
	case "a", "accept":
		if err = r.host.Accept(ctx, item, why); err == nil {
			return r.count(&r.result.Accepted), nil
		}
	case "r", "reject":
		if why == "" {
			fmt.Fprintln(r.w, "  say why, as in: r the quote is of another day")
			return false, nil
		}
		if err = r.host.Reject(ctx, item, why); err == nil {
			return r.count(&r.result.Rejected), nil
		}
	case "e", "edit":
		var changed bool
		switch changed, err = r.host.Edit(ctx, item, why); {
		case err == nil && changed:
			return r.count(&r.result.Corrected), nil
		case err == nil:
			fmt.Fprintln(r.w, "  nothing was changed")
		}
	case "s", "skip":
		r.result.Skipped++
		r.at++
		return true, nil
	case "u", "undo":
		return r.undo(ctx)
	case "q", "quit":
		r.quits = true
		return true, nil
	case "?", "h", "help":
		fmt.Fprint(r.w, keys)
	default:
		fmt.Fprintf(r.w, "  unknown command %q\n%s", word, keys)
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(r.w, "  not done: %v\n", err)
		err = nil
	}
	return false, err
}

// count counts a decision and goes to the next item.
func (r *run) count(counter *int) bool {
	*counter++
	r.done = append(r.done, decided{r.at, counter})
	r.at++
	return true
}

// undo undoes the last decision, and shows its item again.
func (r *run) undo(ctx context.Context) (bool, error) {
	if len(r.done) == 0 {
		fmt.Fprintln(r.w, "  nothing was decided yet")
		return false, nil
	}
	if err := r.host.Undo(ctx); err != nil {
		fmt.Fprintf(r.w, "  not done: %v\n", err)
		return false, context.Cause(ctx)
	}
	last := r.done[len(r.done)-1]
	r.done = r.done[:len(r.done)-1]
	*last.counter--
	r.at = last.at
	return true, nil
}
