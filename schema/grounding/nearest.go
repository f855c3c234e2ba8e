package grounding

import (
	"cmp"
	"slices"
	"strings"
)

const (
	maxPassage = 240  // the greatest number of bytes of a quoted passage
	maxCommon  = 1000 // the greatest number of words of a text that are compared with those of a quote
)

// wordIndex finds words of a text.
type wordIndex struct {
	words []word
	at    map[string][]int32 // the numbers of the words, by the word in lower case
}

func indexWords(text string) *wordIndex {
	x := &wordIndex{wordsOf(text), make(map[string][]int32)}
	for i, w := range x.words {
		x.at[w.folded] = append(x.at[w.folded], int32(i))
	}
	return x
}

// common is a word of a text that a quote has too.
type common struct {
	number int // in the text
	word   string
	offset int // where a passage begins in which the word is at the same place as in the quote
}

// Nearest returns the passage of the text that has the most words of a quote, about as
// long as the quote; empty if the text has fewer than a third of them. Of several such
// passages it is the one with most words at the same place. Words that the text has very
// often are left out of the search.
func (t *Text) Nearest(quote string) string {
	quoted := wordsOf(normalize(quote).text)
	index := t.words()
	all := index.common(quoted)
	wanted := make(map[string]int)
	for _, w := range quoted {
		wanted[w.folded]++
	}
	window, aligned := make(map[string]int), make(map[int]int)
	type score struct{ count, aligned int }
	var best score
	from, have, first := 0, 0, 0
	for _, c := range all {
		for ; all[first].number <= c.number-len(quoted); first++ {
			out := all[first]
			if window[out.word] <= wanted[out.word] {
				have--
			}
			window[out.word]--
			aligned[out.offset]--
		}
		if window[c.word]++; window[c.word] <= wanted[c.word] {
			have++
		}
		aligned[c.offset]++
		at := c.offset
		if at < 0 || at > all[first].number || at+len(quoted) <= c.number {
			at = all[first].number
		}
		if now := (score{have, aligned[at]}); now.count > best.count || now.count == best.count && now.aligned > best.aligned {
			best, from = now, at
		}
	}
	if best.count == 0 || best.count*3 < len(quoted) {
		return ""
	}
	last := index.words[min(len(index.words), from+len(quoted))-1]
	passage := strings.Join(strings.Fields(t.Words(t.span(part{index.words[from].from, last.to}))), " ")
	if len(passage) > maxPassage {
		passage = strings.ToValidUTF8(passage[:maxPassage], "") + "…"
	}
	return passage
}

// common returns the words of the text that a quote has too, in order, without those that
// are most frequent if there are too many.
func (x *wordIndex) common(quoted []word) (all []common) {
	place := make(map[string]int) // of the first such word in the quote
	var different []string
	for i, w := range quoted {
		if _, again := place[w.folded]; !again {
			place[w.folded] = i
			different = append(different, w.folded)
		}
	}
	slices.SortStableFunc(different, func(a, b string) int { return cmp.Compare(len(x.at[a]), len(x.at[b])) })
	for _, w := range different {
		numbers := x.at[w]
		if len(all)+len(numbers) > maxCommon {
			break
		}
		for _, n := range numbers {
			all = append(all, common{int(n), w, int(n) - place[w]})
		}
	}
	slices.SortFunc(all, func(a, b common) int { return cmp.Compare(a.number, b.number) })
	return all
}
