package schema

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// The errors that [Vocabulary.Check] wraps, besides [ErrDate] and [ErrID].
// [Hint] tells what a word at fault may have been meant for.
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

// Check reports the first thing that is wrong with a fact, or nil: a verb or
// role that the vocabulary lacks, participants that the verb cannot have, a date
// that cannot be read, evidence that makes no sense. What [Vocabulary.Normalize]
// fills in may be missing. The error begins with the fact's position, where it
// has one.
func (v *Vocabulary) Check(f Fact) error {
	err := v.check(f)
	if err != nil && f.Pos != (Position{}) {
		return fmt.Errorf("%v: %w", f.Pos, err)
	}
	return err
}

func (v *Vocabulary) check(f Fact) error {
	d, ok := v.Lookup(f.Verb)
	if !ok {
		return WithHint(fmt.Errorf("%w %q", ErrUnknownVerb, f.Verb), func() string {
			return DidYouMean(v.Suggest(string(f.Verb)))
		})
	}
	if err := checkStatus(f.Status, d); err != nil {
		return err
	}
	for _, p := range f.Roles {
		if err := v.checkParticipant(p, d); err != nil {
			return err
		}
	}
	if err := checkSides(f, d); err != nil {
		return err
	}
	if err := v.checkRoleEdges(f, d); err != nil {
		return err
	}
	if err := checkText(f.Topic, f.Key); err != nil {
		return err
	}
	if err := checkWhen(f.When, d); err != nil {
		return err
	}
	if err := checkLinks(f); err != nil {
		return err
	}
	if len(f.Evidence) == 0 {
		return fmt.Errorf("%w: there is none, and a fact is what some source says", ErrEvidence)
	}
	for i, e := range f.Evidence {
		if err := v.checkEvidence(e, d); err != nil {
			return fmt.Errorf("%w %d: %w", ErrEvidence, i+1, err)
		}
	}
	return nil
}

// checkStatus knows no relation that is refused or cancelled: that is said of
// the act that would have begun it.
func checkStatus(s Status, d *Definition) error {
	switch {
	case s == "":
		return nil
	case !slices.Contains(Statuses(), s):
		return unknown(fmt.Errorf("%w %q", ErrStatus, s), s, Statuses())
	case d.Kind == Relation && (s == Refused || s == Cancelled):
		return fmt.Errorf("%w %q: %q is a relation, which holds or does not", ErrStatus, s, d.ID)
	}
	return nil
}

// unknown adds the nearest of the known words to an error about one.
func unknown[T ~string](err error, word T, known []T) error {
	return WithHint(err, func() string { return DidYouMean(Nearest(string(word), words(known), 2)) })
}

func (v *Vocabulary) checkParticipant(p Participant, d *Definition) error {
	r, ok := v.Role(p.Role)
	switch {
	case !ok:
		return unknown(fmt.Errorf("%w %q: the vocabulary has no such role", ErrRole, p.Role), p.Role, v.Roles())
	case p.Role == RoleAt:
		return fmt.Errorf("%w %q: a place is part of the evidence", ErrRole, p.Role)
	case p.Role == RoleParty && !d.Symmetric:
		return fmt.Errorf("%w %q: the sides of %q are not alike", ErrRole, p.Role, d.ID)
	case !r.Common && !slices.Contains(d.Roles, p.Role):
		return fmt.Errorf("%w %q: %q does not take it", ErrRole, p.Role, d.ID)
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
		return fmt.Errorf("%w %q: %q takes no object", ErrRole, p.Role, d.ID)
	}
	if !isKind(p.ID, kinds) {
		return wrongKind(p.ID, kinds, fmt.Sprintf("the %s of %q", p.Role, d.ID))
	}
	return nil
}

// isKind reports whether an id is of one of the kinds; no kinds are all.
func isKind(id ID, kinds []Kind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, KindOf(id))
}

func wrongKind(id ID, kinds []Kind, what string) error {
	return fmt.Errorf("%w %q: %s is a %s", ErrKind, id, what, either(words(kinds)))
}

// either is "a", "a or b" or "a, b or c".
func either(list []string) string {
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " or " + list[last]
}

// maxPairs bounds the edges that the verb of one fact makes, and maxRoleEdges those
// that its roles do.
const (
	maxPairs     = 1000
	maxRoleEdges = 10_000
)

// checkRoleEdges refuses facts whose roles would link too many.
func (v *Vocabulary) checkRoleEdges(f Fact, d *Definition) error {
	players := make(map[Role]int)
	for _, p := range f.Roles {
		players[p.Role]++
	}
	pairs := 0
	for role, n := range players {
		r, _ := v.Role(role)
		for i := range r.Edges {
			pairs += n * len(r.Edges[i].others(d, f, role))
		}
	}
	if pairs > maxRoleEdges {
		return fmt.Errorf("%w: its roles link %d pairs, more than %d", ErrParticipant, pairs, maxRoleEdges)
	}
	return nil
}

// gathers reports whether a fact names the gathering at which it took place.
func gathers(f Fact) bool {
	return slices.ContainsFunc(f.With("during"), func(id ID) bool { return KindOf(id) == Gathering })
}

