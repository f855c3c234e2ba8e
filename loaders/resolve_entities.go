package loaders

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// entityTable contains each entity of a dataset once, with its country resolved.
type entityTable struct {
	names    *Names // the names of the dataset
	problems *problems

	list     []*schema.Entity
	byID     map[schema.ID]int
	rejected map[schema.ID]bool // rejected entities
	badNames map[string]bool    // name keys of entities with errors of parsing
	clashes  map[string]error   // errors by name: names in columns whose id belongs to another name
	notGiven []schema.ID        // ids to which rows refer, and that nothing declares
}

func newEntityTable(names *Names, found *problems) *entityTable {
	return &entityTable{
		names:    names,
		problems: found,
		byID:     make(map[schema.ID]int),
		rejected: make(map[schema.ID]bool),
		badNames: make(map[string]bool),
		clashes:  make(map[string]error),
	}
}

// isRejected reports whether every declaration of an entity is rejected.
func (t *entityTable) isRejected(id schema.ID) bool {
	if len(t.rejected) == 0 {
		return false
	}
	_, settled := t.byID[id]
	return t.rejected[id] && !settled
}

// resolve resolves the country of each entity and merges repeated entities.
func (t *entityTable) resolve(d *drafts, names *nameResolver) {
	mentions := t.newMentions(d.mentions, names.scope.known)
	t.reject(d.rejectedEntities, names)
	for _, e := range d.entities {
		err := resolveCountry(e, names)
		i, again := t.byID[e.entity.ID]
		switch {
		case err != nil:
			t.rejected[e.entity.ID] = true
			t.problems.rejectUnread(err, e.excerpt())
		case again:
			t.checkRepeat(e, t.list[i])
		default:
			t.add(&e.entity)
		}
	}
	for _, e := range mentions {
		t.addMention(e)
	}
}

// reject rejects entities with errors of parsing, with the errors of their countries.
func (t *entityTable) reject(entities []*entityDraft, names *nameResolver) {
	for _, e := range entities {
		t.rejected[e.entity.ID] = true
		for _, name := range append([]schema.Text{{Value: e.entity.Label}}, e.entity.Aliases...) {
			t.badNames[schema.NameKey(name.Value)] = true
		}
	}
	delete(t.rejected, "")
	delete(t.badNames, "")
	for _, e := range entities {
		if err := resolveCountry(e, names); err != nil {
			e.errs = append(e.errs, err)
		}
		e.errs.sort()
		t.problems.rejectUnread(e.errs, e.excerpt())
	}
}

// refuses returns an error if an unknown name or id is one of an entity with errors.
func (t *entityTable) refuses(name string, id schema.ID) error {
	if t.badNames[schema.NameKey(name)] || id != "" && t.rejected[id] {
		name = cmp.Or(name, string(id))
		return faultOfValue(schema.RejectedReference, name, fmt.Errorf("refers to an entity %w: %q", errRejected, name))
	}
	return nil
}

func (t *entityTable) add(e *schema.Entity) {
	t.byID[e.ID] = len(t.list)
	t.list = append(t.list, e)
}

// newMentions lists the mentions that do not refer to an entity with another id. Known
// are names of other inputs.
func (t *entityTable) newMentions(mentions []*entityDraft, known *Names) []*entityDraft {
	slices.SortStableFunc(mentions, func(a, b *entityDraft) int { return cmp.Compare(btoi(a.inColumn), btoi(b.inColumn)) })
	var fresh []*entityDraft
	for _, e := range mentions {
		if e.isByID {
			if !t.isDeclared(e, known) {
				t.names.Add(e.entity)
				fresh = append(fresh, e)
				if e.isOfAnyKind {
					t.notGiven = append(t.notGiven, e.entity.ID)
				}
			}
			continue
		}
		key := schema.NameKey(e.entity.Label)
		ids := t.names.ofKinds(key, []schema.Kind{e.entity.Kind})
		if len(ids) == 0 && !t.names.has(e.entity.ID) {
			t.names.Add(e.entity)
		}
		if len(ids) == 0 || t.names.isNameOf(key, e.entity.ID) {
			fresh = append(fresh, e)
		}
	}
	return fresh
}

