package jsonschema

import (
	"github.com/entente-kg/entente/schema"
)

// word is a word of a fixed set, and what it means.
type word struct{ text, means string }

// texts lists the words without their meanings.
func texts(words []word) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.text
	}
	return all
}

// meanings lists the words of a set in their order. Each has a meaning in a table.
func meanings[T ~string](set []T, table map[T]string) []word {
	var all []word
	for _, w := range set {
		all = append(all, word{string(w), table[w]})
	}
	return all
}

func kinds() []word {
	return meanings(schema.Kinds(), map[schema.Kind]string{
		schema.Person:      "A person.",
		schema.Post:        "An office that people hold.",
		schema.Institution: "A ministry, company, armed force or other organization.",
		schema.Group:       "A group that is not the same people each time, such as “Chinese officials”.",
		schema.Country:     "A country.",
		schema.Place:       "A place.",
		schema.Gathering:   "A summit, a conference or another gathering.",
		schema.Doc:         "A document, which is declared under sources.",
		schema.Thing:       "Anything else, such as a treaty, a ship or sanctions.",
	})
}

// kindTexts lists the names of kinds and the prefixes of their ids.
func kindTexts() []string {
	var all []string
	for _, k := range schema.Kinds() {
		all = append(all, string(k), k.Prefix())
	}
	return all
}

func statuses() []word {
	return meanings(schema.Statuses(), map[schema.Status]string{
		schema.Happened:     "The act took place, or the relation holds.",
		schema.Planned:      "The act is planned.",
		schema.Refused:      "The act was asked for or offered, and refused.",
		schema.Cancelled:    "The act was planned, and called off.",
		schema.Hypothetical: "The act is only thought of.",
	})
}

func stances() []word {
	return meanings(schema.Stances(), map[schema.Stance]string{
		schema.Asserts: "The source says that it is so.",
		schema.Denies:  "The source says that it is not so.",
		schema.Doubts:  "The source doubts it.",
		schema.Hearsay: "The source reports what others claim, without saying it itself.",
	})
}

func methods() []word {
	return meanings(schema.Methods(), map[schema.Method]string{
		schema.Curated:  "A person read the source.",
		schema.Inferred: "A conclusion of the curator that no document states.",
		schema.Rules:    "A program found it by rules.",
		schema.Model:    "A model extracted it from the source.",
		schema.Import:   "It was imported from another dataset.",
	})
}

func reviews() []word {
	return meanings(schema.ReviewStates(), map[schema.ReviewState]string{
		schema.Pending:  "No person has looked at it.",
		schema.Accepted: "A person has accepted it.",
		schema.Rejected: "A person has rejected it.",
	})
}

func orders() []word {
	return []word{{"dmy", "03/04/2015 is 3 April 2015."}, {"mdy", "03/04/2015 is March 4, 2015."}}
}

// vocabularyWords are the verbs of a vocabulary, and the texts that name them.
type vocabularyWords struct {
	verbs        []word   // the ids, with their phrases and notes
	phrases      []string // of all verbs
	relations    []string // the phrases of relations
	interactions []string
	twoSided     []string // of relations that are not symmetric
	oneWay       []string // of all verbs that are not symmetric
}

func wordsOf(v *schema.Vocabulary) vocabularyWords {
	var w vocabularyWords
	for _, verb := range v.Verbs() {
		d, _ := v.Lookup(verb)
		means := string(d.Kind) + ": " + d.Phrases[0]
		if d.Note != "" {
			means += " (" + d.Note + ")"
		}
		w.verbs = append(w.verbs, word{string(verb), means})
	}
	for _, p := range v.Phrases() {
		d, _ := v.Lookup(p.Verb)
		w.phrases = append(w.phrases, p.Text)
		if d.Kind == schema.Relation {
			w.relations = append(w.relations, p.Text)
		} else {
			w.interactions = append(w.interactions, p.Text)
		}
		if !d.Symmetric {
			w.oneWay = append(w.oneWay, p.Text)
		}
		if d.Kind == schema.Relation && !d.Symmetric {
			w.twoSided = append(w.twoSided, p.Text)
		}
	}
	return w
}
