package export_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

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
