package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The errors that [Vocabulary.Check] wraps, besides [ErrDate] and [ErrID]. [Hint]
// suggests a correction for a misspelt word.
var (
	ErrUnknownVerb = errors.New("unknown verb")
	ErrStatus      = errors.New("bad status")
	ErrRole        = errors.New("bad role")
	ErrKind        = errors.New("wrong kind")
	ErrParticipant = errors.New("bad participants")
	ErrLink        = errors.New("bad link")
	ErrEvidence    = errors.New("bad evidence")
	ErrText        = errors.New("bad text")
)

// Check returns the first error in a fact, or nil: an unknown verb or role,
// participants that the verb does not allow, a malformed date, inconsistent
// evidence. Values that [Vocabulary.Normalize] fills in may be missing. The error
// begins with the position of the fact, if it has one.
func (v *Vocabulary) Check(f Fact) error {
	c := &factChecker{vocabulary: v, fact: f}
	c.check()
	if len(c.found) == 0 {
		return nil
	}
	if f.Pos != (Position{}) {
		return fmt.Errorf("%v: %w", f.Pos, c.found[0])
	}
	return c.found[0]
}

// Problems returns all errors in a fact that do not follow from each other: the first
// one is the error of [Vocabulary.Check], without a position.
func (f Fact) Problems(v *Vocabulary) []error {
	c := &factChecker{vocabulary: v, fact: f, all: true}
	c.check()
	return c.found
}

// factChecker checks one fact against the definition of its verb.
type factChecker struct {
	vocabulary *Vocabulary
	fact       Fact
	verb       *Definition
	all        bool // look for further errors after the first one
	found      []error
}

// add adds an error, which may be nil, and reports whether the check goes on.
func (c *factChecker) add(err error) bool {
	if err != nil {
		c.found = append(c.found, err)
	}
	return c.all || len(c.found) == 0
}

func (c *factChecker) check() {
	d, ok := c.vocabulary.Lookup(c.fact.Verb)
	if !ok {
		c.add(WithHint(fmt.Errorf("%w %q", ErrUnknownVerb, c.fact.Verb), func() string {
			return DidYouMean(c.vocabulary.Suggest(string(c.fact.Verb)))
		}))
		return
	}
	c.verb = d
	_ = c.add(c.status(c.fact.Status)) && c.participants() && c.add(checkText(c.fact.Topic, c.fact.Key)) &&
		c.add(c.when(c.fact.When)) && c.add(checkLinks(c.fact)) && c.allEvidence()
}

// participants checks each participant. If all are good, it checks them together.
func (c *factChecker) participants() bool {
	before := len(c.found)
	for _, p := range c.fact.Roles {
		if !c.add(c.participant(p)) {
			return false
		}
	}
	if len(c.found) > before {
		return true
	}
	err := c.sides()
	if err == nil {
		err = c.roleEdges()
	}
	return c.add(err)
}

func (c *factChecker) allEvidence() bool {
	if len(c.fact.Evidence) == 0 {
		return c.add(fmt.Errorf("%w: a fact needs at least one piece of evidence", ErrEvidence))
	}
	for i, e := range c.fact.Evidence {
		if err := c.evidence(e); err != nil && !c.add(fmt.Errorf("%w %d: %w", ErrEvidence, i+1, err)) {
			return false
		}
	}
	return true
}

// status refuses relations that are refused or cancelled: these statuses belong
// to the interaction that would have begun the relation.
func (c *factChecker) status(s Status) error {
	switch {
	case s == "":
		return nil
	case !slices.Contains(Statuses(), s):
		return withNearest(fmt.Errorf("%w %q", ErrStatus, s), s, Statuses())
	case c.verb.Kind == Relation && (s == Refused || s == Cancelled):
		return fmt.Errorf("%w %q: %q is a relation, which holds or does not", ErrStatus, s, c.verb.ID)
	}
	return nil
}

// withNearest adds the known words nearest to a misspelt word as a hint.
func withNearest[T ~string](err error, word T, known []T) error {
	return WithHint(err, func() string { return DidYouMean(Nearest(string(word), toStrings(known), 2)) })
}

func (c *factChecker) participant(p Participant) error {
	d := c.verb
	r, ok := c.vocabulary.Role(p.Role)
	switch {
	case !ok:
		return withNearest(fmt.Errorf("%w %q: the vocabulary has no such role", ErrRole, p.Role), p.Role, c.vocabulary.Roles())
	case p.Role == RoleAt:
		return fmt.Errorf("%w %q: a place is part of the evidence", ErrRole, p.Role)
	case p.Role == RoleParty && !d.Symmetric:
		return fmt.Errorf("%w %q: %q has an actor and a recipient, not parties", ErrRole, p.Role, d.ID)
	case !r.Common && !slices.Contains(d.Roles, p.Role):
		return fmt.Errorf("%w %q: %q does not have this role", ErrRole, p.Role, d.ID)
	}
	if err := CheckID(p.ID); err != nil {
		return err
	}
	kinds := r.Kinds
	switch p.Role {
	case RoleActor, RoleParty:
		kinds = d.Subject
	case RoleRecipient:
		kinds = d.Object
	}
	if len(kinds) == 0 && p.Role == RoleRecipient {
		return fmt.Errorf("%w %q: %q has no object", ErrRole, p.Role, d.ID)
	}
	if !isKind(p.ID, kinds) {
		return wrongKind(p.ID, kinds, fmt.Sprintf("the %s of %q", p.Role, d.ID))
	}
	return nil
}

