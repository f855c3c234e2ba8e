package draw

// Box is a rectangle of a drawing, in CSS pixels.
type Box struct {
	X, Y, W, H float64
	Words      string
}

// Boxes returns the rectangles of all texts and of all nodes of a drawing.
func Boxes(d *Drawing) (texts, nodes []Box) {
	for _, g := range d.scene.groups {
		for _, t := range g.texts {
			b := t.box()
			texts = append(texts, Box{b.x, b.y, b.w, b.h, t.s})
		}
		if b, ok := g.bounds(); ok && g.entity != "" {
			nodes = append(nodes, Box{b.x, b.y, b.w, b.h, string(g.entity)})
		}
	}
	return texts, nodes
}

// Overlaps reports whether two boxes share more than a hundredth of a pixel.
func (b Box) Overlaps(o Box) bool {
	const e = 0.01
	return b.X < o.X+o.W-e && o.X < b.X+b.W-e && b.Y < o.Y+o.H-e && o.Y < b.Y+b.H-e
}

// EscapeXML is the function that escapes texts in SVG.
var EscapeXML = escapeXML

// Wrap breaks a text of 12 pixels into lines, and returns their widths too.
func Wrap(s string, max float64, most int) (lines []string, widths []float64, err error) {
	f, err := newFonts()
	if err != nil {
		return nil, nil, err
	}
	lines = f.wrap(s, textFace, max, most)
	for _, line := range lines {
		widths = append(widths, f.width(line, textFace))
	}
	return lines, widths, nil
}

// VisualOrder returns the parts of a text from left to right; those that are written from
// right to left have their letters in the order of reading.
func VisualOrder(s string) (parts []string) {
	for _, d := range directions(s) {
		if d.text != "" {
			parts = append(parts, d.text)
		}
	}
	return parts
}

// Behind returns the lines that pass through nodes at which they do not end, as the ids of
// both ends and of the node.
func Behind(d *Drawing) (found []string) {
	for _, g := range d.scene.groups {
		if g.class != "edge" {
			continue
		}
		for _, n := range d.scene.groups {
			b, ok := n.bounds()
			if !ok || n.entity == "" || n.entity == g.from || n.entity == g.to {
				continue
			}
			for _, s := range g.shapes {
				if s.fill == none && crossesAny(flattened(s.path), b.grown(-1)) {
					found = append(found, string(g.from+" "+g.to+" "+n.entity))
				}
			}
		}
	}
	return found
}

// LeftToRight marks the parts of a list of names so that they stay in their order.
var LeftToRight = leftToRight
