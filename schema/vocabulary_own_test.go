package schema_test

import (
	"math/rand/v2"
	"testing"

	"github.com/entente-kg/entente/schema"
	"gopkg.in/yaml.v3"
)

// ownFiles are files of a dataset with verbs of its own.
var ownFiles = []string{`
verbs:
  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [guests], object: [Person], roles: [witness], symmetric: false, cameo: '0401'}
  - {widens: signed, object: [Country], phrases: [inked]}
sets: {guests: [Person, Group], hosts: Country}
`, `
codes:
  cameo: {'0401': winked-at - a wink}
  ours: {B: winked-at, A: met (planned)}
roles: [{id: witness, kinds: [Person], note: "two\nlines: 040"}]
verbs: null
`, `
verbs:
  - {id: nodded-at, kind: interaction, subject: [hosts], object: [Person], asks: [winked-at]}
  - {id: winked-at, kind: interaction, phrases: [winked at], subject: [guests], object: [Person], roles: [witness], symmetric: false, cameo: '0401'}
codes:
  ours: {C: nodded-at}
`}

func ownParts(t *testing.T) (parts []schema.VerbsPart) {
	t.Helper()
	for i, text := range ownFiles {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, schema.VerbsPart{File: string(rune('a'+i)) + ".yaml", Root: doc.Content[0]})
	}
	return parts
}

// The order of the files of a dataset, and of their entries, has no part in its verbs; the
// text that a graph keeps has the same verbs.
func TestOwnVerbsHaveNoOrder(t *testing.T) {
	parts := ownParts(t)
	first, err := schema.ExtendByDataset(schema.DefaultVocabulary(), "talks", parts)
	if err != nil {
		t.Fatal(err)
	}
	if verb, _, ok := first.Resolve("winked at"); !ok || verb != "winked-at" || len(first.Extensions()) != 1 {
		t.Fatalf("winked at is %q; %d texts", verb, len(first.Extensions()))
	}
	text := first.Extensions()[0]
	if owner := schema.VerbsOwner(text); owner != "talks" {
		t.Errorf("the owner is %q", owner)
	}
	stored, err := schema.DefaultVocabulary().ExtendStored("stored", []byte(text))
	if err != nil || stored.Hash() != first.Hash() {
		t.Errorf("the stored text has other verbs: %v\n%s", err, text)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		for _, part := range parts {
			shuffleEntries(r, part.Root)
		}
		again, err := schema.ExtendByDataset(schema.DefaultVocabulary(), "talks", parts)
		if err != nil || again.Extensions()[0] != text {
			t.Fatalf("another order: %v\n%s", err, text)
		}
	}
}

// shuffleEntries shuffles the keys of mappings and the entries of the lists under them.
func shuffleEntries(r *rand.Rand, n *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		j := 2 * r.IntN(len(n.Content)/2)
		n.Content[i], n.Content[j] = n.Content[j], n.Content[i]
		n.Content[i+1], n.Content[j+1] = n.Content[j+1], n.Content[i+1]
		if list := n.Content[i+1]; list.Kind == yaml.SequenceNode {
			r.Shuffle(len(list.Content), func(i, j int) { list.Content[i], list.Content[j] = list.Content[j], list.Content[i] })
		}
	}
}

// A dataset keeps its own verbs and no file of another dataset that has the same.
func TestOwnVerbsDependOnNoOtherDataset(t *testing.T) {
	alone, err := schema.ExtendByDataset(schema.DefaultVocabulary(), "talks", ownParts(t))
	if err != nil {
		t.Fatal(err)
	}
	v, err := schema.ExtendByDataset(schema.DefaultVocabulary(), "others", ownParts(t)[:2])
	if err == nil {
		v, err = schema.ExtendByDataset(v, "talks", ownParts(t))
	}
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{"winked-at": true}
	schema.AddOwnWords(words, "talks")
	if kept := v.ExtensionsWith(words); len(kept) != 1 || kept[0] != alone.Extensions()[0] {
		t.Errorf("kept: %q", kept)
	}
	if without, err := schema.WithoutExtensions(v, v.Extensions()[1:]); err != nil || len(without.Extensions()) != 1 {
		t.Errorf("without the verbs of talks: %v", err)
	}
}
