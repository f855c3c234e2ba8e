package draw

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// margin is the room around a drawing.
const margin = 28.0

// The typefaces of a drawing.
var (
	titleFace   = typeface{20, true}
	headFace    = typeface{13, true}
	nameFace    = typeface{14, true}
	verbFace    = typeface{13, true}
	textFace    = typeface{12, false}
	captionFace = typeface{11, false}
)

// frame puts a title above a drawing, and a legend, the sources and the receipt below it.
type frame struct {
	scene    *scene
	fonts    *fonts
	gatherer *gatherer
	sides    *sideTable
	subtitle string
	notes    []string // what the drawing leaves out, and the question
	lines    bool     // the drawing has edges
	extra    func(*legend)
}

// finish lays out the frame around what the scene has so far, and sets its size.
func (f *frame) finish(wanted float64) {
	content := f.content()
	width := max(content.w+2*margin, wanted, 480)
	head := &group{class: "head"}
	at := point{margin, margin}
	at = head.lines(f.fonts, at, start, f.fonts.wrap(f.scene.title, titleFace, width-2*margin, mostLines), titleFace, words)
	if f.subtitle != "" {
		at = head.lines(f.fonts, at, start, f.fonts.wrap(f.subtitle, textFace, width-2*margin, 3), textFace, muted)
	}
	f.scene.move((width-content.w)/2-content.x, at.y+20-content.y)
	at.y += 20 + content.h + 24
	f.scene.groups = append([]*group{head}, f.scene.groups...)
	at = f.legend(at, width)
	at = f.sources(at, width)
	at = f.receipt(at, width)
	f.scene.width, f.scene.height = width, at.y+margin
}

// content returns the box of all groups.
func (f *frame) content() (b box) {
	for i, g := range f.scene.groups {
		if o, ok := g.bounds(); ok && i == 0 {
			b = o
		} else if ok {
			b = b.joined(o)
		}
	}
	return b
}

// legend is a row of samples with their meanings, which continues on further lines.
type legend struct {
	fonts *fonts
	group *group
	at    point
	right float64
}

const (
	sampleWidth  = 26.0
	sampleHeight = 14.0
	legendLine   = 24.0
)

// item adds a meaning, and returns the box for its sample.
func (l *legend) item(meaning string) box {
	meaning = l.fonts.wrap(meaning, textFace, l.right-margin-sampleWidth-6, 1)[0]
	w := sampleWidth + 6 + l.fonts.width(meaning, textFace)
	if l.at.x+w > l.right && l.at.x > margin {
		l.at = point{margin, l.at.y + legendLine}
	}
	b := box{l.at.x, l.at.y, sampleWidth, sampleHeight}
	l.group.line(l.fonts, point{b.right() + 6, b.y + sampleHeight/2 + textFace.size*0.36}, start, meaning, textFace, words)
	l.at.x += w + 22
	return b
}

// legend explains shapes, colours and lines.
func (f *frame) legend(at point, width float64) point {
	l := &legend{fonts: f.fonts, group: &group{class: "legend"}, at: at, right: width - margin}
	f.kindItems(l)
	f.sideItems(l)
	if f.lines {
		f.lineItems(l)
	}
	if f.extra != nil {
		f.extra(l)
	}
	if len(l.group.texts) == 0 {
		return at
	}
	f.scene.add(l.group)
	return point{margin, l.at.y + legendLine + 12}
}

func (f *frame) kindItems(l *legend) {
	used := map[schema.Kind]bool{}
	for _, id := range f.gatherer.order {
		used[f.gatherer.entities[id].kind] = true
	}
	for _, kind := range slices.Sorted(maps.Keys(used)) {
		outline, inside := kindShape(kind, l.item(kindWord(kind)))
		l.group.shape(shape{path: outline, stroke: muted, width: 1.2})
		for _, path := range inside {
			l.group.shape(shape{path: path, stroke: muted, width: 0.8})
		}
	}
}

