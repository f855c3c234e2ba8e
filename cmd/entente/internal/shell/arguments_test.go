package shell

import (
	"strings"
	"testing"
)

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
		"common Xie Feng, Li Shangfu":                  "Xie Feng|Li Shangfu",
		"common Xie Feng,Li Shangfu , China --all":     "Xie Feng|Li Shangfu|China|--all",
		`path "Xie Feng", "Li Shangfu"`:                "Xie Feng|Li Shangfu",
		"path Ann, Bob & Co., Ltd., Eve":               "Ann|Bob & Co., Ltd.|Eve",
		"path Bob & Co., Ltd. -> Eve":                  "Bob & Co., Ltd.|Eve",
		`path "Ann, Lee", Eve`:                         "Ann, Lee|Eve",
		"timeline Bob & Co., Ltd.":                     "Bob & Co., Ltd.",
		"show Ann, Lee":                                "Ann, Lee",
		"facts --verb met,called":                      "--verb|met,called",
		`facts --about "Xie Feng" --verb met`:          "--about|Xie Feng|--verb|met",
		"find O'Brien":                                 "O'Brien",
		"verbs":                                        "",
		`load my.yaml --with "other one" --format csv`: "my.yaml|--with|other one|--format|csv",
	} {
		command, rest, _ := strings.Cut(line, " ")
		got, err := splitArguments(command, rest, func(name string) bool { return name == "Bob & Co., Ltd." })
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("%s: %q, %v", line, got, err)
		}
	}
	if _, err := splitArguments("show", `"Xie`, nil); err == nil {
		t.Error("a quote that is not closed is no error")
	}
}
