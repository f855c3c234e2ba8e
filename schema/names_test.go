package schema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestFoldBringsSpellingsTogether(t *testing.T) {
	for _, names := range [][]string{
		{"Xie Feng", "XIE  FENG", " xie feng\n", "Ｘｉｅ Ｆｅｎｇ", "Xiè Fēng"},
		{"Erdoğan", "Erdogan", "ERDOĞAN"},
		{"Łódź", "Lodz"}, {"Straße", "STRASSE"}, {"Ёлкин", "Елкин"}, {"Jean\u2011Yves O’Neill", "jean-yves o'neill"},
		{"Zo\u00eb", "Zoe\u0308"}, {"مُحَمَّد", "محمد"}, {"ガ", "ｶﾞ"},
	} {
		for _, name := range names[1:] {
			if schema.Fold(name) != schema.Fold(names[0]) {
				t.Errorf("%q folds to %q, %q to %q", names[0], schema.Fold(names[0]), name, schema.Fold(name))
			}
		}
	}
	for _, names := range [][2]string{{"谢锋", "谢峰"}, {"か", "が"}, {"कि", "की"}, {"Li Hui", "Li Hua"}} {
		if schema.Fold(names[0]) == schema.Fold(names[1]) {
			t.Errorf("%q and %q are told apart no longer", names[0], names[1])
		}
	}
}

// The fast path for ASCII gives the same result as the general one.
func TestFoldOfASCII(t *testing.T) {
	for r := rune(0); r < 128; r++ {
		name := "A" + string(r) + "B"
		if got, want := schema.Fold(name)+"e", schema.Fold(name+"\u00e9"); got != want {
			t.Errorf("%q folds to %q, and to %q with an accent after it", name, got, want)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Xiè Fēng")
	f.Add("ŉ\u0345ǰ")
	f.Add("00000ꮑ0 Ꮑ ᏸ Ᏸ")
	f.Add("\xf6ӓ")
	f.Fuzz(func(t *testing.T, name string) {
		once := schema.Fold(name)
		if twice := schema.Fold(once); twice != once {
			t.Errorf("%q folds to %q, and that to %q", name, once, twice)
		}
	})
}

func TestIDs(t *testing.T) {
	for name, want := range map[string]schema.ID{
		"Xie Feng": "person:xie-feng", "Seán O’Neill, Jr.": "person:sean-o-neill-jr", "谢锋": "person:谢锋", "—": "",
	} {
		got := schema.MakeID(schema.Person, name)
		if got != want {
			t.Errorf("%q: %q", name, got)
		}
		if got != "" && schema.CheckID(got) != nil {
			t.Errorf("%q made a bad id: %v", name, schema.CheckID(got))
		}
	}
	for _, bad := range []schema.ID{"", "x", "person:", "alien:x", "person:a b", "person:a<b", "person:\xff", "person:a\u202eb",
		schema.ID("person:" + strings.Repeat("a", 600))} {
		if err := schema.CheckID(bad); !errors.Is(err, schema.ErrID) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if id := schema.MakeID(schema.Thing, strings.Repeat("谢", 600)); schema.CheckID(id) != nil {
		t.Errorf("a long name: %v", schema.CheckID(id))
	}
}

func TestKinds(t *testing.T) {
	for _, kind := range schema.Kinds() {
		if got := schema.KindOf(schema.ID(kind.Prefix() + ":x")); got != kind {
			t.Errorf("%s: %s", kind, got)
		}
		if got, ok := schema.ParseKind(strings.ToUpper(string(kind))); !ok || got != kind {
			t.Errorf("%s: %s", kind, got)
		}
	}
	if _, ok := schema.ParseKind("alien"); ok || schema.KindOf("alien:x") != "" {
		t.Error("aliens have a kind")
	}
}
