package loaders

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"os"
	"slices"
	"unsafe"

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
	r.memory.reset((*factDraft).clean)
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

// maxSaved is the number of bytes of saved facts that are kept in memory. Further ones
// are in a temporary file.
const maxSaved = 64 << 20

// savedFacts keeps the facts of blocks that a mapping reads, as [draftCodec] writes them,
// so that these blocks are parsed once. What cannot be kept is parsed again.
type savedFacts struct {
	room   int      // bytes that memory still has room for
	file   *os.File // nil until there are more
	size   int64    // of the file
	failed bool     // the file cannot be written
}

// savedBlock is where the facts of a block are saved.
type savedBlock struct {
	isSaved   bool
	facts     string // empty if they are in the file
	offset    int64  // in the file
	size      int
	sum       uint64           // a hash of the bytes in the file
	documents []documentNumber // of the dataset, for each of the block; nil if they follow each other
}

// savesFacts reports whether the facts of a block are saved.
func (b *block) savesFacts() bool {
	switch l := b.layout.(type) {
	case mappedLines, *mappedDocument:
		return true
	case *csvLayout:
		return l.plan.mapped != nil
	}
	return false
}

// add saves the facts of a block.
func (s *savedFacts) add(b *block, facts []byte) {
	if len(facts) <= s.room {
		s.room -= len(facts)
		b.saved.isSaved, b.saved.facts = true, string(facts)
		return
	}
	if s.file == nil && !s.failed {
		var err error
		if s.file, err = os.CreateTemp("", "entente-"); err == nil {
			_ = os.Remove(s.file.Name()) // the system frees the file when it is closed
		}
		s.failed = err != nil
	}
	if !s.failed {
		_, err := s.file.WriteAt(facts, s.size)
		s.failed = err != nil // a full disk, for example
	}
	if !s.failed {
		b.saved.isSaved, b.saved.offset, b.saved.size, b.saved.sum = true, s.size, len(facts), maphash.Bytes(hashSeed, facts)
		s.size += int64(len(facts))
	}
}

// read returns the saved facts of a block; false if the block must be parsed again.
func (s *savedFacts) read(b *block) (string, bool) {
	if b.saved.size == 0 {
		return b.saved.facts, b.saved.isSaved
	}
	facts := make([]byte, b.saved.size)
	if _, err := s.file.ReadAt(facts, b.saved.offset); err != nil || maphash.Bytes(hashSeed, facts) != b.saved.sum {
		return "", false
	}
	return string(facts), true
}

// close frees the file.
func (s *savedFacts) close() {
	if s.file != nil {
		_ = s.file.Close() // nothing reads it any more
	}
}

// readSaved reads the saved facts of a block. It returns false if the block must be parsed
// again.
func (r *replay) readSaved(b blockText) bool {
	saved, ok := r.drafts.saved.read(b.block)
	if !ok {
		return false
	}
	r.begin(b.block)
	c := draftCodec{text: b.text, saved: saved, from: r}
	for s := b.source(); c.at < len(saved); {
		f := r.newFact()
		f.source = s
		c.fact(f)
		r.facts = append(r.facts, f)
	}
	return true
}

// draftCodec writes facts, or reads them again. A text that is a part of the text of the
// block is written as its place there. Each method writes the value to which its argument
// points, or sets it.
type draftCodec struct {
	text  string  // of the block
	data  []byte  // what is written
	saved string  // what is read
	at    int     // the offset of the next byte that is read
	from  *replay // allocates what is read; nil for writing
	names []text  // memory for lists of texts
	line  int32   // of the text before

	recent [64]writtenWord // some words that were written lately
}

// writtenWord is a word and its offset in what is written.
type writtenWord struct {
	text string
	at   int
}

func (c *draftCodec) fact(f *factDraft) {
	for _, t := range [...]*text{&f.pos, &f.sentence, &f.verb, &f.topic, &f.status, &f.key, &f.sourceKey} {
		c.place(t)
	}
	number(c, &f.row)
	number(c, &f.lastLine)
	for _, b := range [...]*bool{&f.isCoded, &f.isUnplaced, &f.ofRejected, &f.declaresNothing} {
		c.flag(b)
	}
	for _, k := range [...]*schema.Kind{&f.actorKind, &f.recipientKind, &f.placeKind} {
		word(c, k)
	}
	word(c, &f.dates)
	word(c, &f.subject)
	for i := range size(c, &f.lacks) {
		word(c, &f.lacks[i])
	}
	for i := range size(c, &f.roles) {
		word(c, &f.roles[i].role)
		c.places(&f.roles[i].names)
	}
	for i := range size(c, &f.links) {
		word(c, &f.links[i].link)
		c.places(&f.links[i].keys)
	}
	c.when(&f.when)
	c.evidence(&f.ownEvidence)
	for i := range size(c, &f.evidenceList) {
		c.evidence(&f.evidenceList[i])
	}
}

