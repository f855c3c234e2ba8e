package dossier

import (
	"fmt"
	"strings"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// mark is a word before the sentence of a fact that did not happen for sure. Class is
// its style.
type mark struct{ Class, Words string }

// claim is a status or a standing, and what it means.
type claim struct{ Short, Means string }

// statusClaims are the words of each status.
func statusClaims() map[schema.Status]claim {
	return map[schema.Status]claim{
		schema.Happened:     {"Happened", "happened, or holds"},
		schema.Planned:      {"Planned", "was planned; no word here that it happened"},
		schema.Refused:      {"Did not happen: refused", "did not happen, since a side refused"},
		schema.Cancelled:    {"Did not happen: cancelled", "did not happen, since it was cancelled"},
		schema.Hypothetical: {"Hypothetical", "is supposed or conditional; not said to have happened"},
	}
}

// standingClaims are the words of each standing.
func standingClaims() map[schema.Standing]claim {
	return map[schema.Standing]claim{
		schema.StandingAsserted: {"Asserted", "at least one source asserts it, and none denies it"},
		schema.StandingDisputed: {"Disputed", "at least one source asserts it, and at least one denies it"},
		schema.StandingDenied:   {"Denied", "no source asserts it, and at least one denies it"},
		schema.StandingDoubted:  {"Doubted", "no source asserts or denies it, and at least one doubts it"},
		schema.StandingHearsay:  {"Hearsay only", "sources only repeat it as hearsay"},
	}
}

// marksOf returns the marks of a fact: none if it happened, is asserted and not denied.
func marksOf(status schema.Status, standing schema.Standing) (marks []mark) {
	if standing != schema.StandingAsserted {
		marks = append(marks, mark{string(standing), standingClaims()[standing].Short})
	}
	if status != schema.Happened {
		marks = append(marks, mark{string(status), statusClaims()[status].Short})
	}
	return marks
}

// stanceTitles are the headings of evidence by its stance.
func stanceTitles() map[schema.Stance]string {
	return map[schema.Stance]string{
		schema.Asserts: "Who says so", schema.Denies: "Who denies it",
		schema.Doubts: "Who doubts it", schema.Hearsay: "Who repeats it as hearsay",
	}
}

// methodWords say how evidence was obtained; a person's own reading goes without saying.
func methodWords(m schema.Method) string {
	return map[schema.Method]string{
		schema.Inferred: "A conclusion of the curator: no document states it",
		schema.Rules:    "Extracted by rules",
		schema.Model:    "Extracted by a model",
		schema.Import:   "Imported from another data set",
	}[m]
}

// possibleDays describes the first and the last day that the evidence of a fact allows:
// "2023-07-01 to 2023-07-12" for an event, "from 2023-05-23 at the earliest; last day not
// known" for a relation.
func possibleDays(d render.Days, relation bool) string {
	if !relation {
		return d.String()
	}
	from, to := "first day not known", "last day not known"
	if d.From != "" {
		from = "from " + d.From + " at the earliest"
	}
	if d.To != "" {
		to = "to " + d.To + " at the latest"
	}
	return from + "; " + to
}

// counted returns a number with a noun: "1 fact", "2,000 facts".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// thousands writes a number with commas: 2,000.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// list joins words: "a, b and c".
func list(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// text is a piece of a sentence. A name is isolated from the direction of writing around
// it.
type text struct {
	Text string
	Name bool
}

// isolate splits a sentence at the names in it. Longer names come first.
func isolate(sentence string, names []string) (pieces []text) {
	for sentence != "" {
		at, name := len(sentence), ""
		for _, n := range names {
			if i := strings.Index(sentence, n); n != "" && i >= 0 && (i < at || i == at && len(n) > len(name)) {
				at, name = i, n
			}
		}
		if at > 0 {
			pieces = append(pieces, text{render.Clean(sentence[:at]), false})
		}
		if name == "" {
			break
		}
		pieces = append(pieces, text{render.Clean(name), true})
		sentence = sentence[at+len(name):]
	}
	return pieces
}

// texts returns words as strings.
func texts[T ~string](words []T) (list []string) {
	for _, w := range words {
		list = append(list, string(w))
	}
	return list
}

// number writes a number; empty for zero.
func number(n float64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// firstOf returns the first error.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
