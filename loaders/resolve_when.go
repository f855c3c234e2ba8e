package loaders

import (
	"cmp"
	"strings"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// rowDates returns the dates of a fact. If a row of a table has a date and only a
// start or only an end, the date is the other end of the interval.
func (f *factDraft) rowDates() whenDraft {
	w := f.when
	if f.row == 0 || !w.when.isSet() || w.since.isSet() == w.until.isSet() || f.isInterval(w.when.value) {
		return w
	}
	if w.since.isSet() {
		w.until, w.when = w.when, text{}
	} else {
		w.since, w.when = w.when, text{}
	}
	return w
}

// isInterval reports whether a date has a start and an end.
func (f *factDraft) isInterval(date string) bool {
	if !written.IsEDTF(date) {
		d, err := written.Parse(date, written.Options{Order: f.dates})
		if err == nil {
			_, err = d.Bound()
			return err != nil
		}
		return false
	}
	_, err := schema.When{Written: date}.Span(schema.Relation)
	return err == nil && strings.Contains(date, "/")
}

// when reads a date and checks each part at its own position. It returns no date if
// there is an error. The verb may be unknown.
func (r *factResolver) when(w *whenDraft, def *schema.Definition, order written.Order) schema.When {
	before := len(r.item.errs)
	kind := schema.Relation // which allows more
	if def != nil {
		kind = def.Kind
	}
	if !w.isEDTF() {
		w = r.inEDTF(w, kind, order)
	}
	when := r.readWhen(w, kind)
	if len(r.item.errs) > before {
		return schema.When{}
	}
	return when
}

// readWhen reads a date whose parts are in EDTF.
func (r *factResolver) readWhen(w *whenDraft, kind schema.VerbKind) schema.When {
	before := len(r.item.errs)
	date := w.when
	if since := cmp.Or(w.since, w.until); since.isSet() {
		if date.isSet() {
			r.item.fail(schema.ConflictingValues, since, "a date given twice: when %q and %q", date.value, since.value)
		}
		r.checkBound("since", w.since)
		r.checkBound("until", w.until)
		date = text{interval(w.since.value, w.until.value, kind), since.line, since.col}
	}
	if len(r.item.errs) > before { // the interval would be the same error again
		date = text{}
	}
	when := schema.When{Written: date.value, Words: w.words.value, Anchor: w.anchor.value,
		FromBy: w.fromBy.value, ToBy: w.toBy.value, Attested: w.attested}
	if r.isFinal || !when.Dated() && when.Anchor == "" && !when.Attested {
		return when
	}
	checked := len(r.item.errs)
	r.checkWhen("when", date, schema.When{Written: date.value}, kind)
	if when.Anchor+when.FromBy+when.ToBy == "" && !when.Attested {
		return when
	}
	r.checkWhen("from-by", w.fromBy, schema.When{FromBy: w.fromBy.value}, kind)
	r.checkWhen("to-by", w.toBy, schema.When{ToBy: w.toBy.value}, kind)
	r.checkWhen("anchor", w.anchor, schema.When{Anchor: w.anchor.value}, kind)
	if len(r.item.errs) == checked {
		r.checkWhen("when", cmp.Or(date, w.toBy, w.fromBy), when, kind)
	}
	return when
}

// checkWhen checks the part of a date that is the value of a field.
func (r *factResolver) checkWhen(field string, t text, w schema.When, kind schema.VerbKind) {
	if _, err := w.Span(kind); err != nil {
		r.item.field = field
		r.item.failWith(t, explained(field, t.value, err))
	}
}

// explained returns what package written says of a date that is an error. An anchor is
// a day alone.
func explained(field, date string, err error) error {
	if field == "anchor" {
		return err
	}
	if _, better := written.Parse(date, written.Options{}); better != nil {
		return better
	}
	return err
}

// checkBound checks one end of an interval alone, so that the error shows the
// text as written.
func (r *factResolver) checkBound(field string, t text) {
	if t.value == ".." {
		return
	}
	_, err := schema.When{FromBy: t.value}.Span(schema.Relation)
	if err != nil {
		r.item.field = field
		r.item.failWith(t, explained(field, t.value, err))
	}
}

// interval returns the interval between two dates, one of which may be missing.
// An event without an end is its start; a relation without an end has an unknown
// end.
func interval(since, until string, kind schema.VerbKind) string {
	if since == until || until == "" && kind == schema.Interaction {
		return since
	}
	return since + "/" + until
}

// isEDTF reports whether all dates of a draft are EDTF, as most are.
func (w *whenDraft) isEDTF() bool {
	return isEDTF(w.when) && isEDTF(w.since) && isEDTF(w.until) && isEDTF(w.fromBy) && isEDTF(w.toBy) && isEDTF(w.anchor)
}

func isEDTF(t text) bool { return !t.isSet() || t.value == ".." || written.IsEDTF(t.value) }

// inEDTF returns a draft with all dates in EDTF. The dates as written are its words,
// unless it has words. A date that cannot be read is an error of the item, and is
// left out.
func (r *factResolver) inEDTF(w *whenDraft, kind schema.VerbKind, order written.Order) *whenDraft {
	d := *w
	if isWhole := kind == schema.Interaction && !w.until.isSet(); isWhole {
		d.since = r.wholeDate("since", w.since, kind, order)
	} else {
		d.since = r.bound("since", w.since, order)
	}
	d.when, d.until = r.wholeDate("when", w.when, kind, order), r.bound("until", w.until, order)
	d.fromBy, d.toBy, d.anchor = r.bound("from-by", w.fromBy, order), r.bound("to-by", w.toBy, order), r.anchorDay(w.anchor, order)
	d.words = cmp.Or(w.words, w.asWritten())
	return &d
}

// asWritten returns the words of a date that is not EDTF; unset if it is. The words
// of from-by and to-by are not kept.
func (w *whenDraft) asWritten() text {
	switch {
	case isEDTF(w.when) && isEDTF(w.since) && isEDTF(w.until):
		return text{}
	case w.when.isSet():
		return w.when
	case !w.until.isSet():
		return w.since
	case !w.since.isSet():
		return text{value: "until " + w.until.value}
	}
	return text{value: w.since.value + " to " + w.until.value}
}

// wholeDate returns a date or an interval in EDTF.
func (r *factResolver) wholeDate(field string, t text, kind schema.VerbKind, order written.Order) text {
	if isEDTF(t) {
		return t
	}
	d, err := r.dates.read(t.value, order)
	when := schema.When{}
	if err == nil {
		when, err = d.When(kind)
	}
	return r.dateOrError(field, t, when.Written, err)
}

// bound returns one end of an interval in EDTF.
func (r *factResolver) bound(field string, t text, order written.Order) text {
	if isEDTF(t) {
		return t
	}
	d, err := r.dates.read(t.value, order)
	bound := ""
	if err == nil {
		bound, err = d.Bound()
	}
	return r.dateOrError(field, t, bound, err)
}

// anchorDay returns the day of an anchor. What is no date stays as it is, since only a
// day may be an anchor.
func (r *factResolver) anchorDay(t text, order written.Order) text {
	if _, err := r.dates.read(t.value, order); err != nil && written.IsAmbiguous(err) == nil {
		return t
	}
	return r.bound("anchor", t, order)
}

// dateOrError returns a date at the position of the text as written. It records an
// error in the item.
func (r *factResolver) dateOrError(field string, t text, date string, err error) text {
	if err != nil {
		r.item.field = field
		r.item.failWith(t, err)
	}
	if date == "" {
		return text{}
	}
	return text{date, t.line, t.col}
}

// dateMemory remembers dates that were read: many rows have the same.
type dateMemory map[writtenDate]written.Date

type writtenDate struct {
	text  string
	order written.Order
}

// maxDates is the number of dates that are remembered.
const maxDates = 4096

func (m dateMemory) read(date string, order written.Order) (written.Date, error) {
	if d, ok := m[writtenDate{date, order}]; ok {
		return d, nil
	}
	d, err := written.Parse(strings.Clone(date), written.Options{Order: order})
	if err == nil && len(m) < maxDates {
		m[writtenDate{strings.Clone(date), order}] = d
	}
	return d, err
}
