package export

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/schema"
)

// The limits beyond which Mermaid shows an error instead of a flowchart, unless a page
// configures others. Characters are counted as in JavaScript, in units of UTF-16.
const (
	mermaidEdges      = 500
	mermaidCharacters = 50_000
)

// ErrTooLarge is wrapped by the error of a selection that is too large for its format.
var ErrTooLarge = errors.New("too large for the format")

// mermaidHead begins a flowchart. Its comments are the legend.
const mermaidHead = `flowchart LR
%% A solid line is a fact that happened or holds and that at least one source asserts.
%% A dashed line, or a dashed box, is not established: it did not happen, or no source
%% asserts it. Words in brackets say which. Red: a source denies it.
%% A line with two heads goes both ways. "pair 2 of 3" is one of the lines of one fact.
`

// mermaidBrackets are the brackets that give the nodes of a kind their shape.
var mermaidBrackets = map[schema.Kind][2]string{
	schema.Person: {"([", "])"}, schema.Post: {`[/`, `\]`}, schema.Institution: {"[", "]"}, schema.Group: {"[[", "]]"},
	schema.Country: {"{{", "}}"}, schema.Place: {"[/", "/]"}, schema.Gathering: {"((", "))"}, schema.Doc: {"[(", ")]"},
	schema.Thing: {"(", ")"}, schema.KindFact: {">", "]"},
}

// mermaidClasses are the styles of the kinds of entities and of facts. All have dark text
// on light colours, for pages of either theme.
const mermaidClasses = `classDef person fill:#cfe6f5,stroke:#0072b2,color:#111
classDef post fill:#e3f3fc,stroke:#3a8fc4,color:#111
classDef institution fill:#cdebe0,stroke:#009e73,color:#111
classDef group fill:#e4dcef,stroke:#7a5aa6,color:#111
classDef country fill:#fae8c8,stroke:#b87a00,color:#111
classDef place fill:#fbf7d0,stroke:#a89a00,color:#111
classDef gathering fill:#f5dfea,stroke:#b25a8c,color:#111
classDef document fill:#f3eee2,stroke:#8c7a55,color:#111
classDef thing fill:#e6ddd4,stroke:#775533,color:#111
classDef fact fill:#ffffff,stroke:#404040,color:#111
classDef open stroke-dasharray:5 5
classDef denied stroke:#b3261e,color:#b3261e
`

// writeMermaid writes a flowchart, or an error that wraps [ErrTooLarge].
func writeMermaid(ctx context.Context, w io.Writer, s Selection, o Options) error {
	c := newFlowchart(s, o)
	c.add(mermaidHead)
	if err := c.addNodes(ctx); err != nil {
		return err
	}
	if err := c.addEdges(ctx); err != nil {
		return err
	}
	c.addStyles()
	if c.edges > mermaidEdges || c.characters > mermaidCharacters {
		return fmt.Errorf("%w mermaid: %d edges and %d characters, and Mermaid shows at most %d and %d: export the network around an entity, a path, a period or some verbs, or a format without such limits, such as dot",
			ErrTooLarge, c.edges, c.characters, mermaidEdges, mermaidCharacters)
	}
	_, err := io.WriteString(w, c.text.String())
	return err
}

// flowchart collects a flowchart. It counts what is beyond the limits without keeping it.
type flowchart struct {
	elements   *elements
	nodeValue  func(values []value, name string) string
	edgeValue  func(values []value, name string) string
	text       strings.Builder
	characters int
	edges      int
	denied     []string             // the numbers of the edges that a source denies
	ids        map[schema.ID]string // by entity or fact: n1, n2, …
}

func newFlowchart(s Selection, o Options) *flowchart {
	e := newElements(s, o)
	return &flowchart{elements: e, nodeValue: valueIn(e.nodeColumns()), edgeValue: valueIn(e.edgeColumns()), ids: map[schema.ID]string{}}
}

// valueIn returns a function that returns the text of a value in a column; empty if there
// is no such column.
func valueIn(columns []column) func([]value, string) string {
	index := make(map[string]int, len(columns))
	for i, c := range columns {
		index[c.name] = i
	}
	return func(values []value, name string) string {
		if i, ok := index[name]; ok && i < len(values) {
			return values[i].String()
		}
		return ""
	}
}

func (c *flowchart) add(text string) {
	for _, r := range text {
		c.characters++
		if r > 0xffff {
			c.characters++
		}
	}
	if c.characters <= mermaidCharacters {
		c.text.WriteString(text)
	}
}