// isKind reports whether an id has one of the kinds. An empty list allows all
// kinds.
func isKind(id ID, kinds []Kind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, KindOf(id))
}

func wrongKind(id ID, kinds []Kind, what string) error {
	return fmt.Errorf("%w %q: %s is a %s", ErrKind, id, what, orList(toStrings(kinds)))
}

// orList joins words: "a", "a or b", "a, b or c".
func orList(list []string) string {
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// maxPairs is the limit of edges that the verb of one fact makes; maxRoleEdges is
// the limit for its roles.
const (
	maxPairs     = 1000
	maxRoleEdges = 10_000
)

// roleEdges refuses facts whose roles would make too many edges.
func (c *factChecker) roleEdges() error {
	var players map[Role]int // with edges
	for _, p := range c.fact.Roles {
		if r, _ := c.vocabulary.Role(p.Role); len(r.Edges) > 0 {
			if players == nil {
				players = make(map[Role]int)
			}
			players[p.Role]++
		}
	}
	pairs := 0
	for role, n := range players {
		r, _ := c.vocabulary.Role(role)
		for i := range r.Edges {
			pairs += n * len(r.Edges[i].otherPlayers(c.verb, c.fact, role))
		}
	}
	if pairs > maxRoleEdges {
		return fmt.Errorf("%w: its roles link %d pairs, more than %d", ErrParticipant, pairs, maxRoleEdges)
	}
	return nil
}

// namesGathering reports whether a fact names the gathering where it took place.
func namesGathering(f Fact) bool {
	return slices.ContainsFunc(f.With("during"), func(id ID) bool { return KindOf(id) == Gathering })
}

// sides checks actors, recipients and parties. The actor of an interaction may be
// unknown ("was arrested"); a relation needs both sides.
func (c *factChecker) sides() error {
	f, d := c.fact, c.verb
	actors, recipients, parties := playersOf(f.Roles, RoleActor), playersOf(f.Roles, RoleRecipient), playersOf(f.Roles, RoleParty)
	twice := append(commonIDs(actors, recipients), repeatedIDs(f.With(RoleParty))...)
	sides := len(actors) + len(recipients) + len(parties)
	switch {
	case sides == 0:
		return fmt.Errorf("%w: %q has no participants", ErrParticipant, d.Phrases[0])
	case len(parties) > 0 && len(actors)+len(recipients) > 0:
		return fmt.Errorf("%w: %q is a party beside actors or recipients", ErrParticipant, parties[0])
	case len(twice) > 0:
		return fmt.Errorf("%w: %q stands on both sides of %q", ErrParticipant, twice[0], d.ID)
	case len(parties)+len(actors) > MaxParties && len(recipients) == 0 && d.Symmetric && !namesGathering(f):
		return fmt.Errorf("%w: %d take part, more than %d: name the gathering under \"during\", which each of them attended",
			ErrParticipant, sides, MaxParties)
	case len(actors)*len(recipients) > maxPairs:
		return fmt.Errorf("%w: %d actors and %d recipients make more than %d pairs", ErrParticipant, len(actors), len(recipients), maxPairs)
	case d.Symmetric && d.NeedsObject && sides < 2:
		return fmt.Errorf("%w: %q needs another participant besides %q", ErrParticipant, d.ID, slices.Concat(actors, recipients, parties)[0])
	case d.Symmetric:
		return nil
	case d.NeedsObject && len(recipients) == 0:
		return fmt.Errorf("%w: %q needs an object for %q", ErrParticipant, d.ID, actors[0])
	case d.Kind == Relation && len(actors) == 0:
		return fmt.Errorf("%w: %q needs a subject for %q", ErrParticipant, d.ID, recipients[0])
	}
	return nil
}

// commonIDs returns the ids in both of two sorted lists.
func commonIDs(a, b []ID) []ID {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(a), func(id ID) bool {
		_, found := slices.BinarySearch(b, id)
		return !found
	})
}

func repeatedIDs(ids []ID) (again []ID) {
	if len(ids) < 2 {
		return nil
	}
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			again = append(again, id)
		}
		seen[id] = true
	}
	return again
}

// checkText refuses text that is not UTF-8, which no export could write.
func checkText(texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return fmt.Errorf("%w %q: not UTF-8", ErrText, text)
		}
	}
	return nil
}

func (c *factChecker) when(w When) error {
	if err := checkText(w.Words); err != nil {
		return err
	}
	if w.Attested && c.verb.Kind == Interaction {
		return fmt.Errorf("%w %q: %q happens once, only a relation is attested", ErrDate, w.Written, c.verb.ID)
	}
	_, err := w.Span(c.verb.Kind)
	return err
}

func checkLinks(f Fact) error {
	for _, l := range f.Links {
		switch {
		case !slices.Contains(LinkTypes(), l.Type):
			return withNearest(fmt.Errorf("%w %q", ErrLink, l.Type), l.Type, LinkTypes())
		case KindOf(l.Fact) != KindFact:
			return fmt.Errorf("%w %q: %q is no fact", ErrLink, l.Type, l.Fact)
		case l.Fact == f.ID:
			return fmt.Errorf("%w %q: from a fact to itself", ErrLink, l.Type)
		}
		if err := CheckID(l.Fact); err != nil {
			return err
		}
	}
	return nil
}
