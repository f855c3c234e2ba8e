package export

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// timelineEvent is an event of TimelineJS.
type timelineEvent struct {
	ID      string        `json:"unique_id"`
	Start   timelineDate  `json:"start_date"`
	End     *timelineDate `json:"end_date,omitempty"`
	Display string        `json:"display_date"`
	Group   string        `json:"group"`
	Text    timelineText  `json:"text"`
}

// timelineDate is a year, a month of it or a day.
type timelineDate struct {
	Year  int `json:"year"`
	Month int `json:"month,omitempty"`
	Day   int `json:"day,omitempty"`
}

// timelineText is a headline and a text, both as HTML.
type timelineText struct {
	Headline string `json:"headline"`
	Text     string `json:"text,omitempty"`
}

// ErrUndated is wrapped by the error of a timeline without any fact whose first day is
// known: TimelineJS does not open such a file.
var ErrUndated = errors.New("no selected fact has a known first day")

// writeTimelineJS writes the selected facts as events of TimelineJS, with their quotes
// and sources. Facts without a first day are left out. The title counts these, and those
// that are not established.
func writeTimelineJS(ctx context.Context, w io.Writer, s Selection, o Options) error {
	out := &timelineWriter{w: w, elements: newElements(s, o)}
	if err := out.events(ctx); err != nil {
		return err
	}
	if out.written == 0 {
		return fmt.Errorf("timelinejs: %w", ErrUndated)
	}
	return out.finish()
}

type timelineWriter struct {
	w        io.Writer
	elements *elements
	written  int
	skipped  int // facts without a first day
	open     int // written facts that are not established
}

func (t *timelineWriter) events(ctx context.Context) error {
	if _, err := io.WriteString(t.w, "{\"events\": ["); err != nil {
		return err
	}
	for row, err := range t.elements.rows(ctx) {
		if err != nil {
			return err
		}
		if row.first == "" {
			t.skipped++
			continue
		}
		if !isEstablished(row.fact) {
			t.open++
		}
		if err := t.write(t.event(row)); err != nil {
			return err
		}
	}
	return nil
}

func (t *timelineWriter) write(e timelineEvent) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	separator := ",\n"
	if t.written == 0 {
		separator = "\n"
	}
	t.written++
	_, err = io.WriteString(t.w, separator+string(data))
	return err
}

// finish writes the title, which says what is left out.
func (t *timelineWriter) finish() error {
	title := timelineText{Headline: fmt.Sprintf("%d facts", t.written)}
	if t.written == 1 {
		title.Headline = "1 fact"
	}
	switch t.skipped {
	case 0:
	case 1:
		title.Text = "<p>1 more fact has no known first day and is not shown.</p>"
	default:
		title.Text = fmt.Sprintf("<p>%d more facts have no known first day and are not shown.</p>", t.skipped)
	}
	if t.open > 0 {
		title.Text += fmt.Sprintf("<p>Not established: %d. Their headlines say why, in brackets.</p>", t.open)
	}
	data, err := json.Marshal(map[string]any{"text": title})
	if err == nil {
		_, err = fmt.Fprintf(t.w, "\n],\n\"title\": %s}\n", data)
	}
	return err
}

// event returns the event of a fact. An event of an unknown day has the month or the
// year alone, if it is known, or else begins and ends with the days that are possible.
func (t *timelineWriter) event(row *factRow) timelineEvent {
	e := timelineEvent{
		ID: string(row.fact.ID), Display: html.EscapeString(displayDate(row)), Group: html.EscapeString(t.elements.reader.words.PredicateLabel(row.fact, row.fact.Verb)),
		Text: timelineText{Headline: html.EscapeString(row.words.Sentence), Text: timelineClaims(row.words.Evidence)},
	}
	if date, ok := singleDate(row.first, row.last); ok && t.elements.reader.graph.Vocabulary().VerbKind(row.fact.Verb) == schema.Interaction {
		e.Start = date
		return e
	}
	e.Start = boundDate(row.first, row.fact.When.Written, false)
	if row.last != "" {
		end := boundDate(row.last, row.fact.When.Written, true)
		e.End = &end
	}
	return e
}

// displayDate returns the date as written, and how the days extend beyond it.
func displayDate(row *factRow) string {
	if row.words.Within != nil {
		return row.words.Within.Text
	}
	date := render.Dates(row.fact)
	if widened := row.words.Widenings(); widened != "" {
		date += " (" + widened + ")"
	}
	return date
}

// singleDate returns the day, month or year that has the given first and last day.
func singleDate(first, last string) (timelineDate, bool) {
	for _, written := range []string{first, first[:7], first[:4]} {
		since, until, err := schema.Window(written)
		if err == nil && since.String() == first && until.String() == last {
			return dateOf(written), true
		}
	}
	return timelineDate{}, false
}

// boundDate returns a bound of an interval as precisely as it was written: 2019 for the
// first day 2019-01-01 of "2019/2023-06".
func boundDate(day, written string, last bool) timelineDate {
	from, to, ok := strings.Cut(written, "/")
	if ok && last {
		from = to
	}
	from = strings.TrimRight(from, "?~%")
	if len(from) < len(day) && (len(from) == 4 || len(from) == 7) {
		since, until, err := schema.Window(from)
		if err == nil && (!last && since.String() == day || last && until.String() == day) {
			return dateOf(from)
		}
	}
	return dateOf(day)
}

// dateOf returns the parts of a day, a month or a year.
func dateOf(written string) timelineDate {
	var d timelineDate
	for i, part := range strings.Split(written, "-") {
		number, _ := strconv.Atoi(part)
		switch i {
		case 0:
			d.Year = number
		case 1:
			d.Month = number
		case 2:
			d.Day = number
		}
	}
	return d
}

// timelineClaims returns a paragraph of HTML for each piece of evidence: its quote, and
// who says, denies or doubts so.
func timelineClaims(evidence []render.Evidence) string {
	var b strings.Builder
	for _, e := range evidence {
		b.WriteString("<p>")
		if e.Quote != "" {
			b.WriteString(html.EscapeString(schema.Quoted(e.Quote)) + " — ")
		}
		if e.Stance != schema.Asserts {
			b.WriteString(html.EscapeString(e.Stance.By()) + " ")
		}
		b.WriteString(timelineSource(e.Source) + "</p>")
	}
	return b.String()
}

// timelineSource returns the title, publisher and date of a document, with a link to it
// if it is on the web.
func timelineSource(d render.Document) string {
	text := html.EscapeString(d.Text())
	if strings.HasPrefix(d.URL, "https://") || strings.HasPrefix(d.URL, "http://") {
		return `<a href="` + html.EscapeString(d.URL) + `" rel="noreferrer">` + text + "</a>"
	}
	return text
}
