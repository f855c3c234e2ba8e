package grounding

import "strings"

// maxPassage is the greatest number of bytes of a quoted passage.
const maxPassage = 240

// Nearest returns the passage of the text that has the most words of a quote, about as
// long as the quote; empty if the text has fewer than a third of them.
func (t *Text) Nearest(quote string) string {
	wanted := make(map[string]int)
	quoted := wordsOf(normalize(quote).text)
	for _, w := range quoted {
		wanted[w.folded]++
	}
	words := wordsOf(t.text)
	best, from := 0, 0
	window := make(map[string]int)
	common := 0
	for i, w := range words {
		if window[w.folded]++; window[w.folded] <= wanted[w.folded] {
			common++
		}
		if i >= len(quoted) {
			out := words[i-len(quoted)].folded
			if window[out] <= wanted[out] {
				common--
			}
			window[out]--
		}
		if common > best {
			best, from = common, max(0, i-len(quoted)+1)
		}
	}
	if best == 0 || best*3 < len(quoted) {
		return ""
	}
	last := words[min(len(words), from+len(quoted))-1]
	passage := strings.Join(strings.Fields(t.Words(t.span(part{words[from].from, last.to}))), " ")
	if len(passage) > maxPassage {
		passage = strings.ToValidUTF8(passage[:maxPassage], "") + "…"
	}
	return passage
}
