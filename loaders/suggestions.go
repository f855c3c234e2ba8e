package loaders

import "github.com/entente-kg/entente/schema"

// maxCompared bounds how many known words all the words of one input that are not
// known are compared with: 100 slips in an input of 100,000 names, or 10,000 in
// one of 1,000. Beyond it errors suggest nothing, so that an input in which every
// row is wrong takes no longer than its size.
const maxCompared = 10_000_000

// suggestions finds what words may be slips for.
type suggestions struct {
	compared int
	known    map[string]*schema.Candidates // by what the words are
}

// nearest returns up to three of the known words that one may be a slip for. It
// asks for them once.
func (s *suggestions) nearest(what, word string, known func() []string) []string {
	if s.compared >= maxCompared {
		return nil
	}
	all := s.known[what]
	if all == nil {
		all = schema.NewCandidates(known())
		if s.known == nil {
			s.known = make(map[string]*schema.Candidates)
		}
		s.known[what] = all
	}
	s.compared += all.Len()
	return all.Nearest(word, 3)
}