// checkSides checks who does it to whom. The actor of an interaction may be
// unknown ("was arrested"); a relation needs both.
func checkSides(f Fact, d *Definition) error {
	actors, recipients, parties := playing(f.Roles, RoleActor), playing(f.Roles, RoleRecipient), playing(f.Roles, RoleParty)
	twice := append(shared(actors, recipients), repeated(f.With(RoleParty))...)
	sides := len(actors) + len(recipients) + len(parties)
	switch {
	case sides == 0:
		return fmt.Errorf("%w: nobody %q", ErrParticipant, d.Phrases[0])
	case len(parties) > 0 && len(actors)+len(recipients) > 0:
		return fmt.Errorf("%w: %q is a party beside actors or recipients", ErrParticipant, parties[0])
	case len(twice) > 0:
		return fmt.Errorf("%w: %q stands on both sides of %q", ErrParticipant, twice[0], d.ID)
	case len(parties)+len(actors) > MaxParties && len(recipients) == 0 && d.Symmetric && !gathers(f):
		return fmt.Errorf("%w: %d take part, more than %d: name the gathering under \"during\", which each of them attended",
			ErrParticipant, sides, MaxParties)
	case len(actors)*len(recipients) > maxPairs:
		return fmt.Errorf("%w: %d actors and %d recipients make more than %d pairs", ErrParticipant, len(actors), len(recipients), maxPairs)
	case d.Symmetric && d.NeedsObject && sides < 2:
		return fmt.Errorf("%w: %q needs another beside %q", ErrParticipant, d.ID, slices.Concat(actors, recipients, parties)[0])
	case d.Symmetric:
		return nil
	case d.NeedsObject && len(recipients) == 0:
		return fmt.Errorf("%w: %q needs an object for %q", ErrParticipant, d.ID, actors[0])
	case d.Kind == Relation && len(actors) == 0:
		return fmt.Errorf("%w: %q needs a subject for %q", ErrParticipant, d.ID, recipients[0])
	}
	return nil
}

// shared returns the ids that both lists have, each of which is in order.
func shared(a, b []ID) []ID {
	return slices.DeleteFunc(slices.Clone(a), func(id ID) bool {
		_, found := slices.BinarySearch(b, id)
		return !found
	})
}

func repeated(ids []ID) (again []ID) {
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		if seen[id] {
			again = append(again, id)
		}
		seen[id] = true
	}
	return again
}

// checkText makes sure that what is stored can be written out again.
func checkText(texts ...string) error {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return fmt.Errorf("%w %q: not UTF-8", ErrText, text)
		}
	}
	return nil
}

func checkWhen(w When, d *Definition) error {
	if err := checkText(w.Words); err != nil {
		return err
	}
	if w.Attested && d.Kind == Interaction {
		return fmt.Errorf("%w %q: %q happens once, only a relation is attested", ErrDate, w.Written, d.ID)
	}
	_, err := w.Span(d.Kind)
	return err
}

func checkLinks(f Fact) error {
	for _, l := range f.Links {
		switch {
		case !slices.Contains(LinkTypes(), l.Type):
			return unknown(fmt.Errorf("%w %q", ErrLink, l.Type), l.Type, LinkTypes())
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

// The kinds that evidence can cite, and those that can say something or pass it
// on.
var (
	sources  = []Kind{Doc}
	speakers = []Kind{Person, Post, Institution, Country, Group, Doc}
)

func (v *Vocabulary) checkEvidence(e Evidence, d *Definition) error {
	switch {
	case e.Stance != "" && !slices.Contains(Stances(), e.Stance):
		return unknown(fmt.Errorf("unknown stance %q", e.Stance), e.Stance, Stances())
	case e.Method != "" && !slices.Contains(Methods(), e.Method):
		return unknown(fmt.Errorf("unknown method %q", e.Method), e.Method, Methods())
	case !(e.Confidence >= 0 && e.Confidence <= 1): // NaN too
		return fmt.Errorf("confidence %v is not between 0 and 1", e.Confidence)
	}
	if err := checkText(e.Dataset, e.Quote, e.Locator, e.Note, e.Duration, e.Count); err != nil {
		return err
	}
	if err := checkOffsets(e); err != nil {
		return err
	}
	if err := v.checkCited(e); err != nil {
		return err
	}
	return checkWhen(e.When, d)
}

func (v *Vocabulary) checkCited(e Evidence) error {
	at, _ := v.Role(RoleAt)
	for _, c := range []struct {
		what  string
		ids   []ID
		kinds []Kind
	}{
		{"a source", given(e.Source), sources},
		{"who said it", given(e.SaidBy), speakers},
		{"whom it came through", e.Via, speakers},
		{"where it was", e.At, at.Kinds},
	} {
		for _, id := range c.ids {
			if err := CheckID(id); err != nil {
				return err
			}
			if !isKind(id, c.kinds) {
				return wrongKind(id, c.kinds, c.what)
			}
		}
	}
	return nil
}

func given(id ID) []ID {
	if id == "" {
		return nil
	}
	return []ID{id}
}

// checkOffsets checks that the offsets span the quote, where both are given.
func checkOffsets(e Evidence) error {
	quote := len(strings.TrimSpace(e.Quote))
	switch {
	case e.Start == 0 && e.End == 0:
		return nil
	case e.Start < 0 || e.End <= e.Start || e.End > math.MaxInt32:
		return fmt.Errorf("offsets %d to %d span nothing", e.Start, e.End)
	case quote > 0 && e.End-e.Start != quote:
		return fmt.Errorf("offsets %d to %d span %d bytes, the quote has %d", e.Start, e.End, e.End-e.Start, quote)
	}
	return nil
}
