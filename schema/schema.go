// Package schema says what a fact is: entities, documents, verbs, dates,
// evidence, the checks they must pass, and how they become quads and return.
//
// It imports nothing else of this module.
package schema

import (
	"cmp"
	"fmt"
	"slices"
)

// ID is a short IRI without angle brackets: "person:xie-feng". The part before
// the colon tells the kind (see [KindOf]).
type ID string

// Verb is the id of one word of the vocabulary: "met", "holds-post".
type Verb string

// Role is the part that a participant plays in a fact: "actor", "host".
type Role string

// The roles between which edges run, and the one that is a claim of its
// evidence instead of part of the fact.
const (
	RoleActor     Role = "actor"
	RoleRecipient Role = "recipient"
	RoleParty     Role = "party"
	RoleAt        Role = "at"
	RoleDuring    Role = "during" // what a fact was part of: a gathering, or another fact
)

// LocatedIn is the relation by which what happens at one place happens in another.
const LocatedIn Verb = "located-in"

// Record is what a loader yields and a graph takes in: an [Entity], a
// [Document], a [Fact], a [Statement] or the text of many, [NQuads].
type Record interface{ record() }

func (Entity) record()   {}
func (Document) record() {}
func (Fact) record()     {}

// Position is a place in an input, for error messages. Line and Col count from
// one, Col in runes; zero means unknown.
type Position struct {
	File string
	Line int
	Col  int
}

// String is file:line:col, as far as each is known.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Text is a string in a language. Lang is a BCP 47 tag, empty where unknown.
type Text struct {
	Value string
	Lang  string
}

// Entity is someone or something that takes part in facts.
type Entity struct {
	ID          ID
	Kind        Kind
	Label       string // the name it is shown by
	Aliases     []Text // other names, in any script
	Country     ID     // the country it belongs to
	Born        string // a written date (see [When]); for institutions, founded
	Identifiers []string
	Description string

	// FromName says that ID was made from Label and not given, so that it may
	// only be shared with another dataset where nothing known of both differs.
	FromName bool
	Pos      Position
}

// Document is a source: what evidence cites.
type Document struct {
	Entity
	Publisher string
	Author    string
	Published When
	URL       string
	SHA256    string // of the document's bytes, in hexadecimal
	Language  string
}

// Status says whether the verb's own act took place. A relation that holds has
// status happened.
type Status string

// The statuses of a fact.
const (
	Happened     Status = "happened"
	Planned      Status = "planned"
	Refused      Status = "refused"
	Cancelled    Status = "cancelled"
	Hypothetical Status = "hypothetical"
)

// Statuses lists every status, in the order they are shown.
func Statuses() []Status {
	return []Status{Happened, Planned, Refused, Cancelled, Hypothetical}
}

// Stance is what a piece of evidence says of its fact.
type Stance string

// The stances of evidence. Only an asserting one gives a fact its edges.
const (
	Asserts Stance = "asserts"
	Denies  Stance = "denies"
	Doubts  Stance = "doubts"
	Hearsay Stance = "hearsay"
)

// Stances lists every stance.
func Stances() []Stance { return []Stance{Asserts, Denies, Doubts, Hearsay} }

// Method is how evidence was obtained.
type Method string

// The methods of evidence. Inferred is a curator's own conclusion, which no
// document states.
const (
	Curated  Method = "curated"
	Inferred Method = "inferred"
	Rules    Method = "rules"
	Model    Method = "model"
	Import   Method = "import"
)

// Methods lists every method.
func Methods() []Method { return []Method{Curated, Inferred, Rules, Model, Import} }

// LinkType is how one fact bears on another.
type LinkType string

// The links between facts. What is asked, charged or claimed is no link but the
// role "of", since it tells two facts apart.
const (
	Because LinkType = "because" // the linked fact is the cause, as the source narrates
	Answers LinkType = "answers" // this fact replies to the linked one
	LedTo   LinkType = "led-to"
	PartOf  LinkType = "part-of"
	Outcome LinkType = "outcome" // the linked fact is what became of this one
	SameAs  LinkType = "same-as" // the same event, told at another precision
)

// LinkTypes lists every link type.
func LinkTypes() []LinkType {
	return []LinkType{Because, Answers, LedTo, PartOf, Outcome, SameAs}
}

