package nquads_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	peer "github.com/cayleygraph/quad/nquads"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// text formats a statement so that different statements have different texts.
func text(s nquads.Statement) string {
	var b strings.Builder
	for _, t := range []nquads.Term{s.Subject, s.Predicate, s.Object, s.Label} {
		fmt.Fprintf(&b, "%d %q %q %q; ", t.Kind, t.Text, t.Datatype, t.Lang)
	}
	return b.String()
}

// readAll reads to the end. The errors of lines are part of the result.
func readAll(t *testing.T, in io.Reader) (lines []string, bad int) {
	t.Helper()
	r := nquads.NewReader(in, "in.nq")
	for {
		s, err := r.Read()
		row := (*schema.RowError)(nil)
		switch {
		case errors.Is(err, io.EOF):
			return lines, bad
		case errors.As(err, &row):
			lines, bad = append(lines, err.Error()), bad+1
		case err != nil:
			t.Fatal(err)
		default:
			lines = append(lines, text(s))
		}
	}
}

// The W3C's test cases for RDF 1.1 N-Quads and N-Triples; their manifests list
// the negative cases.
func TestW3C(t *testing.T) {
	for folder, cases := range map[string]int{"nquads": 87, "ntriples": 70} {
		dir := filepath.Join("../../../shared/data", folder)
		manifest, err := os.ReadFile(filepath.Join(dir, "manifest.ttl"))
		if err != nil {
			t.Skipf("the W3C's cases are not here: %v", err)
		}
		entries := regexp.MustCompile(`(?s)rdft:(TestN\w+?)(Positive|Negative)Syntax.*?mf:action\s+<([^>]+)>`).FindAllSubmatch(manifest, -1)
		if len(entries) != cases {
			t.Errorf("%s: %d cases, want %d", folder, len(entries), cases)
		}
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, string(e[3])))
			if err != nil {
				t.Fatal(err)
			}
			lines, bad := readAll(t, bytes.NewReader(data))
			if negative := string(e[2]) == "Negative"; (bad > 0) != negative {
				t.Errorf("%s: %s, but %d lines are refused: %q", e[3], e[2], bad, lines)
			}
		}
	}
}

func TestRead(t *testing.T) {
	for in, want := range map[string]string{
		`<a:s> <a:p> <a:o> .`:                       `1 "a:s" "" ""; 1 "a:p" "" ""; 1 "a:o" "" ""; 0 "" "" ""; `,
		"\t<a:s>\t<a:p>_:b<a:g>.# end":              `1 "a:s" "" ""; 1 "a:p" "" ""; 2 "b" "" ""; 1 "a:g" "" ""; `,
		`_:a.b.<a:p>"x"@en-US-x1 _:g .`:             ``,
		`_:a.b <a:p> "x"@en-US-x1 _:g.`:             `2 "a.b" "" ""; 1 "a:p" "" ""; 3 "x" "" "en-US-x1"; 2 "g" "" ""; `,
		`<a:s> <a:p> "\t\"\\\u00e9é"^^<a:\u0074> .`: `1 "a:s" "" ""; 1 "a:p" "" ""; 3 "\t\"\\éé" "a:t" ""; 0 "" "" ""; `,
	} {
		lines, bad := readAll(t, strings.NewReader(in))
		if want == "" && bad == 1 {
			continue
		}
		if len(lines) != 1 || lines[0] != want {
			t.Errorf("%s\n got %q\nwant %q", in, lines, want)
		}
	}
}

func TestErrorsSayWhere(t *testing.T) {
	for in, want := range map[string]string{
		"\n# c\n<a:s> <a:p> .":            `in.nq:3:13: bad N-Quads: want an object`,
		"<é:s> <p> <a:o> .":               `in.nq:1:1: bad N-Quads: "é:s" is not an absolute IRI`,
		"<a:é> <p> <a:o> .":               `in.nq:1:7: bad N-Quads: "p" is not an absolute IRI`,
		"<a:s> \"x\" <a:o> .":             `in.nq:1:7: bad N-Quads: not a predicate`,
		"<a:s> <a:p> \"x .":               `in.nq:1:13: bad N-Quads: a string without its closing quote`,
		"<a:s> <a:p> \"\\u12\" .":         `in.nq:1:14: bad N-Quads: bad escape`,
		"<a:s> <a:p> \"\\uD800\" .":       `in.nq:1:14: bad N-Quads: the escape is no character`,
		"<a:s> <a:\\u0020> <a:o> .":       `in.nq:1:10: bad N-Quads: ' ' cannot stand in an IRI`,
		"<a:s> <a:p> \"\xff\" .":          `in.nq:1:14: bad N-Quads: not UTF-8`,
		"<a:s> <a:p> <a:o> <a:g> <a:h> .": `in.nq:1:25: bad N-Quads: want a full stop`,
		"<a:s> <a:p> <a:o> . x":           `in.nq:1:21: bad N-Quads: more after the full stop`,
		"_: <a:p> <a:o> .":                `in.nq:1:3: bad N-Quads: a blank node without a label`,
		"<a:s> <a:p> \"x\"@ .":            `in.nq:1:17: bad N-Quads: want a language tag`,
		"<a:s> <a:p> \"x\"^^a:t .":        `in.nq:1:16: bad N-Quads: want a datatype, ^^<IRI>`,
	} {
		lines, bad := readAll(t, strings.NewReader(in))
		if bad != 1 || lines[len(lines)-1] != want {
			t.Errorf("%q\n got %q\nwant %q", in, lines, want)
		}
	}
}

