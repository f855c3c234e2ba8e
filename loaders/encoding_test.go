package loaders_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/charset"
)

// A table of several blocks says the same in each encoding, with errors at the same
// positions.
func TestEncodingsAgree(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("subject,subject_kind,verb,object,object_kind,quote\n")
	for i := range 6000 {
		verb := "met"
		if i%1999 == 1998 {
			verb = "mett"
		}
		fmt.Fprintf(&table, "José %d,Person,%s,Zoë %d,Person,\"« déjà vu », %s\"\n", i%40, verb, i%40, strings.Repeat("é", i%90))
	}
	utf16 := func(e unicode.Endianness, mark unicode.BOMPolicy) encoding.Encoding { return unicode.UTF16(e, mark) }
	want := readEncoded(t, []byte(table.String()), "")
	for name, e := range map[charset.Encoding]encoding.Encoding{
		charset.Latin1: charmap.ISO8859_1, charset.Windows1252: charmap.Windows1252, charset.UTF16LE: utf16(unicode.LittleEndian, unicode.IgnoreBOM),
		charset.UTF16BE: utf16(unicode.BigEndian, unicode.IgnoreBOM), charset.UTF16: utf16(unicode.BigEndian, unicode.UseBOM), "": utf16(unicode.LittleEndian, unicode.UseBOM),
	} {
		data, err := e.NewEncoder().Bytes([]byte(table.String()))
		if err != nil {
			t.Fatal(err)
		}
		if got := readEncoded(t, data, name); got != want {
			t.Errorf("%q: the records differ", name)
		}
	}
	if n := strings.Count(want, "unknown verb"); n != 3 || strings.Count(want, "\n") < 6000 {
		t.Errorf("%d errors in %d lines", n, strings.Count(want, "\n"))
	}
}

// readEncoded returns all records and errors of a table, one a line.
func readEncoded(t *testing.T, data []byte, e charset.Encoding) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := loaders.Open(path, &loaders.Options{Encoding: e})
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for record, err := range in.Records(t.Context()) {
		line := fmt.Sprint(err)
		if err == nil {
			line = fmt.Sprintf("%+v", record)
			if strings.Contains(line, "SHA256:") && strings.Contains(line, in.SHA256) {
				line = strings.ReplaceAll(line, in.SHA256, "")
			}
		}
		all.WriteString(strings.ReplaceAll(line, path, "table.csv") + "\n")
	}
	return all.String()
}
