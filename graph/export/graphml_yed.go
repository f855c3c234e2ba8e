package export

import (
	"strconv"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// yEdKeys declare the data in which yEd keeps how nodes and edges look.
const yEdKeys = `<key id="ny" for="node" yfiles.type="nodegraphics"/>` + "\n" + `<key id="ey" for="edge" yfiles.type="edgegraphics"/>` + "\n"

// yEdShapes are yEd's shapes of the kinds of entities.
var yEdShapes = map[schema.Kind]string{
	schema.Person: "ellipse", schema.Post: "trapezoid", schema.Institution: "rectangle", schema.Group: "octagon",
	schema.Country: "rectangle3d", schema.Place: "fatarrow", schema.Gathering: "hexagon", schema.Doc: "parallelogram", schema.Thing: "diamond",
}

// addYEdNode adds a shape of the size of its label, without a place: yEd's layouts give
// places.
func (x *graphMLWriter) addYEdNode(n *node, color string) {
	shape, fill := yEdShapes[schema.Kind(n.values[x.kind].text)], "#ffffff"
	if x.isFact(n) {
		shape = "roundrectangle"
	}
	width := 24 + 7*min(utf8.RuneCountInString(n.label), 40)
	x.add(`<data key="ny"><y:ShapeNode><y:Geometry height="30" width="` + strconv.Itoa(width) + `"/>`)
	x.add(`<y:Fill color="` + fill + `" transparent="false"/><y:BorderStyle color="` + color + `" type="line" width="2.0"/>`)
	x.add(`<y:NodeLabel>`)
	x.xml(n.label)
	x.add(`</y:NodeLabel><y:Shape type="` + shape + `"/></y:ShapeNode></data>`)
}

// addYEdEdge adds a line with a head, or with two if the edge goes both ways.
func (x *graphMLWriter) addYEdEdge(e *edge, l look) {
	types := map[string]string{"solid": "line", "dashed": "dashed", "dotted": "dotted"}
	tail := "none"
	if x.symmetric >= 0 && e.values[x.symmetric].text == "true" {
		tail = "standard"
	}
	x.add(`<data key="ey"><y:PolyLineEdge><y:LineStyle color="` + l.color.hex() + `" type="` + types[l.line] + `" width="1.0"/>`)
	x.add(`<y:Arrows source="` + tail + `" target="standard"/><y:EdgeLabel>`)
	x.xml(e.label)
	x.add(`</y:EdgeLabel></y:PolyLineEdge></data>`)
}
