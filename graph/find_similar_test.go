package graph_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/entente-kg/entente/schema"
)

// Similar names are those of a comparison with every name and all its parts, letter by
// letter.
func TestFindSimilarNames(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	names := map[schema.ID][]string{}
	var records []schema.Record
	for i := range 400 {
		e := schema.Entity{ID: schema.ID(fmt.Sprint("person:p", i)), Kind: schema.Person, Label: randomName(r)}
		if r.IntN(4) == 0 {
			e.Aliases = []schema.Text{{Value: randomName(r)}}
			names[e.ID] = append(names[e.ID], e.Aliases[0].Value)
		}
		names[e.ID] = append(names[e.ID], e.Label)
		records = append(records, e)
	}
	g := open(t, t.TempDir())
	load(t, g, "people", records...)
	similar := 0
	for range 700 {
		name := misspelt(r, randomName(r))
		found, err := g.Find(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		want := nearestOf(names, schema.NameKey(name))
		if len(want) == 0 || len(found) > 0 && found[0].Exact || schema.NameKey(name) == "" {
			continue // names that share a word, or the name itself
		}
		similar++
		distances := slices.Sorted(maps.Values(want))
		if len(found) != min(10, len(want)) {
			t.Fatalf("%q has %d similar names, want %d", name, len(found), min(10, len(want)))
		}
		for i, m := range found {
			if distance, ok := want[m.ID]; !ok || m.Distance != distance || m.Distance != distances[i] {
				t.Fatalf("match %d of %q is %v, want the distance %d; it is %d", i, name, m, distances[i], distance)
			}
		}
	}
	if similar < 150 {
		t.Errorf("only %d names were similar to another", similar)
	}
}

// nearestOf returns the entities that have a similar name, with their distances.
func nearestOf(names map[schema.ID][]string, folded string) map[schema.ID]int {
	limit := max(1, utf8.RuneCountInString(folded)/4)
	nearest := map[schema.ID]int{}
	for id, list := range names {
		for _, name := range list {
			distance := nearestPart(folded, schema.NameKey(name), limit)
			if old, ok := nearest[id]; distance <= limit && (!ok || distance < old) {
				nearest[id] = distance
			}
		}
	}
	return nearest
}

// nearestPart returns the least distance of a name from another, or from as many words
// of it, one fewer or one more; above the limit, the limit plus one.
func nearestPart(name, other string, limit int) int {
	split := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	words, parts := strings.FieldsFunc(name, split), strings.FieldsFunc(other, split)
	distance := limit + 1
	compare := func(part []string) {
		a, b := strings.Join(words, ""), strings.Join(part, "")
		if gap := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); gap <= limit && -gap <= limit {
			distance = min(distance, schema.Distance(a, b))
		}
	}
	compare(parts)
	for n := max(1, len(words)-1); n <= len(words)+1; n++ {
		for i := 0; i+n <= len(parts); i++ {
			compare(parts[i : i+n])
		}
	}
	return distance
}

// randomName has few syllables, so that many names are similar, and sometimes more
// letters than are compared.
func randomName(r *rand.Rand) string {
	syllables := []string{"ba", "bo", "ki", "é", "谢", "锋", "ß", "Ω", "na", "el", "3"}
	var words []string
	for range 1 + r.IntN(4) {
		var word string
		for range 1 + r.IntN(3) {
			word += syllables[r.IntN(len(syllables))]
		}
		words = append(words, word)
	}
	if r.IntN(20) == 0 {
		words = append(words, strings.Repeat("ab", 25+r.IntN(20)))
	}
	return strings.Join(words, []string{" ", " ", "-", "’"}[r.IntN(4)])
}

// misspelt changes a few letters of a name.
func misspelt(r *rand.Rand, name string) string {
	letters := []rune(name)
	for range 1 + r.IntN(3) {
		i := r.IntN(len(letters))
		switch r.IntN(3) {
		case 0:
			letters[i] = []rune("abk谢 -")[r.IntN(6)]
		case 1:
			letters = slices.Insert(letters, i, 'a')
		default:
			letters[i], letters[len(letters)/2] = letters[len(letters)/2], letters[i]
		}
	}
	return string(letters)
}
