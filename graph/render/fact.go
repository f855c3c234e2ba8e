package render

import (
	"context"

	"github.com/entente-kg/entente/schema"
)

// Fact is a fact with its evidence, with names beside ids. Its JSON keys are the keys of
// the input formats.
type Fact struct {
	ID       schema.ID       `json:"id"`
	Sentence string          `json:"sentence"` // see [Renderer.Sentence]
	Verb     schema.Verb     `json:"verb"`
	Roles    []Participant   `json:"roles"`
	When     When            `json:"when"`
	Within   *Within         `json:"within,omitempty"` // for a fact without a date of its own
	Topic    string          `json:"topic,omitempty"`
	Status   schema.Status   `json:"status"`
	Key      string          `json:"source-key,omitempty"`
	Standing schema.Standing `json:"standing"` // whether any source asserts it
	Links    []Link          `json:"links,omitempty"`
	Through  []Ref           `json:"through,omitempty"` // entities that link it with the entity asked for
	Then     string          `json:"then,omitempty"`    // "certainly" or "possibly" in the period asked for
	Evidence []Evidence      `json:"evidence"`          // asserting evidence first

	// Predicate is the predicate of the edge that a path or a contact uses: the verb
	// of the fact, or the predicate of a role. Empty for other facts.
	Predicate schema.Verb `json:"predicate,omitempty"`
	byRole    string      // the sentence of an edge of a role, and in brackets its fact
}

// Participant is an entity in a role of a fact.
type Participant struct {
	Role schema.Role `json:"role"`
	Ref
}

// Link is a link to another fact. Its name is the sentence of that fact in brackets.
type Link struct {
	Type schema.LinkType `json:"type"`
	Ref
}

// Fact returns a fact with names beside ids. Roles and Evidence are never nil.
func (r *Renderer) Fact(ctx context.Context, f schema.Fact) (*Fact, error) {
	j := &Fact{}
	return j, fill(ctx, r, j, &f)
}

// fill makes j a fact with names beside ids, in the memory of the lists that j has.
func fill(ctx context.Context, r *Renderer, j *Fact, f *schema.Fact) (err error) {
	*j = Fact{
		ID: f.ID, Verb: f.Verb, When: *r.when(f.When, r.kind(f.Verb)), Topic: f.Topic, Status: f.Status, Key: f.Key, Standing: f.Standing(),
		Roles: emptied(j.Roles, len(f.Roles)), Links: j.Links[:0], Evidence: emptied(j.Evidence, len(f.Evidence)),
	}
	for _, p := range f.Roles {
		ref, err := r.Ref(ctx, p.ID)
		if err != nil {
			return err
		}
		j.Roles = append(j.Roles, Participant{p.Role, ref})
	}
	if j.Sentence, err = (sentence{r, f, j.Roles}).whole(ctx); err != nil {
		return err
	}
	if j.Within, err = r.within(ctx, f); err != nil {
		return err
	}
	for _, l := range f.Links {
		ref, err := r.Ref(ctx, l.Fact)
		if err != nil {
			return err
		}
		j.Links = append(j.Links, Link{l.Type, ref})
	}
	return r.addEvidence(ctx, j, f)
}

// emptied returns an empty list, never nil, with room for n items: the given one if it
// has the room.
func emptied[T any](list []T, n int) []T {
	if list == nil || cap(list) < n {
		return make([]T, 0, n)
	}
	return list[:0]
}

// String returns the fact in one line, as its sentence and its date: "Xie Feng met Ely
// Ratner, 2023-07-12". The texts of its evidence are in [Fact.Claims].
func (f *Fact) String() string { return Clean(f.Sentence + ", " + f.plainDate()) }

// Facts returns several facts with names beside ids; the list is never nil.
func (r *Renderer) Facts(ctx context.Context, facts []schema.Fact) ([]*Fact, error) {
	list := []*Fact{}
	for _, f := range facts {
		j, err := r.Fact(ctx, f)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

func (r *Renderer) kind(verb schema.Verb) schema.VerbKind {
	return r.vocabulary.VerbKind(verb)
}
