package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph"
)

// mutatingCommand is a command that changes a graph, with the digests of the graph
// before and after it.
type mutatingCommand struct {
	name          string
	base          string // the folder of a graph to begin with; "" where there is none
	args          []string
	before, after string   // digests
	took          observed // undisturbed
}

// mutations is a list of mutating commands, and the binary that runs them.
type mutations struct {
	binary   string
	commands []*mutatingCommand
	bases    map[string]string // the digest of each graph to begin with, "" for none
}

// newMutations prepares all mutating commands, or only the named ones.
func newMutations(t *testing.T, facts int, commands ...string) *mutations {
	t.Helper()
	dir := t.TempDir()
	ms := &mutations{binary: built(t), bases: map[string]string{"": emptyDigest(t)}}
	input := func(folder, name, verb string, facts int) string {
		path := filepath.Join(dir, folder, name)
		writeTalks(t, path, verb, facts)
		return path
	}
	talks, small := input("new", "talks.csv", "met", facts), input("new", "small.csv", "visited", 3)
	old, other := input("old", "talks.csv", "called", facts/4), input("old", "other.csv", "invited", 10)
	many, edited := input("old", "many.csv", "called", 1200), input("new", "many.csv", "called", 1200)
	replaceIn(t, edited, "words of 7\n", "other words\n")
	one, both, noted, wide := filepath.Join(dir, "one"), filepath.Join(dir, "both"), filepath.Join(dir, "noted"), filepath.Join(dir, "wide")
	found := filepath.Join(dir, "found")
	ms.must(t, found, "load", filepath.Join("..", "..", "examples", "formats", "ferry.extraction.json"))
	ms.must(t, one, "load", other)
	ms.must(t, both, "load", other, old)
	ms.must(t, noted, "load", other, old)
	ms.must(t, wide, "load", other, many)
	full, delta := writeEntities(t, dir, facts)
	entities := filepath.Join(dir, "entities")
	ms.must(t, entities, "load", full, "--dataset", "entities")
	ms.must(t, noted, "add", "Envoy 1 met Minister 2", "--when", "2030", "--source", "Talks of 2030", "--publisher", "Reuters")
	ms.commands = []*mutatingCommand{
		{name: "first load", args: []string{"load", talks}},
		{name: "load", base: one, args: []string{"load", talks}},
		{name: "replacement", base: both, args: []string{"load", talks, "--replace"}},
		{name: "load of a change", base: wide, args: []string{"load", edited, "--replace"}},
		{name: "small load", base: both, args: []string{"load", small}},
		{name: "forget", base: both, args: []string{"forget", "talks"}},
		{name: "small forget", base: both, args: []string{"forget", "other"}},
		{name: "added fact", base: both, args: []string{"add", "Envoy 1 met Minister 2", "--when", "2030", "--source", "Talks of 2030", "--publisher", "Reuters"}},
		{name: "removed fact", base: noted, args: []string{"remove", "fact:e7imp535ohiahi2yi2exi4nf3u"}},
		{name: "rejected fact", base: found, args: []string{"review", "--reject", "fact:wpudfm4iubhnjux4iwnpqslcwa", "--why", "wrong", "--by", "Ada"}},
		{name: "delta", base: entities, args: []string{"load", delta, "--dataset", "entities"}},
		{name: "compaction", base: both, args: []string{"compact"}},
	}
	ms.commands = slices.DeleteFunc(ms.commands, func(m *mutatingCommand) bool {
		return len(commands) > 0 && !slices.Contains(commands, m.args[0])
	})
	for _, m := range ms.commands {
		ms.measure(t, m)
	}
	return ms
}

