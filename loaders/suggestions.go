package loaders

import "github.com/entente-kg/entente/schema"

// maxCompared is how many pairs of letters one input may compare to suggest
// corrections for unknown words. That is enough for a hundred words at least
// among 100,000 names, and for any number among 1,000. Errors after that have no
// suggestion, so that an input with errors in every row still takes time in
// proportion to its size.
const maxCompared = 100_000_000

// suggestions finds known words of which an unknown word may be a misspelling.
type suggestions struct {
	known map[string]*schema.Candidates // by what the words are: "names", "ids"
}

// nearest returns up to three known words of which a word may be a misspelling.
// It calls known once for each kind of words.
func (s *suggestions) nearest(what, word string, known func() []string) []string {
	all := s.known[what]
	if all == nil {
		all = schema.NewCandidates(known())
		if s.known == nil {
			s.known = make(map[string]*schema.Candidates)
		}
		s.known[what] = all
	}
	if all.Work() >= maxCompared {
		return nil
	}
	return all.Nearest(word, 3)
}
