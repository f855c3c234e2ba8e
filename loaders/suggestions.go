package loaders

import "github.com/entente-kg/entente/schema"

// maxCompared bounds how many pairs of letters are compared to find what all the
// words of one input that are not known may be slips for: a hundred slips at least
// in an input of 100,000 names, any number in one of 1,000. Beyond it errors
// suggest nothing, so that an input in which every row is wrong takes no longer
// than its size.
const maxCompared = 100_000_000

// suggestions finds what words may be slips for.
type suggestions struct {
	known map[string]*schema.Candidates // by what the words are
}

// nearest returns up to three of the known words that one may be a slip for. It
// asks for them once.
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
