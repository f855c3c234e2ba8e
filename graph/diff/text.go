package diff

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph/render"
)

// AppendJSON appends the change as an object of JSON.
func (c *Change) AppendJSON(dst []byte) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(c) // texts, numbers and lists: it cannot fail
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

// Mark returns the sign of an action: +, - or ~.
func (a Action) Mark() string {
	switch a {
	case Added:
		return "+"
	case Removed:
		return "-"
	}
	return "~"
}

// Text returns the change for people: a line with what changes, and a line for each field
// if there are several. No name or quote breaks a line or steers a terminal.
func (c *Change) Text() string {
	lines := []string{c.Action.Mark() + " " + c.subject()}
	switch {
	case c.What == Fact && c.Action != Changed:
		if list := sources(c.fact()); len(list) > 0 {
			lines[0] += "  [" + strings.Join(list, "; ") + "]"
		}
	case c.Action != Changed:
		lines[0] += c.details()
	case len(c.Fields) == 1:
		lines[0] += ": " + c.Fields[0].Text()
	default:
		for _, f := range c.Fields {
			lines = append(lines, "    "+f.Text())
		}
	}
	if c.Same != "" {
		lines = append(lines, "    "+c.Same.text())
	}
	for i, line := range lines {
		lines[i] = render.Clean(line)
	}
	return strings.Join(lines, "\n") + "\n"
}

// fact returns the fact in the later state, or in the earlier one if only that has it.
func (c *Change) fact() *render.Fact {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// subject names what changes.
func (c *Change) subject() string {
	switch c.What {
	case Fact:
		if slices.ContainsFunc(c.Fields, func(f Field) bool { return f.Name == "date" || f.Name == "within" }) {
			return c.Name
		}
		return c.fact().String()
	case Dataset:
		return "dataset " + c.Name
	case Statement:
		return "statement " + c.Name
	case Match:
		return fmt.Sprintf("match of %s (%s) by its name", c.Name, c.ID)
	case Document:
		return fmt.Sprintf("source %s (%s)", c.Name, c.ID)
	case Name:
		return fmt.Sprintf("name of %s (%s) from other datasets", c.Name, c.ID)
	}
	return fmt.Sprintf("%s %s (%s)", strings.ToLower(c.Kind), c.Name, c.ID)
}

// details lists the fields of what was added or removed, and which other datasets have it.
func (c *Change) details() string {
	var parts []string
	for _, f := range c.Fields {
		parts = append(parts, f.Name+" "+cutHash(f.After+f.Before))
	}
	text := ""
	if len(parts) > 0 {
		text = ": " + strings.Join(parts, ", ")
	}
	if len(c.Also) > 0 && c.What != Name {
		text += fmt.Sprintf(" (%s too)", "in "+strings.Join(c.Also, ", "))
	}
	return text
}

// Text returns the field in one line, with long hashes cut.
func (f Field) Text() string {
	f.Before, f.After = cutHash(f.Before), cutHash(f.After)
	switch {
	case f.Before == "":
		return f.Name + ": + " + f.After
	case f.After == "":
		return f.Name + ": - " + f.Before
	}
	return f.Name + ": " + f.Before + " -> " + f.After
}

// text explains why a fact with another id is taken for the same one.
func (s Same) text() string {
	if s.Certain() {
		return "the same fact by its source key"
	}
	return "perhaps the same fact: the same " + string(s)
}

// hashShown is how many digits of a hash people see.
const hashShown = 12

// cutHash cuts a text that is a SHA-256.
func cutHash(text string) string {
	if len(text) != 64 || strings.Trim(text, "0123456789abcdef") != "" {
		return text
	}
	return text[:hashShown] + "…"
}