// isDeclared reports whether an entity with the id of a mention is declared, in the dataset
// or in the inputs before it.
func (t *entityTable) isDeclared(e *entityDraft, known *Names) bool {
	if !e.isOfAnyKind {
		return t.names.has(e.entity.ID) || known.has(e.entity.ID)
	}
	_, local, _ := strings.Cut(string(e.entity.ID), ":")
	return slices.ContainsFunc(schema.Kinds(), func(k schema.Kind) bool {
		id := schema.ID(k.Prefix() + ":" + local)
		return t.names.has(id) || known.has(id)
	})
}

// resolveCountry resolves the name of an entity's country.
func resolveCountry(e *entityDraft, names *nameResolver) *positionedError {
	if e.country == nil {
		return nil
	}
	r, err := names.resolve(e.country.name, []schema.Kind{schema.Country}, e.file)
	if err == nil && schema.KindOf(r.id) != schema.Country {
		err = faultf(schema.WrongKind, "not a country: %q", e.country.name)
	}
	e.entity.Country = r.id
	if err != nil {
		return &positionedError{e.country.at, &fault{error: err, field: "country", value: e.country.name}}
	}
	return nil
}

func (e *entityDraft) excerpt() excerpt { return excerpt{e.file, e.entity.Pos, e.lastLine} }

func (t *entityTable) checkRepeat(e *entityDraft, first *schema.Entity) {
	again := e.entity
	at := again.Pos
	again.Pos = first.Pos
	if reflect.DeepEqual(again, *first) || e.inRow && completeEntity(first, again) {
		return
	}
	if again.FromName && first.FromName && !isCalled(*first, again.Label) {
		t.rejectSecondName(e, *first)
		return
	}
	err := fmt.Errorf("%q is declared twice with different content: first at %v", first.ID, first.Pos)
	err = faultOfValue(schema.RepeatedIdentity, string(first.ID), withHint(err, "give one of them another id, or remove one"))
	t.problems.rejectUnread(&positionedError{at, err}, e.excerpt())
}

// completeEntity adds to an entity what another row says of it: other names become
// aliases. It returns false, and adds nothing, if the rows contradict each other, or
// if two names made the id.
func completeEntity(into *schema.Entity, from schema.Entity) bool {
	if from.FromName && into.FromName && !isCalled(*into, from.Label) || from.FromName != into.FromName {
		return false
	}
	for _, pair := range [][2]string{{string(into.Country), string(from.Country)}, {into.Born, from.Born}, {into.Description, from.Description}} {
		if pair[0] != "" && pair[1] != "" && pair[0] != pair[1] {
			return false
		}
	}
	into.Country, into.Born, into.Description = cmp.Or(into.Country, from.Country), cmp.Or(into.Born, from.Born), cmp.Or(into.Description, from.Description)
	for _, alias := range append([]schema.Text{{Value: from.Label}}, from.Aliases...) {
		if alias.Value != into.Label && !slices.Contains(into.Aliases, alias) {
			into.Aliases = append(into.Aliases, alias)
		}
	}
	for _, id := range from.Identifiers {
		if !slices.Contains(into.Identifiers, id) {
			into.Identifiers = append(into.Identifiers, id)
		}
	}
	return true
}

// addMention adds the entity of a mention. A mention whose id belongs to another
// name is rejected.
func (t *entityTable) addMention(e *entityDraft) {
	i, again := t.byID[e.entity.ID]
	switch {
	case !again && !t.rejected[e.entity.ID]:
		t.add(&e.entity)
	case !again, e.isByID:
	case isCalled(*t.list[i], e.entity.Label):
	case e.inColumn && t.names.isNameOf(schema.NameKey(e.entity.Label), e.entity.ID):
	default:
		t.rejectSecondName(e, *t.list[i])
	}
}

// isCalled reports whether an entity has the name in exactly this spelling.
func isCalled(e schema.Entity, name string) bool {
	return e.Label == name || slices.ContainsFunc(e.Aliases, func(a schema.Text) bool { return a.Value == name })
}

func (t *entityTable) rejectSecondName(e *entityDraft, first schema.Entity) {
	err := fmt.Errorf("two names with the same id: %q and %q, at %v, are both %q: give one of them an id", e.entity.Label,
		first.Label, first.Pos, first.ID)
	err = faultOfValue(schema.RepeatedIdentity, e.entity.Label, withHint(err, fmt.Sprintf(
		"if they are the same entity, make one of them an alias: {name: %s, aliases: [%s]}", first.Label, e.entity.Label)))
	if e.inColumn {
		t.clashes[e.entity.Label] = err // reported at each row with the name
		return
	}
	t.problems.rejectUnread(&positionedError{e.entity.Pos, err}, e.excerpt())
}
