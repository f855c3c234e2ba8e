package schema

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// Wider returns the verb that a verb falls back on where it does not accept the
// kinds of the participants: the verb that its entry names, or else the widest
// verb of its group. It is true wherever the verb is, and says less. The widest
// verb of a group has none.
func (v *Vocabulary) Wider(verb Verb) (wider Verb, ok bool) {
	d, ok := v.verbs[verb]
	if !ok {
		return "", false
	}
	if d.Wider != "" {
		return d.Wider, true
	}
	for _, widest := range v.widest[d.Group] {
		if widest == verb {
			return "", false
		}
		if v.VerbKind(widest) == d.Kind {
			wider = widest
		}
	}
	return wider, wider != ""
}

// Fit returns the first verb that accepts participants of the kinds: the verb
// itself, the verb that is wider ([Vocabulary.Wider]), and so on. A side without
// kinds has no participant. ok is false if no verb accepts the participants, as
// where both sides are empty.
//
// Fit is for rows whose verb is a code or another word of a foreign system.
// Facts that people write keep their verb: if its kinds do not fit,
// [Vocabulary.Check] refuses the fact.
func (v *Vocabulary) Fit(verb Verb, subjects, objects []Kind) (fit Verb, ok bool) {
	for {
		d, known := v.verbs[verb]
		if !known {
			return "", false
		}
		if d.accepts(subjects, objects) {
			return verb, true
		}
		if verb, known = v.Wider(verb); !known {
			return "", false
		}
	}
}

// accepts reports whether the verb accepts participants of the kinds on its sides.
func (d *Definition) accepts(subjects, objects []Kind) bool {
	all := func(kinds, allowed []Kind) bool {
		return !slices.ContainsFunc(kinds, func(k Kind) bool { return !slices.Contains(allowed, k) })
	}
	sides := len(subjects) + len(objects)
	switch {
	case sides == 0 || !all(subjects, d.Subject) || !all(objects, d.Object):
		return false
	case d.Symmetric:
		return sides > 1 || !d.NeedsObject
	case d.Kind == Relation && len(subjects) == 0:
		return false
	}
	return len(objects) > 0 || !d.NeedsObject
}

// readWidest reads the widest verbs of groups.
func (p *vocabularyParser) readWidest(n *yaml.Node) {
	p.widestNode = n
	p.pairs(n, func(name, value *yaml.Node) {
		group, verbs := p.text(name), []Verb(nil)
		if value.Kind == yaml.ScalarNode {
			verbs = []Verb{Verb(p.text(value))}
		} else {
			textsInto(p, &verbs)(value)
		}
		if old, ok := p.v.widest[group]; ok && !slices.Equal(old, verbs) {
			p.fail(name, "the widest verbs of group %q are defined already, and differ", group)
		}
		p.v.widest[group] = verbs
	})
}

// checkWider checks that wider verbs exist and are of the same kind, that no verb
// leads back to itself, and that the widest verbs accept everything.
func (p *vocabularyParser) checkWider() {
	for _, s := range p.addedVerbs {
		if p.err == nil {
			p.checkChain(s)
		}
	}
	if p.widestNode != nil {
		p.pairs(p.widestNode, p.checkWidest)
	}
}

// checkChain checks the verbs on which one verb falls back.
func (p *vocabularyParser) checkChain(s verbSource) {
	at, d := s.nodeOf("wider", ""), p.v.verbs[s.verb.Wider]
	switch {
	case s.verb.Wider == "":
	case d == nil:
		p.unknown(at, string(s.verb.Wider), toStrings(p.v.Verbs()), "verb %q falls back on an unknown verb %q", s.verb.ID, s.verb.Wider)
	case d.Group != s.verb.Group || d.Kind != s.verb.Kind:
		p.fail(at, "verb %q cannot fall back on %q: %s of group %q, %s of group %q",
			s.verb.ID, d.ID, s.verb.Kind, s.verb.Group, d.Kind, d.Group)
	}
	seen := []Verb{s.verb.ID}
	for wider, ok := p.v.Wider(s.verb.ID); ok && p.err == nil; wider, ok = p.v.Wider(wider) {
		if slices.Contains(seen, wider) {
			p.fail(at, "verb %q falls back on itself", wider)
		}
		seen = append(seen, wider)
	}
}

// wordsOf returns the verb as a list, without verbs if it is empty.
func wordsOf(verb Verb) []Verb {
	if verb == "" {
		return nil
	}
	return []Verb{verb}
}

func (p *vocabularyParser) checkWidest(name, value *yaml.Node) {
	group := p.text(name)
	for _, verb := range p.v.widest[group] {
		d, ok := p.v.verbs[verb]
		switch {
		case !ok:
			p.unknown(value, string(verb), toStrings(p.v.Verbs()), "the widest verb of group %q is an unknown verb %q", group, verb)
		case d.Group != group || d.Wider != "":
			p.fail(value, "%q cannot be the widest verb of group %q: it is of another group, or names a wider verb", verb, group)
		case !d.acceptsEverything():
			p.fail(value, "the widest verb %q does not accept every kind on both sides, and an interaction without an object", verb)
		}
	}
}

func (d *Definition) acceptsEverything() bool {
	for _, k := range append(Kinds(), KindFact) {
		one := []Kind{k}
		if !d.accepts(one, one) || d.Kind == Interaction && (!d.accepts(one, nil) || !d.accepts(nil, one)) {
			return false
		}
	}
	return true
}
