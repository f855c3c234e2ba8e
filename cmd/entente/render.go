package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
)

// renderer puts records into words.
type renderer struct {
	graph     *graph.Graph
	entities  map[schema.ID]schema.Entity
	documents map[schema.ID]schema.Document
}

func newRenderer(g *graph.Graph) *renderer {
	return &renderer{g, map[schema.ID]schema.Entity{}, map[schema.ID]schema.Document{}}
}

func (r *renderer) entity(ctx context.Context, id schema.ID) (schema.Entity, error) {
	if e, ok := r.entities[id]; ok {
		return e, nil
	}
	e, err := r.graph.Entity(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		e, err = schema.Entity{ID: id, Kind: schema.KindOf(id), Label: string(id)}, nil
	}
	r.entities[id] = e
	return e, err
}

// name is the label of an entity; of a fact, its sentence in brackets.
func (r *renderer) name(ctx context.Context, id schema.ID) (string, error) {
	if schema.KindOf(id) != schema.KindFact {
		e, err := r.entity(ctx, id)
		return e.Label, err
	}
	fact, err := r.graph.Fact(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		return string(id), nil
	}
	if err != nil {
		return "", err
	}
	sentence, err := r.clause(ctx, fact)
	return "[" + marked(sentence, fact) + "]", err
}

func (r *renderer) names(ctx context.Context, ids []schema.ID) (string, error) {
	names := make([]string, len(ids))
	for i, id := range ids {
		name, err := r.name(ctx, id)
		if err != nil {
			return "", err
		}
		names[i] = name
	}
	return strings.Join(names, ", "), nil
}

// phrase is how a verb is said.
func (r *renderer) phrase(verb schema.Verb) string { return r.graph.Vocabulary().Phrase(verb) }

// clause says who did what to whom; where several name no sides, each to each other.
func (r *renderer) clause(ctx context.Context, f schema.Fact) (string, error) {
	before, after := f.With(schema.RoleActor), f.With(schema.RoleRecipient)
	if f.RecipientsFirst() {
		before, after = after, before
	}
	parties := f.With(schema.RoleParty)
	if len(parties) == 2 {
		before, after = parties[:1], parties[1:]
	}
	sideless := len(parties) > 2
	if sideless {
		before = parties
	}
	subject, err := r.all(ctx, before)
	if err != nil {
		return "", err
	}
	object, err := r.all(ctx, after)
	if err != nil {
		return "", err
	}
	if sideless {
		object = "each other"
	}
	if subject == "" && object != "" {
		return r.passive(f.Verb, object, len(after)), nil
	}
	return strings.TrimSpace(subject + " " + r.phrase(f.Verb) + " " + object), nil
}

// all names entities as a sentence does: A, B and C.
func (r *renderer) all(ctx context.Context, ids []schema.ID) (string, error) {
	last := len(ids) - 1
	if last < 1 {
		return r.names(ctx, ids)
	}
	names, err := r.names(ctx, ids[:last])
	if err != nil {
		return "", err
	}
	end, err := r.name(ctx, ids[last])
	return names + " and " + end, err
}

// passive says what happened to the object where no source says who did it: "Ann
// Lee was elected", "Cuba received a letter".
func (r *renderer) passive(verb schema.Verb, object string, objects int) string {
	be := "was "
	if objects > 1 {
		be = "were "
	}
	said := ""
	if d, ok := r.graph.Vocabulary().Lookup(verb); ok {
		for _, phrase := range d.Inverse {
			what, found := strings.CutSuffix(phrase, " by")
			if !found {
				what, found = strings.CutSuffix(phrase, " from")
			}
			if found && (said == "" || strings.HasPrefix(phrase, be) && !strings.HasPrefix(said, be)) {
				said = what
			}
		}
	}
	if said == "" {
		return "(actor unknown) " + r.phrase(verb) + " " + object
	}
	return object + " " + said
}

