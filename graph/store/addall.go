package store

import (
	"sync"

	"github.com/cayleygraph/quad"
)

const (
	addBatch = 4096 // quads that AddAll takes at a time
	addHalf  = 512  // quads that are worth a goroutine
)

// AddAll stores quads in their order and returns how many of them were new. It
// does what Add does for each of them, faster: it encodes the terms on two
// processors. After an error some of the quads are stored.
func (tx *Tx) AddAll(quads []quad.Quad) (added int, err error) {
	if err := tx.usable(); err != nil {
		return 0, err
	}
	for len(quads) > 0 {
		batch := quads[:min(len(quads), addBatch)]
		n, err := tx.addBatch(batch)
		added += n
		if err != nil {
			return added, err
		}
		quads = quads[len(batch):]
	}
	return added, cause(tx.ctx)
}

func (tx *Tx) addBatch(quads []quad.Quad) (added int, err error) {
	half := len(quads) / 2
	if half < addHalf {
		half = 0
	}
	e := &tx.encoded
	var wg sync.WaitGroup
	if half > 0 {
		wg.Go(func() { e[0].encode(tx, quads[:half]) })
	}
	e[1].encode(tx, quads[half:])
	wg.Wait()
	if half > 0 {
		if added, err = tx.addEncoded(&e[0]); err != nil {
			return added, err
		}
	}
	more, err := tx.addEncoded(&e[1])
	return added + more, err
}

// encodedTerm is a part of a quad: its id where it was met before, else its
// term. No part has neither.
type encodedTerm struct {
	id       uint64
	from, to int
	hash     uint32
}

// encodedQuads is quads on their way into a transaction.
type encodedQuads struct {
	terms  [][4]encodedTerm
	memory []byte
	err    error // of the quad after the last one
}

// encode only reads the transaction: two may run side by side.
func (e *encodedQuads) encode(tx *Tx, quads []quad.Quad) {
	e.reset()
	for i := range quads {
		if e.err = checkQuad(quads[i]); e.err != nil {
			return
		}
		var parts [4]encodedTerm
		for j, d := range quad.Directions {
			value := quads[i].Get(d)
			if value == nil {
				continue
			}
			p := &parts[j]
			p.from = len(e.memory)
			if e.memory, e.err = appendTerm(e.memory, value); e.err != nil {
				return
			}
			p.to = len(e.memory)
			p.hash = tx.terms.hash(e.memory[p.from:])
		}
		e.terms = append(e.terms, parts)
	}
	e.find(tx)
}

// find looks the terms up that were met before. It is apart from what makes
// them, so that the memory is read ahead.
func (e *encodedQuads) find(tx *Tx) {
	for i := range e.terms {
		for j := range e.terms[i] {
			if p := &e.terms[i][j]; p.to > p.from {
				p.id = tx.terms.find(e.memory[p.from:p.to], p.hash)
			}
		}
	}
}

func (tx *Tx) addEncoded(e *encodedQuads) (added int, err error) {
	for i := range e.terms {
		var t tuple
		isNew := false
		for j := range e.terms[i] {
			p := &e.terms[i][j]
			if t[j] = p.id; p.id == 0 && p.to > p.from {
				var created bool
				if t[j], created, err = tx.internTerm(e.memory[p.from:p.to], p.hash); err != nil {
					tx.suspectAll(t)
					return added, err
				}
				isNew = isNew || created
			}
		}
		changed, err := tx.change(t, true, isNew)
		if err != nil {
			tx.suspectAll(t)
			return added, err
		}
		if changed {
			added++
		}
	}
	return added, e.err
}
