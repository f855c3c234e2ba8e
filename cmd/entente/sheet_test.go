package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/entente-kg/entente/graph/gizmo"
)

// A workbook is loaded, checked and mapped as a table, from the sheet that --sheet names.
func TestWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.NewSheet("Second")
	if err != nil || second == 0 {
		t.Fatal(second, err)
	}
	for cell, value := range map[string]any{"A1": "actor", "B1": "actor_kind", "C1": "verb", "D1": "recipient", "E1": "recipient_kind", "F1": "when",
		"A2": "Xie Feng", "B2": "Person", "C2": "met", "D2": "Ely Ratner", "E2": "Person", "F2": 45119} {
		for _, sheet := range []string{"Sheet1", "Second"} {
			if sheet == "Second" && cell == "D2" {
				value = "Qin Gang"
			}
			if err := f.SetCellValue(sheet, cell, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, sheet := range []string{"Sheet1", "Second"} {
		if err := f.SetCellStyle(sheet, "F2", "F2", day); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "meetings.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) string {
		var out, errs bytes.Buffer
		if code := run(t.Context(), gizmo.Program{}, args, strings.NewReader(""), &out, &errs); code != 0 {
			t.Fatalf("%v: %d %s", args, code, errs.String())
		}
		return out.String() + errs.String()
	}
	if got := do("facts", "--in", path); !strings.Contains(got, "2023-07-12") || !strings.Contains(got, "Xie Feng met Ely Ratner") || !strings.Contains(got, `only the sheet "Sheet1" is read, and not Second`) {
		t.Error(got)
	}
	g := filepath.Join(dir, "g")
	do("load", path, "--graph", g, "--sheet", "Second")
	if got := do("facts", "--graph", g); !strings.Contains(got, "Xie Feng met Qin Gang") {
		t.Error(got)
	}
	do("check", path, "--sheet", "2")
	do("diff", path, "--sheet", "2", "--graph", g)
	if got := do("map", path); !strings.Contains(got, "columns") && !strings.Contains(got, "actor") {
		t.Error(got)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
}
