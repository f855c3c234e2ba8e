package loaders

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// pick resolves one name, to an entity that is not rejected.
func (c *collector) pick(name string, kinds []schema.Kind) (ref, error) {
	r, err := c.pickAny(name, kinds)
	if err == nil && c.isLost(r.id) {
		return r, fmt.Errorf("refers to an entity %w: %q", errRejected, name)
	}
	return r, err
}

func (c *collector) isLost(id schema.ID) bool {
	_, settled := c.byID[id]
	return c.lost[id] && !settled
}

// pickAny resolves one name where entities of these kinds are wanted, the first
// kind before the next; any where there are none.
func (c *collector) pickAny(name string, kinds []schema.Kind) (ref, error) {
	if id, ok := strings.CutPrefix(name, "<"); ok && strings.HasSuffix(id, ">") {
		return c.pickID(strings.TrimSuffix(id, ">"))
	}
	fact, isKey := c.keys[name]
	isKey = isKey && (len(kinds) == 0 || slices.Contains(kinds, schema.KindFact))
	ids, fit := c.lookUp(name, kinds)
	switch {
	case isKey && fit && len(ids) > 0 && len(kinds) > 1:
		return ref{}, schema.WithHint(fmt.Errorf("ambiguous name %q: the key of a fact, and %s", name, ids[0]), func() string {
			return fmt.Sprintf("write <key:%s> or <%s>", name, ids[0])
		})
	case isKey:
		return ref{fact: fact}, nil
	case len(ids) == 1:
		return ref{ids[0], -1}, nil
	case len(ids) > 1:
		return ref{}, c.ambiguous(name, ids)
	case schema.CheckID(schema.ID(name)) == nil && c.scope.has(schema.ID(name)):
		return ref{schema.ID(name), -1}, nil
	}
	if err := c.clashes[strings.Join(strings.Fields(name), " ")]; err != nil {
		return ref{}, err
	}
	return ref{}, c.unknownName(name, kinds)
}

// pickID resolves what stands between angle brackets.
func (c *collector) pickID(id string) (ref, error) {
	if key, ok := strings.CutPrefix(id, "key:"); ok {
		return c.pickKey(key)
	}
	if err := schema.CheckID(schema.ID(id)); err != nil {
		return ref{}, err
	}
	if schema.KindOf(schema.ID(id)) != schema.KindFact && !c.scope.has(schema.ID(id)) {
		return ref{}, schema.WithHint(fmt.Errorf("unknown id: %q", shorten(id)), func() string {
			return schema.DidYouMean(c.scope.nearestID(schema.ID(id)))
		})
	}
	return ref{schema.ID(id), -1}, nil
}

func (c *collector) pickKey(key string) (ref, error) {
	if fact, ok := c.keys[key]; ok {
		return ref{fact: fact}, nil
	}
	return ref{}, schema.WithHint(fmt.Errorf("no fact has the key %q", key), func() string {
		near := c.scope.near.nearest("keys", key, func() []string { return slices.Collect(maps.Keys(c.keys)) })
		return cmp.Or(schema.DidYouMean(near), "give the fact meant a line key: "+key)
	})
}

// lookUp finds a name as written, else without a stop after it.
func (c *collector) lookUp(name string, kinds []schema.Kind) (ids []schema.ID, fit bool) {
	for _, spelling := range spellings(name) {
		if ids, fit = c.scope.choose(spelling, kinds); len(ids) > 0 {
			return ids, fit
		}
	}
	return nil, false
}

func spellings(name string) []string {
	key := schema.NameKey(name)
	return slices.Compact([]string{key, strings.TrimRight(key, ".,;:!")})
}

func (c *collector) ambiguous(name string, ids []schema.ID) error {
	const most = 8
	var each []string
	for _, id := range c.firstOf(ids, most) {
		each = append(each, fmt.Sprintf("%s (%s)", id, c.scope.label(id)))
	}
	if more := len(ids) - most; more > 0 {
		each = append(each, fmt.Sprintf("%d more", more))
	}
	err := fmt.Errorf("ambiguous name %q: %s", shorten(name), strings.Join(each, " or "))
	return withHint(err, fmt.Sprintf("write an id in place of the name: <%s>", ids[0]))
}

