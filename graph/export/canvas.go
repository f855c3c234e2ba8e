package export

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// The measures of the cards of a canvas, in pixels.
const (
	cardWidth  = 320
	cardLine   = 28 // the height of a line
	cardRunes  = 30 // characters of a line, of wide scripts half as many
	cardGap    = 120
	cardColumn = cardWidth + 280 // room for the labels of edges between columns
)

// canvasNode is a card of JSON Canvas 1.0. Its text is Markdown.
type canvasNode struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	X      int    `json:"x"`
	Y      int    `json:"y"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Color  string `json:"color,omitempty"`
	Text   string `json:"text"`
}

// canvasEdge is a line between two cards.
type canvasEdge struct {
	ID       string `json:"id"`
	FromNode string `json:"fromNode"`
	ToNode   string `json:"toNode"`
	FromEnd  string `json:"fromEnd,omitempty"` // "arrow" for an edge that goes both ways
	Color    string `json:"color,omitempty"`
	Label    string `json:"label"`
}

// writeCanvas writes a canvas with a card for each node and a column for each kind. JSON
// Canvas has no dashed lines: what is not established says so in words.
func writeCanvas(ctx context.Context, w io.Writer, s Selection, o Options) error {
	e := newElements(s, o)
	canvas := struct {
		Nodes []canvasNode `json:"nodes"`
		Edges []canvasEdge `json:"edges"`
	}{[]canvasNode{}, []canvasEdge{}}
	layout := &canvasLayout{}
	value := valueIn(e.nodeColumns())
	for n, err := range e.nodes(ctx) {
		if err != nil {
			return err
		}
		canvas.Nodes = append(canvas.Nodes, layout.card(n, canvasText(n, value)))
	}
	value = valueIn(e.edgeColumns())
	for x, err := range e.edges(ctx) {
		if err != nil {
			return err
		}
		canvas.Edges = append(canvas.Edges, newCanvasEdge(e, x, value))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "\t")
	return encoder.Encode(canvas)
}

// canvasText returns the text of a card: the name and the kind of an entity, or the
// sentence and the dates of a fact.
func canvasText(n *node, value func([]value, string) string) string {
	if schema.KindOf(n.id) == schema.KindFact {
		return withLine(markdownText(n.label), "\n"+markdownText(value(n.values, "date")))
	}
	return markdownText(nameOf(schema.Entity{ID: n.id, Label: n.label})) + "\n\n" + string(schema.KindOf(n.id))
}

func newCanvasEdge(e *elements, x *edge, value func([]value, string) string) canvasEdge {
	line := canvasEdge{ID: x.id, FromNode: string(x.from), ToNode: string(x.to), Label: shown(edgeLines(e, x))}
	if value(x.values, "symmetric") == "true" {
		line.FromEnd = "arrow"
	}
	switch {
	case isContested(value(x.values, "standing")) || value(x.values, "stance") == string(schema.Denies):
		line.Color = "1" // red
	case value(x.values, "established") == "false":
		line.Color = "#8a8a8a"
	}
	return line
}

// canvasLayout places cards in columns of up to twenty, a new column for each kind.
type canvasLayout struct {
	kind       schema.Kind
	column     int
	count, top int
}

const cardsInColumn = 20

// card returns the card of a node, below the one before it or at the top of a column.
func (l *canvasLayout) card(n *node, text string) canvasNode {
	kind := schema.KindOf(n.id)
	if l.kind != "" && (kind != l.kind || l.count == cardsInColumn) {
		l.column, l.count, l.top = l.column+1, 0, 0
	}
	height := cardLine * (3 + lineCount(text))
	card := canvasNode{ID: string(n.id), Type: "text", X: l.column * cardColumn, Y: l.top, Width: cardWidth, Height: height, Text: text}
	if i := slices.Index(schema.Kinds(), kind); kind != schema.KindFact && i >= 0 {
		card.Color = strconv.Itoa(2 + i%5) // red is for what a source denies
	}
	l.kind, l.count, l.top = kind, l.count+1, l.top+height+cardGap
	return card
}

// lineCount returns the number of lines that a text needs at most, with wide characters.
func lineCount(text string) int { return 1 + 2*utf8.RuneCountInString(text)/cardRunes }