// sentence says all that a fact is: its clause, the other roles, its topic, and
// its mark.
func (r *renderer) sentence(ctx context.Context, f schema.Fact) (string, error) {
	clause, err := r.clause(ctx, f)
	if err != nil {
		return "", err
	}
	more, err := r.qualifiers(ctx, f)
	if err != nil {
		return "", err
	}
	words := append([]string{clause}, more...)
	return marked(strings.Join(words, " "), f), nil
}

// of names the fact in which the edge of a role stands, and what else is said of
// it than by the role.
func (r *renderer) of(ctx context.Context, f schema.Fact, predicate schema.Verb) (string, error) {
	name, err := r.name(ctx, f.ID)
	if err != nil {
		return "", err
	}
	if edge, ok := r.graph.Vocabulary().RoleEdge(predicate); ok {
		f.Roles = slices.DeleteFunc(slices.Clone(f.Roles), func(p schema.Participant) bool { return slices.Contains(edge.Roles, p.Role) })
	}
	more, err := r.qualifiers(ctx, f)
	return strings.Join(append([]string{"(of " + name + ")"}, more...), " "), err
}

// qualifiers are the other roles of a fact, and its topic.
func (r *renderer) qualifiers(ctx context.Context, f schema.Fact) (words []string, err error) {
	for _, role := range r.graph.Vocabulary().Roles() {
		ids := f.With(role)
		if len(ids) == 0 || role == schema.RoleActor || role == schema.RoleRecipient || role == schema.RoleParty {
			continue
		}
		names, err := r.names(ctx, ids)
		if err != nil {
			return nil, err
		}
		words = append(words, fmt.Sprintf("(%s %s)", role, names))
	}
	if f.Topic != "" {
		words = append(words, "about "+f.Topic)
	}
	return words, nil
}

// source names a document: its title, publisher and date.
func (r *renderer) source(ctx context.Context, id schema.ID) (string, error) {
	d, ok := r.documents[id]
	if !ok {
		var err error
		if d, err = r.graph.Document(ctx, id); errors.Is(err, graph.ErrNotFound) {
			d, err = schema.Document{Entity: schema.Entity{ID: id, Label: string(id)}}, nil
		}
		if err != nil {
			return "", err
		}
		r.documents[id] = d
	}
	words := []string{d.Label}
	if d.Publisher != "" && d.Publisher != d.Label {
		words = append(words, d.Publisher)
	}
	if !d.Published.IsZero() {
		words = append(words, d.Published.String())
	}
	return strings.Join(words, ", "), nil
}

// paper names a document that [renderer.source] has read, in short: its publisher,
// or else its title, and its date.
func (r *renderer) paper(id schema.ID) string {
	d := r.documents[id]
	words := []string{cmp.Or(d.Publisher, d.Label)}
	if !d.Published.IsZero() {
		date := d.Published.String()
		if day, err := time.Parse(time.DateOnly, date); err == nil {
			date = day.Format("2 Jan 2006")
		}
		words = append(words, date)
	}
	return strings.Join(words, ", ")
}

// speakers says whose words evidence has, and through whom they came.
func (r *renderer) speakers(ctx context.Context, e schema.Evidence) (string, error) {
	var words []string
	if e.SaidBy != "" {
		name, err := r.name(ctx, e.SaidBy)
		if err != nil {
			return "", err
		}
		words = append(words, "said by "+name)
	}
	if len(e.Via) > 0 {
		names, err := r.names(ctx, e.Via)
		if err != nil {
			return "", err
		}
		words = append(words, "via "+names)
	}
	return strings.Join(words, ", "), nil
}

// words are what evidence goes by: its quote, or else its note.
func words(e schema.Evidence) string {
	if e.Quote != "" {
		return schema.Quoted(e.Quote)
	}
	return e.Note
}

// list joins words by commas.
func list[T ~string](items []T) string {
	words := make([]string, len(items))
	for i, item := range items {
		words[i] = string(item)
	}
	return strings.Join(words, ", ")
}
