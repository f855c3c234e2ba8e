package library

import (
	"context"
	"fmt"
	"iter"
	"log"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
)

const note = `
sources: [{key: times, title: Ambassador visits Pentagon, published: 2023-07-13}]
people: [Xie Feng, Ely Ratner]
facts: [{fact: Xie Feng met Ely Ratner, when: 2023-07-12, source: times, quote: held talk}]`

// Add facts and entities to a dataset, change one, and remove one, each in a
// transaction. Here they are read from a text; values of package schema do as well.
func Example_update() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	first := loaders.YAML{}.Load(ctx, "note", strings.NewReader(note))
	second := loaders.YAML{}.Load(ctx, "note", strings.NewReader(strings.Replace(note, "talk", "talks", 1)))
	for _, change := range []func(tx *graph.Tx) error{
		func(tx *graph.Tx) error { return each(first, tx.Add) },
		func(tx *graph.Tx) error { return each(second, tx.Put) },
		func(tx *graph.Tx) error { return tx.Remove("fact:exsnwxqlhywxscqev7atgsqwve") },
	} {
		report, err := g.Update(ctx, "notes", change)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(report.Edits)
	}
	// Output:
	// 1 fact, 2 entities and 1 document added
	// 1 fact changed
	// 1 fact removed
}

// each passes each record to a method of a transaction.
func each[T any](records iter.Seq2[T, error], do func(...T) error) error {
	for record, err := range records {
		if err == nil {
			err = do(record)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
