package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/mattn/go-runewidth"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema/pattern"
)

// WriteTable writes the answer as a table on the page of w, without hidden columns
// and without columns that are empty in every row.
func (t *Answer) WriteTable(w io.Writer) error { return t.shown().writeTable(w, layoutOf(w)) }

// writeTable writes aligned columns, wrapped to the width of the page. If they do not
// fit, it writes a block of lines for each row, a line for each column.
func (t *Answer) writeTable(w io.Writer, on layout) error {
	if len(t.Rows) == 0 {
		_, err := fmt.Fprintln(w, "nothing found")
		return err
	}
	texts := t.texts()
	if on.columns == 0 && t.isWiderThan(widestLine, texts) {
		return t.writeRecords(w, texts, 0)
	}
	pretty := table.NewWriter()
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatLower
	style.Box.PaddingLeft = ""
	style.Box.PaddingRight = "  "
	pretty.SetStyle(style)
	pretty.AppendHeader(tableRow(t.Columns))
	for _, row := range texts {
		pretty.AppendRow(tableRow(row))
	}
	if on.terminal {
		pretty.Style().Color.Header = text.Colors{text.Bold}
	}
	if on.columns > 0 {
		widths, fits := t.widths(texts, on.columns)
		if !fits {
			return t.writeRecords(w, texts, on.columns)
		}
		pretty.SetColumnConfigs(widths)
	}
	for line := range strings.Lines(pretty.Render() + "\n") {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// texts returns the cells of all rows as texts.
func (t *Answer) texts() [][]string {
	all := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		all[i] = make([]string, len(row))
		for k, cell := range row {
			value, ok := cell.(string)
			if !ok {
				value = fmt.Sprint(cell)
			}
			all[i][k] = render.Clean(value)
		}
	}
	return all
}

func tableRow(cells []string) table.Row {
	row := make(table.Row, len(cells))
	for i, cell := range cells {
		row[i] = render.Clean(cell)
	}
	return row
}

// widthOf returns the number of columns of a text.
func widthOf(s string) int {
	n := 0
	for _, r := range s {
		if (r < ' ' || r > '~') && !isNarrowMark(r) {
			return text.StringWidthWithoutEscSequences(s)
		}
		n++
	}
	return n
}

// isNarrowMark reports whether r is a dash, a quotation mark or another mark between U+2010
// and U+2027 that is one column wide. Most answers have such marks and no other character
// outside ASCII, and the first question about the width of any makes tables of 2 MB.
func isNarrowMark(r rune) bool { return '‐' <= r && r <= '‧' && !runewidth.EastAsianWidth }

// minWrapped is the smallest width of a column of texts with several words.
const minWrapped = 18

// widths distributes the width of the page over the columns: narrow columns keep
// their width, and wide columns are wrapped in the rest. It returns false if a wide
// column would be narrower than minWrapped.
func (t *Answer) widths(texts [][]string, columns int) ([]table.ColumnConfig, bool) {
	need, least := make([]int, len(t.Columns)), make([]int, len(t.Columns))
	measure := func(i int, cell string) {
		need[i] = max(need[i], widthOf(cell))
		for word := range strings.FieldsSeq(cell) {
			least[i] = max(least[i], widthOf(word))
		}
	}
	for i, name := range t.Columns {
		measure(i, name)
		for _, row := range texts {
			measure(i, row[i])
		}
		if least[i] < need[i] || need[i] > 2*minWrapped { // not a single word such as an id
			least[i] = min(need[i], minWrapped)
		}
	}
	room := columns - 2*len(need)
	for most := columns; most >= minWrapped; most-- {
		total := 0
		for i, n := range need {
			total += min(n, max(most, least[i]))
		}
		if total <= room {
			return wrapped(need, least, most), true
		}
	}
	return nil, false
}

func wrapped(need, least []int, most int) []table.ColumnConfig {
	configs := make([]table.ColumnConfig, len(need))
	for i, n := range need {
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMax: min(n, max(most, least[i])), WidthMaxEnforcer: text.WrapSoft}
	}
	return configs
}

// isWiderThan reports whether the table without wrapped cells has more columns than most.
func (t *Answer) isWiderThan(most int, texts [][]string) bool {
	need, total := make([]int, len(t.Columns)), 2*(len(t.Columns)-1)
	measure := func(i int, cell string) {
		if n := widthOf(cell); n > need[i] {
			total += n - need[i]
			need[i] = n
		}
	}
	for i, name := range t.Columns {
		measure(i, name)
	}
	for _, row := range texts {
		for i := range need {
			measure(i, row[i])
		}
		if total > most {
			return true
		}
	}
	return total > most
}

// writeRecords writes each row as a block of lines, each with the name of its column.
// Lines are wrapped if columns is not 0.
func (t *Answer) writeRecords(w io.Writer, texts [][]string, columns int) error {
	indent := 0
	for _, name := range t.Columns {
		indent = max(indent, len(name)+2)
	}
	var b strings.Builder
	names := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		names[i] = fmt.Sprintf("%-*s", indent, name)
	}
	for i, row := range texts {
		if i > 0 {
			b.WriteString("\n")
		}
		for k, value := range row {
			if value == "" {
				continue
			}
			b.WriteString(names[k])
			if columns > 0 {
				value = text.WrapSoft(value, max(minWrapped, columns-indent))
			}
			for n, line := range strings.Split(value, "\n") {
				if n > 0 {
					b.WriteString(strings.Repeat(" ", indent))
				}
				b.WriteString(strings.TrimRight(line, " "))
				b.WriteByte('\n')
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// hanging wraps the lines of a text at spaces, to the width of the page, with a
// hanging indent.
func hanging(s string, columns int) string {
	if columns < 2*minWrapped {
		return s
	}
	var b strings.Builder
	for line := range strings.Lines(s) {
		wrapLine(&b, strings.TrimSuffix(line, "\n"), columns)
		b.WriteString("\n")
	}
	return b.String()
}

// pieces matches words, and the spaces between them.
var pieces = pattern.New(` +|[^ ]+`)

func wrapLine(b *strings.Builder, line string, columns int) {
	const indent = "      "
	at, gap := 0, ""
	for _, piece := range pieces().FindAllString(line, -1) {
		if piece[0] == ' ' {
			gap = piece
			continue
		}
		n := text.StringWidthWithoutEscSequences(piece)
		if at > len(indent) && at+len(gap)+n > columns {
			at, gap = 0, "\n"+indent
			n--
		}
		b.WriteString(gap + piece)
		at, gap = at+len(gap)+n, ""
	}
}
