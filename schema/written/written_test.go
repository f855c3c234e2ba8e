package written_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// readTable returns the rows of a table in testdata, which was written by hand.
func readTable(t testing.TB, name string, least int) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	if len(rows) < least {
		t.Errorf("%s has %d rows, not %d", name, len(rows), least)
	}
	return rows
}

// event reads the date of an event.
func event(text string, o written.Options) (string, error) {
	d, err := written.Parse(text, o)
	if err != nil {
		return "", err
	}
	w, err := d.When(schema.Interaction)
	if err == nil {
		_, err = w.Span(schema.Interaction)
	}
	return w.Written, err
}

func TestWrittenDates(t *testing.T) {
	t.Parallel()
	for _, table := range []struct {
		name  string
		order written.Order
		least int
	}{{"dmy", written.DMY, 60}, {"mdy", written.MDY, 60}, {"words", written.AnyOrder, 200}} {
		for _, row := range readTable(t, table.name, table.least) {
			got, err := event(row[0], written.Options{Order: table.order})
			if err != nil || got != row[1] {
				t.Errorf("%s: %q is %q, %v; want %q", table.name, row[0], got, err, row[1])
			}
		}
	}
}

// TestWordsNeedNoOrder reads dates that are not ambiguous with each order.
func TestWordsNeedNoOrder(t *testing.T) {
	t.Parallel()
	for _, row := range readTable(t, "words", 200) {
		for _, order := range []written.Order{written.DMY, written.MDY} {
			got, err := event(row[0], written.Options{Order: order})
			if err == nil && got != row[1] {
				t.Errorf("%q is %q as %s, and %q without an order", row[0], got, order, row[1])
			}
		}
	}
}

func TestAmbiguousDates(t *testing.T) {
	t.Parallel()
	for _, row := range readTable(t, "ambiguous", 20) {
		_, err := written.Parse(row[0], written.Options{})
		e := written.IsAmbiguous(err)
		if e == nil || !errors.Is(err, schema.ErrDate) {
			t.Errorf("%q: error %v", row[0], err)
			continue
		}
		var got []string
		for _, r := range e.Readings {
			got = append(got, r.EDTF)
		}
		if want := strings.Split(row[1], " | "); !slices.Equal(got, want) {
			t.Errorf("%q may be %q, not %q", row[0], want, got)
		}
		if e.ByOrder() != strings.Contains(schema.Hint(err), "--dates") {
			t.Errorf("%q: hint %q", row[0], schema.Hint(err))
		}
	}
}

func TestRefusedDates(t *testing.T) {
	t.Parallel()
	for _, row := range readTable(t, "refused", 50) {
		got, err := event(row[0], written.Options{})
		if !errors.Is(err, schema.ErrDate) || !strings.Contains(err.Error()+schema.Hint(err), row[1]) {
			t.Errorf("%q is %q, error %v, hint %q; want %q", row[0], got, err, schema.Hint(err), row[1])
		}
	}
}

func TestDatesOfRelations(t *testing.T) {
	t.Parallel()
	for _, row := range readTable(t, "relations", 25) {
		d, err := written.Parse(row[0], written.Options{})
		if err != nil {
			t.Errorf("%q: %v", row[0], err)
			continue
		}
		w, err := d.When(schema.Relation)
		if got := orRefused(w.Written, err); got != row[1] {
			t.Errorf("%q of a relation is %q, not %q", row[0], got, row[1])
		}
		bound, err := d.Bound()
		if got := orRefused(bound, err); got != row[2] {
			t.Errorf("%q as a bound is %q, not %q", row[0], got, row[2])
		}
	}
}

func orRefused(edtf string, err error) string {
	if errors.Is(err, schema.ErrDate) {
		return "refused"
	}
	return edtf
}

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"2023-07-12": "", "2018/..": "", "": "", " 12 July 2023 ": "12 July 2023", "2023/07/12": "2023/07/12", "Q3 2023": "Q3 2023"} {
		d, err := written.Parse(text, written.Options{})
		if err != nil || d.Words() != want {
			t.Errorf("the words of %q are %q, %v", text, d.Words(), err)
		}
	}
}

func TestUndated(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "  "} {
		d, err := written.Parse(text, written.Options{})
		event, wrong := d.When(schema.Interaction)
		relation, alsoWrong := d.When(schema.Relation)
		bound, noBound := d.Bound()
		if err != nil || wrong != nil || alsoWrong != nil || noBound != nil || !event.IsZero() || !relation.IsZero() || bound != "" {
			t.Errorf("%q is %+v, %+v and %q", text, event, relation, bound)
		}
	}
}

