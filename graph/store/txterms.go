package store

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/entente-kg/entente/graph/internal/quadfile"
	"github.com/entente-kg/entente/graph/internal/rdf"
)

// txTerms maps terms to ids in a transaction: stored ids, and new ids for new
// terms.
type txTerms struct {
	reader   *quadfile.Reader
	known    quadfile.Lexicon      // the terms used so far
	complete bool                  // known has all terms of the store
	filters  []quadfile.TermFilter // of the terms that known had before; nil if the store had terms at first
	created  []quadfile.TermPlace  // the new terms since the last flush, sorted by id
	firstNew uint64                // the id of the first new term
	scratch  []byte
}

// mayBeStored reports whether the tables may have a term that known does not have.
func (terms *txTerms) mayBeStored(hash uint32) bool {
	if terms.complete {
		return false
	}
	may := func(f quadfile.TermFilter) bool { return f.MayHave(hash) }
	return terms.filters == nil || slices.ContainsFunc(terms.filters, may)
}

// forget makes known empty. The tables must have all its terms.
func (terms *txTerms) forget() {
	if terms.complete || terms.filters != nil {
		terms.filters = append(terms.filters, terms.known.Filter())
	}
	terms.known, terms.complete = quadfile.Lexicon{Seed: terms.known.Seed}, false
}

// tuple looks up the ids of a quad; ok is false if a term is not stored.
func (terms *txTerms) tuple(q quad.Quad) (t quadfile.Tuple, ok bool, err error) {
	if rdf.CheckQuad(q) != nil {
		return t, false, nil
	}
	for i, d := range quad.Directions {
		value := q.Get(d)
		if value == nil {
			continue
		}
		if t[i], err = terms.lookup(value); err != nil || t[i] == 0 {
			return t, false, err
		}
	}
	return t, true, nil
}

// pattern looks up the ids of a pattern; ok is false if a term is not stored.
func (terms *txTerms) pattern(p Pattern) (ids quadfile.TuplePattern, ok bool, err error) {
	for i, value := range [...]quad.Value{p.Subject, p.Predicate, p.Object, p.Label} {
		if value == nil {
			continue
		}
		if ids[i], err = terms.lookup(value); err != nil || ids[i] == 0 {
			return ids, false, err
		}
	}
	return ids, true, nil
}

// lookup returns the id of a value, 0 if it is not stored. The encoded term stays
// in scratch.
func (terms *txTerms) lookup(value quad.Value) (id uint64, err error) {
	if terms.scratch, err = rdf.AppendTerm(terms.scratch[:0], value); err != nil {
		return 0, nil
	}
	hash := terms.known.Hash(terms.scratch)
	if id = terms.known.Find(terms.scratch, hash); id != 0 {
		return id, nil
	}
	if !terms.mayBeStored(hash) {
		return 0, nil
	}
	if id, err = terms.reader.IDOfTerm(terms.scratch); err == nil && id != 0 {
		terms.known.Add(terms.scratch, hash, id)
	}
	return id, err
}

// intern is lookup, but assigns an id to a value that has none.
func (terms *txTerms) intern(value quad.Value) (id uint64, created bool, err error) {
	if terms.scratch, err = rdf.AppendTerm(terms.scratch[:0], value); err != nil {
		return 0, false, err
	}
	return terms.internTerm(terms.scratch, terms.known.Hash(terms.scratch), false)
}

// internTerm is intern for an encoded term. isNew says that the tables do not
// have the term.
func (terms *txTerms) internTerm(term []byte, hash uint32, isNew bool) (id uint64, created bool, err error) {
	if id = terms.known.Find(term, hash); id != 0 {
		return id, false, nil
	}
	if !isNew && terms.mayBeStored(hash) { // otherwise the tables do not have it
		if id, err = terms.reader.IDOfTerm(term); err != nil {
			return 0, false, err
		}
	}
	if created = id == 0; created {
		if id = terms.reader.Record.NextID; id > quadfile.MaxID {
			return 0, false, fmt.Errorf("more than %d terms", uint64(quadfile.MaxID))
		}
		terms.reader.Record.NextID++
		terms.reader.Record.Terms++
	}
	p := terms.known.Add(term, hash, id)
	if created {
		terms.created = append(terms.created, p)
	}
	return id, created, nil
}