// evidence writes or reads evidence, which may be nil.
func (c *draftCodec) evidence(e **evidenceDraft) {
	isThere := *e != nil
	if c.flag(&isThere); !isThere {
		return
	}
	if c.from != nil {
		*e = c.from.newEvidence()
	}
	d := *e
	for _, t := range [...]*text{&d.pos, &d.stance, &d.source, &d.quote, &d.locator, &d.saidBy, &d.method, &d.note, &d.count, &d.duration,
		&d.review.state, &d.review.model, &d.review.by, &d.review.on, &d.review.note} {
		c.place(t)
	}
	c.places(&d.via)
	c.places(&d.at)
	confidence := math.Float64bits(d.confidence)
	number(c, &confidence)
	d.confidence = math.Float64frombits(confidence)
	number(c, &d.start)
	number(c, &d.end)
	if number(c, &d.inline); c.from != nil && d.inline > 0 && c.from.block.saved.documents != nil {
		d.inline = c.from.block.saved.documents[d.inline-1]
	}
	c.flag(&d.failedSource)
	hasWhen := d.when != nil
	if c.flag(&hasWhen); !hasWhen {
		return
	}
	if c.from != nil {
		d.when = &whenDraft{}
	}
	c.when(d.when)
}

func (c *draftCodec) when(w *whenDraft) {
	for _, t := range [...]*text{&w.when, &w.since, &w.until, &w.words, &w.anchor, &w.fromBy, &w.toBy} {
		c.place(t)
	}
	c.flag(&w.attested)
}

func (c *draftCodec) flag(b *bool) {
	n := btoi(*b)
	number(c, &n)
	*b = n == 1
}

// places writes or reads a list of texts.
func (c *draftCodec) places(l *[]text) {
	n := len(*l)
	if number(c, &n); n == 0 {
		return
	}
	if c.from != nil {
		c.names = withRoom(c.names, n)
		used := len(c.names)
		c.names = c.names[:used+n]
		*l = c.names[used : used+n : used+n]
	}
	for i := range *l {
		c.place(&(*l)[i])
	}
}

// place writes or reads a text with its place.
func (c *draftCodec) place(t *text) {
	isSet := *t != text{}
	if c.flag(&isSet); !isSet {
		return
	}
	word(c, &t.value)
	t.line -= c.line
	number(c, &t.line)
	t.line += c.line
	c.line = t.line
	number(c, &t.col)
}

// size writes or reads the length of a list, which has room for its items then.
func size[T any](c *draftCodec, l *[]T) int {
	n := len(*l)
	if number(c, &n); c.from != nil && n > 0 {
		*l = slices.Grow((*l)[:0], n)[:n]
	}
	return n
}

// number writes or reads a number.
func number[N ~int | ~int32 | ~uint64](c *draftCodec, n *N) {
	if c.from == nil {
		c.data = binary.AppendVarint(c.data, int64(*n))
		return
	}
	if b := c.saved[c.at]; b < 0x80 { // most are small
		*n, c.at = N(int64(b>>1)^-int64(b&1)), c.at+1
		return
	}
	value, read := binary.Varint([]byte(c.saved[c.at:min(len(c.saved), c.at+binary.MaxVarintLen64)]))
	*n, c.at = N(value), c.at+read
}

// word writes or reads a text without its place.
func word[S ~string](c *draftCodec, s *S) {
	if c.from == nil {
		c.writeWord(string(*s))
	} else {
		*s = S(c.readWord())
	}
}

// Where the letters of a word are.
const (
	wordHere    = iota // after its length
	wordInText         // at an offset of the text of the block
	wordEarlier        // at an offset of what is written
)

// writeWord writes the length of a text, and the text itself or its offset.
func (c *draftCodec) writeWord(s string) {
	if s == "" {
		c.data = append(c.data, 0)
		return
	}
	recent := &c.recent[(len(s)*31+int(s[0])*7+int(s[len(s)-1]))%len(c.recent)]
	at, where := offsetIn(c.text, s)
	if where == wordHere && recent.text == s {
		at, where = recent.at, wordEarlier
	}
	n := len(s)<<2 | where
	if number(c, &n); where != wordHere {
		number(c, &at)
		return
	}
	*recent = writtenWord{s, len(c.data)}
	c.data = append(c.data, s...)
}

func (c *draftCodec) readWord() string {
	var n, from int
	number(c, &n)
	end := n >> 2
	switch n & 3 {
	case wordInText:
		number(c, &from)
		return c.text[from : from+end]
	case wordEarlier:
		number(c, &from)
		return c.saved[from : from+end]
	}
	from, c.at = c.at, c.at+end
	return c.saved[from:c.at]
}

// offsetIn returns where a part of a text begins, if it has the same memory.
func offsetIn(text, part string) (at, where int) {
	from, to := uintptr(unsafe.Pointer(unsafe.StringData(text))), uintptr(unsafe.Pointer(unsafe.StringData(part)))
	if from > to || to+uintptr(len(part)) > from+uintptr(len(text)) {
		return 0, wordHere
	}
	return int(to - from), wordInText
}
