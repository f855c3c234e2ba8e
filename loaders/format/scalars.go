package format

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/entente-kg/entente/schema/pattern"
)

const quotedStyle = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle

// scalarText returns a text as it stands after its key, and the lines below if it is
// a block.
func scalarText(n *node, isDate bool) (text string, lines []string) {
	y := n.yaml
	if strings.Contains(y.Value, "\n") || y.Style&yaml.FoldedStyle != 0 {
		if text, lines = blockText(n); text != "" {
			return text, lines
		}
	}
	return lineText(y, isDate, false), nil
}

// blockText returns the header and the lines of a text in block style, if it can have
// that style: a folded text has the lines that it was written in, every other text has
// the lines of its value.
func blockText(n *node) (header string, lines []string) {
	value, style := n.yaml.Value, "|"
	body := strings.TrimRight(value, "\n")
	if len(value)-len(body) > 1 || strings.TrimSpace(body) == "" || strings.ContainsFunc(body, needsEscape) {
		return "", nil
	}
	lines = strings.Split(body, "\n")
	if n.yaml.Style&yaml.FoldedStyle != 0 {
		style, lines = ">", n.lines
	}
	for _, line := range lines {
		if line != "" && strings.TrimSpace(line) == "" {
			return "", nil
		}
	}
	if first := strings.TrimLeft(strings.Join(lines, "\n"), "\n"); isBlank(first[0]) {
		style += "2"
	}
	if len(value) == len(body) {
		style += "-"
	}
	return style, lines
}

// lineText returns a text on one line: without quotes where it is the same without
// them.
func lineText(n *yaml.Node, isDate, inFlow bool) string {
	if isEmptyNode(n) {
		return ""
	}
	if isPlain(n, isDate) && canBePlain(n.Value, inFlow) {
		return n.Value
	}
	return quote(n.Value)
}

// flowScalar returns a text in a collection on one line.
func flowScalar(n *node) (text string, ok bool) {
	if n.isEmpty() || strings.Contains(n.yaml.Value, "\n") || n.yaml.Style&yaml.FoldedStyle != 0 {
		return "", false
	}
	return lineText(n.yaml, false, true), true
}

func keyText(n *yaml.Node) string {
	if n.Kind == yaml.AliasNode {
		return "*" + n.Value + " "
	}
	text := lineText(n, false, false)
	if n.Anchor != "" {
		return "&" + n.Anchor + " " + text
	}
	return text
}

func flowKey(n *yaml.Node) (text string, ok bool) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || isEmptyNode(n) {
		return "", false
	}
	return lineText(n, false, true), true
}

// olderWords are words that YAML 1.1 reads as true or false: other programs may.
var olderWords = pattern.New(`^(?i:y|n|yes|no|on|off)$`)

// digits begin texts that other programs may read as numbers, times or dates.
var digits = pattern.New(`^[-+.0-9][^ ]*$`)

// isPlain reports whether a text means the same without quotes: it is no number, date
// or word of YAML that it is not with them. A year or a day is the same date either
// way.
func isPlain(n *yaml.Node, isDate bool) bool {
	if n.Style&(quotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		return true
	}
	tag := (&yaml.Node{Kind: yaml.ScalarNode, Value: n.Value}).ShortTag()
	if isDate && (tag == "!!timestamp" || tag == "!!int" && len(n.Value) == 4) {
		return true
	}
	if strings.ContainsAny(n.Value, "\t") || n.Value == "<<" {
		return false
	}
	return tag == "!!str" && !olderWords().MatchString(n.Value) && (isDate || !digits().MatchString(n.Value))
}

// canBePlain reports whether YAML allows a text without quotes on one line, by rules
// a little stricter than the rules of YAML.
func canBePlain(s string, inFlow bool) bool {
	switch {
	case s == "", s == "-", s == "=", strings.HasPrefix(s, "---"), strings.HasPrefix(s, "..."),
		strings.TrimSpace(s) != s, strings.ContainsFunc(s, needsEscape), strings.Contains(s, "\n"):
		return false
	case strings.ContainsRune(",[]{}#&*!|>'\"%@`?:", rune(s[0])), strings.HasPrefix(s, "- "), strings.HasPrefix(s, "-\t"):
		return false
	case strings.HasSuffix(s, ":"), strings.Contains(s, ": "), strings.Contains(s, ":\t"),
		strings.Contains(s, " #"), strings.Contains(s, "\t#"):
		return false
	}
	return !inFlow || !strings.ContainsAny(s, ",[]{}?") && (s[0] != '-' || strings.ContainsRune(".0123456789", rune(s[1])))
}

// needsEscape reports whether a character must be escaped in YAML. Those that other
// editors may show as nothing or as a line break are too.
func needsEscape(r rune) bool {
	return r != '\n' && unicode.IsControl(r) && r != '\t' || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == utf8.RuneError || r >= 0xfffe && r <= 0xffff
}

// quote returns a text in double quotes, or in single quotes where that saves
// escapes.
func quote(s string) string {
	if strings.ContainsFunc(s, needsEscape) || strings.ContainsAny(s, "\n\t") {
		return escaped(s)
	}
	if strings.ContainsAny(s, `"\`) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return `"` + s + `"`
}

func escaped(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case needsEscape(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case needsEscape(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
