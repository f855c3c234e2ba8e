package schema_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/schema"
)

// core is the smallest valid vocabulary; line 6 is the first verb.
const core = `roles:
- {id: actor, common: true}
- {id: recipient, common: true}
- {id: party, common: true}
- {id: at, kinds: Place}
verbs:
- {id: knows, kind: relation, symmetric: true, subject: Person, needs-object: true}
`

// malformedEntries are entries to append to core, each with its error and its hint.
var malformedEntries = []struct{ name, more, want, hint string }{
	{"unknown key", "- {id: a, kind: interaction, subjct: Person}",
		`v.yaml:8:30: bad vocabulary: unknown key "subjct"`, `did you mean "subject"?`},
	{"key twice", "- {id: a, kind: interaction, kind: relation}",
		`v.yaml:8:30: bad vocabulary: key "kind" stands twice`, ""},
	{"unknown kind", "- {id: a, kind: interaction, subject: [Peron]}",
		`v.yaml:8:40: bad vocabulary: unknown kind "Peron"`, `did you mean "Person"?`},
	{"unknown kind of verb", "- {id: a, kind: relatoin, subject: Person}",
		`v.yaml:8:17: bad vocabulary: verb "a" is an interaction or a relation, not "relatoin"`, `did you mean "relation"?`},
	{"group of two words", "- {id: a, kind: interaction, group: Big Deals, subject: Person}",
		`v.yaml:8:37: bad vocabulary: a group is a word of lower-case letters, digits and hyphens, not "Big Deals"`, ""},
	{"another group", "- {id: met, kind: interaction, group: x, subject: Person}\n- {id: met, kind: interaction, group: y, subject: Person}",
		`v.yaml:9:8: bad vocabulary: verb "met" is defined already, and differs`, ""},
	{"bad id", "- {id: Met, kind: interaction, subject: Person}",
		`v.yaml:8:8: bad vocabulary: a verb needs an id of lower-case letters, digits and hyphens, not "Met"`, ""},
	{"no id", "- {kind: interaction, subject: Person}",
		`v.yaml:8:3: bad vocabulary: a verb needs an id of lower-case letters, digits and hyphens, not ""`, ""},
	{"named like a predicate", "- {id: quote, kind: interaction, subject: Person}",
		`v.yaml:8:8: bad vocabulary: verb "quote" has the name of a predicate`, ""},
	{"named like a role", "- {id: party, kind: interaction, subject: Person}",
		`v.yaml: bad vocabulary: verb "party" has the name of a role`, ""},
	{"defined twice", "- {id: knows, kind: interaction, subject: Person}",
		`v.yaml:8:8: bad vocabulary: verb "knows" is defined already, and differs`, ""},
	{"phrase of another", "- {id: a, kind: interaction, subject: Person, phrases: [saw, Knows]}",
		`v.yaml:8:62: bad vocabulary: phrase "Knows" of verb "a" belongs to verb "knows"`, ""},
	{"phrase both ways", "- {id: a, kind: interaction, subject: Person, phrases: [saw], inverse: [saw]}",
		`v.yaml:8:73: bad vocabulary: phrase "saw" of verb "a" belongs to verb "a"`, ""},
	{"phrase of no letters", `- {id: a, kind: interaction, subject: Person, phrases: ["-"]}`,
		`v.yaml:8:57: bad vocabulary: phrase "-" of verb "a" has no letters`, ""},
	{"opens nothing known", "- {id: a, kind: interaction, subject: Person, opens: [know]}",
		`v.yaml:8:55: bad vocabulary: verb "a" opens an unknown verb "know"`, `did you mean "knows"?`},
	{"opens an event", "- {id: a, kind: interaction, subject: Person, opens: [a]}",
		`v.yaml:8:55: bad vocabulary: verb "a" opens "a", which is no relation`, ""},
	{"relation that opens", "- {id: a, kind: relation, needs-object: true, subject: Person, object: Person, opens: [knows]}",
		`v.yaml:8:3: bad vocabulary: relation "a" is no event: it opens and closes nothing and has no PLOVER type`, ""},
	{"relation of one", "- {id: a, kind: relation, subject: Person, object: Person}",
		`v.yaml:8:3: bad vocabulary: relation "a" links two: it needs-object`, ""},
	{"unknown role", "- {id: a, kind: interaction, subject: Person, roles: [acter]}",
		`v.yaml:8:55: bad vocabulary: verb "a" names an unknown role "acter"`, `did you mean "actor"?`},
	{"state of one role", "- {id: a, kind: interaction, subject: Person, opens: [knows], state: {subject: actor}}",
		`v.yaml:8:70: bad vocabulary: a state needs the roles of its subject and of its object`, ""},
	{"symmetric with an inverse", "- {id: a, kind: interaction, subject: Person, symmetric: true, inverse: [b]}",
		`v.yaml:8:73: bad vocabulary: symmetric verb "a" has no inverse: give phrases`, ""},
	{"PLOVER type", "- {id: a, kind: interaction, subject: Person, plover: CONSULTS}",
		`v.yaml:8:55: bad vocabulary: unknown PLOVER type "CONSULTS"`, `did you mean "CONSULT"?`},
	{"CAMEO code", "- {id: a, kind: interaction, subject: Person, cameo: 40}",
		`v.yaml:8:54: bad vocabulary: a CAMEO code has three or four digits, 010 to 2042, not "40"`, ""},
	{"wider unknown", "- {id: a, kind: interaction, subject: Person, wider: b}",
		`v.yaml:8:54: bad vocabulary: verb "a" falls back on an unknown verb "b"`, `did you mean "a"?`},
	{"wider of another kind", "- {id: a, kind: interaction, subject: Person, wider: knows}",
		`v.yaml:8:54: bad vocabulary: verb "a" cannot fall back on "knows": interaction of group "", relation of group ""`, ""},
	{"wider in a circle", "- {id: a, kind: interaction, subject: Person, wider: b}\n- {id: b, kind: interaction, subject: Person, wider: a}",
		`v.yaml:8:54: bad vocabulary: verb "a" falls back on itself`, ""},
	{"widest unknown", "- {id: a, kind: interaction, group: g, subject: Person}\nwidest: {g: b}",
		`v.yaml:9:13: bad vocabulary: the widest verb of group "g" is an unknown verb "b"`, `did you mean "a"?`},
	{"widest of another group", "- {id: a, kind: interaction, group: h, subject: Person}\nwidest: {g: a}",
		`v.yaml:9:13: bad vocabulary: "a" cannot be the widest verb of group "g": it is of another group, or names a wider verb`, ""},
	{"widest is narrow", "- {id: a, kind: interaction, group: g, subject: Person}\nwidest: {g: [a]}",
		`v.yaml:9:13: bad vocabulary: the widest verb "a" does not accept every kind on both sides, and an interaction without an object`, ""},
	{"code of no system", "- {id: a, kind: interaction, subject: Person}\ncodes: {Cameo: {'01': a}}",
		`v.yaml:9:9: bad vocabulary: a system of codes has a name of lower-case letters, digits and hyphens, not "Cameo"`, ""},
	{"code of no form", "- {id: a, kind: interaction, subject: Person}\ncodes: {cameo: {'40': a}}",
		`v.yaml:9:17: bad vocabulary: "40" is no code of cameo`, ""},
	{"code of lower case", "- {id: a, kind: interaction, subject: Person}\ncodes: {plover: {consult: a}}",
		`v.yaml:9:18: bad vocabulary: "consult" is no code of plover`, ""},
	{"code of an unknown verb", "- {id: a, kind: interaction, subject: Person}\ncodes: {cameo: {'040': met}}",
		`v.yaml:9:24: bad vocabulary: code "040" of cameo leads to an unknown verb "met"`, ""},
	{"code of no verb", "- {id: a, kind: interaction, subject: Person}\ncodes: {cameo: {'04': '- talks', '040': '- talks'}}",
		`v.yaml:9:23: bad vocabulary: code "04" of cameo has no verb, and no code that contains it has one`, ""},
	{"code of an unknown status", "- {id: a, kind: interaction, subject: Person}\ncodes: {cameo: {'04': a (planed)}}",
		`v.yaml:9:23: bad vocabulary: code "04": want VERB (STATUS) - MEANING, not the status "planed"`, `did you mean "planned"?`},
	{"code twice", "- {id: a, kind: interaction, subject: Person}\ncodes: {cameo: {'04': a, '04': a (planned)}}",
		`v.yaml:9:26: bad vocabulary: code "04" of cameo is defined already, and differs`, ""},
	{"code of a relation", "- {id: a, kind: interaction, subject: Person}\ncodes: {cameo: {'04': knows (refused)}}",
		`v.yaml:9:23: bad vocabulary: code "04" of cameo: "knows" is a relation, which is not refused`, ""},
	{"flag", "- {id: a, kind: interaction, subject: Person, symmetric: maybe}",
		`v.yaml:8:58: bad vocabulary: want true or false, not "maybe"`, ""},
	{"null", "- {id: a, kind: interaction, subject: Person, note: }",
		`v.yaml:8:53: bad vocabulary: want text, not nothing`, ""},
	{"no list", "- {id: a, kind: interaction, subject: Person, phrases: saw}",
		`v.yaml:8:56: bad vocabulary: want a list, not "saw"`, ""},
	{"no mapping", "- met", `v.yaml:8:3: bad vocabulary: want keys and values, not "met"`, ""},
	{"alias", "- {id: a, kind: interaction, subject: &k [Person], object: *k}",
		`v.yaml:8:60: bad vocabulary: want a list, not an alias`, ""},
	{"two documents", "---\nverbs: []", `v.yaml: bad vocabulary: more than one document`, ""},
}

