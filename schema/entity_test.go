package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestCheckEntity(t *testing.T) {
	good := schema.Entity{ID: "person:a", Kind: schema.Person, Label: "A", Aliases: []schema.Text{{Value: "阿", Lang: "zh-Hant"}},
		Country: "country:b", Born: "1964~"}
	if err := schema.CheckEntity(good); err != nil {
		t.Error(err)
	}
	for name, test := range map[string]struct {
		spoil func(*schema.Entity)
		want  error
	}{
		"no id":           {func(e *schema.Entity) { e.ID = "" }, schema.ErrID},
		"another kind":    {func(e *schema.Entity) { e.Kind = schema.Place }, schema.ErrKind},
		"no name":         {func(e *schema.Entity) { e.Label = " " }, schema.ErrEntity},
		"not UTF-8":       {func(e *schema.Entity) { e.Label = "\xff" }, schema.ErrEntity},
		"a long name":     {func(e *schema.Entity) { e.Label = strings.Repeat("x", 2000) }, schema.ErrEntity},
		"two lines":       {func(e *schema.Entity) { e.Aliases[0].Value = "a\u2028b" }, schema.ErrEntity},
		"no language":     {func(e *schema.Entity) { e.Aliases[0].Lang = "en .\n<a:b>" }, schema.ErrEntity},
		"no country":      {func(e *schema.Entity) { e.Country = "person:b" }, schema.ErrKind},
		"born on no day":  {func(e *schema.Entity) { e.Born = "July" }, schema.ErrDate},
		"bad description": {func(e *schema.Entity) { e.Description = "\xff" }, schema.ErrEntity},
	} {
		e := good
		e.Aliases = []schema.Text{good.Aliases[0]}
		test.spoil(&e)
		if err := schema.CheckEntity(e); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckDocument(t *testing.T) {
	good := schema.Document{Entity: schema.Entity{ID: "doc:a", Kind: schema.Doc, Label: "A"}, URL: "https://example.org/a?b",
		SHA256: strings.Repeat("0a", 32), Language: "en-GB", Published: schema.When{Written: "2023"}}
	if err := schema.CheckDocument(good); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*schema.Document){
		"a hash too short": func(d *schema.Document) { d.SHA256 = "xyz" },
		"no language":      func(d *schema.Document) { d.Language = "foo bar" },
		"no address":       func(d *schema.Document) { d.URL = "not a url" },
		"a script":         func(d *schema.Document) { d.URL = "javascript:alert(1)" },
	} {
		d := good
		spoil(&d)
		if err := schema.CheckDocument(d); !errors.Is(err, schema.ErrEntity) {
			t.Errorf("%s: %v", name, err)
		}
	}
	good.Published.Written = "July"
	if err := schema.CheckDocument(good); !errors.Is(err, schema.ErrDate) {
		t.Errorf("a bad date: %v", err)
	}
}

// Evidence that denies a fact does not widen its dates if other evidence asserts
// it.
func TestDenialsDoNotWidenDates(t *testing.T) {
	v := schema.DefaultVocabulary()
	f := schema.Fact{Verb: "met", When: schema.When{Written: "2020-01-01"}, Roles: roles("party", "person:a", "party", "person:b"),
		Evidence: []schema.Evidence{{Source: "doc:a"}, {Source: "doc:b", Stance: schema.Denies, When: schema.When{Written: "2025-05-05"}}}}
	from, to, dated, err := schema.Hull(v.Normalize(f).Dates(), schema.Interaction)
	if err != nil || !dated || from.String() != "2020-01-01" || to.String() != "2020-01-01" {
		t.Errorf("from %s to %s, %v", from, to, err)
	}
	asserted, denied := f, f
	asserted.Evidence, denied.Evidence = f.Evidence[:1], []schema.Evidence{{Source: "doc:b", Stance: schema.Denies, Dataset: "two"}}
	denied.When.Written = "2020-01-01/2025"
	a, d := v.Normalize(asserted), v.Normalize(denied)
	if got := v.Merge(a, d).When.Written; got != "2020-01-01" {
		t.Errorf("merged: %s", got)
	}
	if got := v.Merge(d, a).When.Written; got != "2020-01-01" {
		t.Errorf("merged the other way: %s", got)
	}
}

func TestPairsAreBounded(t *testing.T) {
	f := schema.Fact{Verb: "told", Evidence: []schema.Evidence{{Source: "doc:a"}}}
	for i := range 40 {
		f.Roles = append(f.Roles, roles("actor", "person:a"+strings.Repeat("x", i), "recipient", "person:b"+strings.Repeat("x", i))...)
	}
	if err := schema.DefaultVocabulary().Check(f); !errors.Is(err, schema.ErrParticipant) {
		t.Errorf("40 actors and 40 recipients: %v", err)
	}
}
