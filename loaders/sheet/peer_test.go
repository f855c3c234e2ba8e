package sheet_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/entente-kg/entente/loaders/sheet"
)

// Workbooks that another program writes are read as it wrote them: texts of their own and
// of several looks, numbers, formulas, days and
// moments of both calendars, empty rows and cells.
func TestWorkbooksOfAnotherProgram(t *testing.T) {
	for _, from1904 := range []bool{false, true} {
		f := excelize.NewFile()
		defer f.Close()
		check := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		check(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}))
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		check(err)
		format := `[$-409]d" of "mmmm yyyy;@`
		own, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		check(err)
		set := func(cell string, value any) { t.Helper(); check(f.SetCellValue("Sheet1", cell, value)) }
		set("A1", "who")
		set("C1", "when")
		set("A2", " & <b>\t")
		set("B2", true)
		set("C2", time.Date(2023, 7, 12, 9, 41, 59, 0, time.UTC))
		check(f.SetCellRichText("Sheet1", "A4", []excelize.RichTextRun{{Text: "Xie ", Font: &excelize.Font{Bold: true}}, {Text: "Feng 谢锋"}}))
		set("B4", -2.5)
		set("C4", time.Date(1961, 1, 20, 0, 0, 0, 0, time.UTC))
		check(f.SetCellStyle("Sheet1", "C4", "C4", day))
		set("A5", "line\nbreak")
		set("C5", time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC))
		check(f.SetCellStyle("Sheet1", "C5", "C5", own))
		check(f.SetCellFormula("Sheet1", "D5", "1+1"))
		check(f.MergeCell("Sheet1", "A5", "B5"))
		var data bytes.Buffer
		check(f.Write(&data))

		var out strings.Builder
		table, err := sheet.CSV(&out, &data, "")
		want := "who,,when\n\" & <b>\t\",TRUE,2023-07-12T09:41\n,,\nXie Feng 谢锋,-2.5,1961-01-20\n\"line\nbreak\",,2099-12-31,\n"
		if err != nil || out.String() != want || table.Merged != 1 {
			t.Errorf("from 1904 %v: %v, %d merged areas, got\n%q, want\n%q", from1904, err, table.Merged, out.String(), want)
		}
	}
}

// Rows and cells without a place follow each other, and texts of other looks are joined,
// without how they are pronounced.
func TestCellsWithoutPlaces(t *testing.T) {
	data := workbook(t, "", `<row><c t="inlineStr"><is><r><t>a</t></r><r><t>b_x0041_</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c><c><v>1</v></c></row><row/><row><c r="b3" t="e"><v>#N/A</v></c><c><v>2</v></c></row>`)
	var out strings.Builder
	if _, err := sheet.CSV(&out, bytes.NewReader(data), ""); err != nil || out.String() != "abA,1\n,,\n,#N/A,2\n" {
		t.Errorf("%v %q", err, out.String())
	}
}

// What is wrong in a sheet is an error with its place, and nothing of it is left out
// without a word.
func TestErrorsOfCells(t *testing.T) {
	for rows, want := range map[string]string{
		row(2, text("A2", "a")) + row(1, text("A1", "b")):                         "row 1 stands after row 2",
		row(1, text("A1", "a")) + `<row r="2"><c r="A2" t="s"><v>7</v></c></row>`: `row 2, column 1: no text "7"`,
		row(1, number("A1", "-3", 1)):                                             "row 1, column 1: not a date: -3",
		row(1, text("A1", "a")) + `<row r="2"><c r="A2">`:                         "row 2",
		`<row r="1048577"><c><v>1</v></c></row>`:                                  "more than 1048576 rows",
		`<row r="x"/>`:                                                            `a row with the number "x"`,
		row(1, text("A1", "a")) + row(2, text("XFD2", "a")):                       "row 2: more than 4096 columns",
		row(1, text("?1", "a")):                                                   `a cell at "?1"`,
	} {
		_, err := sheet.CSV(new(strings.Builder), bytes.NewReader(workbook(t, "", rows)), "")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `"S1"`) {
			t.Errorf("%s: %v, want %s", rows, err, want)
		}
	}
}
