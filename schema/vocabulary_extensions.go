package schema

import (
	"maps"
	"slices"
)

// extension is a file that extended a vocabulary.
type extension struct {
	name string // of the file, for errors
	text string
	adds map[string]bool // the verbs, roles, sets, edges and kinds of widened verbs in the file; false for a repetition of the base
	uses map[string]bool // the verbs, roles, sets and edges that the file refers to
}

// extensions are the files that extended a vocabulary, in order.
type extensions []extension

// define marks the words that the file adds as defined. It reports whether any of them
// was needed and not defined before.
func (e extension) define(need, defined map[string]bool) (isNeeded bool) {
	for word, isNew := range e.adds {
		if isNew && need[word] && !defined[word] {
			isNeeded = true
		}
	}
	if isNeeded {
		for word, isNew := range e.adds {
			defined[word] = defined[word] || isNew
		}
	}
	return isNeeded
}

// texts returns the files with keep true, or all files if keep is nil.
func (es extensions) texts(keep []bool) (texts []string) {
	for i, e := range es {
		if keep == nil || keep[i] {
			texts = append(texts, e.text)
		}
	}
	return texts
}

// defining marks the files that define the words, and the files on which these depend.
// Of several files that define a word it marks the dataset's own, or else the first.
func (es extensions) defining(words map[string]bool) []bool {
	need, defined := maps.Clone(words), make(map[string]bool)
	kept := make([]bool, len(es))
	for found := true; found; {
		found = false
		for _, i := range es.ownFirst(words) {
			if !kept[i] && es[i].define(need, defined) {
				kept[i], found = true, true
				maps.Copy(need, es[i].uses)
			}
		}
	}
	return kept
}

// ownFirst returns the indexes of the files, first of those that are the own verbs of a
// dataset among the words.
func (es extensions) ownFirst(words map[string]bool) []int {
	var own, others []int
	for i, e := range es {
		if owner := VerbsOwner(e.text); owner != "" && words[ownKey(owner)] {
			own = append(own, i)
		} else {
			others = append(others, i)
		}
	}
	return append(own, others...)
}

// Extensions returns the texts that [Vocabulary.Extend] added, in order. A graph
// stores them with the facts that use their verbs.
func (v *Vocabulary) Extensions() []string { return v.extensions.texts(nil) }

// AddWords adds the words of a fact that extensions of a vocabulary may define: its
// verb, its roles, and the kinds of participants that only an extension allows.
func AddWords(words map[string]bool, v *Vocabulary, f Fact) {
	words[string(f.Verb)] = true
	for _, p := range f.Roles {
		words[string(p.Role)] = true
	}
	for word := range widenedKinds(v, f) {
		words[word] = true
	}
}

// AddOwnWords adds the word that the own verbs of a dataset define: see
// [ExtendByDataset].
func AddOwnWords(words map[string]bool, dataset string) { words[ownKey(dataset)] = true }

// ExtensionsWith returns the texts of [Vocabulary.Extensions] that define the words
// ([AddWords], [AddOwnWords]), and the texts on which these depend.
func (v *Vocabulary) ExtensionsWith(words map[string]bool) []string {
	return v.extensions.texts(v.extensions.defining(words))
}

// WithExtensions returns a vocabulary with the files that extended another one.
func WithExtensions(v, other *Vocabulary) (*Vocabulary, error) {
	for _, e := range other.extensions {
		var err error
		if v, err = v.ExtendStored(e.name, []byte(e.text)); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// WithoutExtensions returns a vocabulary without some of the texts of
// [Vocabulary.Extensions].
func WithoutExtensions(v *Vocabulary, texts []string) (*Vocabulary, error) {
	if !slices.ContainsFunc(v.extensions, func(e extension) bool { return slices.Contains(texts, e.text) }) {
		return v, nil
	}
	fresh := v.base
	for _, e := range v.extensions {
		if slices.Contains(texts, e.text) {
			continue
		}
		var err error
		if fresh, err = fresh.ExtendStored(e.name, []byte(e.text)); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}
