package loaders

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// explain records why a sentence cannot be read: the name that is not known,
// or the verb.
func (c *collector) explain(t text, tokens []token, splits []split) {
	left, right := c.knownEnds(t.value, tokens)
	if c.explainNegation(t, tokens, left, right) || c.explainPassive(t, tokens) || c.explainNoVerb(t, splits) {
		return
	}
	if len(splits) > 0 && !(left > 0 && left < right && right < len(tokens) && c.isVerbBetween(tokens, left, right, splits)) {
		c.explainName(t, splits)
		return
	}
	c.explainVerb(t, tokens, left, right)
}

// explainNegation blames "did not" and the like between names.
func (c *collector) explainNegation(t text, tokens []token, left, right int) bool {
	for i := max(left, 1); i < right; i++ {
		word := tokens[i].folded
		if !strings.HasSuffix(word, "n't") && !slices.Contains([]string{"not", "never", "cannot"}, word) {
			continue
		}
		first := i
		if word == "not" && i-1 >= max(left, 1) {
			first-- // did not, was not
		}
		c.failAt(t, tokens[first].start, withHint(fmt.Errorf("a verb with a negation: %q", t.value[tokens[first].start:tokens[i].end]),
			"write the positive sentence, with stance: denies where a source denies it, or status: refused"))
		return true
	}
	return false
}

// explainPassive blames what follows a passive without "by".
func (c *collector) explainPassive(t text, tokens []token) bool {
	for i := 1; i < len(tokens); i++ {
		for _, p := range c.phrases[tokens[i].folded] {
			next := i + len(p.words)
			if !p.passive || !p.matches(tokens[i:]) || next < len(tokens) && tokens[next].folded == "by" {
				continue
			}
			said := t.value[tokens[i].start:tokens[next-1].end]
			switch def, _ := c.vocabulary.Lookup(p.Verb); {
			case next < len(tokens):
				c.failAt(t, tokens[next].start, withHint(fmt.Errorf("want the end or \"by\" after %q: %q", said, t.value[tokens[next].start:]),
					"put the rest under the fact as when, at, topic or a role"))
				return true
			case def.Kind == schema.Relation:
				c.failAt(t, tokens[i].start, fmt.Errorf("%q says not by whom: %q", strings.TrimRight(said, ".!"), t.value))
				return true
			}
		}
	}
	return false
}

// explainNoVerb blames a sentence of names alone.
func (c *collector) explainNoVerb(t text, splits []split) bool {
	if _, unknown := c.side(t.value, 0); unknown != nil || len(splits) > 0 || !t.given() {
		return false
	}
	c.noVerb(t)
	return true
}

func (c *collector) noVerb(t text) {
	c.failWith(t, withHint(fmt.Errorf("no verb in %q", shorten(t.value)), "write a sentence such as: Xie Feng met Ely Ratner"))
}

// isVerbBetween reports whether no phrase of the vocabulary stands between two
// known names, so that the verb is what is wrong.
func (c *collector) isVerbBetween(tokens []token, left, right int, splits []split) bool {
	from, to := tokens[left-1].end, tokens[right].start
	return !slices.ContainsFunc(splits, func(s split) bool { return s.at.start >= from && s.at.end <= to })
}

// explainName blames the name that the best phrase leaves unknown.
func (c *collector) explainName(t text, splits []split) {
	best := slices.MaxFunc(splits, func(a, b split) int {
		return cmp.Or(cmp.Compare(a.known, b.known), cmp.Compare(len(a.Text), len(b.Text)))
	})
	left, right := best.kinds()
	m, kinds := best.unknown, right
	if m.start < best.at.start {
		kinds = left
	}
	switch {
	case isBlank(m.name) && m.start < best.at.end:
		c.fail(t, "a sentence without a subject: %q", t.value)
	case isBlank(m.name):
		c.failWith(t, fmt.Errorf("%q says not whom or what: %q", best.Text, t.value))
	default:
		c.failAt(t, m.start, c.unknownName(shorten(strings.TrimRight(m.name, ".,;:!")), kinds))
	}
}

// knownEnds counts the words of the longest known name that the sentence begins
// with, and finds the word from which its end is the longest known name.
func (c *collector) knownEnds(s string, tokens []token) (left, right int) {
	const longest = 16 // words of a name
	for i := min(len(tokens), longest); i > 0 && left == 0; i-- {
		if ids, _ := c.lookUp(s[tokens[0].start:tokens[i-1].end], nil); len(ids) > 0 {
			left = i
		}
	}
	for i := max(left, len(tokens)-longest); i < len(tokens); i++ {
		if ids, _ := c.lookUp(s[tokens[i].start:], nil); len(ids) > 0 {
			return left, i
		}
	}
	return left, len(tokens)
}

// explainVerb blames what stands where the verb should.
func (c *collector) explainVerb(t text, tokens []token, left, right int) {
	if left > 0 && left < right && isAnd(tokens[left]) {
		if i := c.nearVerb(tokens[:right]); i > 0 {
			c.failAt(t, tokens[i].start, c.unknownVerb(t.value[tokens[i].start:tokens[i].end]))
			return
		}
		c.noVerb(t)
		return
	}
	if left > 0 && left < right {
		start, end := tokens[left].start, tokens[right-1].end
		if right == len(tokens) && left+1 < right {
			end = tokens[c.verbEnd(t.value, tokens, left)].end
		}
		c.failAt(t, start, c.unknownVerb(strings.TrimRight(t.value[start:end], ".")))
		return
	}
	if left == 0 && len(tokens) > 0 && right < len(tokens) {
		if i := c.nearVerb(tokens[:right]); i > 0 {
			c.failAt(t, tokens[i].start, c.unknownVerb(t.value[tokens[i].start:tokens[i].end]))
			return
		}
	}
	c.failWith(t, withHint(fmt.Errorf("no verb of the vocabulary in %q", shorten(t.value)),
		"write a sentence such as: Xie Feng met Ely Ratner"))
}

// isThorough reports whether looking for the words at fault is worth its time:
// of many errors only the first are printed.
func (c *collector) isThorough() bool { return len(c.errs) < 200 }

func isAnd(t token) bool { return t.folded == "and" || t.folded == "&" }

// verbEnd is the last of up to four words that look most like a verb.
func (c *collector) verbEnd(s string, tokens []token, first int) int {
	for i := min(first+3, len(tokens)-1); i >= first && c.isThorough(); i-- {
		if len(c.vocabulary.Suggest(s[tokens[first].start:tokens[i].end])) > 0 {
			return i
		}
	}
	return first
}

// nearVerb finds a word that may be a slip for a verb.
func (c *collector) nearVerb(tokens []token) int {
	const most = 12
	for i, t := range tokens[:min(len(tokens), most)] {
		if i > 0 && c.isThorough() && len([]rune(t.folded)) > 3 && len(c.vocabulary.Suggest(t.folded)) > 0 {
			return i
		}
	}
	return 0
}
