package loaders

import (
	"cmp"
	"fmt"
	"hash/maphash"
	"reflect"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// fileLine is a line of a file.
type fileLine struct {
	source *source
	line   int32
}

// claimStart returns where a piece of evidence begins: the item in a list of
// evidence, or else the fact.
func (f *factDraft) claimStart(e *evidenceDraft) text {
	if len(f.evidenceList) > 0 {
		return e.pos
	}
	return f.pos
}

// claimLines counts the claims that begin on each line.
type claimLines map[fileLine]int

// countClaims counts the claims of all facts that are not rows of tables.
func countClaims(facts []*factDraft) claimLines {
	lines := make(claimLines)
	for _, f := range facts {
		if f.row > 0 {
			continue
		}
		for _, e := range f.evidenceList {
			lines[fileLine{f.source, e.pos.line}]++
		}
		if len(f.evidenceList) == 0 {
			lines[fileLine{f.source, f.pos.line}]++
		}
	}
	return lines
}

// rejectDisagreements rejects facts with two claims from one place in a document
// that differ in details. Hashes rule out nearly all claims; only claims with
// equal hashes are compared.
func (ps *pendingFacts) rejectDisagreements() {
	seed := maphash.MakeSeed()
	seen := make(map[uint64]bool, len(ps.list))
	twice := make(map[uint64]bool)
	for _, p := range ps.list {
		for _, e := range p.fact.Evidence {
			h := claimHash(seed, p.fact, e)
			if seen[h] && !p.rejected {
				twice[h] = true
			}
			seen[h] = seen[h] || !p.rejected
		}
	}
	if len(twice) == 0 {
		return
	}
	first := make(map[schema.ID]firstClaim)
	for _, p := range ps.list {
		suspect := slices.ContainsFunc(p.fact.Evidence, func(e schema.Evidence) bool { return twice[claimHash(seed, p.fact, e)] })
		if suspect && !p.rejected {
			ps.compareClaims(p, first)
		}
	}
}

// firstClaim is the first claim with an id, and its position.
type firstClaim struct {
	evidence schema.Evidence
	at       schema.Position
}

// compareClaims rejects a fact if an earlier claim has the id of one of its
// claims but other details.
func (ps *pendingFacts) compareClaims(p *pendingFact, first map[schema.ID]firstClaim) {
	mine := make(map[schema.ID]firstClaim)
	when := ps.vocabulary.Normalize(p.fact).When // for evidence without a date
	for j, e := range p.fact.Evidence {
		one := p.fact
		one.Evidence = []schema.Evidence{e}
		one.Evidence[0].When = cmp.Or(e.When, when)
		e = ps.vocabulary.Normalize(one).Evidence[0]
		before, again := first[e.ID]
		if !again {
			before, again = mine[e.ID]
		}
		if again && !reflect.DeepEqual(before.evidence, e) {
			p.rejected = true
			ps.problems.rejectFact(p.raw, &positionedError{p.claims[j], disagreement(before, e)})
			return
		}
		mine[e.ID] = firstClaim{e, p.claims[j]}
	}
	for id, t := range mine {
		if _, again := first[id]; !again {
			first[id] = t
		}
	}
}

func disagreement(before firstClaim, e schema.Evidence) error {
	err := fmt.Errorf("evidence from %s %w with a different %s: first at %v", e.Source, schema.ErrDuplicate,
		strings.Join(differences(before.evidence, e), ", "), before.at)
	return withHint(err, "give each piece of evidence its own quote or locator or, if there are two facts, its own source-key")
}

// differences names the details in which two pieces of evidence differ.
func differences(a, b schema.Evidence) []string {
	var keys []string
	for _, d := range []struct {
		key  string
		same bool
	}{
		{"stance", a.Stance == b.Stance},
		{"when", a.When == b.When},
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

// claimHash hashes what identifies a claim. Claims with equal ids have equal
// hashes, whichever side of the fact is written first.
func claimHash(seed maphash.Seed, f schema.Fact, e schema.Evidence) uint64 {
	var sum uint64
	for _, p := range f.Roles {
		sum |= maphash.String(seed, string(p.ID)) // a repeated participant does not change the sum
	}
	var h maphash.Hash
	h.SetSeed(seed)
	for _, s := range []string{string(f.Verb), string(e.Source), string(e.SaidBy), f.When.Start(), f.Key, e.Quote, e.Locator} {
		for word := range strings.FieldsSeq(s) {
			h.WriteString(word)
		}
		h.WriteByte(0)
	}
	return h.Sum64() ^ sum
}
