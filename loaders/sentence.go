package loaders

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/schema"
)

// Limits of a sentence.
const (
	maxSentence = 4096 // bytes
	maxSplits   = 16   // places where a phrase of the vocabulary may stand
	maxNames    = 200  // in a list on one side
	maxJoined   = 8    // parts of one name that contains "and" or commas
	maxName     = 512  // bytes
)

// phraseIndex finds phrases by their first word.
type phraseIndex map[string][]phrase

type phrase struct {
	schema.Phrase
	words   []string
	passive bool // an inverse phrase without its "by"
}

func newPhraseIndex(v *schema.Vocabulary) phraseIndex {
	index := make(phraseIndex)
	for _, p := range v.Phrases() {
		words := strings.Fields(p.Text)
		if len(words) > 0 {
			index[words[0]] = append(index[words[0]], phrase{p, words, false})
		}
		if last := len(words) - 1; p.Inverse && last > 1 && words[last] == "by" && slices.Contains(toBe, words[0]) {
			p.Text = strings.Join(words[:last], " ")
			index[words[0]] = append(index[words[0]], phrase{p, words[:last], true})
		}
	}
	return index
}

// toBe are the words that begin a passive.
var toBe = []string{"is", "are", "was", "were"}

// token is one word of a sentence.
type token struct {
	start, end int
	folded     string // empty for an id in angle brackets
}

func tokenize(s string) []token {
	var tokens []token
	start, bracket := -1, false
	closed := strings.LastIndexByte(s, '>')
	flush := func(end int) {
		if start >= 0 {
			t := token{start: start, end: end}
			if !strings.HasPrefix(s[start:end], "<") {
				t.folded = schema.Fold(s[start:end])
			}
			tokens = append(tokens, t)
		}
		start = -1
	}
	for i, r := range s {
		if unicode.IsSpace(r) && !bracket {
			flush(i)
			continue
		}
		if start < 0 {
			start = i
			bracket = r == '<' && i < closed
		}
		bracket = bracket && r != '>'
	}
	flush(len(s))
	return tokens
}

// split is one way to read a sentence: a phrase and the names on both sides of
// it.
type split struct {
	phrase
	definition  *schema.Definition
	place       token // where the phrase is
	left, right []mention
	unknownSide *mention // the unknown name on a side, or nil
	knownSides  int      // how many sides consist of known names
	fits        bool     // all names have kinds that the verb allows
}

// mention is a name in a sentence and its offset.
type mention struct {
	name  string
	start int
}

// reading is the result of reading a sentence.
type reading struct {
	definition         *schema.Definition
	actors, recipients []ref
}

// sentenceReader reads sentences with the verbs of a vocabulary and the names of
// a dataset.
type sentenceReader struct {
	vocabulary *schema.Vocabulary
	names      *nameResolver
	phrases    phraseIndex
	problems   *problems
}

// read reads a sentence of a file: the longest phrase that leaves known names on
// both sides. After errors the definition is that of the verb, or nil if it is not
// known.
func (r *sentenceReader) read(t text, in *source) (reading, faults) {
	if len(t.value) > maxSentence {
		return reading{}, faults{in.errorAt(t, faultf(schema.TooLarge, "a sentence of %d bytes, more than %d", len(t.value), maxSentence))}
	}
	tokens := tokenize(t.value)
	splits := r.splits(t.value, tokens)
	best := bestSplits(splits)
	if len(best) == 0 {
		left, right := r.names.knownEnds(t.value, tokens)
		e := &explainer{r, t, in, tokens, splits, left, right}
		return e.reading(), e.explain()
	}
	first, errs := r.resolve(t, in, best[0])
	for _, other := range best[1:] {
		if len(errs) > 0 {
			break
		}
		var next reading
		if next, errs = r.resolve(t, in, other); len(errs) == 0 && !first.equal(next) {
			errs = faults{in.errorAt(t, faultf(schema.BadSentence, "ambiguous sentence: %q reads as %s or as %s", t.value, best[0].describe(), other.describe()))}
		}
	}
	return first, errs
}

