package main

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/cmd/entente/manual"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/written"
)

// dated parses a date in the notation of the manual's table.
func dated(written string) schema.When {
	if written == "undated" {
		return schema.When{}
	}
	var w schema.When
	for _, key := range []struct {
		word string
		into *string
	}{{"to-by ", &w.ToBy}, {"from-by ", &w.FromBy}} {
		if before, date, ok := strings.Cut(written, key.word); ok {
			*key.into, written = date, strings.TrimSpace(before)
		}
	}
	w.Written, w.Attested = strings.CutSuffix(written, " attested")
	return w
}

func manualDay(d schema.Day) string {
	switch d {
	case schema.MinDay:
		return "-∞"
	case schema.MaxDay:
		return "+∞"
	}
	return d.String()
}

// The program computes each row of the manual's table of dates.
func TestManualOfDates(t *testing.T) {
	text, ok := manual.Page("dates")
	if !ok {
		t.Fatal("there is no page dates")
	}
	seen := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]*)` *\\| (event|relation) *\\|(.*)\\|$").FindAllStringSubmatch(text, -1) {
		seen[row[1]+" "+row[2]] = true
		kind := map[string]schema.VerbKind{"event": schema.Interaction, "relation": schema.Relation}[row[2]]
		when := dated(row[1])
		span, err := when.Span(kind)
		if err != nil {
			t.Errorf("%s: %v", row[0], err)
		}
		want := []string{manualDay(span.From), manualDay(span.LatestFrom), manualDay(span.EarliestTo), manualDay(span.To), when.Widened(kind)}
		cells := strings.Split(row[3], "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if !slices.Equal(cells, want) {
			t.Errorf("%s of the manual is %q", row[0], want)
		}
	}
	for _, form := range []string{"2018", "2018/2020", "../2018", "/2018", "2018/..", "2018/", "2018~", "undated"} {
		for _, kind := range []string{" event", " relation"} {
			if !seen[form+kind] {
				t.Errorf("the table does not have %s as %s", form, kind)
			}
		}
	}
	_, refused, _ := strings.Cut(text, "These are refused:")
	refused, _, _ = strings.Cut(refused, "\nWrite ")
	bad := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(refused, -1)
	for _, b := range bad {
		if _, err := (schema.When{Written: b[1]}).Span(schema.Relation); !errors.Is(err, schema.ErrDate) {
			t.Errorf("%s is not refused: %v", b[1], err)
		}
		if d, err := written.Parse(b[1], written.Options{}); err == nil {
			if w, err := d.When(schema.Interaction); err == nil && w.Written != b[1] {
				t.Errorf("%s is read as %s", b[1], w.Written)
			}
		}
	}
	if len(seen) < 35 || len(bad) < 14 {
		t.Errorf("only %d rows and %d refused forms", len(seen), len(bad))
	}
}

// Each form of the manual's second table is read as it says.
func TestManualOfWrittenDates(t *testing.T) {
	text, _ := manual.Page("dates")
	_, text, _ = strings.Cut(text, "\n## Dates as people write them\n")
	form, forms := regexp.MustCompile("`([^`]+)`"), 0
	for line := range strings.Lines(text) {
		cells := strings.Split(line, " | ")
		if len(cells) != 2 || !strings.HasPrefix(line, "| `") {
			continue
		}
		want := form.FindStringSubmatch(cells[1])[1]
		for _, as := range form.FindAllStringSubmatch(cells[0], -1) {
			d, err := written.Parse(as[1], written.Options{})
			if w, wrong := d.When(schema.Interaction); err != nil || wrong != nil || w.Written != want {
				t.Errorf("%q is %q, %v; the manual says %q", as[1], w.Written, err, want)
			}
			forms++
		}
	}
	if forms < 60 {
		t.Errorf("only %d forms", forms)
	}
}

// Every page has a title, and help lists it.
func TestPagesOfTheManual(t *testing.T) {
	for _, name := range manual.Pages() {
		text, ok := manual.Page(name)
		if !ok || !strings.HasPrefix(text, "# ") {
			t.Errorf("%s has no title", name)
		}
		code := false
		for line := range strings.Lines(manual.Layout(text, 80)) {
			if strings.HasPrefix(line, "```") {
				code = !code
			}
			if !code && len([]rune(line)) > 86 {
				t.Errorf("%s: a line is longer than a screen: %s", name, line)
			}
		}
	}
	if got := manual.Layout("| key | | of |\n| --- | --- | --- |\n| `a` | what it\\|is | x y |\n", 14); got != "`a`\n    what it|is\n    of: x y\n" {
		t.Errorf("a table is laid out as %q", got)
	}
	if _, ok := manual.Page("../manual/dates"); ok {
		t.Error("a page has a path")
	}
}

// The vocabulary has each row of the manual's table of codes.
func TestManualOfCodes(t *testing.T) {
	text, _ := manual.Page("verbs")
	rows := regexp.MustCompile(`(?m)^([0-9]+|[A-Z]+/[a-z]+)  +(\S+?)(?: \((\w+)\))?(?:, by ([0-9]+))?  +(.*)$`).FindAllStringSubmatch(text, -1)
	for _, row := range rows {
		system := schema.CAMEO
		if strings.Contains(row[1], "/") {
			system = schema.PLOVER
		}
		c, err := schema.DefaultVocabulary().ByCode(system, row[1])
		want := schema.Coded{System: system, Code: row[1], From: cmp.Or(row[4], row[1]), Verb: schema.Verb(row[2]),
			Status: cmp.Or(schema.Status(row[3]), schema.Happened), Meaning: row[5]}
		if err != nil || c != want {
			t.Errorf("got  %+v, %v\nwant %+v", c, err, want)
		}
	}
	if len(rows) < 5 {
		t.Errorf("%d rows", len(rows))
	}
}
