package format_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entente-kg/entente/loaders/format"
)

// talks is a dataset of the facts of one person, who keeps them in no order.
type talks struct{ people, facts []string }

func newTalks(r *rand.Rand, n int) *talks {
	t := &talks{people: []string{"Xie Feng", "Ely Ratner"}}
	for range n {
		t.add(r)
	}
	return t
}

func (t *talks) clone() *talks {
	return &talks{append([]string(nil), t.people...), append([]string(nil), t.facts...)}
}

// add adds a fact and a person at the ends of their lists.
func (t *talks) add(r *rand.Rand) {
	name := fmt.Sprintf("%c%c%c Smith", 'A'+r.IntN(26), 'a'+r.IntN(26), 'a'+r.IntN(26))
	t.people = append(t.people, name)
	t.facts = append(t.facts, fmt.Sprintf("{quote: \"talks, %d\", fact: %s met Ely Ratner, when: '%d-%02d-%02d'}",
		r.IntN(1000), name, 2000+r.IntN(24), 1+r.IntN(12), 1+r.IntN(28)))
}

// change changes the quote of a fact.
func (t *talks) change(r *rand.Rand) {
	i := r.IntN(len(t.facts))
	t.facts[i] = strings.Replace(t.facts[i], "talks", "long talks", 1)
}

func (t *talks) String() string {
	return "people: [" + strings.Join(t.people, ", ") + "]\nfacts:\n  - " + strings.Join(t.facts, "\n  - ") + "\n"
}

func formatted(t *testing.T, text string) string {
	t.Helper()
	out, err := format.YAML("talks.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// merge merges the changes of two people with Git. It reports whether there is no
// conflict.
func merge(t *testing.T, ours, base, theirs string) (merged string, ok bool) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i, text := range []string{ours, base, theirs} {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	out, err := exec.Command("git", append([]string{"merge-file", "-p", "-q"}, paths...)...).Output()
	return string(out), err == nil
}

// The changes of two people merge in formatted files: the result is formatted, and is
// what both changes together make. Without formatting, two additions always
// conflict.
func TestChangesMerge(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is missing")
	}
	conflicts := 0
	const pairs = 40
	for seed := range pairs {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		base := newTalks(r, 60)
		ours, theirs, both := base.clone(), base.clone(), base.clone()
		one, other := rand.NewPCG(uint64(seed), 1), rand.NewPCG(uint64(seed), 2)
		ours.add(rand.New(one))
		second := (*talks).change
		if seed%2 == 0 {
			second = (*talks).add
		}
		second(theirs, rand.New(other))
		second(both, rand.New(rand.NewPCG(uint64(seed), 2)))
		both.add(rand.New(rand.NewPCG(uint64(seed), 1)))
		if _, ok := merge(t, ours.String(), base.String(), theirs.String()); ok && seed%2 == 0 {
			t.Errorf("seed %d: two additions at the ends of lists merge without formatting", seed)
		}
		got, ok := merge(t, formatted(t, ours.String()), formatted(t, base.String()), formatted(t, theirs.String()))
		if !ok {
			conflicts++
			continue
		}
		if want := formatted(t, both.String()); got != want || formatted(t, got) != got {
			t.Errorf("seed %d: merged\n%s\nwant\n%s", seed, got, want)
		}
	}
	// Two additions between the same two records conflict, one pair in some thirty.
	if conflicts > pairs/8 {
		t.Errorf("%d of %d pairs of changes conflict", conflicts, pairs)
	}
	t.Logf("%d of %d pairs of changes conflict", conflicts, pairs)
}
