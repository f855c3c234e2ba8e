package turtle_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/schema/nquads"
	"github.com/entente-kg/entente/schema/turtle"
)

func lines(t testing.TB, text string, isTriG bool) ([]string, error) {
	t.Helper()
	var out []string
	for s, err := range turtle.All(text, isTriG) {
		if err != nil {
			return out, err
		}
		out = append(out, strings.TrimSpace(string(turtle.AppendNQuads(nil, s))))
	}
	return out, nil
}

const head = "@prefix : <http://e/> .\n@prefix x: <http://x/> .\n"

// Each text has these statements, by the grammar of the W3C.
func TestParse(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`<http://a> <http://b> <http://c> .`, `<http://a> <http://b> <http://c> .`},
		{`:a :b :c, x:d ; a :e ; .`, `:a :b :c . | :a :b x:d . | :a TYPE :e .`},
		{`:a :b "x", 'y'@en-GB, """z
"q" """, '''w'''^^x:t.`, `:a :b "x" . | :a :b "y"@en-GB . | :a :b "z\n\"q\" " . | :a :b "w"^^x:t .`},
		{`:a :b 1, -1.5, +2e3, .5, 1.e2, true, false .`, `:a :b "1"^^XSD:integer . | :a :b "-1.5"^^XSD:decimal . | :a :b "+2e3"^^XSD:double . | :a :b ".5"^^XSD:decimal . | :a :b "1.e2"^^XSD:double . | :a :b "true"^^XSD:boolean . | :a :b "false"^^XSD:boolean .`},
		{`:a :b 1.`, `:a :b "1"^^XSD:integer .`},
		{`_:x :b _:anon-1 . [] :b [] .`, `_:x :b _:anon-anon-1 . | _:anon-1 :b _:anon-2 .`},
		{`[ :b :c ] .`, `_:anon-1 :b :c .`},
		{`:a :b [ :c [ :d 1 ] ; ] .`, `_:anon-2 :d "1"^^XSD:integer . | _:anon-1 :c _:anon-2 . | :a :b _:anon-1 .`},
		{`:a :b (), (1 :c) .`, `:a :b RDF:nil . | _:anon-1 RDF:first "1"^^XSD:integer . | _:anon-1 RDF:rest _:anon-2 . | _:anon-2 RDF:first :c . | _:anon-2 RDF:rest RDF:nil . | :a :b _:anon-1 .`},
		{`(1) :b :c .`, `_:anon-1 RDF:first "1"^^XSD:integer . | _:anon-1 RDF:rest RDF:nil . | _:anon-1 :b :c .`},
		{`PREFIX y: <http://y/> BASE <http://base/p/q> <r> <../s> <#t>, <?u>, <//h/v>, </w>, <> .`, `<http://base/p/r> <http://base/s> <http://base/p/q#t> . | <http://base/p/r> <http://base/s> <http://base/p/q?u> . | <http://base/p/r> <http://base/s> <http://h/v> . | <http://base/p/r> <http://base/s> <http://base/w> . | <http://base/p/r> <http://base/s> <http://base/p/q> .`},
		{`:a.b :c-d :e:f, :%41, :\~g, :1, x: .`, `:a.b :c-d :e:f . | :a.b :c-d :%41 . | :a.b :c-d :~g . | :a.b :c-d :1 . | :a.b :c-d x: .`},
		{`:a :b <http://e/\u00e9> . # comment`, `:a :b :é .`},
		{`:a a<http://b>.`, `:a TYPE <http://b> .`},
		{`:a :b "\t\u0041\U0001F600\\" .`, `:a :b "\tA😀\\" .`},
		{`@prefix : <http://other/> . :a :b :c .`, `<http://other/a> <http://other/b> <http://other/c> .`},
		{`:true :false true .`, `:true :false "true"^^XSD:boolean .`},
		{``, ``}, {`# only`, ``},
	} {
		got, err := lines(t, head+c.text, false)
		if joined := strings.Join(got, " | "); err != nil || joined != expand(c.want) {
			t.Errorf("%s\n got %s %v\nwant %s", c.text, joined, err, expand(c.want))
		}
	}
}

