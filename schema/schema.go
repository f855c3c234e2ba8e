// Package schema defines the data model: facts, entities, documents, verbs, dates
// and evidence, their checks, and their encoding as quads.
//
// A [Fact] has a verb, participants in roles, a date, a status, and [Evidence]:
//
//	schema.Fact{
//		Verb: "met",
//		Roles: []schema.Participant{
//			{Role: schema.RoleActor, ID: "person:xie-feng"},
//			{Role: schema.RoleRecipient, ID: "person:ely-ratner"},
//		},
//		When:     schema.When{Written: "2023-07-12"},
//		Evidence: []schema.Evidence{{Source: "doc:times", Quote: "held talks"}},
//	}
//
// Verb, participants, date, topic, status and key identify a fact:
// [Vocabulary.Normalize] computes its id from them. Everything that sources may put
// differently, such as the place and the words, is in the evidence. The stances of
// all evidence together make the [Standing] of a fact.
//
// A [Vocabulary] has the verbs and roles that facts may use. [DefaultVocabulary] is
// built in, and [Vocabulary.Extend] adds a file of verbs. [Vocabulary.Check] and
// [CheckEntity] return the error of a malformed record; [Vocabulary.Encode] and
// [Vocabulary.DecodeFact] convert records to quads and back.
//
// A [When] keeps a date as its source wrote it; [When.Span] returns the days that it
// may mean. A [Record] is what loaders yield and graphs load. [Hint] returns the
// advice that an error carries.
//
// The package imports no other package of this module.
package schema

import (
	"cmp"
	"fmt"
	"slices"
)

// ID is a short IRI without angle brackets: "person:xie-feng". The part before
// the colon is the prefix of its kind (see [KindOf]).
type ID string

// Verb is the id of a verb of the vocabulary: "met", "holds-post".
type Verb string

// Role is the part that a participant plays in a fact: "actor", "host".
type Role string

// The roles with a meaning of their own in this package. Edges run between
// actors, recipients and parties. A place (RoleAt) belongs to the evidence, not
// to the fact.
const (
	RoleActor     Role = "actor"
	RoleRecipient Role = "recipient"
	RoleParty     Role = "party"
	RoleAt        Role = "at"
	RoleDuring    Role = "during" // the gathering or the other fact during which a fact happened
)

// LocatedIn is the relation between a place and the larger place that contains
// it.
const LocatedIn Verb = "located-in"

// Record is a record that loaders yield and graphs store: an [Entity], a
// [Document], a [Fact], a [Statement], or a text of statements, [NQuads].
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

// String returns file:line:col, without the parts that are unknown.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Text is a string in a language. Lang is a BCP 47 tag, empty if unknown.
type Text struct {
	Value string
	Lang  string
}

// Entity is a person, an institution, a place or another thing that facts refer
// to.
type Entity struct {
	ID          ID
	Kind        Kind
	Label       string // the name for display
	Aliases     []Text // other names, in any script
	Country     ID     // the country it belongs to
	Born        string // date of birth as written (see [When]); for institutions, of foundation
	Identifiers []string
	Description string

	// FromName is true if ID was computed from Label. Another dataset then shares
	// the entity only if nothing known about the two differs.
	FromName bool
	Pos      Position
}

// Document is a source that evidence can cite.
type Document struct {
	Entity
	Publisher string
	Author    string
	Published When
	URL       string
	SHA256    string // of the document's bytes, in hexadecimal
	Language  string
	Archived  Archive
	Accessed  string // the day on which it was read, as written (see [When])
}

// Status says whether the act of the verb took place. A relation that holds has
// the status happened.
type Status string

// The statuses of a fact.
const (
	Happened     Status = "happened"
	Planned      Status = "planned"
	Refused      Status = "refused"
	Cancelled    Status = "cancelled"
	Hypothetical Status = "hypothetical"
)

// Statuses lists all statuses in display order.
func Statuses() []Status {
	return []Status{Happened, Planned, Refused, Cancelled, Hypothetical}
}

// Stance is the attitude of a piece of evidence to its fact.
type Stance string

// The stances of evidence. A fact needs evidence that asserts it to have edges.
const (
	Asserts Stance = "asserts"
	Denies  Stance = "denies"
	Doubts  Stance = "doubts"
	Hearsay Stance = "hearsay"
)

// Stances lists all stances.
func Stances() []Stance { return []Stance{Asserts, Denies, Doubts, Hearsay} }

