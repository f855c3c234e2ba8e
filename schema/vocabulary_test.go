package schema_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/entente-kg/entente/schema"
)

func TestDefaultVocabularyCoversTheField(t *testing.T) {
	v := schema.DefaultVocabulary()
	kinds, types := map[schema.VerbKind]int{}, map[string]int{}
	for _, verb := range v.Verbs() {
		d := lookup(t, v, verb)
		kinds[d.Kind]++
		types[d.Plover.Type]++
	}
	if kinds[schema.Interaction] < 30 || kinds[schema.Relation] < 14 {
		t.Errorf("%d interactions and %d relations", kinds[schema.Interaction], kinds[schema.Relation])
	}
	for _, plover := range strings.Fields("AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST " +
		"REJECT ACCUSE THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT") {
		if types[plover] == 0 {
			t.Errorf("no verb is of PLOVER's type %s", plover)
		}
	}
}

func lookup(t *testing.T, v *schema.Vocabulary, verb schema.Verb) *schema.Definition {
	t.Helper()
	d, ok := v.Lookup(verb)
	if !ok || d.ID != verb {
		t.Fatalf("no verb %q", verb)
	}
	return d
}

func TestEveryPhraseResolvesToItsVerb(t *testing.T) {
	v := schema.DefaultVocabulary()
	listed := map[string]schema.Phrase{}
	for _, p := range v.Phrases() {
		listed[p.Text] = p
	}
	for _, verb := range v.Verbs() {
		d := lookup(t, v, verb)
		for _, text := range d.Phrases {
			resolves(t, v, text, verb, false)
			resolves(t, v, strings.ToUpper(text), verb, false)
			if want := (schema.Phrase{Text: schema.Fold(text), Verb: verb}); listed[want.Text] != want {
				t.Errorf("%q is listed as %+v", text, listed[want.Text])
			}
		}
		for _, text := range d.Inverse {
			resolves(t, v, text, verb, true)
		}
		resolves(t, v, string(verb), verb, false)
		resolves(t, v, strings.ReplaceAll(string(verb), "-", "_"), verb, false)
	}
	resolves(t, v, "Sanctioned  by", "sanctioned", true)
	if _, _, ok := v.Resolve("mett"); ok {
		t.Error(`"mett" resolves`)
	}
}

func resolves(t *testing.T, v *schema.Vocabulary, word string, verb schema.Verb, inverse bool) {
	t.Helper()
	got, inv, ok := v.Resolve(word)
	if got != verb || inv != inverse || !ok {
		t.Errorf("%q resolves to %q, inverse %v, %v; want %q, %v", word, got, inv, ok, verb, inverse)
	}
}

func TestPhrasesComeLongestFirst(t *testing.T) {
	phrases := schema.DefaultVocabulary().Phrases()
	if !slices.IsSortedFunc(phrases, func(a, b schema.Phrase) int { return len([]rune(b.Text)) - len([]rune(a.Text)) }) {
		t.Error("a shorter phrase stands before a longer one")
	}
	phrases[0].Verb = "changed"
	if schema.DefaultVocabulary().Phrases()[0].Verb == "changed" {
		t.Error("the caller's list is the vocabulary's own")
	}
}

// The players of the state roles of a verb must be able to have the relation that
// the verb opens.
func TestStatesFitTheirVerbs(t *testing.T) {
	v := schema.DefaultVocabulary()
	for _, verb := range v.Verbs() {
		d := lookup(t, v, verb)
		for _, state := range slices.Concat(d.Opens, d.Closes) {
			relation := lookup(t, v, state)
			fits(t, verb, state, mayPlay(v, d, d.StateSubject), relation.Subject)
			fits(t, verb, state, mayPlay(v, d, d.StateObject), relation.Object)
		}
		for _, opened := range d.Opens {
			if !slices.Contains(lookup(t, v, opened).OpenedBy, verb) {
				t.Errorf("%s does not know that %s opens it", opened, verb)
			}
		}
		for _, closed := range d.Closes {
			if !slices.Contains(lookup(t, v, closed).ClosedBy, verb) {
				t.Errorf("%s does not know that %s closes it", closed, verb)
			}
		}
	}
	if got := lookup(t, v, "contact-suspended-with").OpenedBy; !slices.Equal(got, []schema.Verb{"suspended-contact-with"}) {
		t.Errorf("suspended contact is opened by %v", got)
	}
}

func fits(t *testing.T, verb, state schema.Verb, played, may []schema.Kind) {
	t.Helper()
	if len(played) == 0 {
		t.Errorf("%s does not take the role that %s needs", verb, state)
	}
	for _, kind := range played {
		if !slices.Contains(may, kind) {
			t.Errorf("%s with a %s cannot open or close %s: want one of %v", verb, kind, state, may)
		}
	}
}

func mayPlay(v *schema.Vocabulary, d *schema.Definition, role schema.Role) []schema.Kind {
	switch role {
	case schema.RoleActor:
		return d.Subject
	case schema.RoleRecipient:
		return d.Object
	}
	r, ok := v.Role(role)
	if !ok || !r.Common && !slices.Contains(d.Roles, role) {
		return nil
	}
	return r.Kinds
}

