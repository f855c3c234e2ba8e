package schema

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"
)

// widening is an entry that adds kinds and phrases to a verb of another file.
type widening struct {
	verb             Verb
	phrases, inverse []string
	subject, object  []Kind
}

// isWidening reports whether an entry of the list of verbs widens a verb.
func isWidening(n *yaml.Node) bool {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "widens" {
			return true
		}
	}
	return false
}

// widen reads an entry that widens a verb, and replaces the verb's definition.
// What the verb has already is no error, so that several datasets may widen it
// alike.
func (p *vocabularyParser) widen(n *yaml.Node) {
	w := widening{}
	var passive, note string
	at := p.mapping(n, fields{
		"widens": textInto(p, &w.verb), "note": textInto(p, &note),
		"phrases": textsInto(p, &w.phrases), "inverse": textsInto(p, &w.inverse), "passive": textInto(p, &passive),
		"subject": p.kindsInto(&w.subject), "object": p.kindsInto(&w.object),
	})
	if passive != "" {
		w.inverse = append(passivePhrases(passive), w.inverse...)
	}
	d := p.v.verbs[w.verb]
	p.checkWidening(w, d, at)
	if p.err != nil {
		return
	}
	fresh := *d
	fresh.Phrases, fresh.Inverse = withNewPhrases(d.Phrases, w.phrases), withNewPhrases(d.Inverse, w.inverse)
	fresh.Subject, fresh.Object = union(d.Subject, w.subject), union(d.Object, w.object)
	if d.Symmetric {
		fresh.Object = fresh.Subject
	}
	if p.v.stated[w.verb] == nil {
		p.v.stated[w.verb] = d
	}
	p.v.verbs[w.verb] = &fresh
	p.widened = append(p.widened, verbSource{&fresh, n, at})
	for word := range p.v.stated[w.verb].kindsBeyond(w.subject, w.object) {
		p.file.adds[word] = true
	}
	p.file.uses[string(w.verb)] = true
}

// kindsBeyond yields a word of an [extension] for each kind that the definition
// does not accept on a side.
func (d *Definition) kindsBeyond(subject, object []Kind) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, k := range subject {
			if !slices.Contains(d.Subject, k) && !yield("<"+string(d.ID)+" "+string(k)) {
				return
			}
		}
		for _, k := range object {
			if !slices.Contains(d.Object, k) && !yield(">"+string(d.ID)+" "+string(k)) {
				return
			}
		}
	}
}

// WidenedVerbs lists the verbs that the extensions of a vocabulary widen, sorted.
func WidenedVerbs(v *Vocabulary) []Verb { return slices.Sorted(maps.Keys(v.stated)) }

// widenedKinds yields the words of the kinds of a fact's participants that only an
// extension lets its verb accept.
func widenedKinds(v *Vocabulary, f Fact) iter.Seq[string] {
	d, ok := v.stated[f.Verb]
	if !ok {
		return func(func(string) bool) {}
	}
	var subject, object []Kind
	for _, p := range f.Roles {
		switch p.Role {
		case RoleActor, RoleParty:
			subject = append(subject, KindOf(p.ID))
		case RoleRecipient:
			object = append(object, KindOf(p.ID))
		}
	}
	if d.Symmetric { // both sides accept the same kinds
		subject, object = append(subject, object...), nil
	}
	return d.kindsBeyond(subject, object)
}

func (p *vocabularyParser) checkWidening(w widening, d *Definition, at entries) {
	isThis := func(s verbSource) bool { return s.verb.ID == w.verb }
	switch {
	case p.err != nil:
	case d == nil:
		p.unknown(at.of("widens"), string(w.verb), toStrings(p.v.Verbs()), "an entry widens an unknown verb %q", w.verb)
	case slices.ContainsFunc(p.addedVerbs, isThis) || slices.ContainsFunc(p.widened, isThis):
		p.fail(at.of("widens"), "verb %q has an entry%s already", w.verb, cmp.Or(definer(p, string(w.verb)), " in this file"))
	case d.Symmetric && len(w.object)+len(w.inverse) > 0:
		p.fail(firstNode(at.of("object"), at.of("inverse"), at.of("passive")), "symmetric verb %q has no object and no inverse: widen its subject and its phrases", w.verb)
	case len(d.Object) == 0 && len(w.object) > 0:
		p.fail(at.of("object"), "verb %q has no object", w.verb)
	}
}

// passivePhrases returns the inverse phrases of a participle: "visited by", "was
// visited by".
func passivePhrases(participle string) []string {
	by := participle + " by"
	return []string{"was " + by, "were " + by, by}
}

// union returns a list with the items of another that it lacks.
func union[T comparable](list, more []T) []T {
	list = slices.Clip(list)
	for _, item := range more {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// withNewPhrases returns a list of phrases with those of another that it lacks.
func withNewPhrases(list, more []string) []string {
	list = slices.Clip(list)
	for _, text := range more {
		if !slices.ContainsFunc(list, func(known string) bool { return wordKey(known) == wordKey(text) }) {
			list = append(list, text)
		}
	}
	return list
}