func TestParseVocabularyIsStrict(t *testing.T) {
	for _, tt := range malformedEntries {
		t.Run(tt.name, func(t *testing.T) {
			_, err := schema.ParseVocabulary("v.yaml", []byte(core+tt.more+"\n"))
			if !errors.Is(err, schema.ErrVocabulary) || err.Error() != tt.want {
				t.Errorf("\ngot  %v\nwant %s", err, tt.want)
			}
			if hint := schema.Hint(err); hint != tt.hint {
				t.Errorf("hint %q, want %q", hint, tt.hint)
			}
		})
	}
}

func hostile() map[string]string {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'j'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), ", "))
	}
	return map[string]string{
		"bomb":      bomb,
		"bomb set":  "sets:\n  " + strings.ReplaceAll(strings.TrimSpace(bomb), "\n", "\n  "),
		"self":      "sets: &s {a: *s}",
		"merge":     "sets: &s {a: Person}\nverbs: [{<<: *s, id: a}]",
		"flow":      strings.Repeat("[", 200_000),
		"block":     strings.Repeat("- ", 200_000) + "x",
		"keys":      strings.Repeat("? ", 100_000) + "x",
		"comments":  strings.Repeat("#\n", 200_000),
		"long":      "verbs: [" + strings.Repeat("a", schema.MaxParties*50_000) + "]",
		"big":       strings.Repeat(" ", 2<<20),
		"many":      "verbs: [" + strings.Repeat("1,", 200_000) + "1]",
		"binary":    "\x00\x01\xff",
		"empty":     "",
		"null":      "null",
		"scalar":    "met",
		"tag":       "verbs: !!binary aGVsbG8=",
		"directive": "%YAML 9.9\n---\nverbs: []",
	}
}

