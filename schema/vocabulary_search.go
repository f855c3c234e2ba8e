package schema

import (
	"cmp"
	"slices"
	"strings"
)

// Found is a verb, or a predicate of roles' edges, that a search found.
type Found struct {
	Predicate Verb
	Matches   []Match // what matched, best first
}

// Match is a text of a predicate, or a code that leads to it, that a search found.
type Match struct {
	In   string // "id", "phrase", "inverse", "group", "note", "code", or "case" for a verb that names the code in its entry
	Text string
	Code Coded // the code, if In is "code"
}

// Search returns the predicates of a vocabulary that words describe, best first. A code of
// CAMEO or PLOVER, such as "036" or "CONSULT/visit", finds the verbs to which it
// and the codes that it contains lead. Other words find the predicates that have
// all of them, or words that begin with them, in their id, in a phrase, in their
// group, in their note, or in the meaning of a code that leads to them. Other forms of
// the words, such as "negotiations" for "negotiated with", count least.
func Search(v *Vocabulary, words string) []Found {
	s := &vocabularySearch{vocabulary: v, words: searchWords(words), read: map[string][]string{}, ranks: map[Verb]int{}, matches: map[Verb][]Match{}}
	if !s.codes(strings.TrimSpace(words)) && len(s.words) > 0 {
		s.texts()
		s.byForms(newStemmer())
		s.texts()
	}
	return s.found()
}

// vocabularySearch collects the matches of each predicate, and the rank of its
// best match: 0 is best.
type vocabularySearch struct {
	vocabulary *Vocabulary
	words      []string
	stemmer    *stemmer // nil unless other forms of the words are searched for
	stems      [][]string
	read       map[string][]string // the words of texts
	ranks      map[Verb]int
	matches    map[Verb][]Match
}

// byForms makes the search look for other forms of the words.
func (s *vocabularySearch) byForms(with *stemmer) {
	s.stemmer = with
	for _, word := range s.words {
		s.stems = append(s.stems, with.stems(word))
	}
}

func searchWords(text string) []string {
	return strings.FieldsFunc(Fold(text), func(r rune) bool { return strings.ContainsRune(" -_/,;:.()'’\"", r) })
}

func (s *vocabularySearch) add(verb Verb, rank int, m Match) {
	if old, ok := s.ranks[verb]; !ok || rank < old {
		s.ranks[verb] = rank
	}
	s.matches[verb] = append(s.matches[verb], m)
}

// codes finds the verbs of a code, of the codes that it contains, and the verbs
// whose entries name it. It reports whether the text is a code.
func (s *vocabularySearch) codes(text string) (isCode bool) {
	for _, system := range CodeSystems(s.vocabulary) {
		c, err := s.vocabulary.ByCode(system, text)
		if err != nil {
			continue
		}
		isCode = true
		s.add(c.Verb, 0, Match{"code", c.String(), c})
		for _, part := range s.vocabulary.Codes(system) {
			if part.Code != c.Code && isWithin(system, part.Code, c.Code) {
				s.add(part.Verb, 1, Match{"code", part.String(), part})
			}
		}
		s.namedBy(c)
	}
	return isCode
}

// namedBy finds the verbs whose entries name a code that leads to another verb.
func (s *vocabularySearch) namedBy(c Coded) {
	for _, verb := range s.vocabulary.Verbs() {
		d := s.vocabulary.verbs[verb]
		own := map[string]string{CAMEO: d.Cameo, PLOVER: strings.Trim(d.Plover.Type+"/"+d.Plover.Mode, "/")}[c.System]
		if own == c.Code && s.matches[verb] == nil {
			s.add(verb, 2, Match{In: "case", Text: "a case of " + c.System + " " + c.Code})
		}
	}
}

// isWithin reports whether a code is part of another.
func isWithin(system, code, other string) bool {
	for code != "" && code != other {
		code = widerCode(system, code)
	}
	return code != ""
}

// texts finds predicates by their own texts, then by the meanings of codes.
func (s *vocabularySearch) texts() {
	v := s.vocabulary
	for _, verb := range v.Verbs() {
		d := v.verbs[verb]
		s.try(verb, "id", string(verb))
		for _, text := range d.Phrases {
			s.try(verb, "phrase", text)
		}
		for _, text := range d.Inverse {
			s.try(verb, "inverse", text)
		}
		s.try(verb, "group", d.Group)
		s.try(verb, "note", d.Note)
	}
	for _, id := range v.RoleEdges() {
		e := v.edges[id]
		s.try(id, "id", string(id))
		s.try(id, "phrase", e.Phrase)
		s.try(id, "inverse", e.Inverse)
		s.try(id, "group", e.Group)
		s.try(id, "note", e.Note)
	}
	for _, system := range CodeSystems(v) {
		for _, c := range v.Codes(system) {
			if s.hasWords(c.Meaning, c.Verb) {
				s.add(c.Verb, s.rank(7), Match{"code", c.String(), c})
			}
		}
	}
}

// try adds a match if a text has all words. An id or a phrase that consists of
// the words is better than one that only has them.
func (s *vocabularySearch) try(verb Verb, in, text string) {
	if text == "" || !s.hasWords(text, verb) {
		return
	}
	ranks := []string{"id", "phrase", "inverse", "group", "note"}
	rank := 2 + slices.Index(ranks, in)
	isWhole := slices.Equal(searchWords(text), s.words) || s.stemmer != nil && len(searchWords(text)) == len(s.words)
	if isWhole && (in == "id" || in == "phrase" || in == "inverse") {
		rank = min(1, slices.Index(ranks, in))
	}
	s.add(verb, s.rank(rank), Match{In: in, Text: text})
}

// otherForms is added to the rank of other forms of the words.
const otherForms = 8

func (s *vocabularySearch) rank(rank int) int {
	if s.stemmer != nil {
		rank += otherForms
	}
	return rank
}

// hasWords reports whether each word begins a word of the text. In the search for other
// forms it reports whether each word is a form of a word of the text, unless the verb is
// found already.
func (s *vocabularySearch) hasWords(text string, verb Verb) bool {
	rank, isFound := s.ranks[verb]
	if s.stemmer != nil && isFound && rank < otherForms {
		return false
	}
	have, known := s.read[text]
	if !known {
		have = searchWords(text)
		s.read[text] = have
	}
	if s.stemmer != nil {
		return !slices.ContainsFunc(s.stems, func(wanted []string) bool {
			return !slices.ContainsFunc(have, func(h string) bool { return s.stemmer.isForm(h, wanted) })
		})
	}
	return !slices.ContainsFunc(s.words, func(word string) bool {
		return !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, word) })
	})
}

func (s *vocabularySearch) found() (all []Found) {
	for _, predicate := range s.vocabulary.Predicates() {
		if matches := s.matches[predicate]; matches != nil {
			all = append(all, Found{predicate, matches})
		}
	}
	slices.SortStableFunc(all, func(a, b Found) int { return cmp.Compare(s.ranks[a.Predicate], s.ranks[b.Predicate]) })
	return all
}

// String returns the code and what it means: "cameo 036 (planned): intends to meet
// or negotiate".
func (c Coded) String() string {
	text := c.System + " " + c.Code
	if c.ByRoot() {
		text += " by " + c.From
	}
	if c.Status != Happened {
		text += " (" + string(c.Status) + ")"
	}
	if c.Meaning != "" {
		text += ": " + c.Meaning
	}
	return text
}
