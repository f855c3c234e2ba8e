package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// ErrUndeclared is wrapped if a fact refers to an id that no dataset declares.
var ErrUndeclared = errors.New("undeclared")

// resolve rejects facts that refer to undeclared ids, and facts that refer to rejected
// facts. In an export, a reference to a missing fact is not an error: the fact is
// reported as dangling.
func (s *Staged) resolve(ctx context.Context, t *transaction) error {
	for _, d := range t.datasets {
		missing := map[schema.ID]bool{}
		err := s.store.View(ctx, func(staged *store.Snapshot) error {
			mentioned, err := s.mentionedElsewhere(ctx, staged, d)
			d.entries.noteOutside(mentioned)
			if err == nil {
				missing, err = s.undeclared(ctx, t.readAfter(staged), d, mentioned)
			}
			return err
		})
		for err == nil && len(missing) > 0 {
			missing, err = s.rejectFactsMentioning(ctx, d, missing)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mentionedElsewhere returns the ids to which facts of a dataset refer and which no
// staged record of it declares, sorted.
func (s *Staged) mentionedElsewhere(ctx context.Context, staged *store.Snapshot, d *stagedDataset) (ids []schema.ID, err error) {
	for value, err := range staged.Terms(ctx, d.mentioned.without(d.places.declared)) {
		if err != nil {
			return nil, err
		}
		if iri, ok := value.(quad.IRI); ok {
			ids = append(ids, schema.ID(iri))
		}
	}
	for id := range d.mentions {
		term, err := staged.ID(id.Value())
		if err != nil {
			return nil, err
		}
		if !d.places.declared.has(term) && !d.restoredIDs.has(term) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// undeclared returns those of the mentioned ids that nothing declares. It also borrows
// the names of entities that only other datasets declare, so that they remain when
// these datasets are removed.
func (s *Staged) undeclared(ctx context.Context, over reader, d *stagedDataset, mentioned []schema.ID) (map[schema.ID]bool, error) {
	missing := map[schema.ID]bool{}
	for _, id := range mentioned {
		known, err := s.declared(ctx, over, d, id)
		if err != nil {
			return nil, err
		}
		if !known && schema.KindOf(id) == schema.KindFact && d.restored {
			ids, err := over.subjects(ctx, store.Pattern{Object: id.Value()})
			if err != nil {
				return nil, err
			}
			d.report.Dangling = append(d.report.Dangling, ids...)
		} else if !known {
			missing[id] = true
		}
	}
	return missing, nil
}

func (s *Staged) declared(ctx context.Context, over reader, d *stagedDataset, id schema.ID) (bool, error) {
	if schema.KindOf(id) == schema.KindFact {
		return over.has(ctx, store.Pattern{Subject: id.Value(), Predicate: schema.StatusTerm})
	}
	own, err := over.entityQuads(ctx, id)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(own, func(q quad.Quad) bool { return q.Label == d.label && q.Predicate == schema.TypeTerm }) {
		return true, nil
	}
	quads, err := borrowedQuads(s.vocabulary, d.name, schema.DecodeEntity(id, own))
	d.borrowed = append(d.borrowed, quads...)
	return len(quads) > 0, err
}

// rejectFactsMentioning rejects the facts that refer to a missing id, and returns the
// ids of the rejected facts.
func (s *Staged) rejectFactsMentioning(ctx context.Context, d *stagedDataset, missing map[schema.ID]bool) (map[schema.ID]bool, error) {
	gone := map[schema.ID]bool{}
	var stale []quad.Quad
	err := s.read(ctx, func(r reader) error {
		ids, err := r.factsMentioning(ctx, missing)
		if err != nil {
			return err
		}
		for _, id := range ids {
			f, err := r.fact(ctx, id, d.name)
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			at := slices.IndexFunc(references(f), func(id schema.ID) bool { return missing[id] })
			if at < 0 {
				continue
			}
			s.reject(d, &schema.RowError{Pos: d.positionOf(id), Text: string(f.Verb), Kind: schema.UnknownID, Value: string(references(f)[at]),
				Err: fmt.Errorf("%w id %q", ErrUndeclared, references(f)[at])})
			d.report.Facts--
			gone[id] = true
			stale = append(stale, s.quadsOf(d, f)...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return gone, s.swapQuads(ctx, stale, nil)
}

// factsMentioning returns the facts that refer to an id of the set.
func (r reader) factsMentioning(ctx context.Context, ids map[schema.ID]bool) ([]schema.ID, error) {
	var all []schema.ID
	for id := range ids {
		facts, err := r.factsWith(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, facts...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (d *stagedDataset) positionOf(id schema.ID) schema.Position {
	if pos, ok := d.positions[id]; ok {
		return pos
	}
	if d.termOf != nil {
		if pos, ok := d.places.of(d.termOf(id)); ok {
			return pos
		}
	}
	return schema.Position{File: d.text}
}

// references returns the ids to which a fact refers.
func references(f schema.Fact) (ids []schema.ID) {
	eachReference(&f, func(id schema.ID) bool {
		ids = append(ids, id)
		return true
	})
	return ids
}

// eachReference yields the ids to which a fact refers.
func eachReference(f *schema.Fact, yield func(schema.ID) bool) {
	more := true
	visit := func(ids ...schema.ID) {
		for _, id := range ids {
			more = more && (id == "" || yield(id))
		}
	}
	for i := range f.Roles {
		visit(f.Roles[i].ID)
	}
	for i := range f.Links {
		visit(f.Links[i].Fact)
	}
	for i := range f.Evidence {
		e := &f.Evidence[i]
		visit(e.Source, e.SaidBy)
		visit(e.Via...)
		visit(e.At...)
	}
}

// termSet is a set of ids of terms in a store, one bit for each id up to the greatest.
type termSet []uint64

func (s *termSet) add(id uint64) {
	if missing := int(id/64) + 1 - len(*s); missing > 0 {
		*s = append(*s, make([]uint64, missing)...)
	}
	(*s)[id/64] |= 1 << (id % 64)
}

func (s termSet) has(id uint64) bool { return id/64 < uint64(len(s)) && s[id/64]&(1<<(id%64)) != 0 }

// without returns the ids that another set lacks, sorted.
func (s termSet) without(other termSet) (ids []uint64) {
	for i, word := range s {
		if i < len(other) {
			word &^= other[i]
		}
		for ; word != 0; word &= word - 1 {
			ids = append(ids, uint64(i*64+bits.TrailingZeros64(word)))
		}
	}
	return ids
}

// recordPlaces are the ids of staged records, as terms of the staged store, and the
// position of the first record of each id.
type recordPlaces struct {
	declared termSet
	places   []recordPlace
	files    []string
	sorted   bool
}

// recordPlace is the position of a record in memory without pointers.
type recordPlace struct {
	term            uint64
	file, line, col uint32
}

func (p *recordPlaces) add(term uint64, pos schema.Position) {
	p.declared.add(term)
	last := len(p.files) - 1
	if last < 0 || p.files[last] != pos.File {
		p.files, last = append(p.files, pos.File), last+1
	}
	p.places = append(p.places, recordPlace{term: term, file: uint32(last), line: uint32(pos.Line), col: uint32(pos.Col)})
	p.sorted = false
}

// of returns the position of a record; ok is false if there is none of this id.
func (p *recordPlaces) of(term uint64) (pos schema.Position, ok bool) {
	if !p.declared.has(term) {
		return pos, false
	}
	if !p.sorted {
		slices.SortFunc(p.places, func(a, b recordPlace) int { return cmp.Compare(a.term, b.term) })
		p.sorted = true
	}
	i, _ := slices.BinarySearchFunc(p.places, term, func(at recordPlace, term uint64) int { return cmp.Compare(at.term, term) })
	at := p.places[i]
	return schema.Position{File: p.files[at.file], Line: int(at.line), Col: int(at.col)}, true
}
