package schema

import "strings"

// Widened explains in a few words where the days of w reach beyond the written
// date, and which bound is unknown: "about 2018, ±1 year", "began by 2018 at the
// latest", "end not known". It is empty if w is undated, or if its days are
// exactly the written days.
func (w When) Widened(kind VerbKind) string {
	var notes []string
	add := func(note string) {
		if note != "" {
			notes = append(notes, note)
		}
	}
	left, right, isInterval := strings.Cut(w.Written, "/")
	switch {
	case w.Written != "" && w.Attested:
		add(approximation("", w.Written)) // [When.String] adds "at least"
	case !isInterval:
		add(approximation("", left))
	case kind == Relation:
		add(w.startNote(left, right))
		add(w.endNote(right))
	default:
		add(eventNote(left, right))
	}
	if w.FromBy != "" {
		add("began by " + w.FromBy + " at the latest")
	}
	if w.ToBy != "" {
		add("ended by " + w.ToBy + " at the latest")
	}
	return strings.Join(notes, "; ")
}

func (w When) startNote(left, right string) string {
	switch {
	case isOpenEnd(left) && w.FromBy != "":
		return "" // FromBy has a note of its own
	case isOpenEnd(left):
		return "began by " + dateInWords(right) + " at the latest"
	}
	return approximation("began ", left)
}

func (w When) endNote(right string) string {
	if right == "" && w.ToBy == "" {
		return "end not known"
	}
	return approximation("ended ", right)
}

func eventNote(left, right string) string {
	switch {
	case isOpenEnd(left):
		return "by " + dateInWords(right) + " at the latest"
	case isOpenEnd(right):
		return dateInWords(left) + " or later"
	}
	from, to := approximation("from ", left), approximation("to ", right)
	if from == "" || to == "" {
		return from + to
	}
	return from + "; " + to
}

// dateInWords returns a date for use in a sentence: "2018", "about 2018, ±1
// year,".
func dateInWords(date string) string {
	if words := approximation("", date); words != "" {
		return words + ","
	}
	return date
}

// approximation says by how much an approximate date is widened, after a prefix;
// empty for an exact date.
func approximation(what, date string) string {
	digits := withoutQualifier(date)
	if digits == date || digits == "" {
		return ""
	}
	unit := map[int]string{len("2006"): "year", len("2006-01"): "month", len("2006-01-02"): "day"}[len(digits)]
	return what + "about " + digits + ", ±1 " + unit
}

func withoutQualifier(date string) string { return strings.TrimRight(date, "~?%") }
