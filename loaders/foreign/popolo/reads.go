package popolo

import (
	"slices"
	"strings"
)

const (
	readKeys  = "id name given_name family_name @type @id $schema @context birth_date death_date founding_date label role other_label other_name summary abstract description classification parent_id area_id organization_id person_id post_id member_id member on_behalf_of_id legislative_period_id start_date end_date status location email identifier iri identifiers links sources other_names other_labels"
	readBelow = "identifiers/scheme identifiers/identifier contact_details/type contact_details/value links/url links/note sources/url sources/note other_names/name other_names/lang other_labels/name other_labels/label other_labels/lang"
	holders   = "person organization post member on_behalf_of area parent legislative_period memberships posts attendees"
)

// Reads implements [mapping.Reader].
func (r *Reader) Reads(names []string) bool {
	for len(names) > 1 && slices.Contains(strings.Fields(holders), names[0]) {
		names = names[1:]
	}
	switch len(names) {
	case 1:
		return slices.Contains(strings.Fields(readKeys), names[0]) || slices.Contains(strings.Fields(holders), names[0])
	case 2:
		return slices.Contains(strings.Fields(readBelow), strings.Join(names, "/"))
	}
	return false
}
