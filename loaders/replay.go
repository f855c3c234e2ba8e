package loaders

import (
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// replay receives what a block of rows has when it is parsed again: its facts. All
// other declarations, and the errors of parsing, are known already.
type replay struct {
	drafts    *drafts
	block     *block
	facts     []*factDraft
	documents documentNumber // how many the block has added so far
	memory    slab[factDraft]
	evidence  slab[evidenceDraft]
}

// begin prepares for a block. The facts of the block before become invalid.
func (r *replay) begin(b *block) {
	r.block, r.facts, r.documents = b, r.facts[:0], 0
	r.memory.reset(func(f *factDraft) {
		clear(f.roles[:cap(f.roles)])
		clear(f.links[:cap(f.links)])
		clear(f.evidenceList[:cap(f.evidenceList)])
		*f = factDraft{roles: f.roles[:0], links: f.links[:0], evidenceList: f.evidenceList[:0]}
	})
	r.evidence.reset(func(e *evidenceDraft) { *e = evidenceDraft{} })
}

func (r *replay) reject(error, string)                               {}
func (r *replay) rejectAt(error, *source, schema.Position, int32)    {}
func (r *replay) addTally(*mapping.Tally)                            {}
func (r *replay) setAbout(string, string)                            {}
func (r *replay) addEntity(entityDraft)                              {}
func (r *replay) addRejectedSource(...string)                        {}
func (r *replay) addMention(entityDraft, string)                     {}
func (r *replay) addBadMention(schema.Kind, string, schema.Position) {}

// isMentioned returns false only for a name that is an error at this place, so that
// it is the same error again.
func (r *replay) isMentioned(kind schema.Kind, name text, in *source) bool {
	if len(r.drafts.badMentions) == 0 {
		return true
	}
	at, bad := r.drafts.badMentions[mentionedName{kind, name.value}]
	return !bad || at != in.position(name)
}

func (r *replay) addDocument(documentDraft, string) documentNumber {
	r.documents++
	return r.documents
}

func (r *replay) firstWithSourceKey(key string, at schema.Position) (first schema.Position, again bool) {
	first = r.drafts.sourceKeyPosition(key)
	return first, first != at
}

func (r *replay) citedInCells(cells string, read func() documentNumber) documentNumber {
	if n := r.drafts.inCells[fileKey{r.block.file, cells}]; n > 0 {
		return n
	}
	return read()
}

func (r *replay) newFact() *factDraft         { return r.memory.add() }
func (r *replay) newEvidence() *evidenceDraft { return r.evidence.add() }

func (r *replay) firstWithKey(key text) (first schema.Position, again bool) {
	if !key.isSet() {
		return schema.Position{}, false
	}
	place := r.drafts.keys[key.value]
	return place.pos, place.fact != r.block.firstFact+len(r.facts)
}

func (r *replay) addFact(f *factDraft) { r.facts = append(r.facts, f) }

// keep leaves the facts of the block to those who hold them.
func (r *replay) keep() {
	r.facts, r.memory, r.evidence = nil, slab[factDraft]{}, slab[evidenceDraft]{}
}

// slab allocates values of one type in large pieces, and reuses them.
type slab[T any] struct {
	pieces [][]T
	piece  int // the piece from which the next value is taken
	used   int // the values that are taken from that piece
}

const slabPiece = 64

// add returns a value that is zero or was cleaned.
func (s *slab[T]) add() *T {
	if s.used == slabPiece {
		s.piece, s.used = s.piece+1, 0
	}
	if s.piece == len(s.pieces) {
		s.pieces = append(s.pieces, make([]T, slabPiece))
	}
	s.used++
	return &s.pieces[s.piece][s.used-1]
}

// reset takes all values back. Each that was used is cleaned, so that nothing of
// the block before stays in memory.
func (s *slab[T]) reset(clean func(*T)) {
	for i, piece := range s.pieces[:min(s.piece+1, len(s.pieces))] {
		if i == s.piece {
			piece = piece[:s.used]
		}
		for j := range piece {
			clean(&piece[j])
		}
	}
	s.piece, s.used = 0, 0
}