// firstOf returns the first ids in order. Those of a list are looked for once,
// since a name that is ambiguous may be written in every row.
func (c *collector) firstOf(ids []schema.ID, most int) []schema.ID {
	list := idList{&ids[0], len(ids)}
	first, known := c.firsts[list]
	if !known {
		first = slices.Sorted(slices.Values(ids))
		first = slices.Clone(first[:min(len(first), most)])
		if c.firsts == nil {
			c.firsts = make(map[idList][]schema.ID)
		}
		c.firsts[list] = first
	}
	return first
}

// idList is a list of ids by where it lies.
type idList struct {
	first *schema.ID
	size  int
}

// declaredIn is the list that entities of a kind are declared in.
func declaredIn(k schema.Kind) string {
	for list, kind := range lists {
		if kind == k {
			return list
		}
	}
	return "sources"
}

func (c *collector) unknownName(name string, kinds []schema.Kind) error {
	table := c.source.unit == "row"
	return schema.WithHint(fmt.Errorf("unknown name: %q", shorten(name)), func() string {
		declare := "declare it: " + declaration(kinds, name)
		if table {
			declare += ", or its kind in a column such as from_kind, to_kind or place_kind"
		}
		if near := c.scope.nearest(name); len(near) > 0 {
			return schema.DidYouMean(near) + " otherwise " + declare
		}
		tokens := tokenize(name)
		switch left, right := c.knownEnds(name, tokens); {
		case left > 0 && left < len(tokens):
			return fmt.Sprintf("%q is known: put %q under the fact as when, at, topic or a role",
				name[:tokens[left-1].end], name[tokens[left].start:])
		case right < len(tokens):
			return fmt.Sprintf("%q is known: did you mean that?", name[tokens[right].start:])
		}
		return declare
	})
}

func declaration(kinds []schema.Kind, name string) string {
	var words []string
	for _, k := range kinds {
		if k != schema.KindFact {
			words = append(words, declaredIn(k))
		}
	}
	words = words[:min(len(words), 3)]
	if len(words) == 0 {
		words = []string{"people", "institutions"}
	}
	key := "name"
	if words[0] == "sources" {
		key = "title"
	}
	return fmt.Sprintf("under %s, - %s: %s", strings.Join(words, " or "), key, shorten(name))
}

// The kinds wanted where no role of the vocabulary says.
var (
	speakers = []schema.Kind{schema.Person, schema.Post, schema.Institution, schema.Country, schema.Group, schema.Doc}
	carriers = []schema.Kind{schema.Institution, schema.Person, schema.Post, schema.Country, schema.Group, schema.Doc}
	sources  = []schema.Kind{schema.Doc}
)

// venues are what facts may take place at.
func (c *collector) venues() []schema.Kind {
	if r, ok := c.vocabulary.Role(schema.RoleAt); ok {
		return r.Kinds
	}
	return nil
}

// roleKinds are the kinds that may play a role of a verb, in order of preference.
func (c *collector) roleKinds(d *schema.Definition, role schema.Role) []schema.Kind {
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
	if r, ok := c.vocabulary.Role(role); ok {
		return r.Kinds
	}
	return nil
}

// id resolves an entity and records what is wrong.
func (c *collector) id(t text, kinds []schema.Kind) schema.ID {
	if !t.given() {
		return ""
	}
	r, err := c.pick(t.value, kinds)
	if err == nil && r.id == "" {
		err = fmt.Errorf("want an entity, not a fact: %q", t.value)
	}
	if err == nil && len(kinds) > 0 && !slices.Contains(kinds, schema.KindOf(r.id)) {
		err = wrongKind(t.value, r.id, kinds)
	}
	if err != nil {
		c.failWith(t, err)
	}
	return r.id
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

func (c *collector) ids(texts []text, kinds []schema.Kind) []schema.ID {
	var all []schema.ID
	for _, t := range texts {
		all = append(all, c.id(t, kinds))
	}
	return all
}
