package render

import (
	"github.com/entente-kg/entente/graph/office"
	"github.com/entente-kg/entente/schema"
)

// Days is a closed interval of days: the first and the last, as "2023-07-12"; empty
// where open or unknown.
type Days struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// earliest is the first day; empty for no interval.
func (d *Days) earliest() string {
	if d == nil {
		return ""
	}
	return d.From
}

// latest is the last day; empty for no interval.
func (d *Days) latest() string {
	if d == nil {
		return ""
	}
	return d.To
}

// String says in words on which days something can be: "on 2023-07-12", "by
// 2023-07-12", "2023-07-01 or later", "at any time".
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

// periodInWords says in words how long something lasted or may have lasted.
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

// dayText is a day as text; empty where it is open.
func dayText(d schema.Day) string {
	if d == schema.MinDay || d == schema.MaxDay {
		return ""
	}
	return d.String()
}

// dayInWords says in words on which day of an interval something was: on a day, in a
// month or a year, or between two days.
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

// windowDays is a window of a term of office as days.
func windowDays(w office.Window) *Days { return &Days{dayText(w.From), dayText(w.To)} }
