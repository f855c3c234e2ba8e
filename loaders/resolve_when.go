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

// when reads a date and checks each part at its own position.
func (r *factResolver) when(w *whenDraft, kind schema.VerbKind) schema.When {
	written := w.when
	if since := cmp.Or(w.since, w.until); since.isSet() {
		if written.isSet() {
			r.item.fail(since, "a date given twice: when %q and %q", written.value, since.value)
		}
		r.checkBound(w.since)
		r.checkBound(w.until)
		written = text{interval(w.since.value, w.until.value, kind), since.line, since.col}
	}
	when := schema.When{Written: written.value, Words: w.words.value, Anchor: w.anchor.value,
		FromBy: w.fromBy.value, ToBy: w.toBy.value, Attested: w.attested}
	if r.isFinal || !when.Dated() && when.Anchor == "" && !when.Attested {
		return when
	}
	r.checkWhen(written, schema.When{Written: written.value}, kind)
	if when.Anchor+when.FromBy+when.ToBy == "" && !when.Attested {
		return when
	}
	r.checkWhen(w.fromBy, schema.When{FromBy: w.fromBy.value}, kind)
	r.checkWhen(w.toBy, schema.When{ToBy: w.toBy.value}, kind)
	r.checkWhen(w.anchor, schema.When{Anchor: w.anchor.value}, kind)
	r.checkWhen(cmp.Or(written, w.toBy, w.fromBy), when, kind)
	return when
}

func (r *factResolver) checkWhen(t text, w schema.When, kind schema.VerbKind) {
	if _, err := w.Span(kind); err != nil {
		r.item.failWith(t, err)
	}
}

// checkBound checks one end of an interval alone, so that the error shows the
// text as written.
func (r *factResolver) checkBound(t text) {
	if t.value == ".." {
		return
	}
	_, err := schema.When{FromBy: t.value}.Span(schema.Relation)
	if err != nil {
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
