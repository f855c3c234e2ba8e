package match

import (
	"fmt"
	"testing"

	"github.com/entente-kg/entente/schema"
)

// benchNames returns n prepared names of people with two words, of a few hundred words.
func benchNames(n int) (names []*name, folded [][]rune) {
	given := []string{"John", "Maria", "Sergei", "Mohammed", "Wei", "Anna", "Priya", "Kwame", "Lars", "Yusuf"}
	parts := []string{"ber", "kov", "man", "sen", "dal", "rin", "tor", "val", "mar", "nik"}
	for i := range n {
		text := fmt.Sprintf("%s %s%s%s", given[i%10], parts[i/10%10], parts[i/100%10], parts[i/1000%10])
		names = append(names, newName(text, schema.Person))
		folded = append(folded, []rune(names[i].folded))
	}
	return names, folded
}

// BenchmarkNames compares prepared names, one pair an iteration, beside the similarity of
// Jaro and Winkler of the same names as whole texts.
func BenchmarkNames(b *testing.B) {
	names, folded := benchNames(1000)
	b.Run("words", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			compareNames(names[i%1000], names[i*7/1000%1000], schema.Person)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
	})
	b.Run("JaroWinkler", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			jaroWinkler(folded[i%1000], folded[i*7/1000%1000])
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
	})
}
