package export

import (
	"slices"
	"strconv"

	"github.com/entente-kg/entente/schema"
)

// rgb is a colour.
type rgb [3]uint8

// hex returns the colour as in CSS: "#0072b2".
func (c rgb) hex() string {
	const digits = "0123456789abcdef"
	out := []byte{'#'}
	for _, part := range c {
		out = append(out, digits[part>>4], digits[part&15])
	}
	return string(out)
}

// viz returns the attributes of a colour in GEXF.
func (c rgb) viz() string {
	return ` r="` + strconv.Itoa(int(c[0])) + `" g="` + strconv.Itoa(int(c[1])) + `" b="` + strconv.Itoa(int(c[2])) + `"`
}

// The colours of facts. They are in no [kindColors].
var (
	establishedColor = rgb{0x40, 0x40, 0x40}
	openColor        = rgb{0xb0, 0xb0, 0xb0} // not established
	contestedColor   = rgb{0xd5, 0x2b, 0x1e} // a source denies it
)

// kindColors are the colours of the kinds of entities: those of Okabe and Ito, which
// colour-blind people tell apart, without the two that look like the colours of facts.
var kindColors = map[schema.Kind]rgb{
	schema.Person: {0x00, 0x72, 0xb2}, schema.Post: {0x56, 0xb4, 0xe9}, schema.Institution: {0x00, 0x9e, 0x73},
	schema.Group: {0x8c, 0x6b, 0xb1}, schema.Country: {0xe6, 0x9f, 0x00}, schema.Place: {0xf0, 0xe4, 0x42},
	schema.Gathering: {0xcc, 0x79, 0xa7}, schema.Doc: {0xd9, 0xc7, 0xa3}, schema.Thing: {0x99, 0x77, 0x55},
}

// look is how a fact, or an edge of it, is drawn.
type look struct {
	color rgb
	line  string // "solid", "dashed" or "dotted"
}

// lookOf returns the look of a fact: red if a source denies it, else gray if it is not
// established; dotted if no source asserts it, else dashed if it did not happen.
func lookOf(status schema.Status, standing schema.Standing) look {
	l := look{establishedColor, "solid"}
	if status != schema.Happened || !standing.Asserted() {
		l = look{openColor, "dashed"}
	}
	if standing == schema.StandingDisputed || standing == schema.StandingDenied {
		l.color = contestedColor
	}
	if !standing.Asserted() {
		l.line = "dotted"
	}
	return l
}

// styler finds the looks of nodes and edges in their values.
type styler struct {
	kind, nodeStatus, nodeStanding   int // columns of nodes
	edgeStatus, edgeStanding, stance int // columns of edges; -1 if there is none
	symmetric                        int
}

func newStyler(s shape) styler {
	nodes, edges := s.nodeColumns(), s.edgeColumns()
	return styler{indexOf(nodes, "entity_kind"), indexOf(nodes, "status"), indexOf(nodes, "standing"),
		indexOf(edges, "status"), indexOf(edges, "standing"), indexOf(edges, "stance"), indexOf(edges, "symmetric")}
}

// indexOf returns the index of a column, or -1 if there is none of the name.
func indexOf(columns []column, name string) int {
	return slices.IndexFunc(columns, func(c column) bool { return c.name == name })
}

// edge returns the look of an edge: of its fact, or of the evidence that it stands for
// if this does not assert the fact.
func (s styler) edge(x *edge) look {
	if s.stance >= 0 {
		switch schema.Stance(x.values[s.stance].text) {
		case schema.Denies:
			return look{contestedColor, "dotted"}
		case schema.Doubts, schema.Hearsay:
			return look{openColor, "dotted"}
		}
	}
	return lookOf(schema.Status(x.values[s.edgeStatus].text), schema.Standing(x.values[s.edgeStanding].text))
}

// node returns the colour of a node.
func (s styler) node(n *node) rgb {
	if s.isFact(n) {
		return lookOf(schema.Status(n.values[s.nodeStatus].text), schema.Standing(n.values[s.nodeStanding].text)).color
	}
	return kindColors[schema.Kind(n.values[s.kind].text)]
}

func (s styler) isFact(n *node) bool { return n.values[s.kind].text == factKind }
