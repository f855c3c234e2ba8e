package render

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// phrase is how a verb is said.
func (r *Renderer) phrase(verb schema.Verb) string { return r.graph.Vocabulary().Phrase(verb) }

// clause says who did what to whom; where several name no sides, each to each other.
func (r *Renderer) clause(ctx context.Context, f schema.Fact) (string, error) {
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
func (r *Renderer) all(ctx context.Context, ids []schema.ID) (string, error) {
	last := len(ids) - 1
	if last < 1 {
		return r.Names(ctx, ids)
	}
	names, err := r.Names(ctx, ids[:last])
	if err != nil {
		return "", err
	}
	end, err := r.Name(ctx, ids[last])
	return names + " and " + end, err
}

// passive says what happened to the object where no source says who did it: "Ann
// Lee was elected", "Cuba received a letter".
func (r *Renderer) passive(verb schema.Verb, object string, objects int) string {
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

// Sentence says in words all that a fact is: who did what to whom, the other roles,
// the topic, and in brackets a status that is not happened or a standing that is not
// asserted: "Xie Feng met Ely Ratner (at Pentagon) about Taiwan (planned)". Its date
// and its evidence are not part of it.
func (r *Renderer) Sentence(ctx context.Context, f schema.Fact) (string, error) {
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

// inFact names the fact in which the edge of a role stands, and what else is said of
// it than by the role.
func (r *Renderer) inFact(ctx context.Context, f schema.Fact, predicate schema.Verb) (string, error) {
	name, err := r.Name(ctx, f.ID)
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
func (r *Renderer) qualifiers(ctx context.Context, f schema.Fact) (words []string, err error) {
	for _, role := range r.graph.Vocabulary().Roles() {
		ids := f.With(role)
		if len(ids) == 0 || role == schema.RoleActor || role == schema.RoleRecipient || role == schema.RoleParty {
			continue
		}
		names, err := r.Names(ctx, ids)
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

// marked is a sentence with the mark of its fact in brackets.
func marked(sentence string, f schema.Fact) string {
	if text := f.Mark(); text != "" {
		return sentence + " (" + text + ")"
	}
	return sentence
}
