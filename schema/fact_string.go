package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// String returns the fact in one line with the ids of its participants:
// "person:xie-feng met person:ely-ratner, 2023-07-12". Roles other than actor,
// recipient and party are in brackets, then come the topic, in brackets the mark
// of the fact (see [Fact.Mark]), and its date. Control characters are removed. A
// Renderer of the package render returns the sentence with names.
func (f Fact) String() string {
	words := append([]string{f.clause()}, f.otherRoles()...)
	if f.Topic != "" {
		words = append(words, "about "+f.Topic)
	}
	if mark := f.markOf(); mark != "" {
		words = append(words, "("+mark+")")
	}
	return oneLine(strings.Join(words, " ") + ", " + f.date())
}

// clause returns subject, verb and object.
func (f Fact) clause() string {
	before, after := f.With(RoleActor), f.With(RoleRecipient)
	if normalized := f.ID != ""; normalized && f.RecipientsFirst() { // true only for symmetric verbs
		before, after = after, before
	}
	object := enumerate(after)
	switch parties := f.With(RoleParty); {
	case len(parties) > 2:
		before, object = parties, "each other"
	case len(parties) > 0:
		before, object = parties[:1], enumerate(parties[1:])
	case len(before) == 0 && object != "":
		before = []ID{"(actor unknown)"}
	}
	return strings.TrimSpace(enumerate(before) + " " + string(cmp.Or(f.Verb, "(no verb)")) + " " + object)
}

// enumerate returns ids as in a sentence: "a, b and c".
func enumerate(ids []ID) string {
	last := len(ids) - 1
	if last < 1 {
		return listIDs(ids)
	}
	return listIDs(ids[:last]) + " and " + string(ids[last])
}

func listIDs(ids []ID) string { return strings.Join(toStrings(ids), ", ") }

// otherRoles returns each role that the clause leaves out, with its participants:
// "(host institution:pentagon)".
func (f Fact) otherRoles() (words []string) {
	var roles []Role
	for _, p := range f.Roles {
		inClause := p.Role == RoleActor || p.Role == RoleRecipient || p.Role == RoleParty
		if !inClause && !slices.Contains(roles, p.Role) {
			roles = append(roles, p.Role)
		}
	}
	slices.Sort(roles)
	for _, role := range roles {
		words = append(words, fmt.Sprintf("(%s %s)", role, listIDs(f.With(role))))
	}
	return words
}

// markOf returns the mark of a fact as it would be normalized: without a status it
// happened, and evidence without a stance asserts it.
func (f Fact) markOf() string {
	f.Status = cmp.Or(f.Status, Happened)
	if len(f.Evidence) == 0 {
		f.Evidence = []Evidence{{Stance: Asserts}}
		return strings.TrimPrefix(f.Mark()+", no evidence", ", ")
	}
	f.Evidence = slices.Clone(f.Evidence)
	for i, e := range f.Evidence {
		f.Evidence[i].Stance = cmp.Or(e.Stance, Asserts)
	}
	return f.Mark()
}

// date returns the date of the fact, or the days of the facts that it is part of.
func (f Fact) date() string {
	switch {
	case f.Within == nil:
		return f.When.String()
	case f.When.IsZero():
		return "during " + f.Within.String()
	}
	return f.When.String() + ", during " + f.Within.String()
}

// oneLine removes the characters of a text that could steer a terminal. Line breaks
// and tabs become spaces.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}
