package export_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/entente-kg/entente/graph/export"
)

// addTexts adds texts that mean something in Mermaid, Markdown or Obsidian.
func addTexts(f *testing.F) {
	for _, text := range []string{
		hostile, "", " ", "\n", "a\n\nb", " a ", "end", "1. a", "- a", "a -- b", "+ a", "# a", "#tag", "a: b", "style a:#b;", "classDef x:#y;", "%%{init}%%", "%% a", "http://a.b", "www.a.b",
		"a@b.c", "[[a|b]]", "![](x)", "a^b", "$x$", "==a==", "~~a~~", "| a | b |", "<b>", "&amp;", "#quot;", "ﬂ°°60¶ß", "```\na\n```", "---", "===", "\ta", "a  \nb", "\\", "a\\\nb", "1) a", "\ufeffa",
		"\u00a0a\u00a0", "谢锋\u200b", "\u202eabc", "\x00\x01", strings.Repeat("\"'<", 3000), "=cmd|' /C calc'!A0", ":smile:", "</script>]]>-->",
	} {
		f.Add(text)
	}
}

var mermaidEntity = regexp.MustCompile(`#(\w+);`)

// A label of a flowchart is one string, without signs that Mermaid interprets outside of
// entities, and is the text once these are replaced.
func FuzzMermaidText(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		label := export.MermaidText(text)
		inner := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(label, `"`), `"`), "<br>", "\n")
		if left := mermaidEntity.ReplaceAllString(inner, ""); strings.ContainsAny(left, "\"<>&#;:`*_[]{}|%$~\\=!@+^ﬂ¶") {
			t.Errorf("%q has signs that Mermaid interprets", left)
		}
		got := mermaidEntity.ReplaceAllStringFunc(inner, func(entity string) string {
			if entity == "#quot;" {
				return `"`
			}
			n, err := strconv.Atoi(entity[1 : len(entity)-1])
			if err != nil {
				t.Errorf("unknown entity %s", entity)
			}
			return string(rune(n))
		})
		want := shownText(strings.ToValidUTF8(text, "\ufffd"))
		if want == "" {
			want = " "
		}
		if got != want {
			t.Errorf("%q was read as %q in %s", want, got, label)
		}
	})
}

// Names of notes are safe on every system, differ in more than case, and a link shows the
// label of the entity.
func TestNoteNames(t *testing.T) {
	t.Parallel()
	names := export.NewNoteNames()
	seen := map[string]bool{}
	for _, c := range []struct{ label, want string }{
		{"Xie Feng", "Xie Feng"}, {"XIE FENG", "XIE FENG (2)"}, {"xie feng (2)", "xie feng (2) (2)"}, {"CON", "CON (name)"}, {"nul.txt", "nul txt"}, {"NUL.", "NUL (name)"},
		{"Index", "Index (2)"}, {"..", "person 1"}, {"../../etc/passwd", "etc passwd"}, {".hidden", "hidden"}, {"[[a|b]]#c^d", "a b c d"}, {"a.md", "a md"}, {"U.S. Navy", "U.S. Navy"},
		{"\u202eabc\x00", "abc"}, {"谢锋", "谢锋"}, {"e\u0301", "é"}, {"É", "É (2)"}, {"a/b\\c:d*e?f\"g<h>i", "a b c d e f g h i"}, {"COM¹", "COM¹ (name)"}, {"a%2Fb", "a 2Fb"},
	} {
		got := names.Add(c.label, "person:1")
		if got != c.want || seen[strings.ToLower(got)] {
			t.Errorf("%q is named %q, want %q", c.label, got, c.want)
		}
		seen[strings.ToLower(got)] = true
	}
	if got := names.Add(strings.Repeat("长", 10_000), "person:1"); len(got) > 100 || len(got) < 90 || !utf8.ValidString(got) {
		t.Errorf("%q has %d bytes", got, len(got))
	}
}

var (
	markdownEntity = regexp.MustCompile(`&#(\d+);`)
	escapedSign    = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")
)

// Escaped Markdown is the text once escapes are replaced, and has no other sign that
// could begin markup. What CommonMark makes of it is read in [TestReaders].
func FuzzMarkdownLines(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, text string) {
		want := shownText(strings.ToValidUTF8(text, "\ufffd"))
		lines := export.MarkdownLines(text, "> ")
		rest := escapedSign.ReplaceAllString(markdownEntity.ReplaceAllString(lines, ""), "")
		if strings.ContainsAny(rest, "`*_{}[]<#|~$%^&@=!") {
			t.Errorf("%q has signs that begin markup", rest)
		}
		got := strings.ReplaceAll(lines, "\\\n> ", "\n")
		got = markdownEntity.ReplaceAllStringFunc(got, func(entity string) string {
			n, _ := strconv.Atoi(entity[2 : len(entity)-1])
			return string(rune(n))
		})
		if got = escapedSign.ReplaceAllString(got, "$1"); got != want {
			t.Errorf("%q was read as %q in %q", want, got, lines)
		}
	})
}

// A name of a note, or a link to it, is safe whatever the label.
func FuzzNoteName(f *testing.F) {
	addTexts(f)
	f.Fuzz(func(t *testing.T, label string) {
		name := export.NewNoteNames().Add(label, "person:1")
		if name == "" || len(name) > 120 || !utf8.ValidString(name) || strings.ContainsAny(name, "[]|#^\\/:*?\"<>%`\n\t\x00") || strings.Trim(name, ". ") != name {
			t.Errorf("%q is named %q", label, name)
		}
		link := export.NoteLink("People", name, label)
		if inner, isWiki := strings.CutPrefix(link, "[["); isWiki {
			inner = strings.TrimSuffix(inner, "]]")
			to, shown, found := strings.Cut(inner, "|")
			if !found {
				shown = to
			}
			if to != name || shown != label || strings.ContainsAny(shown, "[]|\\\n") {
				t.Errorf("%q is linked as %q", label, link)
			}
		}
	})
}