// Method is how evidence was obtained.
type Method string

// The methods of evidence. Inferred is a conclusion of the curator that no
// document states.
const (
	Curated  Method = "curated"
	Inferred Method = "inferred"
	Rules    Method = "rules"
	Model    Method = "model"
	Import   Method = "import"
)

// Methods lists all methods.
func Methods() []Method { return []Method{Curated, Inferred, Rules, Model, Import} }

// LinkType is the relation of one fact to another.
type LinkType string

// The types of links between facts. The content of a request, a charge or a claim
// is not a link but the role "of", since it is part of a fact's identity.
const (
	Because LinkType = "because" // the linked fact is the cause, according to the source
	Answers LinkType = "answers" // this fact replies to the linked one
	LedTo   LinkType = "led-to"
	PartOf  LinkType = "part-of"
	Outcome LinkType = "outcome" // the linked fact is the result of this one
	SameAs  LinkType = "same-as" // the same event, described with another precision
)

// LinkTypes lists all link types.
func LinkTypes() []LinkType {
	return []LinkType{Because, Answers, LedTo, PartOf, Outcome, SameAs}
}

// Participant is an entity or a fact in a role.
type Participant struct {
	Role Role
	ID   ID
}

// Link refers from one fact to another.
type Link struct {
	Type LinkType
	Fact ID
}

// Fact is a statement that sources agree or disagree about. Its verb,
// participants, start, topic and status identify it.
type Fact struct {
	ID       ID // set by [Vocabulary.Normalize]
	Verb     Verb
	Roles    []Participant // in the order of the source, if that is known
	When     When
	Topic    string
	Status   Status
	Key      string // distinguishes facts that are otherwise identical
	Evidence []Evidence
	Links    []Link
	Pos      Position

	// Within is when an undated fact may have happened, according to the facts of
	// which it is part; nil for other facts. A graph derives it from those facts.
	// Encode ignores it.
	Within *Within
}

// Evidence is the claim of one dataset about a fact, from one place in a
// document.
type Evidence struct {
	ID         ID     // set by [Vocabulary.Normalize]
	Dataset    string // name of the dataset that makes the claim
	Stance     Stance
	Source     ID     // the document
	Quote      string // exact words of the document
	Locator    string // page, line or row
	Start, End int    // UTF-8 byte offsets of Quote in the document, end exclusive
	SaidBy     ID     // the speaker
	Via        []ID   // intermediaries, in order
	Method     Method
	Confidence float64 // above 0 and up to 1; zero if unknown
	Note       string
	When       When // the date according to this source
	At         []ID // the places according to this source
	Duration   string
	Count      string
	Review     *Review // nil for evidence that needs none
}

// With returns the participants in a role, in order.
func (f Fact) With(role Role) []ID { return players(f.Roles, role) }

// players returns the participants with a role.
func players(roles []Participant, role Role) (ids []ID) {
	n := 0
	for i := range roles {
		if roles[i].Role == role {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	ids = make([]ID, 0, n)
	for i := range roles {
		if roles[i].Role == role {
			ids = append(ids, roles[i].ID)
		}
	}
	return ids
}

// RecipientsFirst reports whether a fact lists its recipients before its actors.
// The order has a meaning only for symmetric verbs, whose sides are
// interchangeable.
func (f Fact) RecipientsFirst() bool { return recipientsFirst(f.Roles) }

// Asserted reports whether any evidence asserts the fact.
func (f Fact) Asserted() bool { return f.hasStance(Asserts) }

// Disputed reports whether some evidence asserts the fact and other evidence
// denies it.
func (f Fact) Disputed() bool { return f.hasStance(Asserts) && f.hasStance(Denies) }

func (f Fact) hasStance(s Stance) bool {
	for _, e := range f.Evidence {
		if e.Stance == s {
			return true
		}
	}
	return false
}

// Sides divides the evidence into what asserts the fact and all other evidence:
// denials first, then doubts, then hearsay.
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

// Dates returns the dates of the fact and of its evidence. If any evidence asserts
// the fact, the dates of denials are left out.
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

// Sources counts the documents that assert the fact or, if none asserts it, all
// documents that are cited.
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

// BestEvidence returns the index of the evidence to show first, or -1 if there is
// none. It prefers evidence that asserts the fact, then evidence with the date of
// the fact, then evidence with a quote, then the highest confidence, then the
// first.
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
