package draw_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// names are names in several scripts, short and long, and hostile ones.
var names = []string{
	"Ann Lee", "谢锋", "中华人民共和国国防部长李尚福同志", "Сергей Викторович Лавров", "محمد بن سلمان بن عبد العزيز آل سعود",
	"Ministry of Foreign Affairs and International Co-operation of the Republic", "Ωμέγα Παπαδόπουλος", "김정은",
	"Nguyễn Phú Trọng", "</text><script>alert(1)</script>", "]]>&amp;\"'<b>", "नरेन्द्र मोदी", "שלום כהן",
	"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "a\u202eb\x07c", "x",
}

// records yields a world in which a person has met each of n entities, and every tenth
// of these has met another one.
func records(n int) iter.Seq2[schema.Record, error] {
	return func(yield func(schema.Record, error) bool) {
		add := func(r schema.Record) bool { return yield(r, nil) }
		doc := schema.Document{Entity: schema.Entity{ID: "doc:d", Kind: schema.Doc, Label: "The <Times> & others"}}
		if !add(doc) {
			return
		}
		for i := range 9 {
			if !add(schema.Entity{ID: country(i), Kind: schema.Country, Label: "Land " + names[i%len(names)]}) {
				return
			}
		}
		for i := range n + 1 {
			name := fmt.Sprintf("%s %d", names[i%len(names)], i)
			name = strings.ToValidUTF8(strings.Map(printable, name), "")
			if !add(schema.Entity{ID: person(i), Kind: schema.Person, Label: name, Country: country(i % 9)}) {
				return
			}
		}
		for i := 1; i <= n; i++ {
			from := 0
			if i%10 == 9 {
				from = i - 1
			}
			for k := range 1 + i%3 {
				f := schema.Fact{Verb: "met", Roles: []schema.Participant{{Role: schema.RoleActor, ID: person(from)}, {Role: schema.RoleRecipient, ID: person(i)}}}
				f.When = schema.When{Written: fmt.Sprintf("20%02d-0%d", i%24, k+1)}
				f.Evidence = []schema.Evidence{{Source: "doc:d", Quote: "they met"}}
				if !add(f) {
					return
				}
			}
		}
	}
}

// printable removes the characters that a label must not have.
func printable(r rune) rune {
	if r < ' ' || r == '\u202e' {
		return -1
	}
	return r
}

func person(i int) schema.ID  { return schema.ID(fmt.Sprintf("person:p%d", i)) }
func country(i int) schema.ID { return schema.ID(fmt.Sprintf("country:c%d", i)) }

// open returns a graph of records.
func open(t testing.TB, all iter.Seq2[schema.Record, error]) *paths.Finder {
	t.Helper()
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	if _, err := g.Load(ctx, "world", all, nil); err != nil {
		t.Fatal(err)
	}
	f, err := paths.Open(ctx, g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
