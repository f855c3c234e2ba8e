package format_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"gopkg.in/yaml.v3"
)

// writer writes random YAML datasets with comments in every place. Each comment has
// a number of its own, and the number of the record to which it belongs.
type writer struct {
	*rand.Rand
	out      strings.Builder
	comments int
	record   int
	records  int
	bare     bool // write no comments

	anchored bool // write anchors and aliases
	anchors  int
}

// weird are texts that YAML reads as something else, or that need quotes or escapes.
var weird = []string{
	"yes", "No", "null", "~", "true", "2023", "2023-07", "2023-07-12", "0x1F", "1e3", ".5", "12:30:45", "-1", "+1", "007",
	"a: b", "a:b", "x:", ":x", "a #b", "a#b", "#x", "- x", "-x", "-", "--- a", "---", "... b", "'q'", `"d"`, `it's`, `say "it's"`, `back\slash`, "tab\tin",
	" lead", "trail ", "", "[x]", "{x}", "a, b", "a,b", "? q", "?q", "| pipe", "> fold", "%d", "@at", "`tick", "!tag", "&a", "*a", "<<", "=", "<person:x>",
	"multi\nline", "multi\n\nline\n", "  indented\nline", "\nfirst empty", "last empty\n\n", "spaces \n at ends ", "  \n", "\n", "a\n   \nb",
	"🎉 party", "谢锋", "Ünïcödé", "e\u0301", "sep\u2028arated", "par\u2029agraph", "next\u0085line", "bell\a", "zero\u200bwidth", "bom\ufeffinside", "\u00a0nbsp",
	"https://example.org/a?b=c#d", "paragraph 14", "a long text that goes on and on, so that a line of eighty characters is not enough for it, which no list may have",
	"line with # hash\nand: colon\n- dash", "\ttab first", "end tab\t", "café # not a comment", "Smith, J.: “quoted”",
}

func (w *writer) text() string {
	if w.IntN(3) > 0 {
		return fmt.Sprintf("word %d", w.IntN(50))
	}
	return weird[w.IntN(len(weird))]
}

// reads reports whether a line of YAML is a text of one value.
func reads(line, want string) bool {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte("k:\n  - "+line+"\n  - z\n"), &n); err != nil {
		return false
	}
	list := n.Content[0].Content[1].Content
	return len(list) == 2 && list[0].Kind == yaml.ScalarNode && list[0].Value == want
}

func double(s string) string {
	return strings.NewReplacer("\u2028", `\L`, "\u2029", `\P`, "\u0085", `\N`, "\ufeff", `\uFEFF`, `\a`, `\a`).Replace(fmt.Sprintf("%q", s))
}

// scalar writes a text in a random style that YAML reads as that text.
func (w *writer) scalar(s string, indent int, inFlow bool) string {
	styles := []string{s, s, "'" + strings.ReplaceAll(s, "'", "''") + "'", double(s)}
	for range 8 {
		style := styles[w.IntN(len(styles))]
		if strings.Contains(style, "\n") {
			continue
		}
		if inFlow && !reads("["+style+", z]", "") && flowReads(style, s) || !inFlow && reads(style, s) {
			return style
		}
	}
	if !inFlow && w.IntN(2) == 0 && blockReads(s) {
		return w.block(s, indent)
	}
	return double(s)
}

// broken breaks a text at one of its spaces, as YAML allows.
func (w *writer) broken(style string, indent int) string {
	words := strings.Split(style, " ")
	if i := w.IntN(len(words)); i > 0 && words[i-1] != "" && words[i] != "" && !strings.ContainsAny(style, "\n|>") {
		gap := "\n"
		for w.IntN(6) == 0 {
			gap += "\n" // in the value too
		}
		return strings.Join(words[:i], " ") + gap + strings.Repeat(" ", indent+2+w.IntN(4)) + strings.Join(words[i:], " ")
	}
	return style
}

// folded writes a text as a folded block.
func (w *writer) folded(s string, indent int) string {
	head := []string{">", ">-", ">+"}[w.IntN(3)]
	return head + w.lineComment() + "\n" + strings.Repeat(" ", indent+2) + strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", indent+2+w.IntN(2)))
}

// anchor returns an anchor to write before a value, or nothing.
func (w *writer) anchor() string {
	if !w.anchored || w.IntN(8) > 0 {
		return ""
	}
	w.anchors++
	return fmt.Sprintf(" &a%d", w.anchors)
}

func flowReads(style, want string) bool {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte("["+style+", z]"), &n); err != nil {
		return false
	}
	list := n.Content[0].Content
	return len(list) == 2 && list[0].Kind == yaml.ScalarNode && list[0].Value == want
}

func blockReads(s string) bool {
	var n yaml.Node
	err := yaml.Unmarshal([]byte(blockOf(s, 1, "")), &n)
	return err == nil && n.Content[0].Value == s && strings.TrimSpace(s) != ""
}

// blockOf writes a text as a literal block.
func blockOf(s string, indent int, comment string) string {
	head := "|"
	if strings.HasPrefix(strings.TrimLeft(s, "\n"), " ") {
		head += "2"
		indent = 2
	}
	switch body := strings.TrimRight(s, "\n"); {
	case body == s:
		head += "-"
	case len(s)-len(body) > 1:
		head += "+"
	}
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = strings.Repeat(" ", indent) + l
		}
	}
	return head + comment + "\n" + strings.Join(lines, "\n")
}

