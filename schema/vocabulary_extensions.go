package schema

import "maps"

// extension is a file that extended a vocabulary.
type extension struct {
	text       string
	adds, uses map[string]bool // verbs, roles, sets and edges; false for what the base has
}

// extensions are the files that extended a vocabulary, in their order.
type extensions []extension

// defines reports whether any of the words is one that the file adds.
func (e extension) defines(words map[string]bool) bool {
	for word, isNew := range e.adds {
		if isNew && words[word] {
			return true
		}
	}
	return false
}

// texts returns the files in which keep is true, or all files where keep is nil.
func (es extensions) texts(keep []bool) (texts []string) {
	for i, e := range es {
		if keep == nil || keep[i] {
			texts = append(texts, e.text)
		}
	}
	return texts
}

// defining marks the files that define any of the words, and those that these
// files need themselves.
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

// Extensions returns the files that [Vocabulary.Extend] added, in their order: a
// graph keeps them beside the facts that use their verbs.
func (v *Vocabulary) Extensions() []string { return v.extensions.texts(nil) }

// ExtensionsWith returns those of [Vocabulary.Extensions] that define any of the
// verbs and roles given, and those that they need themselves.
func (v *Vocabulary) ExtensionsWith(words map[string]bool) []string {
	return v.extensions.texts(v.extensions.defining(words))
}
