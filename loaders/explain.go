package loaders

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/schema"
)

// explainer finds out why one sentence cannot be read.
type explainer struct {
	reader      *sentenceReader
	sentence    text
	source      *source
	tokens      []token
	splits      []split
	left, right int // the tokens between known names: see [nameResolver.knownEnds]
}

// explain returns the errors of a sentence that cannot be read: unknown names, or
// one error of its verb.
func (e *explainer) explain() faults {
	for _, find := range []func() *positionedError{e.negationError, e.passiveError, e.onlyNamesError} {
		if err := find(); err != nil {
			return faults{err}
		}
	}
	if e.isVerbKnown() {
		return e.unknownNameErrors()
	}
	return faults{e.unknownVerbError()}
}

func (e *explainer) isVerbKnown() bool { return len(e.splits) > 0 && !e.isVerbUnknown() }

// reading returns the verb of a sentence with unknown names, if that is known.
func (e *explainer) reading() reading {
	for _, find := range []func() *positionedError{e.negationError, e.passiveError, e.onlyNamesError} {
		if find() != nil {
			return reading{}
		}
	}
	if e.isVerbKnown() {
		return reading{definition: e.bestSplit().definition}
	}
	return reading{}
}

// errorWithin returns an error at a byte of the sentence.
func (e *explainer) errorWithin(at int, err error) *positionedError {
	return e.source.errorWithin(e.sentence, at, err)
}

// negationError reports words such as "did not" between names.
func (e *explainer) negationError() *positionedError {
	begin := max(e.left, 1)
	for i := begin; i < e.right; i++ {
		word := e.tokens[i].folded
		if !strings.HasSuffix(word, "n't") && !slices.Contains([]string{"not", "never", "cannot"}, word) {
			continue
		}
		first := i
		if word == "not" && i-1 >= begin {
			first-- // did not, was not
		}
		start := e.tokens[first].start
		err := fmt.Errorf("a verb with a negation: %q", e.sentence.value[start:e.tokens[i].end])
		return e.errorWithin(start, faultOf(schema.BadSentence, withHint(err,
			"write the positive sentence, with stance: denies where a source denies it, or status: refused")))
	}
	return nil
}

// passiveError reports a passive phrase that "by" does not follow.
func (e *explainer) passiveError() *positionedError {
	for i := 1; i < len(e.tokens); i++ {
		for _, p := range e.reader.phrases[e.tokens[i].folded] {
			next := i + len(p.words)
			if !p.passive || !p.matches(e.tokens[i:]) || next < len(e.tokens) && e.tokens[next].folded == "by" {
				continue
			}
			start, t := e.tokens[i].start, e.sentence.value
			said := t[start:e.tokens[next-1].end]
			switch def, _ := e.reader.vocabulary.Lookup(p.Verb); {
			case next < len(e.tokens):
				rest := e.tokens[next].start
				return e.errorWithin(rest, faultOfValue(schema.BadSentence, t[rest:], withHint(
					fmt.Errorf("want the end or \"by\" after %q: %q", said, t[rest:]),
					"put the rest under the fact as when, at, topic or a role")))
			case def.Kind == schema.Relation:
				return e.errorWithin(start, faultf(schema.BadSentence, "%q says not by whom: %q", strings.TrimRight(said, ".!"), t))
			}
		}
	}
	return nil
}

// onlyNamesError reports a sentence that consists of names alone.
func (e *explainer) onlyNamesError() *positionedError {
	t := e.sentence
	if _, unknown := e.reader.side(t.value, 0); unknown != nil || len(e.splits) > 0 || !t.isSet() {
		return nil
	}
	return e.noVerbError()
}

// noVerbError returns the error of a sentence without a verb.
func (e *explainer) noVerbError() *positionedError {
	return e.source.errorAt(e.sentence, faultOf(schema.BadSentence, withHint(fmt.Errorf("no verb in %q", shorten(e.sentence.value)),
		"write a sentence such as: Xie Feng met Ely Ratner")))
}

// isVerbUnknown reports whether two known names have no phrase of the vocabulary
// between them.
func (e *explainer) isVerbUnknown() bool {
	if e.left == 0 || e.left >= e.right || e.right >= len(e.tokens) {
		return false
	}
	from, to := e.tokens[e.left-1].end, e.tokens[e.right].start
	return !slices.ContainsFunc(e.splits, func(s split) bool { return s.place.start >= from && s.place.end <= to })
}

// bestSplit returns the split that explains most of the sentence.
func (e *explainer) bestSplit() split {
	return slices.MaxFunc(e.splits, func(a, b split) int {
		return cmp.Or(cmp.Compare(a.knownSides, b.knownSides), cmp.Compare(len(a.Text), len(b.Text)))
	})
}

