package gizmo_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	cgraph "github.com/cayleygraph/cayley/graph"
	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/cayley"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/graph/store"
)

// askAgain is the environment variable with the number of random queries:
// ENTENTE_QUERIES=100000.
const askAgain = "ENTENTE_QUERIES"

const graphQueries = 50 // for each random graph

// Random queries have the rows of the naive evaluation.
func TestRandomQueries(t *testing.T) {
	queries := 1000
	if n, err := strconv.Atoi(os.Getenv(askAgain)); err == nil {
		queries = n
	}
	var empty, refused, asked int
	for seed := uint64(0); asked < queries; seed++ {
		a := newAsker(seed)
		r := gizmo.New(snapshotOf(t, a.graph), nil)
		for range graphQueries {
			asked++
			q := a.query()
			got, err := q.ask(t, r)
			switch {
			case err != nil && q.nothing():
				refused++
			case err != nil:
				t.Errorf("seed %d: %s\n%v\nwant %s", seed, q.script, err, q.want(nil))
			default:
				if want := q.want(got); want != q.got(got) {
					t.Errorf("seed %d: %s\ngot\n%s\nwant\n%s", seed, q.script, q.got(got), want)
				}
			}
			if q.nothing() {
				empty++
			}
		}
	}
	t.Logf("%d queries, %d found nothing, %d of these were refused", asked, empty, refused)
	if empty > asked/4 {
		t.Errorf("%d of %d queries found nothing", empty, asked)
	}
}

// snapshotOf returns a snapshot of quads in the project's store.
func snapshotOf(t testing.TB, quads []quad.Quad) cgraph.QuadStore {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "graph.db"), &store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.AddAll(quads)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { snap.Close() })
	return cayley.New(snap)
}

// randomQuery is a script with the result of the naive evaluation.
type randomQuery struct {
	script string
	found  answer
	how    string // "rows", "sorted" rows, their "count", or "some" of them
	some   int    // how many
}

func (a *queryMaker) query() randomQuery {
	a.columns = 0
	p := a.addCalls(a.start(0), 1+a.IntN(6))
	q := randomQuery{script: p.text, found: p.answer, how: "rows"}
	switch a.IntN(12) {
	case 0:
		q.how, q.script = "count", q.script+".count()"
	case 5:
		q.how, q.script = "count", q.script+".toArray().length"
	case 1:
		q.how, q.script = "sorted", q.script+".order().all()"
	case 2:
		n := 1 + a.IntN(len(p.answer.rows)+3)
		q.how, q.some, q.script = "some", min(n, len(p.answer.rows)), fmt.Sprintf("%s.limit(%d).all()", q.script, n)
	case 3:
		n := a.IntN(len(p.answer.rows) + 3)
		q.how, q.some, q.script = "some", max(len(p.answer.rows)-n, 0), fmt.Sprintf("%s.skip(%d).all()", q.script, n)
	case 4:
		q.script += ".forEach(function(d) { g.emit(d) })"
	default:
		q.script += ".all()"
	}
	return q
}

func (q randomQuery) nothing() bool { return len(q.found.rows) == 0 }

func (q randomQuery) ask(t *testing.T, r *gizmo.Runner) (rows []gizmo.Row, err error) {
	for row, err := range r.Run(t.Context(), q.script, gizmo.Limits{}) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// line formats a row without its loose columns, for which other values are right
// too.
func (q randomQuery) line(columns map[string]quad.Value) string {
	var cells []string
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if !q.found.loose[name] {
			cells = append(cells, name+"="+columns[name].String())
		}
	}
	return strings.Join(cells, " ")
}

func (q randomQuery) want(got []gizmo.Row) string {
	var lines []string
	switch q.how {
	case "count":
		return fmt.Sprint(len(q.found.rows))
	case "some":
		return fmt.Sprint(q.some, " of the rows")
	}
	for _, f := range q.found.rows {
		lines = append(lines, q.line(f.with(f.node, "id").columns))
	}
	slices.Sort(lines)
	if q.how == "sorted" {
		lines = append(lines, "sorted")
	}
	return strings.Join(lines, "\n")
}

func (q randomQuery) got(got []gizmo.Row) string {
	if q.how == "count" {
		if len(got) != 1 {
			return fmt.Sprint(len(got), " rows")
		}
		return got[0].Text("value")
	}
	var lines []string
	rightly := map[string]int{}
	for _, f := range q.found.rows {
		rightly[q.line(f.with(f.node, "id").columns)]++
	}
	for _, row := range got {
		columns := map[string]quad.Value{}
		for _, name := range row.Columns() {
			columns[name] = row.Value(name)
		}
		line := q.line(columns)
		rightly[line]--
		if q.how == "some" && rightly[line] < 0 {
			return "among the rows, " + line
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	switch q.how {
	case "some":
		return fmt.Sprint(len(got), " of the rows")
	case "sorted":
		if slices.IsSortedFunc(got, func(a, b gizmo.Row) int { return inOrder(a.Value("id"), b.Value("id")) }) {
			lines = append(lines, "sorted")
		}
	}
	return strings.Join(lines, "\n")
}
