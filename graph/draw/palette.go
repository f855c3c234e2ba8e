package draw

import (
	"fmt"
	"image/color"
)

// Theme is the colours of a drawing.
type Theme string

// The themes.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
	// Auto is light or dark as the reader of an SVG prefers. PNG and PDF are light.
	Auto Theme = "auto"
)

// Themes returns all themes.
func Themes() []Theme { return []Theme{Light, Dark, Auto} }

// ink is the role of a colour. The zero ink paints nothing.
type ink byte

const (
	none    ink = iota
	paper       // the background
	words       // text
	muted       // text of less weight
	rule        // lines that order the drawing
	lineInk     // edges
	warning     // edges and words of what is disputed or denied
	plain       // nodes without a country, and of countries without a colour
	plainFill
	side0 // the outlines of nodes of the first country, and so on
	side1
	side2
	side3
	side4
	side5
	fill0 // the areas of these nodes
	fill1
	fill2
	fill3
	fill4
	fill5
	inks
)

// sides is the number of countries with a colour of their own.
const sides = 6

// sideInk returns the colours of the outline and of the area of a country; -1 stands
// for no country.
func sideInk(side int) (stroke, fill ink) {
	if side < 0 || side >= sides {
		return plain, plainFill
	}
	return side0 + ink(side), fill0 + ink(side)
}

// palette returns the colours of the light or the dark theme. The colours of countries
// are those of Okabe and Ito (2008), which people with any colour vision tell apart;
// vermillion, in a darker shade, is kept for what is disputed.
func palette(dark bool) [inks]color.RGBA {
	okabe := [sides]uint32{0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7, 0x56B4E9, 0xC7B800}
	c := map[ink]uint32{paper: 0xFFFFFF, words: 0x16181B, muted: 0x565B61, rule: 0xD3D7DB, lineInk: 0x4A4F55, warning: 0xB34700, plain: 0x7A8087, plainFill: 0xF1F2F3}
	mix := 0.16
	if dark {
		c = map[ink]uint32{paper: 0x14171A, words: 0xF3F4F5, muted: 0xB4BAC0, rule: 0x3C4248, lineInk: 0xB4BAC0, warning: 0xFF7F6B, plain: 0x8D949B, plainFill: 0x24292E}
		mix = 0.3
		okabe[0] = 0x3D9BD6 // the blue is too dark on a dark ground
	}
	var p [inks]color.RGBA
	for i, v := range c {
		p[i] = rgb(v)
	}
	for i, v := range okabe {
		p[side0+ink(i)] = rgb(v)
		p[fill0+ink(i)] = mixed(p[paper], rgb(v), mix)
	}
	return p
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// mixed returns a colour between two colours.
func mixed(a, b color.RGBA, share float64) color.RGBA {
	at := func(a, b uint8) uint8 { return uint8(float64(a)*(1-share) + float64(b)*share + 0.5) }
	return color.RGBA{at(a.R, b.R), at(a.G, b.G), at(a.B, b.B), 255}
}

// hex returns a colour as "#rrggbb".
func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
