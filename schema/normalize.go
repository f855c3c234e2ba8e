package schema

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Normalize returns the fact in the form in which it is stored: participants
// grouped by role, in their original order within a role; the two sides of a
// symmetric verb as parties; links sorted; defaults filled in; a date for each
// piece of evidence; and the ids of the fact and its evidence. The order of
// participants does not affect the id. Normalize is idempotent.
func (v *Vocabulary) Normalize(f Fact) Fact {
	f.Topic, f.Key = collapseSpaces(f.Topic), collapseSpaces(f.Key)
	f.Status = cmp.Or(f.Status, Happened)
	f.Roles = slices.Clone(f.Roles)
	d, ok := v.Lookup(f.Verb)
	recipientsLead := false
	if ok && d.Symmetric {
		f.Roles = normalizeSides(f.Roles)
		recipientsLead = recipientsFirst(f.Roles) // keep the order of the two sides
	}
	f.Roles = groupByRole(f.Roles, recipientsLead)
	f.Links = sortedSet(f.Links, compareLinks)
	f.ID = factID(f)
	f.When = widestThatBeginsAlike(f, v.VerbKind(f.Verb))
	f.Evidence = normalizeEvidence(f)
	return f
}

// beginsWith reports whether two dates have the same start, so that they may be
// dates of one fact.
func (w When) beginsWith(other When) bool {
	return w.Start() == other.Start() &&
		(w.Written != "" || other.Written != "" || w.Words == other.Words && w.Anchor == other.Anchor)
}

// widestThatBeginsAlike returns the date that covers the most time: the date of the fact,
// or a date of its evidence with the same start. If any evidence asserts the fact, the
// dates of denials are left out.
func widestThatBeginsAlike(f Fact, kind VerbKind) When {
	best := f.When
	asserted := f.Asserted() || slices.ContainsFunc(f.Evidence, func(e Evidence) bool { return e.Stance == "" })
	for i := range f.Evidence {
		e := &f.Evidence[i]
		if e.When == best || asserted && e.Stance == Denies {
			continue
		}
		if e.When.beginsWith(f.When) {
			best = widest(kind, best, e.When)
		}
	}
	return best
}

// collapseSpaces replaces the spaces between words by one space.
func collapseSpaces(s string) string {
	if !hasSpaces(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// hasSpaces reports whether a text may have other spaces than single ones between words.
func hasSpaces(s string) bool {
	wasSpace := true
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf || c < ' ' || c == ' ' && wasSpace {
			return true
		}
		wasSpace = c == ' '
	}
	return wasSpace
}

func sortedSet[T comparable](items []T, compare func(a, b T) int) []T {
	if len(items) == 0 {
		return nil
	}
	sorted := slices.Clone(items)
	slices.SortFunc(sorted, compare)
	return slices.Compact(sorted)
}

func compareParticipants(a, b Participant) int {
	return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.ID, b.ID))
}

func compareLinks(a, b Link) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Fact, b.Fact))
}

// normalizeSides gives a fact of a symmetric verb the same roles, whichever side
// is written first.
func normalizeSides(roles []Participant) []Participant {
	actors, recipients := playersOf(roles, RoleActor), playersOf(roles, RoleRecipient)
	switch {
	case len(actors) == 1 && len(recipients) == 1, len(actors) > 1 && len(recipients) == 0:
		return replaceSides(roles, RoleParty, RoleParty)
	case slices.Compare(actors, recipients) > 0 && len(recipients) > 0:
		return replaceSides(roles, RoleRecipient, RoleActor)
	}
	return roles
}

func playersOf(roles []Participant, role Role) []ID { return sortIDs(players(roles, role)) }

func replaceSides(roles []Participant, actor, recipient Role) []Participant {
	for i, p := range roles {
		switch p.Role {
		case RoleActor:
			roles[i].Role = actor
		case RoleRecipient:
			roles[i].Role = recipient
		}
	}
	return roles
}

func normalizeEvidence(f Fact) []Evidence {
	evidence := make([]Evidence, 0, len(f.Evidence))
	for _, e := range f.Evidence {
		e.Stance = cmp.Or(e.Stance, Asserts)
		e.Method = cmp.Or(e.Method, Curated)
		e.Quote, e.Note = strings.TrimSpace(e.Quote), strings.TrimSpace(e.Note)
		e.Locator = collapseSpaces(e.Locator)
		e.Duration, e.Count = collapseSpaces(e.Duration), collapseSpaces(e.Count)
		e.When = cmp.Or(e.When, f.When)
		e.At = sortedIDs(e.At)
		e.Via = append([]ID(nil), e.Via...)
		e.Review = normalizeReview(e.Review)
		e.ID = evidenceID(f.ID, &e)
		evidence = append(evidence, e)
	}
	return sortEvidence(evidence)
}

// sortEvidence sorts evidence by dataset and id and removes duplicates.
func sortEvidence(evidence []Evidence) []Evidence {
	if len(evidence) == 0 {
		return nil
	}
	slices.SortStableFunc(evidence, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.ID, b.ID))
	})
	return slices.CompactFunc(evidence, func(a, b Evidence) bool { return a.ID == b.ID && reflect.DeepEqual(a, b) })
}

// factID hashes the identity of a fact: verb, participants by role, start as
// written, topic, status and key. Place and end are not part of it, since sources
// may disagree about them.
func factID(f Fact) ID {
	b := appendFields(make([]byte, 0, 512), string(f.Verb), f.When.Start(), f.Topic, string(f.Status), f.Key)
	if f.When.Written == "" && f.When.Words != "" {
		b = appendFields(b, f.When.Words, f.When.Anchor) // there is no other date
	}
	for _, p := range sortedByID(f.Roles) {
		b = appendFields(b, string(p.Role), string(p.ID))
	}
	return hashID("fact:", b)
}

func evidenceID(fact ID, e *Evidence) ID {
	b := appendFields(make([]byte, 0, 512), e.Dataset, string(fact), string(e.Source), e.Quote, e.Locator,
		strconv.Itoa(e.Start), strconv.Itoa(e.End), string(e.SaidBy), string(e.Method))
	return hashID("evidence:", b)
}

// appendFields appends each field after its length, so that different lists of
// fields are never the same bytes.
func appendFields(dst []byte, fields ...string) []byte {
	for _, s := range fields {
		dst = append(binary.BigEndian.AppendUint64(dst, uint64(len(s))), s...)
	}
	return dst
}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// hashID returns a prefix and the first 128 bits of the hash of the bytes, as 26 letters
// and digits.
func hashID(prefix string, b []byte) ID {
	hash := sha256.Sum256(b)
	return ID(idEncoding.AppendEncode(append(make([]byte, 0, 40), prefix...), hash[:16]))
}

// FactHash returns the hash in the id of a fact; ok is false for other ids.
// [FactWithHash] is the inverse.
func FactHash(id ID) (hash [16]byte, ok bool) {
	text, ok := strings.CutPrefix(string(id), "fact:")
	if !ok || len(text) != idEncoding.EncodedLen(len(hash)) {
		return hash, false
	}
	_, err := idEncoding.Decode(hash[:], []byte(text))
	return hash, err == nil && FactWithHash(hash) == id
}

// FactWithHash returns the id of the fact with a hash.
func FactWithHash(hash [16]byte) ID { return "fact:" + ID(idEncoding.EncodeToString(hash[:])) }