// Participant is an entity, or a fact, in a role.
type Participant struct {
	Role Role
	ID   ID
}

// Link points from one fact to another.
type Link struct {
	Type LinkType
	Fact ID
}

// Fact is a verb, its participants, when it began, its topic and its status:
// the thing that sources agree or disagree about.
type Fact struct {
	ID       ID // set by [Vocabulary.Normalize]
	Verb     Verb
	Roles    []Participant // in the order in which they are told, where that is known
	When     When
	Topic    string
	Status   Status
	Key      string // tells apart facts that are alike in all else
	Evidence []Evidence
	Links    []Link
	Pos      Position

	// Within is when a fact that has no date of its own may have happened, by the
	// facts that it is part of; nil for others. It follows from those facts: a graph
	// derives it, and Encode leaves it out.
	Within *Within
}

// Evidence is one dataset's claim of a fact, from one place in one document.
type Evidence struct {
	ID         ID     // set by [Vocabulary.Normalize]
	Dataset    string // name of the dataset that makes the claim
	Stance     Stance
	Source     ID     // the document
	Quote      string // its exact words
	Locator    string // page, line or row
	Start, End int    // UTF-8 byte offsets of Quote in the document, end exclusive
	SaidBy     ID     // whose words they are
	Via        []ID   // through whom they came, in order
	Method     Method
	Confidence float64 // above 0 and up to 1; zero where none is given
	Note       string
	When       When // as this source gives it
	At         []ID // places, as this source gives them
	Duration   string
	Count      string
}

// With returns the ids that play the role, in order.
func (f Fact) With(role Role) []ID {
	var ids []ID
	for _, p := range f.Roles {
		if p.Role == role {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// RecipientsFirst reports whether a fact, whose sides are alike, is told with its recipients
// first.
func (f Fact) RecipientsFirst() bool { return recipientsFirst(f.Roles) }

// Asserted reports whether any evidence asserts the fact.
func (f Fact) Asserted() bool { return f.has(Asserts) }

// Disputed reports whether some evidence asserts the fact and some denies it.
func (f Fact) Disputed() bool { return f.has(Asserts) && f.has(Denies) }

func (f Fact) has(s Stance) bool {
	for _, e := range f.Evidence {
		if e.Stance == s {
			return true
		}
	}
	return false
}

// Sides sorts the evidence of the fact by its side: that which asserts it, and all
// other, denials first, then doubts, then hearsay.
func (f Fact) Sides() (asserting, others []Evidence) {
	for _, e := range f.Evidence {
		if e.Stance == Asserts {
			asserting = append(asserting, e)
		} else {
			others = append(others, e)
		}
	}
	slices.SortStableFunc(others, func(a, b Evidence) int {
		return cmp.Compare(slices.Index(Stances(), a.Stance), slices.Index(Stances(), b.Stance))
	})
	return asserting, others
}

// Dates are the fact's own date and those of its evidence, that which denies the
// fact left out where some asserts it.
func (f Fact) Dates() []When {
	all := []When{f.When}
	asserted := f.Asserted()
	for _, e := range f.Evidence {
		if !asserted || e.Stance != Denies {
			all = append(all, e.When)
		}
	}
	return all
}

// Sources counts the documents that assert the fact; where none does, those that
// say anything of it.
func (f Fact) Sources() int {
	asserted := f.Asserted()
	seen := make(map[ID]bool, len(f.Evidence))
	for _, e := range f.Evidence {
		if !asserted || e.Stance == Asserts {
			seen[e.Source] = true
		}
	}
	return len(seen)
}

// BestEvidence is where the evidence stands that the fact is shown by first: one
// that asserts it rather than not, dated as the fact is, with a quote, surest; of
// equals the first. It is -1 where there is none.
func (f Fact) BestEvidence() int {
	rank := func(e Evidence) (n float64) {
		if e.Stance == Asserts {
			n += 8
		}
		if e.When == f.When {
			n += 4
		}
		if e.Quote != "" {
			n += 2
		}
		return n + cmp.Or(e.Confidence, 1)
	}
	best := -1
	for i, e := range f.Evidence {
		if best < 0 || rank(e) > rank(f.Evidence[best]) {
			best = i
		}
	}
	return best
}
