package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/sheet"
)

// Styles of cells in the workbooks of the tests, by their index.
const styles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts count="4"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="mmmm yyyy"/><numFmt numFmtId="166" formatCode="yyyy"/><numFmt numFmtId="167" formatCode="#,##0.00 &quot;days&quot;"/></numFmts>
<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="8"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="22"/><xf numFmtId="17"/></cellXfs></styleSheet>`

// workbook returns a workbook whose sheets have the given rows, made without the library
// that reads it.
func workbook(t testing.TB, extra string, sheets ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	types, list, rels := "", "", ""
	for i, rows := range sheets {
		n := i + 1
		types += fmt.Sprintf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		list += fmt.Sprintf(`<sheet name="S%d" sheetId="%d" r:id="rId%d"/>`, n, n, n)
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
		add(fmt.Sprintf("xl/worksheets/sheet%d.xml", n), `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:F9"/><sheetData>`+rows+`</sheetData>`+extra+`</worksheet>`)
	}
	rels += `<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`
	add("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>`+types+`</Types>`)
	add("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	add("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>`+list+`</sheets></workbook>`)
	add("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+rels+`</Relationships>`)
	add("xl/styles.xml", styles)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// text and number return cells.
func text(at, value string) string {
	return fmt.Sprintf(`<c r=%q t="inlineStr"><is><t>%s</t></is></c>`, at, value)
}

func number(at, value string, style int) string {
	return fmt.Sprintf(`<c r=%q s="%d"><v>%s</v></c>`, at, style, value)
}

func row(n int, cells ...string) string {
	return fmt.Sprintf(`<row r="%d">%s</row>`, n, strings.Join(cells, ""))
}

func TestCSV(t *testing.T) {
	data := workbook(t, `<mergeCells count="1"><mergeCell ref="C9:D9"/></mergeCells>`,
		row(1, text("A1", "who"), text("B1", "when"), text("C1", "n"))+
			row(2, text("A2", "谢锋, Xie"), number("B2", "45119", 1), number("C2", "3", 0))+
			row(4, text("A4", "b"), number("B4", "45119", 2), number("C4", "0.5", 5))+
			row(5, text("A5", "c"), number("B5", "45108", 3), number("C5", "45119", 5))+
			row(6, text("A6", "d"), number("B6", "45108", 4), `<c r="C6" t="b"><v>1</v></c>`)+
			row(7, text("A7", "e"), number("B7", "45119.75", 6), `<c r="C7"><f>1+1</f><v>2</v></c>`)+
			row(8, text("A8", "f"), number("B8", "45108", 7), `<c r="C8" t="str"><v>45119</v></c>`)+
			row(9, text("A9", "g"), text("B9", "45119")),
		row(1, text("A1", "other")))
	var out strings.Builder
	table, err := sheet.CSV(&out, bytes.NewReader(data), "")
	want := "who,when,n\n\"谢锋, Xie\",2023-07-12,3\n,,\nb,2023-07-12,0.5\nc,2023-07,45119\nd,2023,TRUE\ne,2023-07-12T18:00,2\nf,2023-07,45119\ng,45119,\n"
	if err != nil || out.String() != want {
		t.Errorf("%v, got\n%s", err, out.String())
	}
	if table.Name != "S1" || !slices.Equal(table.Others, []string{"S2"}) || table.Merged != 1 {
		t.Errorf("%+v", table)
	}
	for _, name := range []string{"S2", "2"} {
		out.Reset()
		if _, err := sheet.CSV(&out, bytes.NewReader(data), name); err != nil || out.String() != "other\n" {
			t.Errorf("%s: %v %q", name, err, out.String())
		}
	}
	if _, err := sheet.CSV(&out, bytes.NewReader(data), "S3"); err == nil || !strings.Contains(err.Error(), `no sheet "S3": there are S1, S2`) {
		t.Error(err)
	}
}

// A far row would make a table of a million empty ones.
func TestFarRow(t *testing.T) {
	for last, want := range map[int]string{9_000: "", 1_048_576: `row 1048576: more than 10000 empty rows are before it`} {
		data := workbook(t, "", row(1, text("A1", "a"))+row(last, text(fmt.Sprintf("A%d", last), "b")))
		var out strings.Builder
		_, err := sheet.CSV(&out, bytes.NewReader(data), "")
		if err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("row %d: %v", last, err)
		}
	}
}

// What is no workbook, or one that would fill the memory, is an error.
func TestRefused(t *testing.T) {
	good := workbook(t, "", row(1, text("A1", "a")))
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 600 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	entity := workbook(t, "", `<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>`+row(1, text("A1", "&a;")))
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("who,when\n"), "cut off": good[:len(good)/2], "without its end": good[:len(good)-30],
		"bomb": bomb.Bytes(), "an entity": entity, "not XML": workbook(t, "", "<row><c>"), "a far cell": workbook(t, "", row(1, text("XFE1", "a"))),
	} {
		var out strings.Builder
		if _, err := sheet.CSV(&out, bytes.NewReader(data), ""); err == nil && strings.TrimSpace(out.String()) != "" {
			t.Errorf("%s: no error, %q", name, out.String())
		}
	}
}

func FuzzSheet(f *testing.F) {
	f.Add(row(1, text("A1", "a"), number("B1", "45119", 1)))
	f.Add(row(3, text("C3", "a")) + row(2, number("A2", "-5", 2)))
	f.Add(`<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		var out strings.Builder
		_, _ = sheet.CSV(&out, bytes.NewReader(workbook(t, "", rows)), "") // it must not panic
	})
}
