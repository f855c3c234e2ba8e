package paths_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"

	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// networkxAsked is the input of testdata/networkx_paths.py.
type networkxAsked struct {
	Edges  []networkxEdge `json:"edges"`
	Far    [][2]schema.ID `json:"far"`    // how many hops are between these?
	Ranked [][2]schema.ID `json:"ranked"` // what do the first K paths between these cost?
	K      int            `json:"k"`
}

type networkxEdge struct {
	From     schema.ID `json:"from"`
	To       schema.ID `json:"to"`
	Relation bool      `json:"relation"`
	Dated    bool      `json:"dated"`
}

// networkxAnswer is its output. Costs are in 256ths of a hop.
type networkxAnswer struct {
	Far     []int      `json:"far"` // -1 where there is no path
	Telling [][]int    `json:"telling"`
	Hops    [][][2]int `json:"hops"` // hops, and the cost of telling, which decides between equal ones
}

// TestAgreesWithNetworkx compares distances and the costs of paths with another
// program, on a graph that is too large for an enumeration.
func TestAgreesWithNetworkx(t *testing.T) {
	python := pythonWith(t, "networkx")
	nodes := 1500
	if os.Getenv("ENTENTE_TESTS") == "full" {
		nodes = 5000
	}
	r := rand.New(rand.NewPCG(11, 11))
	ids, facts := largeWorld(r, nodes)
	v := viewOfOne(t, facts)
	if v.Nodes() != nodes {
		t.Fatalf("%d nodes", v.Nodes())
	}
	asked := networkxAsked{Edges: networkxEdges(facts), Far: randomPairs(r, ids, nodes/12), Ranked: randomPairs(r, ids, nodes/160), K: 10}
	answer := askNetworkx(t, python, asked)

	t.Run("distances", func(t *testing.T) { sameDistances(t, v, asked.Far, answer.Far) })
	t.Run("telling", func(t *testing.T) {
		samePaths(t, v, asked, paths.ByTelling, answer.Telling, tellingOf)
	})
	t.Run("hops", func(t *testing.T) {
		samePaths(t, v, asked, paths.ByHops, answer.Hops, func(p paths.Path) [2]int { return [2]int{len(p.Hops), tellingOf(p)} })
	})
}

// viewOfOne loads one dataset, which needs half of the time in a large world.
func viewOfOne(t *testing.T, facts []schema.Fact) *paths.View {
	t.Helper()
	g := graphOf(t, nil)
	if _, err := g.Load(t.Context(), "one", records(facts, "one"), nil); err != nil {
		t.Fatal(err)
	}
	v, err := paths.NewView(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func tellingOf(p paths.Path) int { return int(p.Telling * 256) }

func sameDistances(t *testing.T, v *paths.View, pairs [][2]schema.ID, want []int) {
	apart := 0
	for i, ends := range pairs {
		p, ok, err := v.Shortest(t.Context(), ends[0], ends[1], paths.Query{Rank: paths.ByHops, Hops: paths.MaxHops})
		if err != nil {
			t.Fatal(err)
		}
		hops := len(p.Hops)
		if !ok {
			hops = -1
			apart++
		}
		if hops != want[i] {
			t.Errorf("%v: %d hops, networkx has %d", ends, hops, want[i])
		}
	}
	if len(want) != len(pairs) || apart == 0 || apart > len(pairs)/2 {
		t.Errorf("of %d pairs %d are not connected, and networkx told of %d", len(pairs), apart, len(want))
	}
}

func samePaths[Cost comparable](t *testing.T, v *paths.View, asked networkxAsked, rank paths.Rank, want [][]Cost, cost func(paths.Path) Cost) {
	compared := 0
	for i, ends := range asked.Ranked {
		var got []Cost
		for p, err := range v.Between(t.Context(), ends[0], ends[1], paths.Query{Rank: rank, Hops: paths.MaxHops}) {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, cost(p)); len(got) == asked.K {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want[i]) {
			t.Errorf("%v: paths cost %v, networkx has %v", ends, got, want[i])
		}
		compared += len(got)
	}
	if compared < len(asked.Ranked)*asked.K/2 {
		t.Errorf("only %d paths", compared)
	}
}

// pythonWith is a Python that has a module: the one of the user's path, or else
// Debian's own, which Debian's packages are for.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import "+module).Run() == nil {
			return python
		}
	}
	t.Skip("no python3 with " + module + ": Debian's python3-" + module + " has it")
	return ""
}

func askNetworkx(t *testing.T, python string, asked networkxAsked) (answer networkxAnswer) {
	t.Helper()
	question, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/networkx_paths.py")
	var failure bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(question), &failure
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &answer)
	}
	if err != nil {
		t.Fatalf("networkx: %v\n%s", err, failure.String())
	}
	return answer
}

// networkxEdges returns the links of facts that happened, without costs.
func networkxEdges(facts []schema.Fact) (edges []networkxEdge) {
	v := schema.DefaultVocabulary()
	for _, f := range facts {
		if f.Status != schema.Happened {
			continue
		}
		d, _ := v.Lookup(f.Verb)
		for _, e := range v.Pairs(f) {
			edges = append(edges, networkxEdge{e.From, e.To, d.Kind == schema.Relation, f.When.Written != ""})
		}
	}
	return edges
}

func randomPairs(r *rand.Rand, ids []schema.ID, n int) (pairs [][2]schema.ID) {
	for len(pairs) < n {
		if a, b := pick(r, ids...), pick(r, ids...); a != b {
			pairs = append(pairs, [2]schema.ID{a, b})
		}
	}
	return pairs
}

// largeWorld returns many entities: a few have very many links, most have one or two,
// and a fiftieth is linked only in groups of ten.
func largeWorld(r *rand.Rand, nodes int) (ids []schema.ID, facts []schema.Fact) {
	for i := range nodes {
		ids = append(ids, schema.ID(fmt.Sprint(pick(r, "person:", "person:", "person:", "country:", "institution:", "group:"), i)))
	}
	main := nodes - nodes/50
	busy := func(n int) int { return r.IntN(1 + r.IntN(1+r.IntN(n))) }
	for i := 1; i < nodes; i++ {
		switch {
		case i < main:
			facts = append(facts, dealing(r, ids[i], ids[busy(i)], schema.Happened))
		case i%10 != 0:
			facts = append(facts, dealing(r, ids[i], ids[i-1-r.IntN(i%10)], schema.Happened))
		}
	}
	for range nodes / 2 {
		if a, b := busy(main), r.IntN(main); a != b {
			facts = append(facts, dealing(r, ids[a], ids[b], pick(r, schema.Happened, schema.Happened, schema.Happened, schema.Refused)))
		}
	}
	return ids, facts
}

// dealing is a random fact of two that the vocabulary allows.
func dealing(r *rand.Rand, a, b schema.ID, status schema.Status) schema.Fact {
	for {
		f := fact(a, pick(r, schema.Verb("met"), "urged", "sanctioned", "called", "allied-with", "works-at", "advises"), b,
			pick(r, "", "2021", "2022-03-01/2022-04-10", "2023-07-12"), status)
		if schema.DefaultVocabulary().Check(f) == nil {
			return f
		}
		a, b = b, a
	}
}
