package schema

// FoldLetters folds a name letter by letter, if that is possible.
func FoldLetters(name string) (folded string, ok bool) { return foldLetters(name) }

// FoldAny folds a name of any characters.
func FoldAny(name string) string { return foldAny(name) }
