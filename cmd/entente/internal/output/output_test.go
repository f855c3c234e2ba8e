package output

import (
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/entente-kg/entente/graph/render"
)

// A table keeps to the width of the terminal: wide cells go on in further lines,
// and no word of them is lost.
func TestTablesWrap(t *testing.T) {
	words := strings.Fields(strings.Repeat("military contact between two countries 军事 ", 8))
	table := &Answer{Columns: []string{"when", "fact", "words"}}
	table.Add("2023-07-12", strings.Join(words, " "), "a word")
	table.Add("2022-08", "short", strings.Join(words[:20], " "))
	for _, columns := range []int{60, 80, 120} {
		var b strings.Builder
		if err := table.writeTable(&b, layout{columns: columns}); err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for line := range strings.Lines(b.String()) {
			if width := text.StringWidthWithoutEscSequences(strings.TrimRight(line, "\n")); width > columns {
				t.Errorf("%d columns at a terminal of %d: %s", width, columns, line)
			}
			for _, word := range strings.Fields(line) {
				got[word]++
			}
		}
		if got["military"] != 12 || got["军事"] != 11 || got["2023-07-12"] != 1 {
			t.Errorf("at %d columns words are lost: %v\n%s", columns, got, &b)
		}
	}
}

// Columns that say nothing take no room.
func TestTablesLeaveOutEmptyColumns(t *testing.T) {
	table := &Answer{Columns: []string{"when", "linked", "fact"}}
	table.Add("2023", "", "a")
	table.Add("", "", "b")
	var b strings.Builder
	if err := table.shown().writeTable(&b, layout{}); err != nil {
		t.Fatal(err)
	}
	if want := "when  fact\n2023  a\n      b\n"; b.String() != want {
		t.Errorf("got\n%swant\n%s", &b, want)
	}
}

func TestInert(t *testing.T) {
	for in, want := range map[string]string{"=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\t=1": "'\t=1", "1=": "1=", "": "", "谢": "谢",
		"\r=1": "'=1", "a\x1b[31m\u009b\u202e": "a[31m", "\u200f=1": "'=1", "a\nb": "a\nb"} {
		if got := escapeCell(in); got != want {
			t.Errorf("escapeCell(%q) is %q, not %q", in, got, want)
		}
	}
}

// Rows that are written one after another are the bytes of the same answer printed whole.
func TestRowsAreTheWholeAnswer(t *testing.T) {
	texts := []string{"plain", "=1+1", "a\x1b[31m\u009b\u202eb", "<b> & \"quoted\", 谢", "two\nlines", ""}
	for _, format := range []string{"jsonl", "csv"} {
		for _, stale := range []bool{false, true} {
			o := &Writer{Format: format, Stale: stale}
			whole, rows := &Answer{Columns: []string{"id", "text"}}, o.NewRows()
			var values []render.Fact
			var out, want strings.Builder
			if rows.CSV {
				if err := rows.AddCells(whole.Columns); err != nil {
					t.Fatal(err)
				}
			}
			for i, text := range texts {
				values = append(values, render.Fact{Sentence: text, Topic: texts[0]})
				whole.Add(text, texts[0])
				if err := addRow(rows, &values[i], text, texts[0]); err != nil {
					t.Fatal(err)
				}
				if i%2 == 0 {
					if _, err := rows.WriteTo(&out); err != nil {
						t.Fatal(err)
					}
				}
			}
			if _, err := rows.WriteTo(&out); err != nil {
				t.Fatal(err)
			}
			whole.JSON, o.Out = values, &want
			if err := o.Print(t.Context(), whole); err != nil {
				t.Fatal(err)
			}
			if !o.Streams() || out.String() != want.String() {
				t.Errorf("%s, stale %v:\n%s, want\n%s", format, stale, &out, &want)
			}
		}
	}
}

func addRow(rows *Rows, value jsonAppender, cells ...string) error {
	if rows.CSV {
		return rows.AddCells(cells)
	}
	return rows.AddJSON(value)
}

// The width of a text is the one by which tables are laid out, whatever its characters.
func TestWidthOf(t *testing.T) {
	for r := rune(0x80); r < 0x3200; r++ {
		if s := "a" + string(r); widthOf(s) != text.StringWidthWithoutEscSequences(s) {
			t.Errorf("%U: %d columns, want %d", r, widthOf(s), text.StringWidthWithoutEscSequences(s))
		}
	}
}
