package csvfile_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/csvfile"
)

// A spreadsheet shows the sum as text, and the number as a number.
func ExampleWriter() {
	w := csvfile.NewWriter(os.Stdout)
	w.Text("=1+1")
	w.Number(-5)
	w.Text("谢锋, \"Xie Feng\"")
	if err := w.End(); err != nil {
		fmt.Println(err)
	}
	if err := w.Flush(); err != nil {
		fmt.Println(err)
	}
	// Output: '=1+1,-5,"谢锋, ""Xie Feng"""
}

func TestDefuse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\t=1": "'\t=1", "\n=1": "'\n=1", "\r=1": "'\r=1",
		"＝1": "'＝1", "'=1": "''=1", "''=1": "'''=1", "'": "'", "'a": "'a", "1=": "1=", "": "", "谢": "谢", "\xff": "\xff",
	} {
		if got := csvfile.Defuse(in); got != want {
			t.Errorf("Defuse(%q) is %q, not %q", in, got, want)
		}
		if back := csvfile.Restore(want); back != in {
			t.Errorf("Restore(%q) is %q, not %q", want, back, in)
		}
	}
}

func TestErrorsOfTheWriterAreKept(t *testing.T) {
	t.Parallel()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	w := csvfile.NewWriter(file)
	w.Text("a")
	if err := cmpFirst(w.End(), w.Flush()); err == nil {
		t.Error("no error of a closed file")
	}
}

func cmpFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// FuzzWriter writes two texts as cells and reads them back: no cell is a formula, and
// Restore gives the texts, apart from carriage returns, NULs and invalid UTF-8.
func FuzzWriter(f *testing.F) {
	for _, s := range []string{"", "'", "=1", "''-2", "a\r\nb", "\r=1", "\"", ",", "\x00", "\x1b[31m\u202e谢", "\xff", "＠x", "\ufeff=1", strings.Repeat("long ", 2000)} {
		f.Add(s, "x")
		f.Add("x", s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		var out strings.Builder
		w := csvfile.NewWriter(&out)
		w.Texts("first", a, b, "last")
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(rows) != 1 {
			t.Fatalf("%q: %v %q", out.String(), err, rows)
		}
		plain := func(s string) string {
			s = strings.ToValidUTF8(s, "\ufffd")
			return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(s)
		}
		want := []string{"first", plain(a), plain(b), "last"}
		for i, cell := range rows[0] {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
				t.Errorf("%q is a formula", cell)
			}
			rows[0][i] = csvfile.Restore(cell)
		}
		if !slices.Equal(rows[0], want) {
			t.Errorf("%q was read from %q", rows[0], want)
		}
	})
}

// FuzzWriterAgrees compares a row with one of encoding/csv.
func FuzzWriterAgrees(f *testing.F) {
	for _, s := range []string{"", " ", `\.`, `\`, "a,b", "\"", "\u00a0x", "谢 锋", "\n", "\u2028", "=1", "-5"} {
		f.Add(s, "x")
		f.Add("x", s)
	}
	f.Fuzz(func(t *testing.T, text, verbatim string) {
		var got, want strings.Builder
		w := csvfile.NewWriter(&got)
		w.Text(text)
		w.Verbatim(verbatim)
		w.Text("")
		peer := csv.NewWriter(&want)
		clean := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(strings.ToValidUTF8(text, "\ufffd"))
		if err := cmpFirst(w.End(), w.Flush(), peer.Write([]string{csvfile.Defuse(clean), verbatim, ""})); err != nil {
			t.Fatal(err)
		}
		if peer.Flush(); got.String() != want.String() {
			t.Errorf("got %q, want %q", got.String(), want.String())
		}
	})
}
