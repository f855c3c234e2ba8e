package schema

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The kinds of entities that evidence can cite, and the kinds that can be speakers
// or intermediaries.
var (
	sources  = []Kind{Doc}
	speakers = []Kind{Person, Post, Institution, Country, Group, Doc}
)

func (c *factChecker) evidence(e Evidence) error {
	switch {
	case e.Stance != "" && !slices.Contains(Stances(), e.Stance):
		return withNearest(fmt.Errorf("unknown stance %q", e.Stance), e.Stance, Stances())
	case e.Method != "" && !slices.Contains(Methods(), e.Method):
		return withNearest(fmt.Errorf("unknown method %q", e.Method), e.Method, Methods())
	case !(e.Confidence >= 0 && e.Confidence <= 1): // false for NaN too
		return fmt.Errorf("confidence %v is not between 0 and 1", e.Confidence)
	}
	if err := checkText(e.Dataset, e.Quote, e.Locator, e.Note, e.Duration, e.Count); err != nil {
		return err
	}
	if err := checkOffsets(e); err != nil {
		return err
	}
	if err := c.cited(e); err != nil {
		return err
	}
	return c.when(e.When)
}

func (c *factChecker) cited(e Evidence) error {
	at, _ := c.vocabulary.Role(RoleAt)
	for _, cited := range []struct {
		what  string
		ids   []ID
		kinds []Kind
	}{
		{"a source", listOf(e.Source), sources},
		{"who said it", listOf(e.SaidBy), speakers},
		{"whom it came through", e.Via, speakers},
		{"where it was", e.At, at.Kinds},
	} {
		for _, id := range cited.ids {
			if err := CheckID(id); err != nil {
				return err
			}
			if !isKind(id, cited.kinds) {
				return wrongKind(id, cited.kinds, cited.what)
			}
		}
	}
	return nil
}

func listOf(id ID) []ID {
	if id == "" {
		return nil
	}
	return []ID{id}
}

// checkOffsets checks that the offsets have the length of the quote, if both are
// known.
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
