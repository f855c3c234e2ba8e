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

func (r *factResolver) addEvidence(p *pendingFact, def *schema.Definition) {
	raw := p.raw
	beside := raw.ownEvidence
	if beside == nil {
		beside = &evidenceDraft{}
	}
	for i := range max(len(raw.evidenceList), 1) {
		item := beside
		if len(raw.evidenceList) > 0 {
			item = raw.evidenceList[i]
		}
		e := item
		if len(item.at) == 0 && len(beside.at) > 0 || raw.defaults != nil {
			whole := *item
			if e = &whole; len(e.at) == 0 {
				e.at = beside.at
			}
			if raw.defaults != nil {
				e.addDefaults(&raw.defaults.evidence)
			}
		}
		p.fact.Evidence = append(p.fact.Evidence, r.evidence(raw, raw.claimStart(item), e, def))
	}
}

// addDefaults fills missing values in from the defaults.
func (e *evidenceDraft) addDefaults(d *evidenceDraft) {
	if !e.hasSource() {
		e.source, e.inline = d.source, d.inline
	}
	e.stance, e.quote, e.locator = cmp.Or(e.stance, d.stance), cmp.Or(e.quote, d.quote), cmp.Or(e.locator, d.locator)
	e.saidBy, e.method, e.note = cmp.Or(e.saidBy, d.saidBy), cmp.Or(e.method, d.method), cmp.Or(e.note, d.note)
	e.duration, e.count = cmp.Or(e.duration, d.duration), cmp.Or(e.count, d.count)
	e.confidence = cmp.Or(e.confidence, d.confidence)
	if e.review == (reviewDraft{}) {
		e.review = d.review
	}
	if len(e.via) == 0 {
		e.via = d.via
	}
	if len(e.at) == 0 {
		e.at = d.at
	}
}

func (r *factResolver) evidence(raw *factDraft, at text, e *evidenceDraft, def *schema.Definition) schema.Evidence {
	made := schema.Evidence{
		Dataset:    r.dataset,
		Stance:     r.stance(e),
		Source:     r.sourceID(raw, e),
		Quote:      e.quote.value,
		Locator:    r.locator(raw, at, e),
		Start:      e.start,
		End:        e.end,
		SaidBy:     r.id("said-by", e.saidBy, speakers),
		Via:        r.ids("via", e.via, carriers),
		Method:     r.method(e),
		Confidence: e.confidence,
		Note:       e.note.value,
		When:       r.evidenceWhen(raw, e.when, def),
		At:         r.places(raw, e, def),
		Duration:   e.duration.value,
		Count:      e.count.value,
		Review:     r.review(e.review),
	}
	if r.quotes != nil && made.Quote != "" && !r.isFinal {
		r.holdQuote(raw, e, &made)
	}
	return made
}

// review returns the review of evidence; nil for none.
func (r *factResolver) review(d reviewDraft) *schema.Review {
	if d == (reviewDraft{}) {
		return nil
	}
	r.item.field = "review"
	state := parseWord(r.item, d.state, "review", schema.ReviewStates)
	r.item.field = "reviewed-on"
	if _, err := schema.ParseDay(d.on.value); d.on.isSet() && err != nil {
		r.item.failWith(d.on, err)
	}
	return &schema.Review{State: state, Model: d.model.value, By: d.by.value, On: d.on.value, Note: d.note.value}
}

func (e *evidenceDraft) hasSource() bool { return e.source.isSet() || e.inline != 0 }

func (r *factResolver) evidenceWhen(raw *factDraft, w *whenDraft, def *schema.Definition) schema.When {
	if w == nil {
		return schema.When{}
	}
	return r.when(w, def, raw.dates)
}

func (r *factResolver) places(raw *factDraft, e *evidenceDraft, def *schema.Definition) []schema.ID {
	if raw.declaresNothing && raw.placeKind != "" {
		return nil // they would be declared by this row
	}
	return r.ids("at", e.at, roleKinds(r.vocabulary, def, schema.RoleAt))
}

func (r *factResolver) stance(e *evidenceDraft) schema.Stance {
	r.item.field = "stance"
	return parseWord(r.item, e.stance, "stance", schema.Stances)
}

func (r *factResolver) method(e *evidenceDraft) schema.Method {
	r.item.field = "method"
	m := parseWord(r.item, e.method, "method", schema.Methods)
	if m == "" && !e.hasSource() {
		return schema.Import
	}
	return m
}

// locator returns the place of evidence in its source. For evidence without a
// source it is the row or the line of the file, with the column if several
// claims begin on that line; none for what all rows of a mapping say.
func (r *factResolver) locator(raw *factDraft, at text, e *evidenceDraft) string {
	switch {
	case e.hasSource() || e.locator.isSet():
		return e.locator.value
	case raw.isUnplaced:
		return ""
	case raw.row > 0:
		return fmt.Sprintf("row %d", raw.row)
	case r.claimsOn(at.line) > 1:
		return fmt.Sprintf("line %d, column %d", at.line, raw.source.position(at).Col) + raw.source.ofDelta()
	}
	return fmt.Sprintf("line %d", at.line) + raw.source.ofDelta()
}

// ofDelta returns the end of a locator in a delta, whose facts cite the full file.
func (f *file) ofDelta() string {
	if f.delta == "" {
		return ""
	}
	return " of the delta " + f.delta
}

func (r *factResolver) sourceID(raw *factDraft, e *evidenceDraft) schema.ID {
	r.item.field = "source"
	switch {
	case e.failedSource:
		return ""
	case e.inline != 0:
		c := r.documents.citation(documentNumber(r.block.firstDocument) + e.inline)
		if c.err != nil {
			r.item.failWith(e.source, c.err)
		}
		return c.id
	case !e.source.isSet():
		r.citesFile = true
		return r.documents.fileID(raw.source.file)
	}
	id, err := r.documents.find(e.source.value, raw.source.file, r.names)
	if err != nil {
		r.item.failWith(e.source, err)
	}
	return id
}

// id resolves the name of an entity, the value of a field. It adds an error to the
// item.
func (r *factResolver) id(field string, t text, kinds []schema.Kind) schema.ID {
	if !t.isSet() {
		return ""
	}
	got, err := r.names.resolve(t.value, kinds, r.item.source.file)
	if err == nil && got.id == "" {
		err = faultf(schema.WrongKind, "want an entity, not a fact: %q", t.value)
	}
	if err == nil && len(kinds) > 0 && !slices.Contains(kinds, schema.KindOf(got.id)) {
		err = wrongKind(t.value, got.id, kinds)
	}
	if err != nil {
		r.item.field = field
		r.item.failWith(t, err)
	}
	return got.id
}

func (r *factResolver) ids(field string, texts []text, kinds []schema.Kind) []schema.ID {
	if len(texts) == 0 {
		return nil
	}
	all := make([]schema.ID, 0, len(texts))
	for _, t := range texts {
		all = append(all, r.id(field, t, kinds))
	}
	return all
}

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
		{"review", schema.SameReview(a.Review, b.Review)},
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