// splits lists all ways to read a sentence, longest phrases first.
func (r *sentenceReader) splits(s string, tokens []token) []split {
	var all []split
	for i, t := range tokens {
		for _, p := range r.phrases[t.folded] {
			if t.folded == "" || !p.matches(tokens[i:]) || len(all) == maxSplits {
				continue
			}
			at := token{start: t.start, end: tokens[i+len(p.words)-1].end}
			if p.passive && !r.mayEndSentence(s, p, at) {
				continue
			}
			all = append(all, r.split(s, p, at))
		}
		for _, p := range r.finalPhrases(tokens, i) {
			all = append(all, r.split(s, p, token{start: t.start, end: t.end}))
		}
	}
	slices.SortStableFunc(all, func(a, b split) int { return cmp.Compare(len(b.Text), len(a.Text)) })
	return all
}

// mayEndSentence reports whether a sentence may end with a passive, without an
// actor. An interaction may have an unknown actor; a relation may not.
func (r *sentenceReader) mayEndSentence(s string, p phrase, at token) bool {
	def, ok := r.vocabulary.Lookup(p.Verb)
	return ok && def.Kind == schema.Interaction && !def.Symmetric && isBlank(s[at.end:])
}

// finalPhrases lists the phrases of one word that match the last token without
// its full stop.
func (r *sentenceReader) finalPhrases(tokens []token, i int) []phrase {
	t := tokens[i]
	bare := strings.TrimRight(t.folded, ".!")
	if i != len(tokens)-1 || bare == t.folded || bare == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.phrases[bare]), func(p phrase) bool { return len(p.words) > 1 })
}

func (p phrase) matches(tokens []token) bool {
	if len(tokens) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		if tokens[i].folded != w {
			last := i == len(p.words)-1 && len(tokens) == len(p.words)
			if !last || strings.TrimRight(tokens[i].folded, ".!") != w {
				return false
			}
		}
	}
	return true
}

func (r *sentenceReader) split(s string, p phrase, at token) split {
	sp := split{phrase: p, place: at}
	sp.definition, _ = r.vocabulary.Lookup(p.Verb)
	left, right := s[:at.start], s[at.end:]
	sp.left, sp.unknownSide = r.side(left, 0)
	if sp.unknownSide == nil {
		sp.knownSides++
	}
	mutual := sp.definition.Symmetric && len(sp.left) > 1 && isMutual(right)
	if mutual || isBlank(right) && (p.passive || !sp.definition.NeedsObject && !p.Inverse) {
		sp.knownSides++
	} else {
		var unknown *mention
		if sp.right, unknown = r.side(right, at.end); unknown == nil {
			sp.knownSides++
		}
		sp.unknownSide = cmp.Or(sp.unknownSide, unknown)
	}
	sp.fits = sp.knownSides == 2 && r.fits(sp)
	return sp
}

func isBlank(s string) bool { return strings.Trim(s, " \t\r\n.!") == "" }

// isMutual reports whether the text is "each other" or "one another".
func isMutual(s string) bool {
	return slices.Contains([]string{"each other", "one another"}, schema.Fold(strings.Trim(s, " \t\r\n.!")))
}

// kinds returns the kinds that the verb allows on the left and on the right.
func (s split) kinds() (left, right []schema.Kind) {
	if s.Inverse && !s.definition.Symmetric {
		return s.definition.Object, s.definition.Subject
	}
	return s.definition.Subject, s.definition.Object
}

func (r *sentenceReader) fits(s split) bool {
	left, right := s.kinds()
	return r.allFit(s.left, left) && r.allFit(s.right, right)
}

func (r *sentenceReader) allFit(mentions []mention, kinds []schema.Kind) bool {
	for _, m := range mentions {
		if strings.HasPrefix(m.name, "<") {
			id := schema.ID(strings.Trim(m.name, "<>"))
			if k := schema.KindOf(id); k != "" && len(kinds) > 0 && !slices.Contains(kinds, k) {
				return false
			}
			continue
		}
		if _, fit := r.names.lookUp(m.name, kinds); !fit {
			return false
		}
	}
	return true
}

// side reads one side of a sentence: a known name, or a list of known names with
// commas and "and". It also returns the unknown part of the list, or nil.
func (r *sentenceReader) side(s string, offset int) ([]mention, *mention) {
	offset += len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	s = strings.TrimSpace(s)
	whole := mention{s, offset}
	if r.isKnown(&whole) {
		return []mention{whole}, nil
	}
	pieces := listParts(s)
	if len(pieces) < 2 || len(pieces) > maxNames {
		return nil, &whole
	}
	var all []mention
	for i := 0; i < len(pieces); {
		m, next := r.longestKnown(s, offset, pieces, i)
		if next == i {
			return nil, &m
		}
		all = append(all, m)
		i = next
	}
	return all, nil
}