func TestLinesEndAsTheyLike(t *testing.T) {
	const s = "<a:s> <a:p> <a:o> ."
	for _, in := range []string{s + "\n" + s, s + "\r\n" + s + "\r\n", s + "\r" + s + "\r", s + "\r\r\n\n" + s + "\r"} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(in), "bytewise": iotest.OneByteReader(strings.NewReader(in)),
			"with the error": iotest.DataErrReader(strings.NewReader(in))} {
			if lines, bad := readAll(t, r); len(lines) != 2 || bad != 0 {
				t.Errorf("%q, %s: %q", in, name, lines)
			}
		}
	}
}

func TestLongLines(t *testing.T) {
	long := "<a:s> <a:p> \"" + strings.Repeat("x", nquads.MaxLine) + "\" .\n"
	fits := "<a:s> <a:p> \"" + strings.Repeat("x", nquads.MaxLine-20) + "\" .\n"
	lines, bad := readAll(t, strings.NewReader(fits+long+long+"<a:s> <a:p> <a:o> .\n<a:s>\n"+strings.TrimSpace(long)))
	if len(lines) != 6 || bad != 4 || !strings.HasPrefix(lines[1], "in.nq:2:1: bad N-Quads: the line is longer") || !strings.HasPrefix(lines[4], "in.nq:5:") {
		for i := range lines {
			lines[i] = lines[i][:min(80, len(lines[i]))]
		}
		t.Errorf("%d bad of %q", bad, lines)
	}
}

func TestErrorOfTheInputEndsIt(t *testing.T) {
	broken := errors.New("broken")
	r := nquads.NewReader(io.MultiReader(strings.NewReader("<a:s> <a:p> <a:o> .\n<a:s>"), iotest.ErrReader(broken)), "in.nq")
	if _, err := r.Read(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Read(); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}

// A line that the grammar allows has the same result in Cayley's reader, however
// the input is divided into reads.
func FuzzRead(f *testing.F) {
	f.Add([]byte("<a:s> <a:p> \"\\u00e9\"@en _:g .\r\n# c\n_:b <a:p> \"1\"^^<a:t> ."))
	f.Add([]byte("<a:s> <a:p> <a:o\\u0041> .\r\r\n<a:s> <a:p> \"\xff\" ."))
	if files, err := filepath.Glob("../../../shared/data/nquads/*.nq"); err == nil {
		for _, name := range files {
			if data, err := os.ReadFile(name); err == nil {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, bad := readAll(t, bytes.NewReader(data))
		split, badSplit := readAll(t, iotest.OneByteReader(bytes.NewReader(data)))
		if strings.Join(whole, "\n") != strings.Join(split, "\n") || bad != badSplit {
			t.Errorf("whole %q\nsplit %q", whole, split)
		}
		for _, s := range whole {
			if strings.HasPrefix(s, "in.nq:") && !strings.Contains(s, "bad N-Quads") {
				t.Errorf("error %s", s)
			}
		}
	})
}

// benchmarkInput returns 16 MiB of lines like those of an export.
func benchmarkInput() []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < 16<<20; i++ {
		fmt.Fprintf(&b, "<urn:entente:person:%d> <urn:entente:dip:met> <urn:entente:person:%d> <urn:entente:fact:abcdefghijklmnopqrstuvwxyz> .\n", i, i*7)
		fmt.Fprintf(&b, "<urn:entente:fact:%d> <urn:entente:dip:from> \"2023-07-12\"^^<http://www.w3.org/2001/XMLSchema#date> <urn:entente:data:x> .\n", i)
		fmt.Fprintf(&b, "<urn:entente:evidence:%d> <urn:entente:dip:quote> \"said \\\"so\\\" to the envoy\" <urn:entente:data:x> .\n", i)
	}
	return b.Bytes()
}

// BenchmarkRead measures validation and parsing; its goal is 250 MB/s on one
// core.
func BenchmarkRead(b *testing.B) {
	data := benchmarkInput()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		r := nquads.NewReader(bytes.NewReader(data), "in.nq")
		for {
			if _, err := r.Read(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkPeer measures Cayley's reader on the same input.
func BenchmarkPeer(b *testing.B) {
	data := benchmarkInput()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		r := peer.NewReader(bytes.NewReader(data), false)
		for {
			if _, err := r.ReadQuad(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
