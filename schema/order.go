package schema

import (
	"cmp"
	"slices"
	"strings"
)

// groupByRole lists participants by role, each once, in the order in which those of a
// role are given; where they are turned, recipients come first of all.
func groupByRole(roles []Participant, turned bool) []Participant {
	all := make([]Participant, 0, len(roles))
	seen := newParticipants(roles)
	for i, p := range roles {
		if seen.first(roles, i) {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b Participant) int { return compareRoles(a.Role, b.Role, turned) })
	if len(all) == 0 {
		return nil
	}
	return all
}

// participants finds participants in a list; one that is short needs no index.
type participants map[Participant]int

func newParticipants(roles []Participant) participants {
	const short = 16
	if len(roles) <= short {
		return nil
	}
	index := make(participants, len(roles))
	for i, p := range roles {
		if _, ok := index[p]; !ok {
			index[p] = i
		}
	}
	return index
}

// first reports whether a participant stands nowhere before i.
func (index participants) first(roles []Participant, i int) bool {
	if index == nil {
		return !slices.Contains(roles[:i], roles[i])
	}
	return index[roles[i]] == i
}

func (index participants) has(roles []Participant, p Participant) bool {
	if index == nil {
		return slices.Contains(roles, p)
	}
	_, ok := index[p]
	return ok
}

// recipientsFirst reports whether the recipients stand before the actors.
func recipientsFirst(roles []Participant) bool {
	first := func(role Role) int {
		return slices.IndexFunc(roles, func(p Participant) bool { return p.Role == role })
	}
	actor, recipient := first(RoleActor), first(RoleRecipient)
	return recipient >= 0 && recipient < actor
}

// compareRoles orders roles by name; where they are turned, recipients come first
// of all.
func compareRoles(a, b Role, turned bool) int {
	if turned && (a == RoleRecipient || b == RoleRecipient) {
		return compareBool(b == RoleRecipient, a == RoleRecipient)
	}
	return cmp.Compare(a, b)
}

// sortedByID lists participants in the order that identifies a fact, whatever the order
// in which it was told.
func sortedByID(roles []Participant) []Participant {
	if slices.IsSortedFunc(roles, compareParticipants) {
		return roles
	}
	return slices.SortedFunc(slices.Values(roles), compareParticipants)
}

// roleOrder writes the order in which participants are given, as far as it is not
// that of [sortedByID]: each role that differs, and its ids. It is empty where none does.
func roleOrder(roles []Participant) string {
	var words []string
	turned := recipientsFirst(roles)
	for i := 0; i < len(roles); {
		role, end := roles[i].Role, i
		for end < len(roles) && roles[end].Role == role {
			end++
		}
		side := role == RoleActor || role == RoleRecipient
		if turned && side || !slices.IsSortedFunc(roles[i:end], compareParticipants) {
			words = append(words, string(role))
			for _, p := range roles[i:end] {
				words = append(words, string(p.ID))
			}
		}
		i = end
	}
	return strings.Join(words, " ")
}

// restoreOrder brings participants, which are in the order of [sortedByID], into an order that
// [roleOrder] wrote. An id has a colon and a role has none.
func restoreOrder(roles []Participant, order string) []Participant {
	if order == "" {
		return roles
	}
	var given []Participant
	var role Role
	index := newParticipants(roles)
	for word := range strings.FieldsSeq(order) {
		if !strings.Contains(word, ":") {
			role = Role(word)
		} else if p := (Participant{role, ID(word)}); index.has(roles, p) {
			given = append(given, p)
		}
	}
	return groupByRole(append(given, roles...), recipientsFirst(given))
}

// compareOrders says which telling of a fact gives the order of its participants:
// that of the first dataset by name, and of two in one dataset one that does not
// have them by id.
func compareOrders(a, b Fact) int {
	return cmp.Or(cmp.Compare(firstDataset(a), firstDataset(b)),
		compareBool(slices.IsSortedFunc(a.Roles, compareParticipants), slices.IsSortedFunc(b.Roles, compareParticipants)),
		slices.CompareFunc(a.Roles, b.Roles, compareParticipants))
}

// firstDataset is the first dataset by name that has evidence of a normalized fact.
func firstDataset(f Fact) string {
	if len(f.Evidence) == 0 {
		return ""
	}
	return f.Evidence[0].Dataset
}
