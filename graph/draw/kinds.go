package draw

import (
	"github.com/entente-kg/entente/schema"
)

// padding is the room between the texts of a node and the outline of its shape.
type padding struct{ left, top, right, bottom float64 }

// paddingOf returns the padding of a kind.
func paddingOf(kind schema.Kind) padding {
	switch kind {
	case schema.Person:
		return padding{15, 7, 15, 7}
	case schema.Post:
		return padding{10, 15, 10, 6}
	case schema.Group, schema.Gathering, schema.Place:
		return padding{15, 7, 15, 7}
	case schema.Thing, schema.Country:
		return padding{13, 9, 13, 9}
	case schema.Doc:
		return padding{10, 7, 17, 7}
	}
	return padding{10, 7, 10, 7}
}

// kindShape returns the outline of a node of a kind, and the lines inside it.
func kindShape(kind schema.Kind, b box) (outline []op, inside [][]op) {
	x, y, X, Y, c := b.x, b.y, b.right(), b.bottom(), b.center()
	const cut = 9
	switch kind {
	case schema.Person:
		return rounded(b, min(b.h/2, 17)), nil
	case schema.Post: // a house
		return polygon(point{c.x, y}, point{X, y + cut}, point{X, Y}, point{x, Y}, point{x, y + cut}), nil
	case schema.Group: // an octagon
		return polygon(point{x + cut, y}, point{X - cut, y}, point{X, y + cut}, point{X, Y - cut}, point{X - cut, Y}, point{x + cut, Y}, point{x, Y - cut}, point{x, y + cut}), nil
	case schema.Country: // two rectangles
		return rectangle(b), [][]op{rectangle(b.grown(-3))}
	case schema.Place: // a parallelogram
		return polygon(point{x + cut, y}, point{X, y}, point{X - cut, Y}, point{x, Y}), nil
	case schema.Gathering: // a hexagon
		return polygon(point{x + cut, y}, point{X - cut, y}, point{X, c.y}, point{X - cut, Y}, point{x + cut, Y}, point{x, c.y}), nil
	case schema.Doc: // a sheet with a folded corner
		return polygon(point{x, y}, point{X - cut, y}, point{X, y + cut}, point{X, Y}, point{x, Y}), [][]op{polyline(point{X - cut, y}, point{X - cut, y + cut}, point{X, y + cut})}
	case schema.Thing: // a rectangle with two bars
		return rectangle(b), [][]op{polyline(point{x + 5, y}, point{x + 5, Y}), polyline(point{X - 5, y}, point{X - 5, Y})}
	}
	return rectangle(b), nil
}

// drawKind adds the shape of a node to a group.
func drawKind(g *group, kind schema.Kind, b box, side int, width float64) {
	stroke, fill := sideInk(side)
	outline, inside := kindShape(kind, b)
	g.shape(shape{path: outline, fill: fill, stroke: stroke, width: width})
	for _, path := range inside {
		g.shape(shape{path: path, stroke: stroke, width: 1})
	}
}
