package written

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// forms are examples of what is understood, for hints.
const forms = `known forms are 2023, 2023-07, 2023-07-12, 2023/7/12, 12 July 2023, July 2023, Q3 2023, spring 2023, early July 2023, c. 1994, 3-5 March 2022, 2015-2018; "entente help dates" has all`

func withForms(err error) error {
	return schema.WithHint(err, func() string { return forms })
}

// refusal is the error of a text without a reading.
func (p *parser) refusal(text string) error {
	plain := func(reason string) error { return fmt.Errorf("%w %q: %s", schema.ErrDate, text, reason) }
	if err := p.otherOrder(text); err != nil {
		return err
	}
	if c, ok := p.cellOf(text); ok {
		return schema.WithHint(plain(c.what), func() string { return c.advice })
	}
	_, err := schema.When{Written: text}.Span(schema.Interaction)
	switch {
	case p.isBackwards:
		return plain("ends before it begins")
	case p.noDay != "":
		return plain(p.noDay)
	case p.wrongWeekday:
		return plain("the day is not on that day of the week")
	case isRelative(text):
		return schema.WithHint(err, func() string {
			return "write the date itself; words: keeps the words of the source, and anchor: the day from which they count"
		})
	case p.unknown != "":
		return p.misspelt(text, err)
	case p.hasNoYear:
		return plain("has no year")
	}
	return withForms(err)
}

// otherOrder is the error of a date that is one only in the other order; nil if it is
// none.
func (p *parser) otherOrder(text string) error {
	other := map[Order]Order{DMY: MDY, MDY: DMY}[p.options.Order]
	if other == "" {
		return nil
	}
	readings := (&parser{options: Options{Order: other, FullYears: p.options.FullYears}}).readings(schema.Fold(text))
	if len(readings) != 1 {
		return nil
	}
	return schema.WithHint(fmt.Errorf("%w %q: is no date as %s", schema.ErrDate, text, p.options.Order), func() string {
		return fmt.Sprintf("as %s it is %s", other, readings[0].event())
	})
}

func isRelative(text string) bool {
	return slices.ContainsFunc(strings.Fields(schema.Fold(text)), func(word string) bool { return relativeWords[word] })
}

// misspelt adds the nearest date to an error, if one word is misspelt.
func (p *parser) misspelt(text string, err error) error {
	return schema.WithHint(err, func() string {
		var near []string
		for _, word := range schema.Nearest(p.unknown, knownWords(), 3) {
			better := strings.Replace(schema.Fold(text), p.unknown, capital(word), 1)
			again := &parser{options: p.options}
			if len(near) == 0 && len(again.readings(schema.Fold(better))) == 1 {
				near = append(near, better)
			}
		}
		if len(near) == 0 {
			return forms
		}
		return schema.DidYouMean(near) + " " + forms
	})
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// knownWords are the names of months and seasons, without abbreviations, sorted.
func knownWords() (all []string) {
	for _, names := range []map[string]int{monthNames, seasonNames} {
		for name := range maps.Keys(names) {
			if len(name) > 3 || name == "may" {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return all
}
