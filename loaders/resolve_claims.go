package loaders

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"reflect"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// claimStart returns where a piece of evidence begins: the item in a list of
// evidence, or else the fact.
func (f *factDraft) claimStart(e *evidenceDraft) text {
	if len(f.evidenceList) > 0 {
		return e.pos
	}
	return f.pos
}

// claimPosition returns where the claim with an index begins.
func (f *factDraft) claimPosition(i int) schema.Position {
	if len(f.evidenceList) > 0 {
		return f.source.position(f.evidenceList[i].pos)
	}
	return f.source.position(f.pos)
}

// claimLines counts the claims that begin on each line of a file.
type claimLines map[int32]int

// countClaims counts the claims of all facts that are not rows of tables.
func countClaims(facts []*factDraft) claimLines {
	lines := make(claimLines)
	for _, f := range facts {
		if f.row > 0 {
			continue
		}
		for _, e := range f.evidenceList {
			lines[e.pos.line]++
		}
		if len(f.evidenceList) == 0 {
			lines[f.pos.line]++
		}
	}
	return lines
}

// claim is the hash of a claim and the number of its fact. Claims with equal ids
// have equal hashes.
type claim struct {
	hash uint64
	fact int
}

// openClaim is a claim of a fact that refers to other facts, whose ids are not
// known yet.
type openClaim struct {
	claim
	players uint64 // the part of the hash that is of the participants
}

// rejectDisagreements rejects facts with two claims from one place in a document
// that differ in details. Hashes rule out nearly all claims; only claims with
// equal hashes are compared.
func (t *factTable) rejectDisagreements(ctx context.Context) error {
	claims := slices.DeleteFunc(t.claims, func(c claim) bool { return t.rejected[c.fact] })
	slices.SortFunc(claims, func(a, b claim) int { return cmp.Compare(a.hash, b.hash) })
	var suspects []int
	for i, c := range claims {
		if i > 0 && claims[i-1].hash == c.hash || i+1 < len(claims) && claims[i+1].hash == c.hash {
			suspects = append(suspects, c.fact)
		}
	}
	t.claims = nil
	slices.Sort(suspects)
	first := make(map[schema.ID]firstClaim)
	return t.visit(ctx, slices.Compact(suspects), func(number int, r *factResolver, raw *factDraft) {
		p, _ := r.resolve(raw)
		t.setReferences(number, p)
		if err := compareClaims(t.vocabulary, p, first); err != nil {
			t.rejected[number] = true
			t.problems.rejectFact(raw, err)
		}
	})
}

// firstClaim is the first claim with an id, and its position.
type firstClaim struct {
	evidence schema.Evidence
	at       schema.Position
}

// compareClaims returns an error if an earlier claim has the id of a claim of the
// fact but other details. Otherwise it adds the claims of the fact.
func compareClaims(v *schema.Vocabulary, p *pendingFact, first map[schema.ID]firstClaim) error {
	mine := make(map[schema.ID]firstClaim)
	when := v.Normalize(p.fact).When // for evidence without a date
	for j, e := range p.fact.Evidence {
		one := p.fact
		one.Evidence = []schema.Evidence{e}
		one.Evidence[0].When = cmp.Or(e.When, when)
		e = v.Normalize(one).Evidence[0]
		before, again := first[e.ID]
		if !again {
			before, again = mine[e.ID]
		}
		at := p.raw.claimPosition(j)
		if again && !reflect.DeepEqual(before.evidence, e) {
			return &positionedError{at, disagreement(before, e)}
		}
		mine[e.ID] = firstClaim{e, at}
	}
	for id, t := range mine {
		if _, again := first[id]; !again {
			first[id] = t
		}
	}
	return nil
}

func disagreement(before firstClaim, e schema.Evidence) error {
	err := fmt.Errorf("evidence from %s %w with a different %s: first at %v", e.Source, schema.ErrDuplicate,
		strings.Join(differences(before.evidence, e), ", "), before.at)
	return faultOf(schema.RepeatedIdentity, withHint(err, "give each piece of evidence its own quote or locator or, if there are two facts, its own source-key"))
}

// differences names the details in which two pieces of evidence differ.
func differences(a, b schema.Evidence) []string {
	var keys []string
	for _, d := range []struct {
		key  string
		same bool
	}{
		{"stance", a.Stance == b.Stance},
		{"when", a.When.Written == b.When.Written && a.When.FromBy == b.When.FromBy && a.When.ToBy == b.When.ToBy && a.When.Attested == b.When.Attested},
		{"words", a.When.Words == b.When.Words && a.When.Anchor == b.When.Anchor},
		{"at", slices.Equal(a.At, b.At)},
		{"via", slices.Equal(a.Via, b.Via)},
		{"confidence", a.Confidence == b.Confidence},
		{"note", a.Note == b.Note},
		{"duration", a.Duration == b.Duration},
		{"count", a.Count == b.Count},
	} {
		if !d.same {
			keys = append(keys, d.key)
		}
	}
	return keys
}

// claimHasher hashes what identifies claims. Claims with equal ids have equal
// hashes, whichever side of the fact is written first.
type claimHasher struct{ h maphash.Hash }

// players hashes the participants of a fact. A repeated participant does not change
// the result.
func (c *claimHasher) players(ids ...schema.ID) (sum uint64) {
	for _, id := range ids {
		sum |= maphash.String(hashSeed, string(id))
	}
	return sum
}

// words hashes the rest of a claim: texts whatever their spaces.
func (c *claimHasher) words(f *schema.Fact, e *schema.Evidence) uint64 {
	c.h.SetSeed(hashSeed)
	for _, s := range [...]string{string(f.Verb), string(e.Source), string(e.SaidBy), f.When.Start(), f.Key, e.Quote, e.Locator} {
		for word := range strings.FieldsSeq(s) {
			c.h.WriteString(word)
		}
		c.h.WriteByte(0)
	}
	return c.h.Sum64()
}
