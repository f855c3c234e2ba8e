package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// step is keys that are typed, as tmux names them, and what the screen shows
// after them.
type step struct {
	keys []string
	want string
	gone bool // it must have gone from the screen
}

// typed is a session of a user who tries the shell's features.
var typed = []step{
	{[]string{`g.V("<person:xie-feng>").out("<dip:met>").all()`, "Enter"}, "person:ely-ratner · Ely Ratner", false},
	{[]string{`.save("<rdfs:label>", "name").all()`, "Enter"}, "id                              name", false},
	{[]string{`entity("Xie F`, "Tab"}, `entity("Xie Feng"`, false},
	{[]string{`).out(verb.visi`, "Tab"}, "verb.visited", false},
	{[]string{`).al`, "Tab"}, ").all", false},
	{[]string{`()`, "Enter"}, "place:pentagon · the Pentagon", false},
	{[]string{`entity("Xie Feng")`, "Enter"}, "continue it with a line that begins with", false},
	{[]string{`.out(verb.visited).count()`, "Enter"}, "value  \n1", false},
	{[]string{"Up"}, `entente> entity("Xie Feng").out(verb.visited).count()`, false},
	{[]string{"C-a", "C-k", `:fin`, "Tab"}, ":find", false},
	{[]string{` 李尚`, "Tab"}, ":find 李尚福", false},
	{[]string{"Enter"}, "person:li-shangfu", false},
	{[]string{`:path Xie Feng -> Li Shang`, "Tab"}, "Li Shangfu", false},
	{[]string{" --paths 3", "Enter"}, "-- space: next page", false},
	{[]string{"Space", "Space"}, "There are more than 3 paths: --paths N", false},
	{[]string{`g.V("<person:xie-feng>").`, "Enter"}, "...>", false},
	{[]string{`  out("<dip:met>").count()`, "Enter"}, "\n1\n", false},
	{[]string{`while (true) { g.M() }`, "Enter"}, "while (true)", false},
	{[]string{"C-c"}, "query interrupted", false},
	{[]string{`dropped`, "C-c"}, "^C", false},
	{[]string{`g.V("<person:xie-fen>").all()`, "Enter"}, `did you mean "<person:xie-feng>"?`, false},
	{[]string{`entity("Xie Feng").out(verb.mett).all()`, "Enter"}, "did you mean verb.met", false},
	{[]string{`:json`, "Enter", `entity("Ely Ratner").out(verb.met).all()`, "Enter"}, `"id": "person:xie-feng"`, false},
	{[]string{`:table`, "Enter", `:limit 1`, "Enter", `g.V("<dip:met>").in("<rdf:type>").all()`, "Enter"}, "there is more than 1 row", false},
	{[]string{`:limit all`, "Enter", `:explain entity("Xie Feng").out(verb.met).all()`, "Enter"}, "objects of quads", false},
	{[]string{"Up"}, "entente> :explain entity", false},
	{[]string{"C-a", "C-k", `:nonsens`, "Enter"}, "unknown command :nonsens", false},
	{[]string{`:help`, "Enter"}, "-- space: next page", false},
	{[]string{"q"}, "-- space: next page", true},
	{[]string{`:help limits`, "Enter"}, "--query-memory", false},
	{[]string{"C-l"}, "--query-memory", true},
	{[]string{`g.V("<person:li-shangfu>", "<person:xie-feng>").save("<skos:altLabel>", "name").saveOpt("<dip:born>", "born").all()`, "Enter"}, "谢锋", false},
}

// TestTypedSession drives the REPL in a terminal of tmux, which changes its size
// in the middle, and looks at its screen.
func TestTypedSession(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	tmux := newTerminal(t)
	tmux.sees("Gizmo. :help lists", false)
	for i, s := range typed {
		if i == len(typed)/2 {
			tmux.run("resize-window", "-t", "repl", "-x", "72", "-y", "24")
		}
		tmux.press(s.keys...)
		if screen, ok := tmux.sees(s.want, s.gone); !ok {
			t.Fatalf("step %d, %q: the screen has no %q:\n%s", i+1, s.keys, s.want, screen)
		}
	}
	screen, _ := tmux.sees("entente> ", false)
	screen = regexp.MustCompile(` +\n`).ReplaceAllString(strings.TrimRight(screen, " \n"), "\n") + "\n"
	want, err := os.ReadFile("testdata/screen.txt")
	if err != nil {
		t.Fatal(err)
	}
	if screen != string(want) {
		t.Errorf("at the end the screen is\n%s\nwant\n%s", screen, want)
	}
	tmux.press("C-d")
	for deadline := time.Now().Add(20 * time.Second); tmux.try("has-session", "-t", "repl") == nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("ctrl-d does not end it")
		}
	}
}

// terminal is a server of tmux of its own, with one window.
type terminal struct {
	*testing.T
	socket string
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	dir := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(dir, "entente")); err != nil {
		t.Fatal(err)
	}
	term := &terminal{t, filepath.Join(dir, "socket")}
	t.Cleanup(func() { _ = term.try("kill-server") })
	term.run("-f", os.DevNull, "new-session", "-d", "-s", "repl", "-x", "100", "-y", "30",
		"-e", "ENTENTE_HISTORY="+filepath.Join(dir, "history"), "-e", "LANG=C.UTF-8", "-e", "GORACE=atexit_sleep_ms=0",
		filepath.Join(dir, "entente")+" repl --in ../../examples/us-china-2023 --timeout 60s")
	return term
}

func (t *terminal) try(args ...string) error {
	return exec.Command("tmux", append([]string{"-u", "-S", t.socket}, args...)...).Run()
}

func (t *terminal) run(args ...string) string {
	t.Helper()
	out, err := exec.Command("tmux", append([]string{"-u", "-S", t.socket}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("tmux %v: %v: %s", args, err, out)
	}
	return string(out)
}

// press types a text, or presses a key if the text is the name of a key.
func (t *terminal) press(keys ...string) {
	t.Helper()
	for _, key := range keys {
		switch key {
		case "Enter", "Tab", "Space", "Up", "C-a", "C-c", "C-d", "C-k", "C-l":
			time.Sleep(50 * time.Millisecond) // as people do
			t.run("send-keys", "-t", "repl", key)
		default:
			t.run("send-keys", "-t", "repl", "-l", key)
		}
	}
}

// sees waits until the screen has a text, or has it no more.
func (t *terminal) sees(want string, gone bool) (screen string, ok bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		if screen = t.run("capture-pane", "-pJ", "-t", "repl"); strings.Contains(screen, want) != gone {
			return screen, true
		}
	}
	return screen, false
}