func TestCenturyOfBirth(t *testing.T) {
	t.Parallel()
	_, err := written.Parse("22/01/15", written.Options{Order: written.DMY, FullYears: true})
	if e := written.IsAmbiguous(err); e == nil || len(e.Readings) != 2 || e.Readings[0].EDTF != "1915-01-22" {
		t.Errorf("error %v", err)
	}
}

func TestOtherOrder(t *testing.T) {
	t.Parallel()
	_, err := written.Parse("01/22/2015", written.Options{Order: written.DMY})
	if err == nil || err.Error() != `bad date "01/22/2015": is no date as dmy` || schema.Hint(err) != "as mdy it is 2015-01-22" {
		t.Errorf("error %v, hint %q", err, schema.Hint(err))
	}
}

// forms writes a day in each form that is understood.
var forms = []struct {
	order  written.Order
	layout string
}{
	{"", "2006-01-02"}, {"", "2006/01/02"}, {"", "2006/1/2"}, {"", "2006-1-2"}, {"", "2006.1.2"}, {"", "20060102"},
	{"", "2 January 2006"}, {"", "2. January 2006"}, {"", "January 2, 2006"}, {"", "Jan 2, 2006"}, {"", "2 Jan. 2006"}, {"", "2-Jan-2006"}, {"", "Jan-2-2006"},
	{"", "2006 January 2"}, {"", "Monday, 2 January 2006"}, {"", "Mon Jan 2 2006"}, {"", "2006-01-02T15:04Z"}, {"", "2006-01-02T15:04:05-07:00"}, {"", "2006-01-02 15:04:05"},
	{"dmy", "02/01/2006"}, {"dmy", "2/1/2006"}, {"dmy", "2.1.2006"}, {"dmy", "2-1-2006"}, {"dmy", "2/1/2006 15:04"},
	{"mdy", "01/02/2006"}, {"mdy", "1/2/2006"}, {"mdy", "1.2.2006"}, {"mdy", "1-2-2006"}, {"mdy", "1/2/2006 3:04 PM"},
}

// TestEveryDayReadsBack writes days in all forms, and reads them again.
func TestEveryDayReadsBack(t *testing.T) {
	t.Parallel()
	step := 97
	if testing.Short() {
		step = 970
	}
	for day := time.Date(1500, 1, 1, 10, 11, 12, 0, time.UTC); day.Year() < 2300; day = day.AddDate(0, 0, step) {
		for _, form := range forms {
			text := day.Format(form.layout)
			if got, err := event(text, written.Options{Order: form.order}); err != nil || got != day.Format(time.DateOnly) {
				t.Fatalf("%q (%s) is %q, %v; want %s", text, form.order, got, err, day.Format(time.DateOnly))
			}
		}
	}
}

func ExampleParse() {
	d, err := written.Parse("12 July 2023", written.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	when, _ := d.When(schema.Interaction)
	fmt.Println(when.Written, when.Words)
	_, err = written.Parse("03/04/2015", written.Options{})
	fmt.Println(err)
	// Output:
	// 2023-07-12 12 July 2023
	// bad date "03/04/2015": ambiguous: 2015-04-03 (dmy) or 2015-03-04 (mdy)
}

// FuzzParse checks that a date that is read is one that schema accepts, with the
// whole text kept.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"dmy", "mdy", "words", "ambiguous", "refused", "relations"} {
		for _, row := range readTable(f, name, 1) {
			f.Add(row[0], "")
			f.Add(row[0], "dmy")
		}
	}
	f.Fuzz(func(t *testing.T, text, order string) {
		o := written.Options{Order: written.Order(order)}
		if _, err := written.ParseOrder(order); err != nil {
			o.Order = written.AnyOrder
		}
		d, err := written.Parse(text, o)
		if err != nil {
			if !errors.Is(err, schema.ErrDate) {
				t.Fatalf("%q: %v", text, err)
			}
			_ = schema.Hint(err)
			return
		}
		for _, kind := range []schema.VerbKind{schema.Interaction, schema.Relation} {
			w, err := d.When(kind)
			if err != nil {
				continue
			}
			if _, err := w.Span(kind); err != nil || w.Words != d.Words() {
				t.Errorf("%q of a %s is %+v: %v", text, kind, w, err)
			}
		}
		if bound, err := d.Bound(); err == nil && bound != "" && bound != ".." {
			if _, err := (schema.When{FromBy: bound}).Span(schema.Relation); err != nil {
				t.Errorf("%q has the bound %q: %v", text, bound, err)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"2015-01-22", "22/01/2015", "12 July 2023", "3-5 March 2022", "2023-07-12T10:00:00Z"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := written.Parse(text, written.Options{Order: written.DMY}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
