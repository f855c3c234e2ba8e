package render

import (
	"strconv"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Claims is the evidence of a fact in words. Evidence that asserts the fact is apart
// from other evidence, so that no document or quote seems to speak for the other side.
// Different texts are joined by semicolons.
type Claims struct {
	Sources string // the documents that assert the fact
	Words   string // quotes of asserting evidence; its notes if it has no quote
	Others  string // other evidence: stance, speaker, document and quote of each piece
}

// Claims returns the evidence of the fact in words.
func (f *Fact) Claims() Claims {
	if len(f.Evidence) == 1 && f.Evidence[0].Stance == schema.Asserts {
		return Claims{Sources: f.Evidence[0].Source.inText, Words: f.Evidence[0].words()}
	}
	var memory [3][4]string // few facts have more texts
	l := f.claimLists(ClaimLists{memory[0][:0], memory[1][:0], memory[2][:0]})
	return Claims{strings.Join(l.Sources, "; "), strings.Join(l.Words, "; "), strings.Join(l.Others, "; ")}
}

// ClaimLists is the evidence of a fact in words, as lists of different texts. The fields
// have the same content as those of [Claims].
type ClaimLists struct{ Sources, Words, Others []string }

// ClaimLists returns the evidence of the fact in words, as lists.
func (f *Fact) ClaimLists() (l ClaimLists) { return f.claimLists(l) }

// claimLists appends to empty lists.
func (f *Fact) claimLists(l ClaimLists) ClaimLists {
	for i := range f.Evidence {
		if e := &f.Evidence[i]; e.Stance == schema.Asserts {
			l.Sources, l.Words = appendDistinct(l.Sources, e.Source.inText), appendDistinct(l.Words, e.words())
		} else {
			l.Others = appendDistinct(l.Others, e.counterclaim())
		}
	}
	return l
}

// words returns the quote of the evidence, or its note if it has no quote; in
// brackets it adds that the evidence is inferred, and a stated confidence.
func (e *Evidence) words() string {
	text := e.Note
	if e.Quote != "" {
		text = schema.Quoted(e.Quote)
	}
	inferred, sure := e.Method == schema.Inferred, ""
	if e.Confidence != 0 {
		sure = "confidence " + strconv.FormatFloat(e.Confidence, 'g', -1, 64)
	}
	if mark := e.Review.Mark(); mark != "" {
		text += " (" + mark + ")"
	}
	switch {
	case inferred && e.Confidence != 0:
		text += " (" + string(e.Method) + ", " + sure + ")"
	case inferred:
		text += " (" + string(e.Method) + ")"
	case e.Confidence != 0:
		text += " (" + sure + ")"
	}
	return strings.TrimSpace(text)
}

// counterclaim describes evidence that does not assert its fact: the stance, the
// speaker, the document and the quote.
func (e *Evidence) counterclaim() string {
	var who []string
	if e.SaidBy != nil {
		who = append(who, e.SaidBy.Name)
	}
	for _, via := range e.Via {
		who = append(who, "via "+via.Name)
	}
	text, source := e.Stance.By()+" ", e.Source.inText
	if len(who) == 0 {
		text += source
	} else {
		text = strings.Replace(text, "hearsay in", "hearsay from", 1) + strings.Join(who, ", ")
		if source != "" {
			text += " in " + source
		}
	}
	text = strings.TrimSpace(text)
	if words := e.words(); words != "" {
		text += ": " + words
	}
	return text
}