func TestRolesKeepClearOfPredicates(t *testing.T) {
	for _, word := range append(predicates(t), "because", "led-to", "part-of") {
		_, err := schema.DefaultVocabulary().Extend("mine.yaml", fmt.Appendf(nil, "roles: [{id: %s, kinds: Person}]", word))
		if !errors.Is(err, schema.ErrVocabulary) {
			t.Errorf("a role may be called %q: %v", word, err)
		}
	}
}

// predicates reads the dip: terms from the source file that declares them.
func predicates(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "terms.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			text, _ := strconv.Unquote(lit.Value)
			if word, ok := strings.CutPrefix(text, "dip:"); ok && word != "" {
				words = append(words, word)
			}
		}
		return true
	})
	if len(words) < 30 {
		t.Fatalf("only %d predicates found", len(words))
	}
	return words
}

func TestExtendAddsAndNeverChanges(t *testing.T) {
	base := schema.DefaultVocabulary()
	hash, opened := base.Hash(), len(lookup(t, base, "under-sanction-by").OpenedBy)
	more, err := base.Extend("mine.yaml", []byte(`
sets: {crews: [Person, Group]}
roles: [{id: vessel, kinds: Thing}]
verbs:
- {id: embargoed, kind: interaction, passive: embargoed, subject: states, object: crews, roles: [vessel],
   opens: [under-sanction-by], state: {subject: recipient, object: actor}}
`))
	if err != nil {
		t.Fatal(err)
	}
	resolves(t, more, "were embargoed by", "embargoed", true)
	if d := lookup(t, more, "embargoed"); !slices.Equal(d.Object, []schema.Kind{schema.Person, schema.Group}) {
		t.Errorf("kinds of the object: %v", d.Object)
	}
	if got := lookup(t, more, "under-sanction-by").OpenedBy; !slices.Contains(got, "embargoed") || len(got) != opened+1 {
		t.Errorf("under sanction is opened by %v", got)
	}
	if _, ok := base.Lookup("embargoed"); ok || len(lookup(t, base, "under-sanction-by").OpenedBy) != opened {
		t.Error("the extension shows in what it extends")
	}
	if base.Hash() != hash || more.Hash() == hash {
		t.Error("the hash does not tell the two apart")
	}
}

func TestExtendTakesTheSameEntryAgain(t *testing.T) {
	base := schema.DefaultVocabulary()
	same, err := base.Extend("mine.yaml", []byte(`
verbs:
- {id: vetoed, kind: interaction, passive: vetoed, subject: actors, object: [Document, Fact, Thing], needs-object: true,
   roles: [of], plover: REJECT/yield, cameo: "129", note: my own words}
`))
	if err != nil || same.Hash() != base.Hash() {
		t.Errorf("the same verb again: %v", err)
	}
}

func TestHashCountsMeaningOnly(t *testing.T) {
	first := mustParse(t, core+"- {id: a, kind: interaction, subject: Person, note: x}\n- {id: b, kind: interaction, subject: Person}")
	other := mustParse(t, core+"- {id: b, kind: interaction, subject: [Person]}\n- {id: a, kind: interaction, subject: Person}")
	changed := mustParse(t, core+"- {id: b, kind: interaction, subject: Post}\n- {id: a, kind: interaction, subject: Person}")
	if first.Hash() != other.Hash() || first.Hash() == changed.Hash() {
		t.Errorf("%s, %s, %s", first.Hash(), other.Hash(), changed.Hash())
	}
}

func mustParse(t *testing.T, text string) *schema.Vocabulary {
	t.Helper()
	v, err := schema.ParseVocabulary("v.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSuggestNamesEachVerbOnce(t *testing.T) {
	v := schema.DefaultVocabulary()
	for word, want := range map[string][]string{
		"mett": {"met"}, "visitd": {"visited"}, "Sanctoned by": {"sanctioned by"},
		"was critcised by": {"was criticised by"}, "qqqqqq": nil, "": nil,
	} {
		if got := v.Suggest(word); !slices.Equal(got, want) {
			t.Errorf("Suggest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestGroups(t *testing.T) {
	v := schema.DefaultVocabulary()
	for _, verb := range v.Verbs() {
		if d, _ := v.Lookup(verb); !slices.Contains(v.Group(d.Group), verb) {
			t.Errorf("%s is in no group", verb)
		}
	}
	if contact := v.Group("contact"); !slices.Contains(contact, schema.Verb("met")) || slices.Contains(contact, "sanctioned") {
		t.Errorf("contact is %v", contact)
	}
	more, err := v.Extend("more.yaml", []byte(`verbs:
- {id: met, kind: interaction, phrases: [met, met with, held talks with, had talks with, held a meeting with,
   had a meeting with, sat down with, shook hands with, had lunch with, had dinner with, dined with], symmetric: true, subject: actors, needs-object: true, plover: CONSULT, cameo: '040'}
- {id: bribed, kind: interaction, group: graft, subject: Person, object: Person}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := more.Group("graft"); !slices.Equal(got, []schema.Verb{"bribed"}) || !slices.Contains(more.Group("contact"), schema.Verb("met")) {
		t.Errorf("graft is %v, and contact %v", got, more.Group("contact"))
	}
	if slices.Contains(v.Groups(), "graft") || !slices.Contains(more.Groups(), "graft") {
		t.Errorf("groups are %v, extended %v", v.Groups(), more.Groups())
	}
}
