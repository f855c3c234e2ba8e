package schema

import (
	"cmp"
	"slices"
	"strings"
)

// groupByRole sorts participants by role without duplicates and keeps their order
// within each role. If recipientsLead is true, recipients come before all other
// roles.
func groupByRole(roles []Participant, recipientsLead bool) []Participant {
	all := make([]Participant, 0, len(roles))
	seen := newParticipants(roles)
	for i, p := range roles {
		if seen.first(roles, i) {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b Participant) int { return compareRoles(a.Role, b.Role, recipientsLead) })
	if len(all) == 0 {
		return nil
	}
	return all
}

// participants maps participants to their index in a list. It is nil for short
// lists, which are searched instead.
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

// first reports whether participant i does not occur before i.
func (index participants) first(roles []Participant, i int) bool {
	if index == nil {
		return !slices.Contains(roles[:i], roles[i])
	}
	return index[roles[i]] == i
}

// find returns the index of a participant, -1 for none.
func (index participants) find(roles []Participant, p Participant) int {
	if index == nil {
		return slices.Index(roles, p)
	}
	if at, ok := index[p]; ok {
		return at
	}
	return -1
}

// recipientsFirst reports whether the first recipient comes before the first
// actor.
func recipientsFirst(roles []Participant) bool {
	first := func(role Role) int {
		return slices.IndexFunc(roles, func(p Participant) bool { return p.Role == role })
	}
	actor, recipient := first(RoleActor), first(RoleRecipient)
	return recipient >= 0 && recipient < actor
}

// compareRoles orders roles by name. If recipientsLead is true, recipients come
// before all other roles.
func compareRoles(a, b Role, recipientsLead bool) int {
	if recipientsLead && (a == RoleRecipient || b == RoleRecipient) {
		return compareBool(b == RoleRecipient, a == RoleRecipient)
	}
	return cmp.Compare(a, b)
}

// sortedByID returns the participants in the order that identifies a fact,
// whatever their original order.
func sortedByID(roles []Participant) []Participant {
	if slices.IsSortedFunc(roles, compareParticipants) {
		return roles
	}
	return slices.SortedFunc(slices.Values(roles), compareParticipants)
}

// roleOrder writes the original order of participants if it differs from
// [sortedByID]: each role that differs, then its ids. It is empty if nothing
// differs.
func roleOrder(roles []Participant) string {
	var words []string
	recipientsLead := recipientsFirst(roles)
	for i := 0; i < len(roles); {
		role, end := roles[i].Role, i
		for end < len(roles) && roles[end].Role == role {
			end++
		}
		side := role == RoleActor || role == RoleRecipient
		if recipientsLead && side || !slices.IsSortedFunc(roles[i:end], compareParticipants) {
			words = append(words, string(role))
			for _, p := range roles[i:end] {
				words = append(words, string(p.ID))
			}
		}
		i = end
	}
	return strings.Join(words, " ")
}

// restoreOrder brings participants from the order of [sortedByID] into the order
// that [roleOrder] wrote. Words with a colon are ids, all others are roles.
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
		} else if at := index.find(roles, Participant{role, ID(word)}); at >= 0 {
			given = append(given, roles[at])
		}
	}
	return groupByRole(append(given, roles...), recipientsFirst(given))
}

// compareOrders decides which of two facts gives the order of participants: the
// one from the first dataset by name, and within a dataset one whose order is not
// the order of ids.
func compareOrders(a, b Fact) int {
	return cmp.Or(cmp.Compare(firstDataset(a), firstDataset(b)),
		compareBool(slices.IsSortedFunc(a.Roles, compareParticipants), slices.IsSortedFunc(b.Roles, compareParticipants)),
		slices.CompareFunc(a.Roles, b.Roles, compareParticipants))
}

// firstDataset returns the first dataset by name that has evidence of a
// normalized fact.
func firstDataset(f Fact) string {
	if len(f.Evidence) == 0 {
		return ""
	}
	return f.Evidence[0].Dataset
}
