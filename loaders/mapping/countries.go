package mapping

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/entente-kg/entente/schema"
)

//go:embed countries.txt
var countriesText string

// countries is the table of names and codes of countries to their English names.
var countries = sync.OnceValue(func() *table {
	t := &table{make(map[string]string), make(map[string]string)}
	for line := range strings.Lines(countriesText) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimSpace(line), ";")
		for i, name := range fields {
			t.exact[name] = fields[2]
			if i >= 2 { // codes are in capital letters only: "no" is not Norway
				t.folded[schema.Fold(name)] = fields[2]
			}
		}
	}
	return t
})

// countryKinds is the table of the names and codes of countries to their kind.
var countryKinds = sync.OnceValue(func() *table {
	t := &table{make(map[string]string), make(map[string]string)}
	for name := range countries().exact {
		t.exact[name] = string(schema.Country)
	}
	for name := range countries().folded {
		t.folded[name] = string(schema.Country)
	}
	return t
})

// knownTables lists the tables that every mapping may use.
func knownTables() []string { return []string{"countries", "country-kinds"} }

// knownTable returns a table that every mapping may use, or nil.
func knownTable(name string) *table {
	switch name {
	case "countries":
		return countries()
	case "country-kinds":
		return countryKinds()
	}
	return nil
}

// CountryName returns the English name of a country for a name in English, French,
// German or Spanish, or an ISO code; empty if it is none.
func CountryName(text string) string {
	name, _ := countries().find(text)
	return name
}
