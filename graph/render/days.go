package render

import (
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// Days is a closed interval of days, each as "2023-07-12". A day is empty if the
// interval is open or its bound unknown.
type Days struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// earliest returns the first day; empty for nil.
func (d *Days) earliest() string {
	if d == nil {
		return ""
	}
	return d.From
}

// latest returns the last day; empty for nil.
func (d *Days) latest() string {
	if d == nil {
		return ""
	}
	return d.To
}

// String returns the interval as the possible days of an event: "on 2023-07-12", "by
// 2023-07-12", "2023-07-01 or later", "2023-07-01 to 2023-07-12" or "at any time".
func (d *Days) String() string {
	switch {
	case d.From == d.To && d.From != "":
		return "on " + d.From
	case d.From == "" && d.To == "":
		return "at any time"
	case d.From == "":
		return "by " + d.To
	case d.To == "":
		return d.From + " or later"
	}
	return d.From + " to " + d.To
}

// periodInWords returns an interval as a period: "from 2021-01-22 to 2025-01-20".
func periodInWords(from, to string) string {
	switch {
	case from == "" && to == "":
		return "at some time"
	case from == "":
		return "until " + to
	case to == "":
		return "from " + from
	case from == to:
		return "on " + from
	}
	return "from " + from + " to " + to
}

// dayText returns a day as "2023-07-12"; empty for an open bound.
func dayText(d schema.Day) string {
	if d == schema.MinDay || d == schema.MaxDay {
		return ""
	}
	return d.String()
}

// dayInWords returns an interval as the possible days of one event: "on 2023-07-12", "in
// 2023-07", "some day from 2023-07-01 to 2023-07-12".
func dayInWords(d Days) string {
	if d.From == d.To {
		return "on " + d.From
	}
	for _, unit := range []string{d.From[:min(7, len(d.From))], d.From[:min(4, len(d.From))]} {
		if from, to, err := schema.Window(unit); err == nil && from.String() == d.From && to.String() == d.To {
			return "in " + unit
		}
	}
	return "some day " + periodInWords(d.From, d.To)
}

// windowDays converts a window of a term of office.
func windowDays(w office.Window) *Days { return &Days{dayText(w.From), dayText(w.To)} }
