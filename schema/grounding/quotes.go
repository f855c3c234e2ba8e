package grounding

import (
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

// Outcome is what became of a quote that was held to the text of its document.
type Outcome string

// The outcomes.
const (
	Stands      Outcome = "stands"       // the text has the quote, at its offsets if it has any
	StandsApart Outcome = "stands-apart" // the text has the quote, but not at its offsets
	NotFound    Outcome = "not-found"    // the text does not have the quote, or only within a word or a number
	NotChecked  Outcome = "not-checked"  // there is no text of the document, or no document
)

// Held is the result of holding a quote to the text of its document.
type Held struct {
	Outcome Outcome
	Span    Span     // in bytes of UTF-8; the first place, if the quote stands at several
	File    string   // the name of the file of the text; empty if the quote was not checked
	Problem *Problem // nil for a quote that stands
}

// IsFile reports whether a document is a file of a dataset itself: the source of a fact
// that cites none.
func IsFile(d *schema.Document, dataset string) bool {
	return d.Label != "" && d.ID == schema.FileID(dataset, d.Label)
}

// DocumentOf returns what finds the text of a document: its SHA-256 if it has one. Else the
// name of the file of the text, with or without its extension, must be a key by which the
// document is cited, the part of its id after the colon, the last part of its address or of
// the address of its archived copy, or its title.
func DocumentOf(d *schema.Document, keys ...string) Document {
	names := append(slices.Clone(keys), afterColon(string(d.ID)), d.URL, d.Archived.URL, d.Label)
	return Document{SHA256: d.SHA256, Names: names}
}

func afterColon(id string) string {
	for i := range len(id) {
		if id[i] == ':' {
			return id[i+1:]
		}
	}
	return id
}

// Hold holds the quote of evidence to the text of its document. Unlike [Grounding.Check] it
// compares the quote alone: people write short quotes, which need not name who takes part.
// A text that was named as a single file is the text only of a document that finds it.
func (t *Texts) Hold(e *schema.Evidence, d Document) Held {
	text, problem := t.find(d, false)
	if problem != nil {
		return Held{Outcome: NotChecked, Problem: problem}
	}
	g := Grounding{Text: text}
	places, _, problems := g.places(Claim{Quote: e.Quote})
	if len(problems) > 0 {
		return Held{Outcome: NotFound, File: text.Name, Problem: &problems[0]}
	}
	at := Span{e.Start, e.End}
	if e.End == 0 || slices.Contains(places, at) || text.IsAt(e.Quote, at) {
		if e.End == 0 {
			at = places[0]
		}
		return Held{Outcome: Stands, File: text.Name, Span: at}
	}
	return Held{Outcome: StandsApart, File: text.Name, Span: places[0], Problem: &Problem{Rule: OffsetWrong, Field: "quote",
		Message: fmt.Sprintf("the quote %q is not at its offsets %d to %d of %s, but at %d to %d", shorten(e.Quote), e.Start, e.End, text.Name, places[0].Start, places[0].End)}}
}

// WithoutSource is the result for a quote that cites no document.
func WithoutSource() Held {
	return Held{Outcome: NotChecked, Problem: &Problem{Rule: SourceMissing, Field: "source", Message: "the quote cites no document"}}
}

// Count counts quotes by what became of them.
type Count struct {
	Stand, Apart, Missing int
	Unchecked             map[Rule]int // by the reason
}

// Add counts a quote.
func (c *Count) Add(h Held) {
	switch h.Outcome {
	case Stands:
		c.Stand++
	case StandsApart:
		c.Apart++
	case NotFound:
		c.Missing++
	default:
		if c.Unchecked == nil {
			c.Unchecked = make(map[Rule]int)
		}
		c.Unchecked[h.Problem.Rule]++
	}
}

// AddAll adds the numbers of another count.
func (c *Count) AddAll(o Count) {
	c.Stand, c.Apart, c.Missing = c.Stand+o.Stand, c.Apart+o.Apart, c.Missing+o.Missing
	for rule, n := range o.Unchecked {
		if c.Unchecked == nil {
			c.Unchecked = make(map[Rule]int)
		}
		c.Unchecked[rule] += n
	}
}

// Checked returns the number of quotes that were held to a text.
func (c *Count) Checked() int { return c.Stand + c.Apart + c.Missing }

// NotChecked returns the number of quotes whose documents have no text.
func (c *Count) NotChecked() (n int) {
	for _, of := range c.Unchecked {
		n += of
	}
	return n
}
