package render

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// sentence puts one fact into words.
type sentence struct {
	renderer *Renderer
	fact     *schema.Fact
	named    []Participant // the roles of the fact, if their names are known already
}

// phrase returns the words for a verb: "met", "sought a meeting with".
func (r *Renderer) phrase(verb schema.Verb) string { return r.vocabulary.Phrase(verb) }

// appendNames appends the names of the participants in a role.
func (s sentence) appendNames(ctx context.Context, names []string, role schema.Role) ([]string, error) {
	for i := range s.fact.Roles {
		p := &s.fact.Roles[i]
		switch {
		case p.Role != role:
		case s.named != nil:
			names = append(names, s.named[i].Name)
		default:
			name, err := s.renderer.Name(ctx, p.ID)
			if err != nil {
				return nil, err
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// clause returns subject, verb and object. The object of more than two parties without
// sides is "each other".
func (s sentence) clause(ctx context.Context) (string, error) {
	f, r := s.fact, s.renderer
	var memory [3][4]string // few facts have more participants in a role
	before, err1 := s.appendNames(ctx, memory[0][:0], schema.RoleActor)
	after, err2 := s.appendNames(ctx, memory[1][:0], schema.RoleRecipient)
	parties, err3 := s.appendNames(ctx, memory[2][:0], schema.RoleParty)
	if err := cmp.Or(err1, err2, err3); err != nil {
		return "", err
	}
	if len(before) > 0 && len(after) > 0 && f.RecipientsFirst() {
		before, after = after, before
	}
	object := enumerate(after)
	switch {
	case len(parties) == 2:
		before, after = parties[:1], parties[1:]
		object = after[0]
	case len(parties) > 2:
		before, object = parties, "each other"
	}
	subject := enumerate(before)
	if subject == "" && object != "" {
		return passive(r.vocabulary, f.Verb, object, len(after)), nil
	}
	return strings.TrimSpace(subject + " " + r.phrase(f.Verb) + " " + object), nil
}

// enumerate returns names as in a sentence: "A, B and C".
func enumerate(names []string) string {
	switch last := len(names) - 1; last {
	case -1:
		return ""
	case 0:
		return names[0]
	default:
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
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
	return sentence{renderer: r, fact: &f}.whole(ctx)
}

// whole returns the text of [Renderer.Sentence].
func (s sentence) whole(ctx context.Context) (string, error) {
	clause, err := s.clause(ctx)
	if err != nil {
		return "", err
	}
	more, err := s.qualifiers(ctx)
	if err != nil {
		return "", err
	}
	if len(more) > 0 {
		clause += " " + strings.Join(more, " ")
	}
	return withMark(clause, s.fact), nil
}

// ofRoleEdge returns the name of the fact for the edge of a role, and the qualifiers of
// the fact without that role: "(of [United States agreed with Cuba])".
func (s sentence) ofRoleEdge(ctx context.Context, predicate schema.Verb) (string, error) {
	f, r := *s.fact, s.renderer
	name, err := r.Name(ctx, f.ID)
	if err != nil {
		return "", err
	}
	if edge, ok := r.vocabulary.RoleEdge(predicate); ok {
		f.Roles = slices.DeleteFunc(slices.Clone(f.Roles), func(p schema.Participant) bool { return slices.Contains(edge.Roles, p.Role) })
	}
	more, err := sentence{renderer: r, fact: &f}.qualifiers(ctx)
	return strings.Join(append([]string{"(of " + name + ")"}, more...), " "), err
}

// qualifiers returns the roles that the clause leaves out, each in brackets, and the
// topic.
func (s sentence) qualifiers(ctx context.Context) (words []string, err error) {
	for _, role := range s.renderer.qualifying {
		if !slices.ContainsFunc(s.fact.Roles, func(p schema.Participant) bool { return p.Role == role }) {
			continue
		}
		names, err := s.appendNames(ctx, nil, role)
		if err != nil {
			return nil, err
		}
		words = append(words, "("+string(role)+" "+strings.Join(names, ", ")+")")
	}
	if topic := s.fact.Topic; topic != "" {
		words = append(words, "about "+topic)
	}
	return words, nil
}

// withMark adds the mark of a fact in brackets: a status other than happened, or a
// standing other than asserted.
func withMark(sentence string, f *schema.Fact) string {
	if text := f.Mark(); text != "" {
		return sentence + " (" + text + ")"
	}
	return sentence
}
