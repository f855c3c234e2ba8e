package match_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/match"
)

// foreignEntity is an entity of FollowTheMoney with several names, which its publisher
// found to be those of one entity.
type foreignEntity struct {
	id, kind, born string
	names          []string
}

// readForeign reads the entities of the shared folder that have several names.
func readForeign(t *testing.T) (list []foreignEntity) {
	t.Helper()
	const folder = "../../../shared/data/ftm/"
	seen := map[string]bool{}
	for _, file := range []string{"zala.ftm.json", "t1/entities.ftm.json", "t2/20240527194702-wnk.delta.json", "t2/20240528134729-3iv.delta.json"} {
		in, err := os.Open(folder + file)
		if err != nil {
			t.Skipf("no data of others: %v", err)
		}
		defer in.Close()
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			if e, ok := parseForeign(lines.Bytes()); ok && !seen[e.id] {
				seen[e.id] = true
				list = append(list, e)
			}
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func parseForeign(line []byte) (e foreignEntity, ok bool) {
	var row struct {
		ID, Schema string
		Properties map[string][]string
		Entity     json.RawMessage
	}
	if json.Unmarshal(line, &row) != nil {
		return e, false
	}
	if row.Entity != nil {
		return parseForeign(row.Entity)
	}
	e.id = row.ID
	if e.kind = map[string]string{"Person": "people", "Organization": "institutions", "Company": "institutions", "LegalEntity": "institutions"}[row.Schema]; e.kind == "" {
		return e, false
	}
	for _, property := range []string{"name", "alias", "weakAlias"} {
		for _, name := range row.Properties[property] {
			if name = strings.Join(strings.Fields(name), " "); name != "" {
				e.names = append(e.names, name)
			}
		}
	}
	if born := row.Properties["birthDate"]; len(born) == 1 {
		e.born = born[0]
	}
	return e, len(e.names) > 1
}

// half writes a dataset of every second name of the entities. The ids say nothing of each
// other.
func half(list []foreignEntity, prefix string, first int, withFacts bool) string {
	var out strings.Builder
	for _, kind := range []string{"people", "institutions"} {
		fmt.Fprintf(&out, "%s:\n", kind)
		for i, e := range list {
			if e.kind != kind {
				continue
			}
			var names []string
			for j := first; j < len(e.names); j += 2 {
				names = append(names, e.names[j])
			}
			fmt.Fprintf(&out, "  - {id: %s:%s-%d, name: %q", map[string]string{"people": "person", "institutions": "institution"}[kind], prefix, i, names[0])
			if len(names) > 1 {
				aliases, _ := json.Marshal(names[1:])
				fmt.Fprintf(&out, ", aliases: %s", aliases)
			}
			if withFacts && e.born != "" {
				fmt.Fprintf(&out, ", born: %q", e.born)
			}
			out.WriteString("}\n")
		}
	}
	return out.String()
}

// TestForeignData divides the names of each entity of FollowTheMoney between two datasets
// without identifiers, and looks how many of the entities are found again.
func TestForeignData(t *testing.T) {
	list := readForeign(t)
	for _, withFacts := range []bool{false, true} {
		g := loadedText(t, half(list, "a", 0, withFacts), half(list, "b", 1, withFacts))
		found, err := match.Pairs(t.Context(), g, nil)
		if err != nil {
			t.Fatal(err)
		}
		right := map[string]bool{}
		wrong := 0
		for _, p := range found.Pairs {
			_, a, _ := strings.Cut(string(p.A.Entity.ID), ":a-")
			_, b, _ := strings.Cut(string(p.B.Entity.ID), ":b-")
			if a == b && a != "" {
				right[a] = true
				continue
			}
			wrong++
			t.Logf("wrong: %.2f %s %s / %s %s: %+v", p.Score, p.A.Entity.ID, p.A.Name, p.B.Entity.ID, p.B.Name, p.Reasons)
		}
		for i, e := range list {
			if !right[fmt.Sprint(i)] {
				t.Logf("not found: %s %q", e.id, e.names)
			}
		}
		precision, recall := float64(len(right))/float64(len(right)+wrong), float64(len(right))/float64(len(list))
		t.Logf("births %v: %d entities in two halves: precision %.3f, recall %.3f", withFacts, len(list), precision, recall)
		if precision < 0.9 || recall < 0.9 {
			t.Errorf("precision %.3f, recall %.3f", precision, recall)
		}
	}
}