// unknownNameErrors reports the names that remain unknown with the best phrase.
func (e *explainer) unknownNameErrors() faults {
	best := e.bestSplit()
	left, right := best.kinds()
	switch m := best.unknownSide; {
	case isBlank(m.name) && m.start < best.place.end:
		return faults{e.source.errorAt(e.sentence, faultf(schema.BadSentence, "a sentence without a subject: %q", e.sentence.value))}
	case isBlank(m.name):
		return faults{e.source.errorAt(e.sentence, faultf(schema.BadSentence, "%q says not whom or what: %q", best.Text, e.sentence.value))}
	}
	s := e.sentence.value
	errs := e.unknownNames(e.reader.unknown(s[:best.place.start], 0), left)
	if rest := s[best.place.end:]; best.right == nil && !isBlank(rest) && !isMutual(rest) {
		errs = append(errs, e.unknownNames(e.reader.unknown(rest, best.place.end), right)...)
	}
	return errs
}

func (e *explainer) unknownNames(mentions []mention, kinds []schema.Kind) (errs faults) {
	for _, m := range mentions {
		name := shorten(strings.TrimRight(m.name, ".,;:!"))
		errs = append(errs, e.errorWithin(m.start, e.reader.names.unknownName(name, kinds, e.source.file)))
	}
	return errs
}

// unknown lists all unknown names on one side of a sentence.
func (r *sentenceReader) unknown(s string, offset int) (all []mention) {
	known, first := r.side(s, offset)
	if first == nil {
		return nil
	}
	offset += len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	s = strings.TrimSpace(s)
	pieces := listParts(s)
	if known == nil && first.name == s {
		return []mention{*first}
	}
	for i := 0; i < len(pieces); {
		m, next := r.longestKnown(s, offset, pieces, i)
		if next == i {
			all, next = append(all, m), i+1
		}
		i = next
	}
	return all
}

// unknownVerbError reports the words in the place of the verb as an unknown verb.
func (e *explainer) unknownVerbError() *positionedError {
	between := e.left > 0 && e.left < e.right
	if between && !isAnd(e.tokens[e.left]) {
		start, end := e.tokens[e.left].start, e.tokens[e.verbEnd()].end
		return e.errorWithin(start, unknownVerb(e.reader.vocabulary, strings.TrimRight(e.sentence.value[start:end], ".")))
	}
	if between || e.left == 0 && len(e.tokens) > 0 && e.right < len(e.tokens) {
		if err := e.misspeltVerbError(); err != nil {
			return err
		}
	}
	if between {
		return e.noVerbError()
	}
	return e.source.errorAt(e.sentence, faultOf(schema.BadSentence, withHint(fmt.Errorf("no verb of the vocabulary in %q", shorten(e.sentence.value)),
		"write a sentence such as: Xie Feng met Ely Ratner")))
}

func unknownVerb(v *schema.Vocabulary, verb string) error {
	verb = strings.Clone(verb)
	return faultOfValue(schema.UnknownVerb, verb, schema.WithHint(fmt.Errorf("%w %q", schema.ErrUnknownVerb, shorten(verb)),
		func() string { return verbHint(v, verb) }))
}

// futures are beginnings of phrases about what is yet to come.
var futures = []string{"will ", "would ", "to ", "is to ", "plans to ", "planned to ", "going to ", "is going to "}

// verbHint says how to find the verb for an unknown word.
func verbHint(v *schema.Vocabulary, verb string) string {
	folded := schema.Fold(verb)
	for _, future := range futures {
		rest, is := strings.CutPrefix(folded, future)
		if near := v.Suggest(rest); is && len(near) > 0 {
			return fmt.Sprintf("for what is yet to come write the verb in the past, %q, and status: planned", near[0])
		}
	}
	if near := schema.DidYouMean(v.Suggest(verb)); near != "" {
		return near
	}
	return "entente verbs WORD finds verbs, in English; words of another language become verbs by a lookup in a mapping: entente help mapping"
}

func isAnd(t token) bool { return t.folded == "and" || t.folded == "&" }

// verbEnd returns the last token of an unknown verb: the token before the known
// name that follows. If no known name follows, it is the end of the tokens, up
// to four, that are most similar to a verb.
func (e *explainer) verbEnd() int {
	if e.right < len(e.tokens) {
		return e.right - 1
	}
	for i := min(e.left+3, len(e.tokens)-1); i >= e.left && e.reader.problems.wantsSuggestions(); i-- {
		if len(e.reader.vocabulary.Suggest(e.sentence.value[e.tokens[e.left].start:e.tokens[i].end])) > 0 {
			return i
		}
	}
	return e.left
}

// misspeltVerbError reports a word before the last known name that may be a
// misspelt verb.
func (e *explainer) misspeltVerbError() *positionedError {
	const most = 12
	tokens := e.tokens[:e.right]
	for i, t := range tokens[:min(len(tokens), most)] {
		if i > 0 && e.reader.problems.wantsSuggestions() && len([]rune(t.folded)) > 3 && len(e.reader.vocabulary.Suggest(t.folded)) > 0 {
			return e.errorWithin(t.start, unknownVerb(e.reader.vocabulary, e.sentence.value[t.start:t.end]))
		}
	}
	return nil
}
