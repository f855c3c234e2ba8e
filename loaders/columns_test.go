package loaders_test

import (
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

func TestColumnsThatBeginWithUnderscoreAreLeftOut(t *testing.T) {
	for header, want := range map[string]int{"_weight": 1, "weight": 0} {
		table := "subject,verb,object,subject_kind,object_kind," + header + "\nAnn Ray,met,Bo Fox,Person,Person,7\n"
		facts := 0
		for r, err := range (loaders.CSV{}).Load(t.Context(), "t.csv", strings.NewReader(table)) {
			if _, ok := r.(schema.Fact); ok && err == nil {
				facts++
			}
		}
		if facts != want {
			t.Errorf("column %s: %d facts, want %d", header, facts, want)
		}
	}
}
