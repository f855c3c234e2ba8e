package grounding

import (
	"index/suffixarray"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// search finds words in a text. The first searches read the text; if there are many, an
// array of all suffixes is made once, so that work does not grow with their number times
// the length of the text.
type search struct {
	text string

	mu    sync.Mutex
	read  int // bytes that searches have read
	array *suffixarray.Index
}

// readsBeforeArray is how often a text is read before the array is made, which takes about
// as long.
const readsBeforeArray = 64

// all yields the places of words that are not empty, in order: all of them if there are at
// most so many as the limit, or else some, of which there are more than the limit.
func (s *search) all(words string, limit int) iter.Seq[int] {
	return func(yield func(int) bool) {
		array := s.suffixes()
		if array == nil {
			s.readThrough(words, yield)
			return
		}
		places := array.Lookup([]byte(words), limit+1)
		slices.Sort(places)
		for _, at := range places {
			if utf8.RuneStart(s.text[at]) && !yield(at) {
				return
			}
		}
	}
}

// suffixes returns the array, or nil while the text is read instead.
func (s *search) suffixes() *suffixarray.Index {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.array == nil && s.read > readsBeforeArray*len(s.text) {
		s.array = suffixarray.New([]byte(s.text))
	}
	return s.array
}

func (s *search) readThrough(words string, yield func(int) bool) {
	from := 0
	defer func() {
		s.mu.Lock()
		s.read += min(from+len(words), len(s.text))
		s.mu.Unlock()
	}()
	for {
		i := strings.Index(s.text[from:], words)
		if i < 0 {
			from = len(s.text)
			return
		}
		at := from + i
		_, size := utf8.DecodeRuneInString(s.text[at:])
		if from = at + size; !yield(at) {
			return
		}
	}
}

// memory remembers what claims about one text ask again and again.
type memory struct {
	mu       sync.Mutex
	isIn     map[string]bool
	readings map[readingsKey]*readings
}

// mostRemembered is the number of words that are remembered.
const mostRemembered = 100_000

// has reports whether the text has words that are not cut from other words.
func (t *Text) has(words string) bool {
	t.memory.mu.Lock()
	found, known := t.memory.isIn[words]
	t.memory.mu.Unlock()
	if known {
		return found
	}
	places, some := t.places(words)
	if found = len(places) > 0; !found && some > mostPlaces {
		found = t.isIn(words, part{0, len(t.text)})
	}
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	if t.memory.isIn == nil || len(t.memory.isIn) >= mostRemembered {
		t.memory.isIn = make(map[string]bool)
	}
	t.memory.isIn[words] = found
	return found
}

// mostPlaces is the greatest number of places of a quote that are looked at.
const mostPlaces = 1000

// places returns the places of a quote that neither begin nor end within a word, and the
// number of all. It stops when that is more than mostPlaces.
func (t *Text) places(quote string) (places []Span, all int) {
	wanted := normalizeQuote(quote)
	if wanted == "" || !utf8.ValidString(wanted) {
		return nil, 0
	}
	for at := range t.search.all(wanted, mostPlaces) {
		if p := (part{at, at + len(wanted)}); !t.cutsWord(p) {
			places = append(places, t.span(p))
		}
		if all++; all > mostPlaces {
			break
		}
	}
	return places, all
}