// value returns the term of an id as a value.
func (terms *txTerms) value(id uint64) (quad.Value, error) {
	if i, isNew := terms.findCreated(id); isNew {
		return rdf.DecodeTerm(terms.known.Text(terms.created[i]))
	}
	return terms.reader.Value(id)
}

// findCreated returns the position of an id in created, or where it would be.
func (terms *txTerms) findCreated(id uint64) (int, bool) {
	return slices.BinarySearchFunc(terms.created, id, func(p quadfile.TermPlace, id uint64) int { return cmp.Compare(terms.known.ID(p), id) })
}

// firstIDs is how many ids Options.First leaves free.
const firstIDs = 4

// assign gives a term an id that Options.First left free. It returns another id if
// the term is stored already.
func (terms *txTerms) assign(term []byte, id uint64) (uint64, error) {
	hash := terms.known.Hash(term)
	if known := terms.known.Find(term, hash); known != 0 {
		return known, nil
	}
	if stored, err := terms.reader.IDOfTerm(term); stored != 0 || err != nil {
		return stored, err
	}
	at, _ := terms.findCreated(id)
	terms.created = slices.Insert(terms.created, at, terms.known.Add(term, hash, id))
	terms.reader.Record.Terms++
	return id, nil
}

// internEncoded is internTerm for a term that was already looked up.
func (terms *txTerms) internEncoded(e *encodedQuads, t *encodedTerm) (id uint64, created bool, err error) {
	switch {
	case t.id == 0:
		t.id, created, err = terms.internTerm(e.text(t), t.hash, t.isNew && e.asOf == terms.firstNew)
	case t.isStored && terms.known.Find(e.text(t), t.hash) == 0:
		terms.known.Add(e.text(t), t.hash, t.id)
	}
	t.isStored = false
	return t.id, created, err
}

// idsOf returns the ids of a quad; ok is false if a term is not stored.
func (terms *txTerms) idsOf(e *encodedQuads, numbers [4]uint32) (t quadfile.Tuple, ok bool, err error) {
	for j, number := range numbers {
		if number == 0 {
			continue
		}
		term := &e.terms[number-1]
		if term.id == 0 && !term.isNew && terms.mayBeStored(term.hash) { // the first look-up failed
			if term.id, err = terms.reader.IDOfTerm(e.text(term)); err != nil {
				return t, false, err
			}
		}
		if t[j] = term.id; term.id == 0 {
			return t, false, nil
		}
		if term.isStored && terms.known.Find(e.text(term), term.hash) == 0 {
			terms.known.Add(e.text(term), term.hash, term.id)
		}
		term.isStored = false
	}
	return t, true, nil
}

// newByKey sorts the new terms by key and returns a function that appends a range
// of them to dst.
func (terms *txTerms) newByKey() func(dst []quadfile.KeyEntry, from, to int) []quadfile.KeyEntry {
	sorter, items := quadfile.NewTermSorter(&terms.known, terms.created)
	sorter.Sort(items, 0)
	return func(dst []quadfile.KeyEntry, from, to int) []quadfile.KeyEntry {
		for _, item := range items[from:to] {
			dst = append(dst, quadfile.KeyEntry{Key: sorter.Key(item.Term), ID: terms.known.ID(item.Term)})
		}
		return dst
	}
}

// newByID appends a range of the new terms, sorted by id, to dst.
func (terms *txTerms) newByID(dst []quadfile.TermEntry, from, to int) []quadfile.TermEntry {
	for _, p := range terms.created[from:to] {
		dst = append(dst, quadfile.TermEntry{ID: terms.known.ID(p), Term: terms.known.Text(p)})
	}
	return dst
}