func TestHostileVocabulariesAreErrorsSoon(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := schema.DefaultVocabulary().Extend("v.yaml", []byte(text))
			if !errors.Is(err, schema.ErrVocabulary) || len(err.Error()) > 2000 {
				t.Errorf("%.300v", err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestVocabularyFilesAreBounded(t *testing.T) {
	_, err := schema.ParseVocabulary("v.yaml", []byte(core+strings.Repeat("#", 1<<20)))
	if want := fmt.Sprintf("v.yaml: bad vocabulary: %d bytes, more than 1048576", len(core)+(1<<20)); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func FuzzParseVocabulary(f *testing.F) {
	embedded, err := os.ReadFile("vocabulary.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(embedded)
	f.Add([]byte(core))
	for _, text := range hostile() {
		f.Add([]byte(text[:min(len(text), 2000)]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := schema.ParseVocabulary("v.yaml", data)
		if err != nil {
			if !errors.Is(err, schema.ErrVocabulary) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		for _, p := range v.Phrases() {
			if verb, inverse, ok := v.Resolve(p.Text); verb != p.Verb || inverse != p.Inverse || !ok {
				t.Fatalf("%q resolves to %q, %v, %v", p.Text, verb, inverse, ok)
			}
		}
		again, err := v.Extend("v.yaml", data)
		if err != nil || again.Hash() != v.Hash() {
			t.Fatalf("extending by itself: %v", err)
		}
	})
}
