package export_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

func timelineReadings() []reading {
	return []reading{{format: export.TimelineJS, script: "timelinejs.mjs", needs: "npm @knight-lab/timelinejs", want: wantTimeline, refuses: export.ErrUndated, damage: map[string]edit{
		"an event dropped":  replaced(`(?m)^\{"unique_id".*\n`, ""),
		"a mark dropped":    replaced(` \(refused\)","text"`, `","text"`),
		"a month made up":   replaced(`"start_date":\{"year":2020\}`, `"start_date":{"year":2020,"month":1}`),
		"a denial hidden":   replaced(`denied by `, ""),
		"markup let in":     replaced(`\\u0026lt;b\\u0026gt;`, `<b>`),
		"a list left open":  replaced(`\n\],\n`, "\n,\n"),
		"an end moved back": replaced(`"end_date":\{"year":2020,"month":12`, `"end_date":{"year":2020,"month":11`),
	}}}
}

// wantTimeline returns the facts with a first day as events.
func wantTimeline(t *testing.T, s export.Selection, _ export.Options) any {
	w := newElementWanter(t, s)
	events := []map[string]any{}
	for _, f := range selected(t, s) {
		days, dated, err := s.Graph.Vocabulary().Extent(f)
		if err != nil {
			t.Fatal(err)
		}
		if !dated || days.From == schema.MinDay {
			continue
		}
		words := w.fact(f)
		display := render.Dates(f)
		if widened := words.Widenings(); words.Within != nil {
			display = words.Within.Text
		} else if widened != "" {
			display += " (" + widened + ")"
		}
		event := map[string]any{"id": string(f.ID), "display_date": display, "headline": words.Sentence, "group": w.words.PredicateLabel(f, f.Verb), "text": timelineText(words)}
		relation := s.Graph.Vocabulary().VerbKind(f.Verb) == schema.Relation
		if date := wholeDate(days.From, days.To); date != "" && !relation {
			event["start"] = dateParts(date)
		} else {
			from, to, _ := strings.Cut(f.When.Written, "/")
			if to == "" {
				to = from
			}
			event["start"] = dateParts(asWritten(from, days.From, true))
			if days.To != schema.MaxDay {
				event["end"] = dateParts(asWritten(to, days.To, false))
			}
		}
		events = append(events, present(event))
	}
	return map[string]any{"events": events, "eras": []any{}}
}

// asWritten returns a bound as written if it is a year or a month that begins or ends
// on the day, else the day.
func asWritten(written string, day schema.Day, first bool) string {
	written = strings.TrimRight(written, "?~%")
	if len(written) != 4 && len(written) != 7 {
		return day.String()
	}
	since, until, err := schema.Window(written)
	if err == nil && (first && since == day || !first && until == day) {
		return written
	}
	return day.String()
}

func dateParts(date string) map[string]any {
	parts := map[string]any{}
	for i, part := range strings.Split(date, "-") {
		n, _ := strconv.Atoi(part)
		parts[[]string{"year", "month", "day"}[i]] = n
	}
	return parts
}

// timelineText returns the paragraphs of an event.
func timelineText(f *render.Fact) string {
	var lines []string
	for _, e := range f.Evidence {
		line := ""
		if e.Quote != "" {
			line = schema.Quoted(e.Quote) + " — "
		}
		if e.Stance != schema.Asserts {
			line += e.Stance.By() + " "
		}
		lines = append(lines, line+e.Source.Text())
	}
	return strings.Join(lines, "\n")
}