func (f *frame) sideItems(l *legend) {
	for _, id := range f.sides.shown {
		stroke, fill := sideInk(f.sides.index[id])
		l.group.shape(shape{path: rectangle(l.item(f.sides.names[id])), fill: fill, stroke: stroke, width: 2})
	}
	if f.sides.other && len(f.sides.shown) > 0 {
		text := "no country known"
		if f.sides.uncoloured {
			text = "another country, or none known"
		}
		l.group.shape(shape{path: rectangle(l.item(text)), fill: plainFill, stroke: plain, width: 2})
	}
}

func (f *frame) lineItems(l *legend) {
	sample := func(meaning string, c claim) {
		b := l.item(meaning)
		drawLine(l.group, []point{{b.x, b.y + b.h/2}, {b.right(), b.y + b.h/2}}, &c)
	}
	sample("who acted → on whom", claim{plain: true, forward: true})
	marks := f.gatherer.marks
	if marks.symmetric {
		sample("with each other", claim{plain: true, forward: true, backward: true})
	}
	if marks.unestablished {
		sample("not established: planned, refused, denied, doubted or hearsay", claim{forward: true})
	}
	if marks.disputed {
		sample("at least one source denies it", claim{plain: true, forward: true, disputed: true})
	}
}

// mostSources is the number of sources that a drawing lists.
const mostSources = 80

// sources lists the documents that the drawing cites.
func (f *frame) sources(at point, width float64) point {
	list := f.gatherer.sources.cited
	if len(list) == 0 {
		return at
	}
	g := f.scene.add(&group{class: "sources"})
	at = g.lines(f.fonts, at, start, []string{"Sources"}, headFace, words)
	columns := 1
	if len(list) > 6 {
		columns = max(1, int((width-2*margin)/420))
	}
	column := (width - 2*margin - float64(columns-1)*20) / float64(columns)
	var texts [][]string
	for i, id := range list {
		if i == mostSources && len(list) > mostSources {
			texts = append(texts, []string{fmt.Sprintf("and %d more", len(list)-i)})
			break
		}
		texts = append(texts, f.fonts.wrap(fmt.Sprintf("[%d] %s", i+1, f.gatherer.sources.names[id]), captionFace, column, mostLines))
	}
	bottom, each := at.y, (len(texts)+columns-1)/columns
	for c := range columns {
		p := point{margin + float64(c)*(column+20), at.y}
		for i := c * each; i < min(len(texts), (c+1)*each); i++ {
			p = g.lines(f.fonts, p, start, texts[i], captionFace, words)
		}
		bottom = max(bottom, p.y)
	}
	return point{margin, bottom + 10}
}

// receipt says what the drawing was made of.
func (f *frame) receipt(at point, width float64) point {
	g := f.scene.add(&group{class: "receipt"})
	notes := append(slices.Clone(f.notes), f.gatherer.receipt())
	if f.gatherer.marks.role {
		notes = append([]string{"\u201c(of: met)\u201d after a label: the link is by a role in a fact with the verb in brackets."}, notes...)
	}
	for _, s := range notes {
		at = g.lines(f.fonts, at, start, f.fonts.wrap(s, captionFace, width-2*margin, mostLines), captionFace, muted)
	}
	return at
}

// receipt returns the number of facts, their days and their datasets.
func (g *gatherer) receipt() string {
	n := len(g.facts)
	text := fmt.Sprintf("%d %s", n, plural(n, "fact"))
	switch {
	case g.dated && g.days.From == g.days.To:
		text += ", dated " + g.days.From.String()
	case g.dated:
		text += ", dated " + g.days.From.String() + " to " + g.days.To.String()
	}
	sets := slices.Sorted(maps.Keys(g.datasets))
	if len(sets) > 0 {
		text += fmt.Sprintf("; %s %s", plural(len(sets), "dataset"), strings.Join(sets, ", "))
	}
	return text + ". Drawn by entente."
}
