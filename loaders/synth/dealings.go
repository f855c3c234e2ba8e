package synth

import (
	"fmt"

	"github.com/entente-kg/entente/schema"
)

func (w *world) day() string {
	return fmt.Sprintf("%04d-%02d-%02d", 2000+w.IntN(24), 1+w.IntN(12), 1+w.IntN(28))
}

// date returns mostly a day, sometimes a month, a year or an interval of days.
func (w *world) date() string {
	day := w.day()
	switch n := w.IntN(20); {
	case n == 0:
		return day[:4]
	case n < 3:
		return day[:7]
	case n == 3:
		return day + "/" + day[:8] + "28"
	}
	return day
}

// interval returns an interval of some years, or one with an open end.
func (w *world) interval() string {
	from := w.day()
	if w.chance(60) {
		return from + "/.."
	}
	return fmt.Sprintf("%s/%d%s", from, 2024+w.IntN(2), from[4:])
}

func actorAndRecipient(actor, recipient schema.ID) []schema.Participant {
	return []schema.Participant{{Role: schema.RoleActor, ID: actor}, {Role: schema.RoleRecipient, ID: recipient}}
}

// structureFact returns a fact about where an institution or a post belongs,
// where an official works, or who holds a post. Each of them occurs once.
func (w *world) structureFact(k int) schema.Fact {
	f := schema.Fact{When: schema.When{Written: w.interval()}, Evidence: w.evidence(10*k, 1)}
	switch n := k / 10; k % 10 {
	case 0:
		f.Verb, f.Roles = "part-of", actorAndRecipient(id(schema.Institution, n), id(schema.Institution, n/4))
		if n == 0 {
			f.Verb, f.Roles = "located-in", actorAndRecipient(id(schema.Institution, 0), id(schema.Country, 0))
		}
	case 1, 2:
		f.Verb, f.Roles = "post-at", actorAndRecipient(id(schema.Post, 2*n+k%10-1), w.institution())
	case 3:
		f.Verb, f.Roles = "works-at", actorAndRecipient(id(schema.Person, k), w.institution())
	default:
		f.Verb, f.Roles = "holds-post", actorAndRecipient(id(schema.Person, k), id(schema.Post, k%w.posts))
	}
	return f
}

// eventVerbs are the verbs of events, how many of 1,000 events have each verb,
// and functions that choose the two sides.
var eventVerbs = []struct {
	verb  schema.Verb
	share int
	sides func(*world) (actor, recipient schema.ID)
}{
	{"met", 240, twoOfficials},
	{"spoke-with", 80, twoOfficials},
	{"called", 100, twoOfficials},
	{"wrote-to", 40, twoOfficials},
	{"hosted", 30, twoOfficials},
	{"invited", 50, twoOfficials},
	{"accused", 50, twoOfficials},
	{"criticised", 40, twoOfficials},
	{"praised", 40, twoOfficials},
	{"warned", 40, twoOfficials},
	{"urged", 30, twoOfficials},
	{"visited", 80, func(w *world) (_, _ schema.ID) {
		return w.official(), []schema.ID{w.place(), w.country(), w.institution()}[w.IntN(3)]
	}},
	{"attended", 40, func(w *world) (_, _ schema.ID) { return w.official(), w.gathering() }},
	{"spoke-at", 20, func(w *world) (_, _ schema.ID) { return w.official(), w.gathering() }},
	{"summoned", 20, func(w *world) (_, _ schema.ID) { return w.institution(), w.official() }},
	{"sanctioned", 30, func(w *world) (_, _ schema.ID) { return w.country(), w.official() }},
	{"negotiated-with", 30, func(w *world) (_, _ schema.ID) { return w.institution(), w.institution() }},
	{"cooperated-with", 20, func(w *world) (_, _ schema.ID) { return w.institution(), w.country() }},
	{"suspended-contact-with", 20, func(w *world) (_, _ schema.ID) { return w.country(), w.country() }},
}

func twoOfficials(w *world) (_, _ schema.ID) {
	other := w.official()
	if w.chance(50) {
		other = id(schema.Person, w.IntN(w.officials))
	}
	return w.official(), other
}

// eventFact returns an event. Its number is its key, so that no two events are
// the same fact.
func (w *world) eventFact(i int) schema.Fact {
	f := schema.Fact{Key: fmt.Sprint(i), When: schema.When{Written: w.date()}, Status: w.status(), Evidence: w.evidence(i, 1+w.extraSources())}
	if w.chance(25) {
		f.Topic = topics[w.skewed(len(topics))]
	}
	if f.Verb, f.Roles = w.verbAndSides(); f.Verb == "met" && w.officials > 25 && w.chance(10) {
		f.Roles = w.parties(3 + w.IntN(4))
	}
	if w.chance(8) && f.Verb != "attended" && f.Verb != "spoke-at" {
		f.Roles = append(f.Roles, schema.Participant{Role: "during", ID: w.gathering()})
	}
	switch {
	case f.Verb == "invited":
		w.lastInvitation = f
	case w.lastInvitation.Verb != "" && w.chance(10):
		return w.answer(f)
	}
	return f
}

var topics = []string{"trade", "visas", "the border", "grain", "fishing", "arms", "sanctions", "prisoners", "energy", "debt",
	"climate", "shipping", "aid", "elections", "refugees", "water", "spying", "tariffs", "students", "flights"}

// verbAndSides returns a verb and its two sides.
func (w *world) verbAndSides() (schema.Verb, []schema.Participant) {
	n := w.IntN(1000)
	for _, a := range eventVerbs {
		if n -= a.share; n >= 0 {
			continue
		}
		for {
			if actor, recipient := a.sides(w); actor != recipient {
				return a.verb, actorAndRecipient(actor, recipient)
			}
		}
	}
	panic("the shares are less than 1000")
}

// parties returns n officials who meet. The world must have at least 26
// officials.
func (w *world) parties(n int) (list []schema.Participant) {
	first := w.skewed(w.officials)
	for i := range n {
		list = append(list, schema.Participant{Role: schema.RoleParty, ID: id(schema.Person, (first+i*i)%w.officials)})
	}
	return list
}

// answer turns an event into the answer to the last invitation.
func (w *world) answer(f schema.Fact) schema.Fact {
	asked := w.vocabulary.Normalize(w.lastInvitation)
	f.Verb, f.Roles = "accepted", actorAndRecipient(asked.With(schema.RoleRecipient)[0], asked.With(schema.RoleActor)[0])
	if w.chance(40) {
		f.Verb = "refused"
	}
	f.Status, f.Links = schema.Happened, []schema.Link{{Type: schema.Answers, Fact: asked.ID}}
	w.lastInvitation = schema.Fact{}
	return f
}

func (w *world) status() schema.Status {
	switch w.IntN(30) {
	case 0:
		return schema.Planned
	case 1:
		return schema.Cancelled
	}
	return schema.Happened
}
