package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

// GuessMark begins the comment of a value that was guessed and that nobody has confirmed:
// "verb: met  # guessed".
const GuessMark = "# guessed"

// Guess is a value of a mapping with the mark [GuessMark].
type Guess struct {
	Pos   schema.Position
	Key   string
	Value string // the text of the value, or its default
	item  *item  // nil outside of items
}

// Guesses lists the guesses of a mapping, in the order of their lines.
func (m *Mapping) Guesses() []Guess { return m.guesses }

// addGuesses adds the guesses in the value of a key, which belongs to an item or not.
func (c *compiler) addGuesses(key, n *yaml.Node, it *item) {
	if isGuess(n.LineComment) || isGuess(key.LineComment) {
		c.mapping.guesses = append(c.mapping.guesses, Guess{c.position(key), key.Value, guessed(n), it})
		if it != nil {
			it.guessed = true
		}
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Kind == yaml.MappingNode {
			c.addGuesses(n.Content[i], n.Content[i+1], it)
		}
	}
}

func isGuess(comment string) bool { return strings.HasPrefix(comment, GuessMark) }

// guessed returns the text of a value, or the default of a computed value.
func guessed(n *yaml.Node) string {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Kind == yaml.MappingNode && n.Content[i].Value == "default" {
			return n.Content[i+1].Value
		}
	}
	return n.Value
}

// sortGuesses orders guesses by their lines.
func (m *Mapping) sortGuesses() {
	slices.SortFunc(m.guesses, func(a, b Guess) int { return a.Pos.Line - b.Pos.Line })
}

// GuessNotes says what an input rests on that was guessed: each guess, with the number
// of records that it has a part in, and how to confirm it.
func (m *Mapping) GuessNotes(t *Tally) (notes []string) {
	for _, g := range m.guesses {
		made := ""
		if n := t.made[g.item]; g.item != nil {
			made = fmt.Sprintf(", in %d rows", n)
			if g.item.record.section == Fact {
				made = fmt.Sprintf(", for %d facts", n)
			}
		}
		notes = append(notes, fmt.Sprintf("%v: %s: %s was guessed%s", g.Pos, g.Key, g.Value, made))
	}
	if len(notes) > 0 {
		notes = append(notes, fmt.Sprintf("correct what is guessed; where it is right, remove the comment %q", GuessMark))
	}
	return notes
}