func (c *flowchart) addNodes(ctx context.Context) error {
	for n, err := range c.elements.nodes(ctx) {
		if err != nil {
			return err
		}
		id := "n" + strconv.Itoa(len(c.ids)+1)
		c.ids[n.id] = id
		kind := schema.KindOf(n.id)
		brackets := mermaidBrackets[kind]
		label := n.label
		if strings.TrimSpace(shown(label)) == "" {
			label = string(n.id)
		}
		if kind == schema.KindFact {
			label = withLine(label, c.nodeValue(n.values, "date"), c.nodeValue(n.values, "widened"))
		}
		c.add("  " + id + brackets[0] + mermaidText(label) + brackets[1] + ":::" + strings.ToLower(string(kind)) + "\n")
		if kind == schema.KindFact {
			c.addMarks(id, n.values)
		}
	}
	return nil
}

// addMarks adds the classes of a fact that is not established, or that a source denies.
func (c *flowchart) addMarks(id string, values []value) {
	if c.nodeValue(values, "established") != "true" {
		c.add("  class " + id + " open\n")
	}
	if isContested(c.nodeValue(values, "standing")) {
		c.add("  class " + id + " denied\n")
	}
}

// isContested reports whether a source denies a fact of a standing.
func isContested(standing string) bool {
	return standing == string(schema.StandingDisputed) || standing == string(schema.StandingDenied)
}

func (c *flowchart) addEdges(ctx context.Context) error {
	for x, err := range c.elements.edges(ctx) {
		if err != nil {
			return err
		}
		value := func(name string) string { return c.edgeValue(x.values, name) }
		if isContested(value("standing")) || value("stance") == string(schema.Denies) {
			c.denied = append(c.denied, strconv.Itoa(c.edges))
		}
		c.edges++
		c.add("  " + c.ids[x.from] + " " + mermaidArrow(value) + "|" + mermaidText(edgeLines(c.elements, x)) + "| " + c.ids[x.to] + "\n")
	}
	if c.elements.unlinked > 0 {
		c.add(fmt.Sprintf("%%%% Facts that link no two entities and are not shown: %d\n", c.elements.unlinked))
	}
	return nil
}

// mermaidArrow returns the line of an edge: dashed if its fact is not established or its
// evidence does not assert the fact, with two heads if it goes both ways.
func mermaidArrow(value func(string) string) string {
	stance := value("stance")
	arrow := "-->"
	if value("established") == "false" || stance != "" && stance != string(schema.Asserts) {
		arrow = "-.->"
	}
	if value("symmetric") == "true" {
		return "<" + arrow
	}
	return arrow
}

// edgeLines returns the label of an edge: the verb with its mark and topic, the dates, and
// which pair of its fact it is, one a line.
func edgeLines(e *elements, x *edge) string {
	if !e.collapsed {
		return x.label
	}
	value := valueIn(e.edgeColumns())
	label := x.label
	if topic := value(x.values, "topic"); topic != "" {
		label += " about " + topic
	}
	pair := ""
	if value(x.values, "pairs") != "1" {
		pair = "pair " + value(x.values, "pair") + " of " + value(x.values, "pairs")
	}
	return withLine(label, value(x.values, "date"), value(x.values, "widened"), pair)
}

// withLine joins the texts that are not empty, one a line.
func withLine(texts ...string) string {
	var lines []string
	for _, s := range texts {
		if s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

func (c *flowchart) addStyles() {
	c.add(mermaidClasses)
	if len(c.denied) > 0 {
		c.add("linkStyle " + strings.Join(c.denied, ",") + " stroke:#b3261e,color:#b3261e\n")
	}
}

// mermaidText quotes a text for Mermaid. Signs that Mermaid, or the Markdown and the HTML
// in its labels, could interpret are entities, such as #quot;. Line breaks are <br>.
// Control and direction characters are left out.
func mermaidText(s string) string {
	s = cmp.Or(shown(s), " ") // Mermaid refuses an empty label
	var b strings.Builder
	b.WriteByte('"')
	before := ' '
	for i, r := range s {
		switch {
		case r == '\n':
			b.WriteString("<br>")
		case r == '"':
			b.WriteString("#quot;")
		case isPlainInMermaid(before, r) && !(r == ' ' && (i == 0 || i == len(s)-1)):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
		before = r
	}
	b.WriteByte('"')
	return b.String()
}

// isPlainInMermaid reports whether a character stands for itself after another one. After
// a sign, or at the beginning, a hyphen or a full stop could be a list of Markdown. Mermaid
// marks entities by ﬂ and ¶.
func isPlainInMermaid(before, r rune) bool {
	switch {
	case r == ' ' || r == ',' || r == '(' || r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return true
	case r == '-' || r == '/' || r == '\'':
		return unicode.IsLetter(before) || unicode.IsDigit(before)
	case r == '.' || r == ')':
		return unicode.IsLetter(before)
	case r < 0x80:
		return false
	}
	return r != 'ﬂ' && r != '¶' && r != '\ufeff' && !unicode.IsSpace(r) && unicode.IsGraphic(r)
}
