package schema

import "strings"

// InWords returns the date in words that say what it means for an event or for a
// relation: "between 2023-05 and 2023-06", "2017 to 2022", "by 2023-07-12", "since 2018",
// "about 2018, ±1 year". An exact date is as written, and an undated When is "undated".
func (w When) InWords(kind VerbKind) string {
	var parts []string
	add := func(before, date string) {
		if date != "" {
			parts = append(parts, before+date)
		}
	}
	switch left, right, isInterval := strings.Cut(w.Written, "/"); {
	case w.Written == "":
		add("", w.Words)
	case !isInterval:
		add(attestedWords(w), alone(w.Written))
	case kind == Relation || w.Attested:
		add(attestedWords(w), relationInWords(left, right))
	default:
		add("", eventInWords(left, right))
	}
	add("began by ", w.FromBy)
	add("ended by ", w.ToBy)
	if len(parts) == 0 {
		return "undated"
	}
	return strings.Join(parts, ", ")
}

func attestedWords(w When) string {
	if w.Attested {
		return "at least "
	}
	return ""
}

// alone returns a date as words that nothing follows.
func alone(date string) string { return strings.TrimSuffix(dateInWords(date), ",") }

func relationInWords(left, right string) string {
	switch {
	case isOpenEnd(left) && isOpenEnd(right):
		return "at unknown times"
	case isOpenEnd(left):
		return "until " + alone(right)
	case right == "..":
		return "since " + alone(left)
	case right == "":
		return "from " + alone(left) + ", end not known"
	}
	return dateInWords(left) + " to " + alone(right)
}

func eventInWords(left, right string) string {
	switch {
	case isOpenEnd(left) && isOpenEnd(right):
		return "at an unknown time"
	case isOpenEnd(left):
		return "by " + alone(right)
	case isOpenEnd(right):
		return alone(left) + " or later"
	}
	return "between " + dateInWords(left) + " and " + alone(right)
}