// longestKnown returns the longest known name that begins with piece i of a list, and
// the piece after it. If there is none it returns piece i, and i.
func (r *sentenceReader) longestKnown(s string, offset int, pieces []token, i int) (m mention, next int) {
	for j := len(pieces); j > i; j-- {
		start, end := pieces[i].start, pieces[j-1].end
		m = mention{s[start:end], offset + start}
		if j-i <= maxJoined && r.isKnown(&m) {
			return m, j
		}
	}
	return m, i
}

// isKnown reports whether a mention is a known name or an id in angle brackets.
// It removes the punctuation after an id.
func (r *sentenceReader) isKnown(m *mention) bool {
	if strings.HasPrefix(m.name, "<") {
		id := strings.TrimRight(m.name, ".,;!")
		if !strings.HasSuffix(id, ">") || strings.Count(id, ">") > 1 {
			return false
		}
		m.name = id
		return true
	}
	if len(m.name) > maxName {
		return false
	}
	ids, _ := r.names.lookUp(m.name, nil)
	return len(ids) > 0
}

// listParts divides a list at commas and at the words "and" and "&".
func listParts(s string) []token {
	var pieces []token
	start := 0
	cut := func(end, next int) {
		piece := s[start:end]
		lead := len(piece) - len(strings.TrimLeft(piece, " \t\r\n"))
		if text := strings.TrimSpace(piece); text != "" {
			pieces = append(pieces, token{start: start + lead, end: start + lead + len(text)})
		}
		start = next
	}
	for _, t := range tokenize(s) {
		switch word := s[t.start:t.end]; {
		case strings.EqualFold(word, "and") || word == "&":
			cut(t.start, t.end)
		case strings.HasSuffix(word, ",") || strings.HasSuffix(word, "，") || strings.HasSuffix(word, "、"):
			cut(t.start+len(strings.TrimRight(word, ",，、")), t.end)
		}
	}
	cut(len(s), len(s))
	return pieces
}

// bestSplits returns the splits with the longest phrase whose names all fit the
// verb. If there is none, it returns the splits whose names are all known.
func bestSplits(splits []split) []split {
	for _, works := range []func(split) bool{
		func(s split) bool { return s.fits },
		func(s split) bool { return s.knownSides == 2 },
	} {
		var best []split
		for _, s := range splits {
			if works(s) && (len(best) == 0 || len(s.Text) == len(best[0].Text)) {
				best = append(best, s)
			}
		}
		if len(best) > 0 {
			return best
		}
	}
	return nil
}

// resolve resolves the names of a split.
func (r *sentenceReader) resolve(t text, in *source, s split) (reading, faults) {
	left, right := s.kinds()
	actors, errs := r.resolveMentions(t, in, s.left, left)
	recipients, more := r.resolveMentions(t, in, s.right, right)
	if s.Inverse && !s.definition.Symmetric {
		actors, recipients = recipients, actors
	}
	return reading{s.definition, actors, recipients}, append(errs, more...)
}

func (r *sentenceReader) resolveMentions(t text, in *source, mentions []mention, kinds []schema.Kind) (all []ref, errs faults) {
	for _, m := range mentions {
		found, err := r.names.resolveAs(m.name, kinds, in.file)
		if err != nil {
			errs = append(errs, in.errorWithin(t, m.start, faultOfValue("", m.name, err)))
			continue
		}
		all = append(all, found)
	}
	return all, errs
}

func (r reading) equal(other reading) bool {
	return r.definition.ID == other.definition.ID &&
		slices.Equal(r.actors, other.actors) && slices.Equal(r.recipients, other.recipients)
}

func (s split) describe() string {
	names := func(mentions []mention) string {
		var all []string
		for _, m := range mentions {
			all = append(all, m.name)
		}
		return strings.Join(all, " + ")
	}
	return fmt.Sprintf("%s [%s] %s", names(s.left), s.Verb, names(s.right))
}
