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
	side0 // the outlines of nodes of a country with the first colour, and so on

	fill0 = side0 + sides // the areas of these nodes
	inks  = fill0 + sides
)

// sides is the number of colours of countries.
const sides = 8

// sideInk returns the colours of the outline and of the area of a country; -1 stands
// for no country.
func sideInk(side int) (stroke, fill ink) {
	if side < 0 || side >= sides {
		return plain, plainFill
	}
	return side0 + ink(side), fill0 + ink(side)
}

// palette returns the colours of the light or the dark theme. The first five colours of
// countries are those of Okabe and Ito (2008), and the others were chosen to differ from
// them by at least 17 in CIELAB for people with any colour vision. Vermillion, in a darker
// shade, is kept for what is disputed.
func palette(dark bool) [inks]color.RGBA {
	countries := [sides]uint32{0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7, 0x56B4E9, 0x332288, 0x7B0A4A, 0x90CB58}
	c := map[ink]uint32{paper: 0xFFFFFF, words: 0x16181B, muted: 0x565B61, rule: 0xD3D7DB, lineInk: 0x4A4F55, warning: 0xB34700, plain: 0x7A8087, plainFill: 0xF1F2F3}
	mix := 0.16
	if dark { // the same hues, in shades that stand out from a dark ground
		countries = [sides]uint32{0x3D9BD6, 0xE69F00, 0x12C48B, 0xF0A8D0, 0xB5E2FF, 0x7A6BFF, 0xA83279, 0xCBEF96}
		c = map[ink]uint32{paper: 0x14171A, words: 0xF3F4F5, muted: 0xB4BAC0, rule: 0x3C4248, lineInk: 0xB4BAC0, warning: 0xFF7F6B, plain: 0x8D949B, plainFill: 0x24292E}
		mix = 0.3
	}
	var p [inks]color.RGBA
	for i, v := range c {
		p[i] = rgb(v)
	}
	for i, v := range countries {
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
