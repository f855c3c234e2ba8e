package schema

import "strings"

// Standing sums up all evidence of a fact: whether any source asserts it, and
// whether any source denies it. The status of a fact describes the claim; its
// standing says whether sources make that claim.
type Standing string

// The standings of a fact. Only facts that are asserted or disputed count as
// having happened, or as planned, refused and so on.
const (
	StandingAsserted Standing = "asserted" // some source asserts it and none denies it
	StandingDisputed Standing = "disputed" // some source asserts it and some denies it
	StandingDenied   Standing = "denied"   // no source asserts it and some denies it
	StandingDoubted  Standing = "doubted"  // no source asserts or denies it, and some doubts it
	StandingHearsay  Standing = "hearsay"  // all evidence is hearsay
)

// Standings lists all standings in display order.
func Standings() []Standing {
	return []Standing{StandingAsserted, StandingDisputed, StandingDenied, StandingDoubted, StandingHearsay}
}

// AssertedStandings lists the standings of facts that at least one source
// asserts.
func AssertedStandings() []Standing { return []Standing{StandingAsserted, StandingDisputed} }

// Asserted reports whether a fact with this standing has a source that asserts
// it.
func (s Standing) Asserted() bool { return s == StandingAsserted || s == StandingDisputed }

// Standing computes the standing from all evidence of the fact. If a source
// asserts the fact, it is disputed if another source denies it, else asserted. If
// no source asserts it, one denial makes it denied, else one doubt makes it
// doubted, else it is hearsay.
func (f Fact) Standing() Standing {
	switch denied := f.hasStance(Denies); {
	case f.hasStance(Asserts) && denied:
		return StandingDisputed
	case f.hasStance(Asserts):
		return StandingAsserted
	case denied:
		return StandingDenied
	case f.hasStance(Doubts):
		return StandingDoubted
	}
	return StandingHearsay
}

// Mark returns the words to show beside the sentence of a fact: its status unless
// it happened, and its standing unless it is asserted. It is empty for most
// facts. Without its mark such a fact would read like an undisputed event.
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

// By returns the stance in words to put before the name of a document: "denied
// by".
func (s Stance) By() string {
	return map[Stance]string{Asserts: "asserted by", Denies: "denied by", Doubts: "doubted by", Hearsay: "hearsay in"}[s]
}
