package loaders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// The kinds of entities that may say something, pass it on, or be cited.
var (
	speakers = []schema.Kind{schema.Person, schema.Post, schema.Institution, schema.Country, schema.Group, schema.Doc}
	carriers = []schema.Kind{schema.Institution, schema.Person, schema.Post, schema.Country, schema.Group, schema.Doc}
	sources  = []schema.Kind{schema.Doc}
)

// roleKinds returns the kinds that may play a role of a verb, in order of
// preference.
func roleKinds(v *schema.Vocabulary, d *schema.Definition, role schema.Role) []schema.Kind {
	switch role {
	case schema.RoleActor:
		return d.Subject
	case schema.RoleRecipient:
		return d.Object
	case schema.RoleParty:
		kinds := slices.Clone(d.Subject)
		for _, k := range d.Object {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
		return kinds
	}
	if r, ok := v.Role(role); ok {
		return r.Kinds
	}
	return nil
}

func wrongKind(name string, id schema.ID, kinds []schema.Kind) error {
	return fmt.Errorf("%w: want %s, not %s: %q", schema.ErrKind, kindList(kinds), schema.KindOf(id), name)
}

func kindList(kinds []schema.Kind) string {
	var all []string
	for _, k := range kinds {
		all = append(all, string(k))
	}
	return strings.Join(all, " or ")
}
