package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/entente-kg/entente/schema"
)

// TestCompletion has a line and what it may become: the whole of it for each
// word that is offered.
func TestCompletion(t *testing.T) {
	r := &repl{app: &app{program: program}, session: &session{vocabulary: schema.DefaultVocabulary()}}
	c := newCompleter(r)
	c.known = true
	c.names = []string{"Li Hui", "Li Shangfu", "Xie Feng", "李尚福"}
	c.ids = []string{"person:li-hui", "person:li-shangfu", "person:xie-feng"}
	for line, want := range map[string]string{
		`:sh`:                                    ":show",
		`:show Li S`:                             ":show Li Shangfu",
		`:show li`:                               ":show Li Hui|:show Li Shangfu",
		`:path Li Hui -> X`:                      ":path Li Hui -> Xie Feng",
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

func TestSplitArguments(t *testing.T) {
	for line, want := range map[string]string{
		"show Xie Feng":                                "Xie Feng",
		"show Xie Feng --format json":                  "Xie Feng|--format|json",
		`show "Xie Feng"`:                              "Xie Feng",
		"path Xie Feng -> Li Shangfu --hops 3":         "Xie Feng|Li Shangfu|--hops|3",
		`path "Xie Feng" 'Li Shangfu'`:                 "Xie Feng|Li Shangfu",
		"near Xie Feng --hops 3":                       "Xie Feng|--hops|3",
		"timeline Xie Feng":                            "Xie Feng",
		"timeline Xie Feng -> Li Shangfu":              "Xie Feng|Li Shangfu",
		`timeline "Xie Feng" "Li Shangfu"`:             "Xie Feng|Li Shangfu",
		"common Xie Feng -> Li Shangfu -> China":       "Xie Feng|Li Shangfu|China",
		`path "a -> b" → c`:                            "a -> b|c",
		`facts --about "Xie Feng" --verb met`:          "--about|Xie Feng|--verb|met",
		"find O'Brien":                                 "O'Brien",
		"verbs":                                        "",
		`load my.yaml --with "other one" --format csv`: "my.yaml|--with|other one|--format|csv",
	} {
		command, rest, _ := strings.Cut(line, " ")
		got, err := splitArguments(command, rest)
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
	if _, err := splitArguments("show", `"Xie`); err == nil {
		t.Error("a quote that is not closed is no error")
	}
}

func TestScreenful(t *testing.T) {
	text := "one\n" + strings.Repeat("x", 25) + "\n三三三三三三\nlast\n"
	for rows, want := range map[int]int{1: 4, 2: 4, 4: 4 + 26, 5: 4 + 26, 6: 4 + 26 + 19, 7: len(text), 9: len(text)} {
		if got := len(screenful(text, 10, rows)); got != want {
			t.Errorf("%d rows: %d bytes, want %d", rows, got, want)
		}
	}
	if got := screenful(strings.Repeat("x", 100)+"\n", 10, 2); len(got) != 101 {
		t.Errorf("a line that is longer than the screen: %d bytes", len(got))
	}
}
