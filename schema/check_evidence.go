package schema

import (
	"cmp"
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
	if err := cmp.Or(checkOffsets(e), checkReview(e.Review)); err != nil {
		return err
	}
	if err := c.cited(e); err != nil {
		return err
	}
	return c.when(e.When)
}

func (c *factChecker) cited(e Evidence) error {
	at, _ := c.vocabulary.Role(RoleAt)
	err := checkCited(e.Source, sources, "a source")
	if err == nil {
		err = checkCited(e.SaidBy, speakers, "who said it")
	}
	for i := 0; i < len(e.Via) && err == nil; i++ {
		err = checkListed(e.Via[i], speakers, "whom it came through")
	}
	for i := 0; i < len(e.At) && err == nil; i++ {
		err = checkListed(e.At[i], at.Kinds, "where it was")
	}
	return err
}

// checkCited checks an id that may be missing.
func checkCited(id ID, kinds []Kind, what string) error {
	if id == "" {
		return nil
	}
	return checkListed(id, kinds, what)
}

func checkListed(id ID, kinds []Kind, what string) error {
	if err := CheckID(id); err != nil {
		return err
	}
	if !isKind(id, kinds) {
		return wrongKind(id, kinds, what)
	}
	return nil
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
