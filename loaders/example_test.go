package loaders_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "entente")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "contacts.yaml")
	os.WriteFile(name, []byte("people: [Xie Feng, Ely Ratner]\nfacts:\n  - Xie Feng met Ely Ratner\n  - Xie Feng met Elly Ratner\n"), 0o600)

	in, err := loaders.Open(name, nil)
	if err != nil {
		panic(err)
	}
	for record, err := range in.Records(context.Background()) {
		if err != nil {
			fmt.Println(filepath.Base(err.Error()))
			fmt.Println("  hint:", schema.Hint(err))
			continue
		}
		switch r := record.(type) {
		case schema.Entity:
			fmt.Println(r.Kind, r.ID)
		case schema.Fact:
			fmt.Println(r.Verb, r.Roles)
		}
	}
	// Output:
	// contacts.yaml:4:18: unknown name: "Elly Ratner"
	//   hint: did you mean "Ely Ratner"? otherwise declare it: under people or posts or institutions, - name: Elly Ratner
	// Person person:xie-feng
	// Person person:ely-ratner
	// met [{actor person:xie-feng} {recipient person:ely-ratner}]
}