// writeEntities writes a file of FollowTheMoney, and a delta that changes a tenth of it.
func writeEntities(t *testing.T, dir string, n int) (full, delta string) {
	t.Helper()
	var before, after strings.Builder
	person := func(i int, name string) string {
		return fmt.Sprintf(`{"id": "p%d", "schema": "Person", "properties": {"name": ["%s %d"]}, "datasets": ["d"]}`, i, name, i)
	}
	for i := range n {
		fmt.Fprintf(&before, "%s\n", person(i, "Person"))
		fmt.Fprintf(&before, `{"id": "f%d", "schema": "Family", "properties": {"person": ["p%d"], "relative": ["p%d"]}, "datasets": ["d"]}`+"\n", i, i, (i+1)%n)
	}
	for i := 0; i < n; i += 30 {
		fmt.Fprintf(&after, `{"op": "ADD", "entity": %s}`+"\n", person(n+i, "New person"))
		fmt.Fprintf(&after, `{"op": "MOD", "entity": %s}`+"\n", person(i, "Other person"))
		fmt.Fprintf(&after, `{"op": "DEL", "entity": {"id": "f%d"}}`+"\n", i+1)
	}
	full, delta = filepath.Join(dir, "full.ftm.json"), filepath.Join(dir, "day.delta.json")
	err := errors.Join(os.WriteFile(full, []byte(before.String()), 0o644), os.WriteFile(delta, []byte(after.String()), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	return full, delta
}

// built returns the path of the program: the test binary under the name of the program,
// or with ENTENTE_TESTS=full a program that is built without the race detector.
func built(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("entente")
	if fullTests() {
		path, err = buildOnce()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// buildOnce builds the program into the folder of commands that runTests makes.
var buildOnce = sync.OnceValues(func() (string, error) {
	dir, err := exec.LookPath("entente")
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(dir), "entente-to-disturb")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

// measure runs a command without disturbing it.
func (ms *mutations) measure(t *testing.T, m *mutatingCommand) {
	t.Helper()
	g := ms.prepare(t, m)
	if m.before = ms.bases[m.base]; m.before == "" {
		m.before = ms.digest(t, g)
		ms.bases[m.base] = m.before
	}
	m.took = ms.run(t, m, g, trigger{})
	m.after = ms.digest(t, g)
}

// prepare makes the initial graph of a command in a new folder.
func (ms *mutations) prepare(t *testing.T, m *mutatingCommand) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "g")
	if m.base != "" {
		if err := os.CopyFS(dir, os.DirFS(m.base)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (ms *mutations) must(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := exec.Command(ms.binary, append(args, "--graph", dir)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// state verifies a graph, and returns its state by its digest: "as before" or "done".
func (ms *mutations) state(t *testing.T, m *mutatingCommand, dir string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "graph.db")); m.base == "" && errors.Is(err, fs.ErrNotExist) {
		return "as before"
	}
	switch digest := ms.digest(t, dir); digest {
	case m.after:
		return "done"
	case m.before:
		return "as before"
	default:
		t.Errorf("%s: neither done nor undone: digest %s", m.name, digest)
		return "broken"
	}
}

// finish runs the command again on a graph in a known state, without disturbing it. The
// command must succeed, and no other files may remain beside the graph.
func (ms *mutations) finish(t *testing.T, m *mutatingCommand, dir, state string) {
	t.Helper()
	args := m.args
	if state == "done" {
		args = []string{"compact"} // what is done needs no writer
	}
	ms.must(t, dir, args...)
	if state := ms.state(t, m, dir); state != "done" {
		t.Errorf("%s: done again, the graph is %s", m.name, state)
	}
	var entries []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path[len(dir):], string(filepath.Separator))
		folder, file, _ := strings.Cut(name, string(filepath.Separator))
		isOurs := name == "" || name == "graph.db" || (folder == "graph.records" || folder == "graph.deltas") && !strings.HasPrefix(file, ".")
		if !isOurs {
			entries = append(entries, name)
		}
		return err
	})
	if err != nil || len(entries) > 0 {
		t.Errorf("%s: the folder has %v (%v)", m.name, entries, err)
	}
}

// replaceIn replaces a text in a file.
func replaceIn(t *testing.T, name, old, text string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil && !strings.Contains(string(data), old) {
		err = fmt.Errorf("%s has no %q", name, old)
	}
	if err == nil {
		err = os.WriteFile(name, []byte(strings.Replace(string(data), old, text, 1)), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sizeOf returns the size of a test: the value of an environment variable if it is set,
// as in .ci/long; the larger of two numbers with ENTENTE_TESTS=full, as in .ci/run; else
// the smaller.
func sizeOf(t testing.TB, variable string, small, full int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" && fullTests() {
		return full
	}
	if text == "" {
		return small
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// fullTests reports whether tests run at full size.
func fullTests() bool { return os.Getenv("ENTENTE_TESTS") == "full" }

// writeTalks writes a dataset of facts, each with its own day and people.
func writeTalks(t *testing.T, name, verb string, facts int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("from,to,type,from_kind,to_kind,date,quote\n")
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range facts {
		fmt.Fprintf(&b, "Envoy %d,Minister %d,%s,person,person,%s,words of %d\n",
			i%97, i%89, verb, day.AddDate(0, 0, i).Format(time.DateOnly), i)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(b.String()), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// emptyDigest returns the digest of an empty graph.
func emptyDigest(t *testing.T) string {
	t.Helper()
	g, err := graph.Open(t.Context(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	v, err := g.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v.Digest
}

// digest verifies a graph and returns its digest: in this process, or with
// ENTENTE_TESTS=full by the command.
func (ms *mutations) digest(t *testing.T, dir string) string {
	t.Helper()
	if fullTests() {
		return ms.digestByCommand(t, dir)
	}
	v, err := verifyHere(t.Context(), &opener{config{Graph: dir, Wait: time.Minute}, &console{errs: io.Discard}})
	if err != nil || len(v.Problems) > 0 {
		t.Fatalf("verify: %v\n%v", err, v.Problems)
	}
	return v.Digest
}

func (ms *mutations) digestByCommand(t *testing.T, dir string) string {
	t.Helper()
	cmd := exec.Command(ms.binary, "verify", "--graph", dir, "--format", "json")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("verify: %v\n%s%s", err, out, &errs)
	}
	digest, err := digestIn(out)
	if err != nil {
		t.Fatal(err)
	}
	return digest
}

// digestIn returns the digest in the JSON output of verify.
func digestIn(out []byte) (string, error) {
	var v struct{ Digest string }
	if err := json.Unmarshal(out, &v); err != nil || v.Digest == "" {
		return "", fmt.Errorf("no digest in %s: %w", out, err)
	}
	return v.Digest, nil
}
