package jsonschema

import (
	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// notRefused says that a relation is not refused or cancelled.
func notRefused() *node {
	refused := "^ *(?:" + anyCase("refused") + "|" + anyCase("cancelled") + ") *$"
	return &node{Keys: members{{"status", notText(refused, "A relation holds or does not: it is not refused or cancelled.")}}}
}

// fact returns the schema of a fact that is a mapping.
func fact(v *schema.Vocabulary, w vocabularyWords) *node {
	n := section(v, keys.Fact)
	const message = "A fact needs fact: with a sentence, or verb: with actor: and recipient:."
	for _, key := range []string{"fact", "verb"} {
		n.Any = append(n.Any, &node{Required: []string{key}, Keys: members{{key, present(message)}}})
	}
	n.All = append(commonChecks(), noEvidenceBeside(v), &node{If: has("fact", filled()), Then: &node{Keys: members{{"verb", excluded("A fact has a sentence or a verb, not both.")}}}})
	n.All = append(n.All, verbChecks(w)...)
	return n
}

// commonChecks returns the checks of facts and of posts held.
func commonChecks() []*node { return append(oneDate(), wholeQuote()) }

// noEvidenceBeside says that a fact with a list of evidence has no evidence of its own.
func noEvidenceBeside(v *schema.Vocabulary) *node {
	none := &node{}
	for _, k := range keys.Of(v, keys.Defaults) {
		if k.Name != "at" && k.Name != "status" {
			none.Keys = append(none.Keys, member{k.Name, nothing()})
		}
	}
	several := &node{Any: []*node{{Type: types{"object"}}, {Type: types{"array"}, MinItems: 1}}}
	return &node{If: has("evidence", several), Then: none}
}

// verbChecks returns what a verb demands of its fact, if the verb is written as it
// stands in the vocabulary.
func verbChecks(w vocabularyWords) []*node {
	isOneOf := func(phrases []string) *node {
		return has("verb", &node{Type: types{"string"}, Pattern: exactPhrases(phrases)})
	}
	name := &node{Type: filledText, Pattern: hasValue}
	someone := &node{Any: []*node{name, {Type: types{"array"}, MinItems: 1, Items: name}}}
	nobody := func(message string) *node {
		return &node{Keys: members{{"party", &node{If: someone, Then: &node{Type: types{"null"}, Error: message}}}}}
	}
	isAttested := &node{Any: []*node{{Enum: []any{true}}, {Type: types{"string"}, Pattern: "^(?:" + anyCase("true") + "|" + anyCase("yes") + ")$"}}}
	notAttested := &node{If: isAttested, Then: &node{Enum: []any{false}, Error: "An event happens once: only a relation is attested."}}
	return []*node{
		{If: &node{All: []*node{has("verb", filled())}, Not: has("fact", filled())}, Then: &node{Any: []*node{{Required: []string{"actor"}}, {Required: []string{"recipient"}}, {Required: []string{"party"}}}}},
		{If: isOneOf(w.relations), Then: notRefused()},
		{If: isOneOf(w.interactions), Then: &node{Keys: members{{"attested", notAttested}}}},
		{If: isOneOf(w.twoSided), Then: &node{Required: []string{"actor", "recipient"}}},
		{If: isOneOf(w.oneWay), Then: nobody("This verb has an actor and a recipient, not parties.")},
		{If: &node{All: []*node{has("verb", filled())}, Any: []*node{has("actor", someone), has("recipient", someone)}}, Then: nobody("A party does not stand beside actors or recipients.")},
	}
}
