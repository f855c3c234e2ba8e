package popolo

import (
	"slices"
	"strings"
)

// class is a class of objects in Popolo.
type class uint8

const (
	none class = iota
	person
	organization
	post
	membership
	area
	event
	document // what a document says of itself
	unread   // motions, votes, speeches and contact details, which make no records
)

// common are the keys that objects of several classes have.
const common = "id @id @type @context $schema type created_at updated_at identifiers[ contact_details[ links[ sources[ other_names[ other_labels[ image description summary"

// rule says which objects are of a class: those with at least one of the keys in every
// group of needs, and no key besides these, others and the common ones.
type rule struct {
	class  class
	needs  [][]string
	others string
}

// rules lists the classes, in the order in which they are tried.
var rules = []rule{
	{membership, groups("person_id person{ member_id member{ member", "organization_id organization{ post_id post{"),
		"label role start_date end_date on_behalf_of_id on_behalf_of{ area_id area{ legislative_period_id legislative_period{"},
	{unread, groups("voter_id voter{ vote_event_id", "option"), "group_id group{ weight role pair_id pair{"},
	{unread, groups("option result", "value group{"), "group_id"},
	{unread, groups("type", "value"), "label note valid_from valid_until"},
	{unread, groups("votes[ counts[ group_results["), "identifier motion_id motion{ organization_id organization{ legislative_session_id start_date end_date result group_results[ counts[ votes["},
	{unread, groups("text", "vote_events[ requirement result classification"), "organization_id organization{ creator_id creator{ date identifier legislative_session_id title"},
	{unread, groups("text audio video", "creator_id creator{ attribution_text event_id"), "role date title type position event_id text audio video title creator_id creator{"},
	{post, groups("label role", "organization_id organization{ memberships["), "other_label[ area_id area{ start_date end_date"},
	{organization, groups("name", "parent_id parent{ founding_date dissolution_date posts[ children[ memberships[/person_id memberships[/person"), "classification abstract memberships[ area_id area{ seats"},
	{person, groups("name given_name family_name", "birth_date death_date gender given_name family_name additional_name patronymic_name honorific_prefix honorific_suffix national_identity sort_name email memberships[/organization_id memberships[/organization memberships[/post_id"), "biography memberships[ birth_place"},
	{event, groups("name", "start_date end_date attendees[ location"), "classification organization_id organization{ parent_id parent{ status children[ area_id area{"},
	{area, groups("name", "identifier geometry geometry{"), "classification parent_id parent{ children[ memberships[ organizations["},
}

func groups(needs ...string) (out [][]string) {
	for _, n := range needs {
		out = append(out, strings.Fields(n))
	}
	return out
}

// classOf returns the class of an object with keys, in the form of topKeys. It is sure if
// every key is known; else it is the first class whose keys are there, and none if no
// class has them.
func classOf(keys []string) (c class, isSure bool) {
	for _, r := range rules {
		if !r.has(keys) {
			continue
		}
		if r.hasOnly(keys) {
			return r.class, true
		}
		if c == none {
			c = r.class
		}
	}
	return c, false
}

func (r *rule) has(keys []string) bool {
	return !slices.ContainsFunc(r.needs, func(group []string) bool {
		return !slices.ContainsFunc(group, func(k string) bool { return slices.Contains(keys, k) })
	})
}

func (r *rule) hasOnly(keys []string) bool {
	known := append(strings.Fields(common), strings.Fields(r.others)...)
	for _, group := range r.needs {
		known = append(known, group...)
	}
	return !slices.ContainsFunc(keys, func(k string) bool { return !strings.Contains(k, "/") && !slices.Contains(known, k) })
}

// admits reports whether every key is known in one of its forms, as of a value, a list or
// an object.
func (r *rule) admits(keys []string) bool {
	var known []string
	for _, k := range keys {
		if bare := strings.TrimRight(k, "[{"); !strings.Contains(k, "/") && r.hasOnly([]string{k}) {
			known = append(known, bare)
		}
	}
	return !slices.ContainsFunc(keys, func(k string) bool {
		return !strings.ContainsAny(k, "[{/") && !slices.Contains(known, k)
	})
}