func (w *writer) block(s string, indent int) string { return blockOf(s, indent+2, w.lineComment()) }

func (w *writer) newComment() string {
	w.comments++
	return fmt.Sprintf("# c%d r%d: x, [y] 'z'", w.comments, w.record)
}

// lineComment returns a comment for the end of a line, or nothing.
func (w *writer) lineComment() string {
	if w.bare || w.IntN(5) > 0 {
		return ""
	}
	return strings.Repeat(" ", 1+w.IntN(3)) + w.newComment()
}

// lines writes comments and blank lines of their own at an indentation.
func (w *writer) lines(indent int) {
	for w.IntN(6) == 0 {
		w.out.WriteString("\n")
	}
	for !w.bare && w.IntN(6) == 0 {
		w.out.WriteString(strings.Repeat(" ", indent) + w.newComment() + "\n")
		for w.IntN(4) == 0 {
			w.out.WriteString("\n")
		}
	}
}

// field is a key and its value: a text, a list of fields or texts, or fields.
type field struct {
	key   string
	value any
}

// textOrAlias writes the anchor of a text, and returns the text in any style, or an
// alias in its place.
func (w *writer) textOrAlias(v string, indent int, inFlow bool) string {
	isMarker := strings.HasPrefix(v, "marker ")
	if !isMarker && w.anchors > 0 && w.IntN(10) == 0 {
		return fmt.Sprintf("*a%d", 1+w.IntN(w.anchors))
	}
	w.out.WriteString(w.anchor())
	switch n := w.IntN(16); {
	case !isMarker && n == 0:
		return w.broken(w.scalar(v, indent, inFlow), indent)
	case !isMarker && n == 1 && !inFlow && strings.TrimSpace(v) == v && v != "":
		return w.folded(v, indent)
	}
	return w.scalar(v, indent, inFlow)
}

func (w *writer) value(v any, indent int, inFlow bool) {
	flow := inFlow || w.IntN(3) == 0
	switch v := v.(type) {
	case string:
		text := w.textOrAlias(v, indent, inFlow)
		w.out.WriteString([]string{" ", "  ", " \t"}[max(0, w.IntN(60)-57)] + text)
		if !inFlow {
			if !strings.Contains(text, "\n") {
				w.out.WriteString(w.lineComment())
			}
			w.out.WriteString("\n")
		}
	case nil:
		w.out.WriteString([]string{" ~", " null"}[w.IntN(2)])
		if !inFlow {
			w.out.WriteString(w.lineComment() + "\n")
		}
	case []field:
		if flow || len(v) == 0 {
			w.flow("{", "}", len(v), indent, inFlow, func(i int) {
				w.out.WriteString(" " + v[i].key + ":")
				w.value(v[i].value, indent, true)
			})
			return
		}
		w.out.WriteString(w.anchor() + w.lineComment() + "\n")
		w.fields(v, indent+1+w.IntN(3), false)
	case []any:
		if flow || len(v) == 0 {
			w.flow("[", "]", len(v), indent, inFlow, func(i int) { w.value(v[i], indent, true) })
			return
		}
		w.out.WriteString(w.anchor() + w.lineComment() + "\n")
		w.list(v, indent+w.IntN(4), nil)
	}
}

// flow writes a collection in flow style, perhaps over several lines.
func (w *writer) flow(begin, end string, n, indent int, inFlow bool, item func(int)) {
	isLong := w.IntN(2) == 0
	next := func() {
		if isLong {
			w.out.WriteString(w.lineComment() + "\n")
			w.lines(indent + 1)
			w.out.WriteString(strings.Repeat(" ", indent+2))
		}
	}
	w.out.WriteString(" " + begin)
	for i := range n {
		next()
		item(i)
		if i < n-1 || w.IntN(3) == 0 {
			w.out.WriteString(",")
		}
	}
	next()
	w.out.WriteString(end)
	if !inFlow {
		w.out.WriteString(w.lineComment() + "\n")
	}
}

// fields writes the entries of a mapping in block style.
func (w *writer) fields(all []field, indent int, afterHyphen bool) {
	for i, f := range all {
		if i > 0 || !afterHyphen {
			w.lines(indent)
			w.out.WriteString(strings.Repeat(" ", indent))
		}
		if !afterHyphen && w.IntN(30) == 0 {
			w.out.WriteString("? " + f.key + w.lineComment() + "\n")
			w.lines(indent)
			w.out.WriteString(strings.Repeat(" ", indent) + ":")
		} else {
			w.out.WriteString(f.key + ":")
		}
		w.value(f.value, indent, false)
	}
	if w.IntN(4) == 0 {
		w.lines(indent)
	}
}

// list writes the items of a list in block style. Before is called before each item.
func (w *writer) list(items []any, indent int, before func(int)) {
	for i, item := range items {
		if before != nil {
			before(i)
			w.out.WriteString("\n") // comments directly below a record would be of that one
		}
		w.lines(indent)
		w.out.WriteString(strings.Repeat(" ", indent) + "-")
		fields, isFields := item.([]field)
		switch {
		case isFields && len(fields) > 0 && w.IntN(4) > 0:
			if w.bare || w.IntN(6) > 0 {
				gap := 1 + w.IntN(3)
				w.out.WriteString(strings.Repeat(" ", gap))
				w.fields(fields, indent+1+gap, true)
				continue
			}
			w.out.WriteString(" " + w.newComment() + "\n")
			w.fields(fields, indent+2, false)
		default:
			w.value(item, indent, false)
		}
	}
}
