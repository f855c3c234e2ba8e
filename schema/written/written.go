// Package written reads dates as people write them, such as "22/01/2015", "12 July
// 2023", "Q3 2023" or "c. 1994", and returns them in the subset of EDTF that
// [schema.When] has. It never guesses: a date that can be read in two ways is an
// [AmbiguousError] with both readings. The returned dates are exactly as precise as
// the text.
//
//	d, err := written.Parse("22/01/2015", written.Options{Order: written.DMY})
//	when, err := d.When(schema.Interaction) // Written 2015-01-22, Words 22/01/2015
package written

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Order is the order of the numbers in dates such as 03/04/2015.
type Order string

// The orders. With AnyOrder a date is an error if its order matters.
const (
	AnyOrder Order = ""
	DMY      Order = "dmy"
	MDY      Order = "mdy"
	ymd      Order = "ymd" // 15/03/04 in a list of readings; no option
)

// ParseOrder reads "dmy" or "mdy", in upper or lower case.
func ParseOrder(s string) (Order, error) {
	switch order := Order(strings.ToLower(strings.TrimSpace(s))); order {
	case DMY, MDY:
		return order, nil
	}
	return AnyOrder, fmt.Errorf("unknown order of dates %q: want dmy (22/01/2015) or mdy (01/22/2015)", s)
}

// Options say how to read a date. The zero Options refuse what is ambiguous.
type Options struct {
	Order Order

	// FullYears makes every year of two digits ambiguous, as for dates of birth.
	// Without it 00 to 29 are the years from 2000, and 69 to 99 those from 1969:
	// spreadsheets and programming languages agree on these.
	FullYears bool
}

// Date is a date that was read. The zero Date is undated.
type Date struct {
	text string
	read reading
}

// maxText is the number of bytes up to which a text may be a date.
const maxText = 200

// Parse reads a date or an interval. Errors wrap [schema.ErrDate], and are
// an [AmbiguousError] if there are several readings. An empty text is undated.
func Parse(text string, o Options) (Date, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Date{}, nil
	}
	if IsEDTF(text) {
		return parseEDTF(text)
	}
	if len(text) > maxText {
		return Date{}, fmt.Errorf("%w: a text of %d bytes is no date", schema.ErrDate, len(text))
	}
	p := &parser{options: o}
	readings := p.readings(schema.Fold(text))
	switch len(readings) {
	case 0:
		return Date{}, p.refusal(text)
	case 1:
		return Date{text, readings[0]}, nil
	}
	return Date{}, ambiguous(text, readings)
}

// parseEDTF keeps a text of EDTF as it is.
func parseEDTF(text string) (Date, error) {
	_, err := schema.When{Written: text}.Span(schema.Interaction)
	switch {
	case err == nil:
		return Date{text, reading{edtf: text}}, nil
	case !strings.Contains(text, "/") && noSuchDay(text) != "":
		return Date{}, fmt.Errorf("%w %q: %s", schema.ErrDate, text, noSuchDay(text))
	}
	if isDate := !strings.Contains(text, "/"); isDate {
		err = withForms(err)
	}
	return Date{}, err
}

// Words returns the text if it is not EDTF, and else an empty string.
func (d Date) Words() string {
	if d.read.edtf != "" {
		return ""
	}
	return d.text
}

// Bound returns one date without a slash: the start or the end of a relation. It is
// ".." for "present". If no date has exactly the days of the text, the bound is the
// month or the year that contains them. An interval is an error.
func (d Date) Bound() (string, error) {
	if d.text == "" {
		return "", nil
	}
	if bound := d.read.bound(); bound != "" {
		return bound, nil
	}
	return "", fmt.Errorf("%w %q: want one date, or one within a year, not an interval", schema.ErrDate, d.text)
}

// When returns the date of an event or of a relation. Its words are those of
// [Date.Words].
func (d Date) When(kind schema.VerbKind) (schema.When, error) {
	if d.text == "" {
		return schema.When{}, nil
	}
	edtf := d.read.event()
	if kind == schema.Relation {
		edtf = d.read.relation()
	}
	switch {
	case edtf != "":
		return schema.When{Written: edtf, Words: d.Words()}, nil
	case d.read.isPresent():
		return schema.When{}, fmt.Errorf("%w %q: only an end, as in until:, may be the present", schema.ErrDate, d.text)
	}
	return schema.When{}, d.noRelation()
}

