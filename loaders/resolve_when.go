package loaders

import (
	"cmp"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// rowDates returns the dates of a fact. If a row of a table has a date and only a
// start or only an end, the date is the other end of the interval.
func (f *factDraft) rowDates() whenDraft {
	w := f.when
	if f.row == 0 || !w.when.isSet() || w.since.isSet() == w.until.isSet() || isInterval(w.when.value) {
		return w
	}
	if w.since.isSet() {
		w.until, w.when = w.when, text{}
	} else {
		w.since, w.when = w.when, text{}
	}
	return w
}

func isInterval(written string) bool {
	_, err := schema.When{Written: written}.Span(schema.Relation)
	return err == nil && strings.Contains(written, "/")
}

// when reads a date and checks each part at its own position. It returns no date if
// there is an error. The verb may be unknown.
func (r *factResolver) when(w *whenDraft, def *schema.Definition) schema.When {
	before := len(r.item.errs)
	when := r.readWhen(w, def)
	if len(r.item.errs) > before {
		return schema.When{}
	}
	return when
}

func (r *factResolver) readWhen(w *whenDraft, def *schema.Definition) schema.When {
	before := len(r.item.errs)
	kind := schema.Relation // which allows more
	if def != nil {
		kind = def.Kind
	}
	written := w.when
	if since := cmp.Or(w.since, w.until); since.isSet() {
		if written.isSet() {
			r.item.fail(schema.ConflictingValues, since, "a date given twice: when %q and %q", written.value, since.value)
		}
		r.checkBound("since", w.since)
		r.checkBound("until", w.until)
		written = text{interval(w.since.value, w.until.value, kind), since.line, since.col}
	}
	if len(r.item.errs) > before { // the interval would be the same error again
		written = text{}
	}
	when := schema.When{Written: written.value, Words: w.words.value, Anchor: w.anchor.value,
		FromBy: w.fromBy.value, ToBy: w.toBy.value, Attested: w.attested}
	if r.isFinal || !when.Dated() && when.Anchor == "" && !when.Attested {
		return when
	}
	checked := len(r.item.errs)
	r.checkWhen("when", written, schema.When{Written: written.value}, kind)
	if when.Anchor+when.FromBy+when.ToBy == "" && !when.Attested {
		return when
	}
	r.checkWhen("from-by", w.fromBy, schema.When{FromBy: w.fromBy.value}, kind)
	r.checkWhen("to-by", w.toBy, schema.When{ToBy: w.toBy.value}, kind)
	r.checkWhen("anchor", w.anchor, schema.When{Anchor: w.anchor.value}, kind)
	if len(r.item.errs) == checked {
		r.checkWhen("when", cmp.Or(written, w.toBy, w.fromBy), when, kind)
	}
	return when
}

// checkWhen checks the part of a date that is the value of a field.
func (r *factResolver) checkWhen(field string, t text, w schema.When, kind schema.VerbKind) {
	if _, err := w.Span(kind); err != nil {
		r.item.field = field
		r.item.failWith(t, err)
	}
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
		r.item.failWith(t, err)
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
