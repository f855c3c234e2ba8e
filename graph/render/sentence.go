package render

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// sentence puts one fact into words.
type sentence struct {
	renderer *Renderer
	fact     schema.Fact
}

// phrase returns the words for a verb: "met", "sought a meeting with".
func (r *Renderer) phrase(verb schema.Verb) string { return r.vocabulary.Phrase(verb) }

// clause returns subject, verb and object. The object of more than two parties without
// sides is "each other".
func (s sentence) clause(ctx context.Context) (string, error) {
	f, r := s.fact, s.renderer
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
	subject, err := r.enumerate(ctx, before)
	if err != nil {
		return "", err
	}
	object, err := r.enumerate(ctx, after)
	if err != nil {
		return "", err
	}
	if sideless {
		object = "each other"
	}
	if subject == "" && object != "" {
		return passive(r.vocabulary, f.Verb, object, len(after)), nil
	}
	return strings.TrimSpace(subject + " " + r.phrase(f.Verb) + " " + object), nil
}

// enumerate returns the names of entities as in a sentence: "A, B and C".
func (r *Renderer) enumerate(ctx context.Context, ids []schema.ID) (string, error) {
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

// passive returns the clause of a fact without a known actor: "Ann Lee was elected",
// "Cuba received a letter".
func passive(v *schema.Vocabulary, verb schema.Verb, object string, objects int) string {
	be := "was "
	if objects > 1 {
		be = "were "
	}
	said := ""
	if d, ok := v.Lookup(verb); ok {
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
		return "(actor unknown) " + v.Phrase(verb) + " " + object
	}
	return object + " " + said
}

// Sentence returns a fact as a sentence, without its date and evidence: subject, verb
// and object, other roles in brackets, the topic, and in brackets a status other than
// happened or a standing other than asserted: "Li Shangfu met Lloyd Austin (refused)".
func (r *Renderer) Sentence(ctx context.Context, f schema.Fact) (string, error) {
	s := sentence{r, f}
	clause, err := s.clause(ctx)
	if err != nil {
		return "", err
	}
	more, err := s.qualifiers(ctx)
	if err != nil {
		return "", err
	}
	words := append([]string{clause}, more...)
	return withMark(strings.Join(words, " "), f), nil
}

// ofRoleEdge returns the name of the fact for the edge of a role, and the qualifiers of
// the fact without that role: "(of [United States agreed with Cuba])".
func (s sentence) ofRoleEdge(ctx context.Context, predicate schema.Verb) (string, error) {
	f, r := s.fact, s.renderer
	name, err := r.Name(ctx, f.ID)
	if err != nil {
		return "", err
	}
	if edge, ok := r.vocabulary.RoleEdge(predicate); ok {
		f.Roles = slices.DeleteFunc(slices.Clone(f.Roles), func(p schema.Participant) bool { return slices.Contains(edge.Roles, p.Role) })
	}
	more, err := sentence{r, f}.qualifiers(ctx)
	return strings.Join(append([]string{"(of " + name + ")"}, more...), " "), err
}

// qualifiers returns the roles that the clause leaves out, each in brackets, and the
// topic.
func (s sentence) qualifiers(ctx context.Context) (words []string, err error) {
	f, r := s.fact, s.renderer
	for _, role := range r.roles {
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

// withMark adds the mark of a fact in brackets: a status other than happened, or a
// standing other than asserted.
func withMark(sentence string, f schema.Fact) string {
	if text := f.Mark(); text != "" {
		return sentence + " (" + text + ")"
	}
	return sentence
}
