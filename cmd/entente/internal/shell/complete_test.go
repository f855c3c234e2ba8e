package shell

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/schema"
)

// TestCompletion maps lines to their completions: the complete line for each candidate.
func TestCompletion(t *testing.T) {
	c := newCompleter(&Host{
		Formats:    []string{"table", "json", "jsonl", "csv"},
		Commands:   []Command{{Name: "path", Flags: []string{"as-of", "avoid"}}, {Name: "show"}, {Name: "load"}},
		Vocabulary: schema.DefaultVocabulary(),
		Entities:   somePeople,
	})
	for line, want := range map[string]string{
		`:sh`:                                    ":show",
		`:show Li S`:                             ":show Li Shangfu",
		`:show li`:                               ":show Li Hui|:show Li Shangfu",
		`:path Li Hui -> X`:                      ":path Li Hui -> Xie Feng",
		`:path Li Hui, X`:                        ":path Li Hui, Xie Feng",
		`:show Li Hui, X`:                        "",
		`:path Li Hui -> Xie --avo`:              ":path Li Hui -> Xie --avoid",
		`:format js`:                             ":format json|:format jsonl",
		`:help li`:                               ":help limits",
		`:time o`:                                ":time off|:time on",
		`:limit a`:                               ":limit all",
		`:explain g.V().folR`:                    "",
		`:explain g.V().followR`:                 ":explain g.V().followR|:explain g.V().followRecursive",
		`g.Morp`:                                 "g.Morphism",
		`entity("Xie`:                            `entity("Xie Feng"`,
		`entity('李`:                              `entity('李尚福'`,
		`g.V("<person:li-s`:                      `g.V("<person:li-shangfu>"`,
		`g.V("<person:li-hui>").out("<dip:visit`: `g.V("<person:li-hui>").out("<dip:visited>"`,
		`x.out(verb.holdsP`:                      "x.out(verb.holdsPost",
		`x.out(verb.mediatedF`:                   "x.out(verb.mediatedFor",
		`ver`:                                    "verb",
		`betw`:                                   "between",
		`g.V("a\"b").tagA`:                       `g.V("a\"b").tagArray`,
		`nothing`:                                "",
	} {
		before, words, after := c.complete(line+" rest", len([]rune(line)))
		for i := range words {
			words[i] = before + words[i]
		}
		slices.Sort(words)
		if got := strings.Join(words, "|"); got != want || after != " rest" {
			t.Errorf("%s\ngot  %s, then %q\nwant %s", line, got, after, want)
		}
	}
}

// somePeople are the entities of a small graph.
func somePeople(context.Context) iter.Seq2[schema.Entity, error] {
	return func(yield func(schema.Entity, error) bool) {
		for _, e := range []schema.Entity{
			{ID: "person:xie-feng", Label: "Xie Feng"},
			{ID: "person:li-shangfu", Label: "Li Shangfu", Aliases: []schema.Text{{Value: "李尚福"}}},
			{ID: "person:li-hui", Label: "Li Hui"},
		} {
			if !yield(e, nil) {
				return
			}
		}
	}
}
