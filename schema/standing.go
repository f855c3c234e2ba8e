package schema

import "strings"

// Standing is what the evidence of a fact makes of it, taken together: whether
// any source asserts it, and whether any speaks against it. The status of a fact
// says what the claim is about, its standing whether anyone makes that claim.
type Standing string

// The standings of a fact. Only a fact that is asserted or disputed counts as
// having happened, or as planned, refused and so on; the others are only talked
// about.
const (
	StandingAsserted Standing = "asserted" // some source asserts it and none denies it
	StandingDisputed Standing = "disputed" // some source asserts it and some denies it
	StandingDenied   Standing = "denied"   // no source asserts it and some denies it
	StandingDoubted  Standing = "doubted"  // no source asserts or denies it, and some doubts it
	StandingHearsay  Standing = "hearsay"  // it is only passed on
)

// Standings lists every standing, in the order they are shown.
func Standings() []Standing {
	return []Standing{StandingAsserted, StandingDisputed, StandingDenied, StandingDoubted, StandingHearsay}
}

// AssertedStandings are the standings of facts that at least one source asserts.
func AssertedStandings() []Standing { return []Standing{StandingAsserted, StandingDisputed} }

// Asserted reports whether a fact of this standing has a source that asserts it.
func (s Standing) Asserted() bool { return s == StandingAsserted || s == StandingDisputed }

// Standing sums up the stances of all evidence of the fact. A fact that some
// source asserts is asserted, or disputed where another denies it, whatever
// others doubt. Of the rest, one denial makes it denied, else one doubt makes it
// doubted, else it is hearsay.
func (f Fact) Standing() Standing {
	switch denied := f.has(Denies); {
	case f.has(Asserts) && denied:
		return StandingDisputed
	case f.has(Asserts):
		return StandingAsserted
	case denied:
		return StandingDenied
	case f.has(Doubts):
		return StandingDoubted
	}
	return StandingHearsay
}

// Mark is what must stand beside the fact's sentence, which otherwise reads like
// something that happened and that no source denies: its status where that is not
// happened, and its standing where that is not asserted. It is empty for most facts.
func (f Fact) Mark() string {
	var words []string
	if f.Status != Happened {
		words = append(words, string(f.Status))
	}
	if standing := f.Standing(); standing != StandingAsserted {
		words = append(words, string(standing))
	}
	return strings.Join(words, ", ")
}

// By is the stance in the words that go before the name of a document: "denied by".
func (s Stance) By() string {
	return map[Stance]string{Asserts: "asserted by", Denies: "denied by", Doubts: "doubted by", Hearsay: "hearsay in"}[s]
}
