package grounding

import (
	"slices"
	"strings"
	"sync"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// The words that contradict a status. They are compared with words in lower case; each
// entry is one word or several in a row.
var (
	// refusals say that the act did not take place.
	refusals = phrases(`not, never, cannot, without, no, neither, nor, declined, declines, decline, declining, refused, refuses, refuse, refusing, refusal, refusals,
		failed to, fails to, fail to, failing to, unable to, denied, denies, deny, denying, denial, ruled out, rules out, avoided, avoiding, rejected, rejects, reject, rejecting,
		rebuffed, rebuffs, snubbed, snubs, spurned, turned down, turns down, turning down, instead of, rather than, barred from, prevented from, blocked from, shut down,
		false that, untrue that, stopped short of, fell short of, nobody, none`)
	// negations are the refusals that also reach a request or a refusal itself: a request
	// that was rejected was made.
	negations = phrases(`not, never, cannot, without, no, neither, nor, denied, denies, deny, denying, denial, false that, untrue that, nobody, none`)
	// cancellations say that a planned act does not take place.
	cancellations = phrases(`cancelled, canceled, cancels, cancel, cancelling, canceling, cancellation, called off, calls off, calling off, postponed, postpones, postponing, postponement,
		scrapped, scraps, shelved, suspended, suspends, suspending, put off, fell through, abandoned, dropped, aborted`)
	// plans say that the act is planned, asked for or possible.
	plans = phrases(`will, would, shall, may, might, could, should, plans to, plan to, planned to, planning to, plans for, plan for, planned, planning, is to, are to, was to, were to, intends to, intend to, intended to,
		expected to, expects to, scheduled to, scheduled, set to, slated to, is due to, are due to, was due to, hopes to, hope to, hoped to, hoping to, wants to, want to, wanted to,
		seeks to, seek to, sought to, seeking, agreed to, agrees to, offered to, offers to, promised to, pledged to, vowed to, threatened to, threatens to, asked to, asked for, invited to, invitation to, urged to,
		heading to, heading for, proposed, proposes, proposal, if, unless, whether, potentially, possibly, perhaps, maybe, probably, preparing to, prepared to, preparing for, preparations for, considering, considers, supposed to,
		request to, requests to, request for, requests for, requested, requesting, ready to, willing to, open to, upcoming, tentative, likely to, ahead of`)
	// nominations say that a relation is planned.
	nominations = phrases(`nominee, nominated, candidate, designate, would-be, contender, hopeful, not, never, declined, refused`)
	// breaks are words at which the reach of a word ends.
	breaks = strings.Fields(`but after before although though while despite when because since until having`)
)

// table is a list of phrases with commas between them, which is read when it is first used.
type table struct {
	list string
	once sync.Once
	all  map[string][]phrase // by their first words
}

type phrase struct {
	words []string
	stem  string // of the first word
}

func phrases(list string) *table { return &table{list: list} }

// at returns the phrases that begin with a word.
func (t *table) at(word string) []phrase {
	if t == nil {
		return nil
	}
	t.once.Do(func() {
		t.all = make(map[string][]phrase)
		for p := range strings.SplitSeq(t.list, ",") {
			words := strings.Fields(p)
			t.all[words[0]] = append(t.all[words[0]], phrase{words, stem(words[0])})
		}
	})
	return t.all[word]
}

// reach is the number of words over which a word of a table reaches.
const reach = 7

// reading is the sentence of a quote as words.
type reading struct {
	text  string
	words []word
	quote part // in the text
	verb  *schema.Definition
	stems []string // of the phrases of the verb
}

func newReading(t *Text, quote part, verb *schema.Definition) *reading {
	whole := sentence(t.text, quote)
	r := &reading{text: t.text, quote: quote, verb: verb, stems: stemsOf(verb)}
	for _, w := range wordsOf(t.text[whole.from:whole.to]) {
		w.from, w.to = w.from+whole.from, w.to+whole.from
		if w.text == "No" && numbered().MatchString(t.text[w.to:min(len(t.text), w.to+4)]) { // No. 2
			w.folded = ""
		}
		r.words = append(r.words, expand(w)...)
	}
	return r
}

// numbered is what follows after No where that is a number.
var numbered = pattern.New(`^\. ?[0-9]`)

// expand returns a word, and after it "not" if the word ends with "n't".
func expand(w word) []word {
	if strings.HasSuffix(w.folded, "n't") {
		return []word{w, {w.part, "not", "not"}}
	}
	if w.folded == "may" && w.text == "May" { // the month
		w.folded = ""
	}
	if strings.HasSuffix(w.folded, "'ll") {
		return []word{w, {w.part, "will", "will"}}
	}
	if strings.HasSuffix(w.folded, "-designate") || strings.HasSuffix(w.folded, "-elect") {
		return []word{w, {w.part, "designate", "designate"}}
	}
	return []word{w}
}

// emptyWords are words of phrases that do not tell a verb from another.
var emptyWords = strings.Fields(`with held had the a an to by was were of on for made be been is are from in at his her their and or down up hands sat off out against about as`)

// stemsOf returns the stems of the words of the phrases of a verb.
func stemsOf(d *schema.Definition) (stems []string) {
	if d == nil {
		return nil
	}
	for _, phrase := range slices.Concat(d.Phrases, d.Inverse, []string{string(d.ID)}) {
		for w := range strings.FieldsSeq(strings.ReplaceAll(strings.ToLower(phrase), "-", " ")) {
			if s := stem(w); !slices.Contains(emptyWords, w) && !slices.Contains(stems, s) {
				stems = append(stems, s)
			}
		}
	}
	return stems
}

// anchors returns the words of the quote that express the verb.
func (r *reading) anchors() (at []int) {
	for i, w := range r.words {
		if w.from >= r.quote.from && w.to <= r.quote.to && slices.Contains(r.stems, stem(w.folded)) {
			at = append(at, i)
		}
	}
	return at
}

// find returns the first phrase of a table at a word; nil for none. Words of the verb
// itself are no phrase: what was rejected took place as a rejection.
func (r *reading) find(t *table, i int) []string {
	for _, p := range t.at(r.words[i].folded) {
		if !slices.Contains(r.stems, p.stem) && r.isAt(p, i) {
			return p.words
		}
	}
	return nil
}

// isAt reports whether a phrase begins with a word.
func (r *reading) isAt(p phrase, i int) bool {
	return i+len(p.words) <= len(r.words) && slices.EqualFunc(p.words, r.words[i:i+len(p.words)], func(w string, at word) bool { return at.folded == w })
}

// governing returns the phrase of a table that reaches the word at a place: before it, or
// after it if the table is of what ends an act.
func (r *reading) governing(table *table, at int, after bool) []string {
	for i := at - 1; i >= 0 && i >= at-reach; i-- {
		if p := r.find(table, i); p != nil && i+len(p) <= at && r.joined(i+len(p)-1, at) && !(r.isPeriod(at) && slices.Contains(saidDuring, strings.Join(p, " "))) {
			return p
		}
	}
	for i := at + 1; after && i < len(r.words) && i <= at+reach+3; i++ {
		if p := r.find(table, i); p != nil && r.joined(at, i) {
			return p
		}
	}
	return nil
}

// saidDuring are words for what was said, in the past. Said during a meeting, they leave
// no doubt of the meeting.
var saidDuring = []string{"requested", "declined", "refused", "rejected", "denied"}

// isPeriod reports whether a word is a noun after "during", as in "during his meeting".
func (r *reading) isPeriod(at int) bool {
	return at >= 2 && r.words[at-2].folded == "during" && slices.Contains([]string{"his", "her", "their", "its", "the", "a", "an"}, r.words[at-1].folded)
}

// joined reports whether no break is between two words. Two commas enclose an insertion.
func (r *reading) joined(i, k int) bool {
	for _, w := range r.words[i+1 : k] {
		if slices.Contains(breaks, w.folded) {
			return false
		}
	}
	from, to := r.words[i].to, r.words[k].from
	for at := from; at < to; at++ {
		if isSentenceEnd(r.text, at) {
			return false
		}
	}
	between := r.text[from:max(from, to)]
	return strings.Count(between, ",")%2 == 0 && !strings.ContainsAny(between, ";:")
}

// near returns the first phrase of a table in the quote or within a few words before it.
func (r *reading) near(table *table) []string {
	for i, w := range r.words {
		first := i
		for first < len(r.words)-1 && r.words[first].from < r.quote.from {
			first++
		}
		if w.to > r.quote.to || first-i > 4 {
			continue
		}
		if p := r.find(table, i); p != nil && (w.from >= r.quote.from || r.joined(i, first)) {
			return p
		}
	}
	return nil
}

// says returns the phrase of the tables by which a quote says that its act is of that
// kind; nil for none. If the quote has words of the verb, a phrase must reach each.
func (r *reading) says(after *table, tables ...*table) (found []string) {
	at := r.anchors()
	if !slices.ContainsFunc(at, r.isPeriod) || slices.ContainsFunc(at, func(i int) bool { return !r.isPeriod(i) }) {
		at = slices.DeleteFunc(at, r.isPeriod)
	}
	if len(at) == 0 {
		for _, table := range append(tables, after) {
			if p := r.near(table); p != nil {
				return p
			}
		}
		return nil
	}
	for _, i := range at {
		if found = r.governed(i, after, tables); found == nil {
			return nil
		}
	}
	return found
}

func (r *reading) governed(at int, after *table, tables []*table) []string {
	if p := r.governing(after, at, true); p != nil {
		return p
	}
	for _, table := range tables {
		if p := r.governing(table, at, false); p != nil {
			return p
		}
	}
	return nil
}

// ended are the phrases after the word of an act that say that it did not take place.
var ended = phrases(`not take place, never took place, not happen, never happened, not occur, was denied, was refused, was rejected, were rejected, were denied, were refused, was declined, were declined, was ruled out, ` + cancellations.list)

// contradiction returns the words of a quote that contradict a status; empty for none.
func contradiction(t *Text, quote Span, verb *schema.Definition, status schema.Status) string {
	r := newReading(t, t.partOf(quote), verb)
	if verb != nil && verb.Kind == schema.Relation && len(r.anchors()) == 0 {
		return r.relation(status)
	}
	switch status {
	case schema.Happened, "":
		table, after := refusals, ended
		if r.isAnswerOrRequest() {
			table, after = negations, nil
		}
		if p := r.says(after, table); p != nil {
			return said(p)
		}
		return said(r.planned())
	case schema.Refused:
		if r.has(refusals, cancellations, ended) {
			return ""
		}
		return "no word of refusal"
	case schema.Cancelled:
		if r.has(cancellations, ended) {
			return ""
		}
		return "no word of cancellation"
	}
	if p := r.says(ended, refusals); p != nil {
		return said(p)
	}
	if r.isPast() && !r.has(plans) {
		return "no word of a plan or a condition beside a past"
	}
	return ""
}

// isAnswerOrRequest reports whether the act of the verb is to ask or to refuse.
func (r *reading) isAnswerOrRequest() bool {
	return r.verb != nil && slices.Contains([]string{"REQUEST", "REJECT"}, r.verb.Plover.Type)
}

// planned returns the words by which an act is only planned. What is requested or
// promised has such words itself.
func (r *reading) planned() []string {
	if len(r.anchors()) == 0 && r.verb != nil && slices.Contains([]string{"REQUEST", "THREATEN"}, r.verb.Plover.Type) {
		return nil
	}
	return r.says(nil, plans)
}

// relation returns the words by which a relation without a verb does not hold.
func (r *reading) relation(status schema.Status) string {
	if status != schema.Happened && status != "" {
		return ""
	}
	return said(r.near(nominations))
}

func said(phrase []string) string {
	if phrase == nil {
		return ""
	}
	return "“" + strings.Join(phrase, " ") + "”"
}

// has reports whether the sentence has a phrase of the tables, in the quote or near it.
func (r *reading) has(tables ...*table) bool {
	for i, w := range r.words {
		for _, t := range tables {
			if slices.ContainsFunc(t.at(w.folded), func(p phrase) bool { return r.isAt(p, i) }) {
				return true
			}
		}
	}
	return false
}

// isPast reports whether the quote has the verb in the past, as its id is.
func (r *reading) isPast() bool {
	if r.verb == nil {
		return false
	}
	first, _, _ := strings.Cut(string(r.verb.ID), "-")
	return slices.ContainsFunc(r.anchors(), func(i int) bool { return r.words[i].folded == first })
}