// noRelation is the error of a date that does not say when a relation began or
// ended.
func (d Date) noRelation() error {
	err := fmt.Errorf("%w %q: does not say whether the relation began or ended then", schema.ErrDate, d.text)
	return schema.WithHint(err, func() string {
		return "write since: and until:, or from-by: and to-by: for the latest start and the latest end"
	})
}

// AmbiguousError is the error of a date with several readings. It wraps
// [schema.ErrDate].
type AmbiguousError struct {
	Text     string
	Readings []Reading
}

// Reading is one reading of a date.
type Reading struct {
	EDTF  string
	Order Order // AnyOrder if the order of the numbers makes no difference
}

func (e *AmbiguousError) Error() string {
	var all []string
	for _, r := range e.Readings {
		text := r.EDTF
		if r.Order != AnyOrder {
			text += " (" + string(r.Order) + ")"
		}
		all = append(all, text)
	}
	return fmt.Sprintf("%v %q: ambiguous: %s", schema.ErrDate, e.Text, strings.Join(all, " or "))
}

// Unwrap returns [schema.ErrDate].
func (e *AmbiguousError) Unwrap() error { return schema.ErrDate }

// ByOrder reports whether an [Order] would choose one of the readings.
func (e *AmbiguousError) ByOrder() bool {
	for _, r := range e.Readings {
		if r.Order == DMY || r.Order == MDY {
			return true
		}
	}
	return false
}

// Hint says how to choose one of the readings.
func (e *AmbiguousError) Hint() string {
	var all []string
	for _, r := range e.Readings {
		all = append(all, inWords(r.EDTF))
	}
	write := "write " + strings.Join(all, " or ")
	if e.ByOrder() {
		return "--dates dmy or --dates mdy says in which order such dates are written, as dates: does in a YAML or JSON file; or " + write
	}
	return write
}

// inWords returns the form of a winter that names both its years, and any other date as
// it is.
func inWords(edtf string) string {
	first, last, _ := strings.Cut(edtf, "/")
	if begin, isWinter := strings.CutSuffix(first, "-12"); isWinter && strings.HasSuffix(last, "-02") && len(last) == len("2023-02") {
		return fmt.Sprintf("winter %s/%s (%s)", begin, last[2:4], edtf)
	}
	return edtf
}

func ambiguous(text string, readings []reading) error {
	e := &AmbiguousError{Text: text}
	differ := slices.ContainsFunc(readings, func(r reading) bool { return r.order != readings[0].order })
	for _, r := range readings {
		if !differ {
			r.order = AnyOrder // another order would not choose
		}
		e.Readings = append(e.Readings, Reading{r.event(), r.order})
	}
	return e
}

// IsEDTF reports whether a text has the shape of a date or an interval in the EDTF of
// [schema.When]. Such a text is kept as it is.
func IsEDTF(text string) bool {
	left, right, isInterval := strings.Cut(text, "/")
	return isEDTFDate(left, isInterval) && (!isInterval || isEDTFDate(right, true))
}

func isEDTFDate(s string, mayBeOpen bool) bool {
	if mayBeOpen && (s == "" || s == "..") {
		return true
	}
	if n := len(s); n > 4 && strings.IndexByte("~?%", s[n-1]) >= 0 {
		s = s[:n-1]
	}
	switch len(s) {
	case 4:
		return allDigits(s)
	case 7:
		return allDigits(s[:4]) && s[4] == '-' && isNumber(s[5:], 12)
	case 10:
		return allDigits(s[:4]) && s[4] == '-' && isNumber(s[5:7], 12) && s[7] == '-' && isNumber(s[8:], 31)
	}
	return false
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// isNumber reports whether two digits are a number from 1 to most.
func isNumber(s string, most int) bool {
	n := int(s[0]-'0')*10 + int(s[1]-'0')
	return allDigits(s) && 1 <= n && n <= most
}

// IsAmbiguous returns the [AmbiguousError] that an error wraps, or nil.
func IsAmbiguous(err error) *AmbiguousError {
	var e *AmbiguousError
	errors.As(err, &e)
	return e
}