// expand writes the names of a wanted line as IRIs.
func expand(want string) string {
	for _, pair := range [][2]string{{"TYPE", "RDF:type"}} {
		want = strings.ReplaceAll(want, pair[0], pair[1])
	}
	var out []string
	for word := range strings.SplitSeq(want, " ") {
		at := ""
		if before, after, is := strings.Cut(word, "^^"); is {
			at, word = before+"^^", after
		}
		for prefix, namespace := range map[string]string{"x:": "http://x/", "RDF:": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "XSD:": "http://www.w3.org/2001/XMLSchema#", ":": "http://e/"} {
			if rest, is := strings.CutPrefix(word, prefix); is {
				word = "<" + namespace + rest + ">"
				break
			}
		}
		out = append(out, at+word)
	}
	return strings.Join(out, " ")
}

// TriG has graphs.
func TestTriG(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{ :a :b :c }`, `:a :b :c .`},
		{`:g { :a :b :c . :d :e :f . }`, `:a :b :c :g . | :d :e :f :g .`},
		{`GRAPH :g { :a :b [ :c :d ] } :x :y :z .`, `_:anon-1 :c :d :g . | :a :b _:anon-1 :g . | :x :y :z .`},
		{`_:g { [ :a :b ] } [] { :a :b :c }`, `_:anon-1 :a :b _:g . | :a :b :c _:anon-2 .`},
		{`:g {} {}`, ``},
	} {
		got, err := lines(t, head+c.text, true)
		if joined := strings.Join(got, " | "); err != nil || joined != expand(c.want) {
			t.Errorf("%s\n got %s %v\nwant %s", c.text, joined, err, expand(c.want))
		}
	}
}

// Each malformed text is an error at its place.
func TestMalformed(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`:a :b`, `1:6: bad Turtle: want a term, but the text ends`},
		{`:a :b :c`, `1:9: bad Turtle: want ., but the text ends`},
		{`:a :b :c :d .`, `1:10: bad Turtle: want ., not ':'`},
		{`:a .`, `1:4: bad Turtle: want a predicate, not '.'`},
		{`:a`, `1:3: bad Turtle: want a predicate, but the text ends`},
		{`"a" :b :c .`, `1:1: bad Turtle: a text cannot be a subject`},
		{`:a "b" :c .`, `1:4: bad Turtle: want a predicate, not '"'`},
		{`:a _:b :c .`, `1:4: bad Turtle: want a term, not '_'`},
		{`:a [] :c .`, `1:4: bad Turtle: want a predicate`},
		{`:a :b ;, :c .`, `1:7: bad Turtle: want a term`},
		{`:a :b , :c .`, `1:7: bad Turtle: want a term, not ','`},
		{`:a :b :c,, :d .`, `1:10: bad Turtle: want a term`},
		{`y:a :b :c .`, `1:1: bad Turtle: the prefix y: is not declared`},
		{":a :b\n  é:c .", `2:3: bad Turtle: the prefix é: is not declared`},
		{`<a> :b :c .`, `1:1: bad Turtle: the IRI <a> is relative, and the text has no base`},
		{`<http://a b> :b :c .`, `1:1: bad Turtle: ' ' cannot stand in an IRI`},
		{`<http://a> <http://b\> :c .`, `bad escape`},
		{`<http://a`, `1:1: bad Turtle: an IRI without its closing bracket`},
		{"<http://a\n> :b :c .", `1:1: bad Turtle: an IRI without`},
		{`<http://a\u0020b> :b :c .`, `cannot stand in an IRI`},
		{`:a :b "x .`, `1:7: bad Turtle: a text without its closing quote`},
		{":a :b \"x\n\" .", `1:7: bad Turtle: a text without its closing quote`},
		{`:a :b """x" .`, `1:7: bad Turtle: a text without its closing quote`},
		{`:a :b "\q" .`, `1:8: bad Turtle: bad escape`},
		{`:a :b "\u12" .`, `1:8: bad Turtle: bad escape`},
		{`:a :b "\uD800" .`, `1:8: bad Turtle: bad escape`},
		{`:a :b "\U00110000" .`, `1:8: bad Turtle: bad escape`},
		{`:a :b "x"@ .`, `1:10: bad Turtle: want a language tag`},
		{`:a :b "x"@1 .`, `want a language tag`},
		{`:a :b "x"@en- .`, `want a language tag`},
		{`:a :b "x"^^ .`, `want a term`},
		{`:a :b "x"^^"y" .`, `want a term`},
		{`:a :b 1x .`, `1:8: bad Turtle: a character after a number`},
		{`:a :b + .`, `1:7: bad Turtle: want a term, not '+'`},
		{`:a :b [ :c :d .`, `1:15: bad Turtle: want ; or ] , not '.'`},
		{`:a :b [ .`, `want a predicate`},
		{`:a :b ( 1 .`, `want a term`},
		{`:a :b ( 1`, `a list without its closing parenthesis`},
		{`[] .`, `1:4: bad Turtle: want a predicate`},
		{`() .`, `want a predicate`},
		{`_: :b :c .`, `a blank node without a label`},
		{`_x :b :c .`, `want a blank node`},
		{`@prefix x <http://x/> .`, `want a prefix and its colon`},
		{`@prefix x: http://x/ .`, `want an IRI in angle brackets`},
		{`@prefix x: <http://x/>`, `want ., but the text ends`},
		{`@prefix x: <http://x/> :a :b :c .`, `want ., not ':'`},
		{`@PREFIX x: <http://x/> .`, `want a term, not '@'`},
		{`PREFIX x: <http://x/> .`, `want a term, not '.'`},
		{`@base "x" .`, `want an IRI in angle brackets`},
		{`:a :b :%4 .`, `want two hexadecimal digits`},
		{`:a :b :\x .`, `bad escape`},
		{`:a = :c .`, `want a predicate, not '='`},
		{`:a :b {} .`, `want a term, not '{'`},
		{`{ :a :b :c }`, `want a term, not '{'`},
		{":a :b \"\xff\" .", `1:8: bad Turtle: a byte that is not UTF-8`},
		{strings.Repeat("[ :b ", 200), `more than 100 levels`},
		{":a :b " + strings.Repeat("(", 200), `more than 100 levels`},
	} {
		text := "@prefix : <http://e/> . " + c.text
		_, err := lines(t, text, false)
		var at *turtle.Error
		if !errors.As(err, &at) || !errors.Is(err, turtle.ErrSyntax) {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if at.Line == 1 {
			at.Col -= 24
		}
		if !strings.Contains(at.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.text, at, c.want)
		}
	}
	for text, want := range map[string]string{`<http://g> { `: "closing brace", `[ <http://a> 1 ] { }`: "want a predicate", `GRAPH "x" {}`: "subject", `GRAPH <http://g> `: "want {", `<http://g> { <http://a> }`: "want a predicate", `<http://g> { {} }`: "want a term"} {
		if _, err := lines(t, text, true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// shared is the folder of files that others have written.
const shared = "../../../shared/data/popolo/spec-examples"

// The statements of the specification's examples are those that Raptor reads. Two of the
// examples are malformed, for both.
func TestRaptor(t *testing.T) {
	rapper, err := exec.LookPath("rapper")
	paths, _ := filepath.Glob(shared + "/*.ttl")
	if err != nil || len(paths) == 0 {
		t.Skip("needs rapper and the shared data")
	}
	extra := filepath.Join(t.TempDir(), "extra.ttl")
	text := head + ":a :b [ :c (1 2.5 3e0 'x'@en) ; :d \"\"\"a\nb\\\"\"\"\" ] , _:q . _:q a :e.f ; :g true .\n"
	if err := os.WriteFile(extra, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, extra) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want, foreign := exec.Command(rapper, "-q", "-i", "turtle", "-o", "ntriples", path).Output()
		got, err := lines(t, string(data), false)
		if (err == nil) != (foreign == nil) {
			t.Errorf("%s: %v, Raptor: %v", filepath.Base(path), err, foreign)
		}
		if err == nil && !slices.Equal(canonical(t, []byte(strings.Join(got, "\n"))), canonical(t, want)) {
			t.Errorf("%s:\n%s\nRaptor:\n%s", filepath.Base(path), strings.Join(got, "\n"), want)
		}
	}
}

// canonical returns the lines of N-Quads, sorted, with blank nodes named by what is said of
// them.
func canonical(t *testing.T, text []byte) []string {
	t.Helper()
	var all []nquads.Statement
	r := nquads.NewReader(bytes.NewReader(text), "")
	for {
		s, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, nquads.Statement{Subject: clone(s.Subject), Predicate: clone(s.Predicate), Object: clone(s.Object), Label: clone(s.Label)})
	}
	colours := make(map[string]string)
	name := func(term nquads.Term) string {
		if term.Kind == nquads.Blank {
			return "_:" + colours[string(term.Text)]
		}
		return string(nquads.AppendTerm(nil, term))
	}
	for range 6 {
		next := make(map[string][]string)
		for _, s := range all {
			line := name(s.Subject) + " " + name(s.Predicate) + " " + name(s.Object)
			for mark, term := range map[string]nquads.Term{"s ": s.Subject, "o ": s.Object} {
				if term.Kind == nquads.Blank {
					next[string(term.Text)] = append(next[string(term.Text)], mark+line)
				}
			}
		}
		for label, said := range next {
			slices.Sort(said)
			colours[label] = fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(said, "\n"))))[:12]
		}
	}
	var out []string
	for _, s := range all {
		out = append(out, name(s.Subject)+" "+name(s.Predicate)+" "+name(s.Object)+" "+name(s.Label))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func clone(t nquads.Term) nquads.Term {
	return nquads.Term{Kind: t.Kind, Text: slices.Clone(t.Text), Datatype: slices.Clone(t.Datatype), Lang: slices.Clone(t.Lang)}
}

// FuzzTurtle reads texts: whatever they are, each statement is a line that N-Quads allow,
// and an error has its place in the text.
func FuzzTurtle(f *testing.F) {
	for _, text := range []string{head + `:a :b [ :c (1 -2.5e3 "x"@en 'y'^^x:t) ] .`, `GRAPH <http://g> { _:a <http://b> """x""" }`, `BASE <http://a/b?c#d> <../e> <//f> <#g> .`} {
		f.Add(text, true)
		f.Add(text, false)
	}
	f.Fuzz(func(t *testing.T, text string, isTriG bool) {
		for s, err := range turtle.All(text, isTriG) {
			if err != nil {
				var at *turtle.Error
				if !errors.As(err, &at) || at.Line < 1 || at.Line > 1+strings.Count(text, "\n") || at.Col < 1 {
					t.Fatalf("an error without its place: %v", err)
				}
				return
			}
			line := turtle.AppendNQuads(nil, s)
			if len(line) > nquads.MaxLine {
				return
			}
			if _, err := nquads.NewReader(bytes.NewReader(line), "").Read(); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	})
}

// BenchmarkTurtle reads a file of many people.
func BenchmarkTurtle(b *testing.B) {
	var text strings.Builder
	text.WriteString(head)
	for i := range 20000 {
		fmt.Fprintf(&text, ":p%d a x:Person ; x:name \"Person %d\"@en ; x:born \"19%02d\" ; x:knows :p%d, [ x:name 'n' ] .\n", i, i, i%100, i/2)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		n := 0
		if err := turtle.Parse(text.String(), false, func(turtle.Statement) error { n++; return nil }); err != nil || n != 120000 {
			b.Fatal(n, err)
		}
	}
}
