// Package grounding holds what an extractor, a language model or a person states to the
// text of its document: the quote of a fact must stand in the text, the quote must name
// who takes part, the date must be in the text or follow from its words and the day of
// publication, and the words of the quote must not say that the act did not take place.
//
//	text := grounding.NewText("article.txt", article)
//	g := &grounding.Grounding{Text: text, Anchor: published}
//	found, problems := g.Check(claim)
//
// Nothing is mended: a claim with problems is not supported, and each problem names its
// [Rule]. The rules compare words and tables of words. They do not understand a text: a
// claim without problems is not proven, it is only held to words that the text has.
//
// A quote and a text are compared after a normalization that changes four things and
// nothing else:
//
//   - Unicode forms: both are in the canonical form NFC.
//   - White space: a run of any white space is one space, and a quote has none at its ends.
//   - Quotation marks: “ ” „ ‟ « » are ", and ‘ ’ ‚ ‛ ‹ › are '.
//   - Hyphens and dashes: ‐ ‑ ‒ – — ― − ﹘ ﹣ － are -. A soft hyphen, a zero-width space, a
//     word joiner and a byte order mark are nothing.
//
// Letters, digits, case, diacritics, ligatures, ellipses and all other signs count as they
// are: a quote that differs in any of them is not found. A quote that leaves words out has
// an ellipsis that the text lacks; it must be two quotes.
package grounding

// Rule is the id of a rule that a claim breaks.
type Rule string

// The rules.
const (
	QuoteMissing     Rule = "quote-missing"            // there is no quote
	QuoteNotFound    Rule = "quote-not-found"          // the quote is not in the text
	QuoteCutsWord    Rule = "quote-cuts-word"          // the quote begins or ends within a word or number
	QuoteAmbiguous   Rule = "quote-ambiguous"          // the quote is at several places, of which not all support the claim
	OffsetWrong      Rule = "offset-wrong"             // other words are at the offsets
	OffsetUnit       Rule = "offset-unit"              // the offsets count another unit
	MentionNotFound  Rule = "mention-not-found"        // a mention is not in the text
	NotInQuote       Rule = "participant-not-in-quote" // no mention of a participant is in the quote
	NameNotInText    Rule = "name-not-in-text"         // no mention in the text has a word of the name of a participant
	NoMention        Rule = "participant-unknown"      // a role names a mention that is not declared
	DateNotInText    Rule = "date-not-in-text"         // the date neither is in the text nor follows from its words
	DateContradicts  Rule = "date-contradicts"         // the quote has another date
	AnchorMissing    Rule = "anchor-missing"           // the words of a date need a day from which they count
	ModalityConflict Rule = "modality-contradicts"     // the words of the quote contradict the status
	Duplicate        Rule = "duplicate"                // an earlier fact says the same with the same quote
	TextMissing      Rule = "text-missing"             // the text of the document is not given
	SourceMissing    Rule = "source-missing"           // a quote cites no document
	TextHash         Rule = "text-hash"                // the given text is another one than the document says
)

// Problem is a rule that a claim breaks.
type Problem struct {
	Rule    Rule
	Message string
	Field   string // the part of the claim: quote, start, when, status, or a role
	Nearest string // the passage of the text that is most like the quote; empty for none
}

// Error returns the rule, the message and the nearest passage.
func (p Problem) Error() string { return string(p.Rule) + ": " + p.Message }

// Hint quotes the nearest passage of the text.
func (p Problem) Hint() string {
	if p.Nearest == "" {
		return ""
	}
	return "the nearest passage of the text is “" + p.Nearest + "”"
}

// IsAboutText reports whether there is no text to which a claim could be held.
func (p Problem) IsAboutText() bool {
	return p.Rule == TextMissing || p.Rule == TextHash || p.Rule == SourceMissing
}
