package synth

import (
	"fmt"

	"github.com/entente-kg/entente/schema"
)

// extraSources returns how many sources an event has besides the first.
func (w *world) extraSources() int {
	switch n := w.IntN(100); {
	case n < 75:
		return 0
	case n < 93:
		return 1
	}
	return 2
}

// evidence returns the evidence of a number of sources for a fact. The first
// source mostly asserts it; others may differ, also about the place.
func (w *world) evidence(fact, sources int) []schema.Evidence {
	place := w.place()
	list := make([]schema.Evidence, sources)
	for i := range list {
		e := &list[i]
		*e = schema.Evidence{
			Source: w.document(), Quote: fmt.Sprintf("dealing %d, as source %d has it", fact, i+1), Locator: fmt.Sprintf("page %d", 1+w.IntN(30)),
			Stance: w.stance(i), Method: schema.Curated,
		}
		switch n := w.IntN(100); {
		case n < 60:
			e.At = []schema.ID{place}
		case n < 65:
			e.At = []schema.ID{w.place()}
		}
		w.setMethod(e)
		w.setSpeaker(e)
	}
	return list
}

func (w *world) stance(i int) schema.Stance {
	switch n := w.IntN(100) - 15*i; {
	case n < -8:
		return schema.Denies
	case n < 0:
		return schema.Doubts
	case n < 2:
		return schema.Hearsay
	}
	return schema.Asserts
}

// setMethod sets the method of evidence; the methods rules and model also have a
// confidence.
func (w *world) setMethod(e *schema.Evidence) {
	n := w.IntN(4)
	if n < 2 {
		return
	}
	e.Method = []schema.Method{schema.Rules, schema.Model}[n-2]
	e.Confidence = float64(50+w.IntN(50)) / 100
}

// setSpeaker sets the speaker of evidence and the intermediary.
func (w *world) setSpeaker(e *schema.Evidence) {
	if !w.chance(25) {
		return
	}
	e.SaidBy = w.official()
	if w.chance(30) {
		e.Via = []schema.ID{w.institution()}
	}
}
