package schema

import "maps"

// extension is a file that extended a vocabulary.
type extension struct {
	text string
	adds map[string]bool // the verbs, roles, sets, edges and kinds of widened verbs in the file; false for a repetition of the base
	uses map[string]bool // the verbs, roles, sets and edges that the file refers to
}

// extensions are the files that extended a vocabulary, in order.
type extensions []extension

// defines reports whether the file adds any of the words.
func (e extension) defines(words map[string]bool) bool {
	for word, isNew := range e.adds {
		if isNew && words[word] {
			return true
		}
	}
	return false
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

// defining marks the files that define any of the words, and the files on which
// these depend.
func (es extensions) defining(words map[string]bool) []bool {
	need := maps.Clone(words)
	kept := make([]bool, len(es))
	for found := true; found; {
		found = false
		for i, e := range es {
			if !kept[i] && e.defines(need) {
				kept[i], found = true, true
				maps.Copy(need, e.uses)
			}
		}
	}
	return kept
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

// ExtensionsWith returns the texts of [Vocabulary.Extensions] that define any of
// the words ([AddWords]), and the texts on which these depend.
func (v *Vocabulary) ExtensionsWith(words map[string]bool) []string {
	return v.extensions.texts(v.extensions.defining(words))
}
