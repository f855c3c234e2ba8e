package match_test

import (
	"os"
	"strings"
	"testing"

	"github.com/entente-kg/entente/graph/match"
	"github.com/entente-kg/entente/schema"
)

// labelledPair is a pair of names of the benchmark.
type labelledPair struct {
	a, b   string
	kind   schema.Kind
	same   bool
	reason string
}

// readPairs reads the pairs of testdata/names.txt.
func readPairs(t *testing.T) (pairs []labelledPair) {
	t.Helper()
	text, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	reason := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			reason = heading
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, " | ")
		if len(cells) != 3 {
			t.Fatalf("%q: want a label with a kind, and two names", line)
		}
		label, kind, _ := strings.Cut(cells[0], " ")
		pairs = append(pairs, labelledPair{cells[1], cells[2], schema.Kind(kind), label == "=", reason})
	}
	return pairs
}

// TestNames measures the comparison of names with the benchmark, at the threshold. The
// least values are those that were measured when the threshold was chosen; a change that
// lowers them must say why.
func TestNames(t *testing.T) {
	const leastPrecision, leastRecall = 0.99, 0.95
	pairs := readPairs(t)
	found, right, same := 0, 0, 0
	for _, p := range pairs {
		s := match.Names(p.a, p.b, p.kind)
		if back := match.Names(p.b, p.a, p.kind); back.Score != s.Score {
			t.Errorf("%s / %s: %.3f one way, %.3f the other", p.a, p.b, s.Score, back.Score)
		}
		proposed := s.Score >= match.Threshold
		if p.same {
			same++
		}
		if proposed {
			found++
			if p.same {
				right++
			}
		}
		if proposed != p.same {
			t.Logf("%.2f %s / %s (%s): %s", s.Score, p.a, p.b, p.reason, s.Why)
		}
	}
	precision, recall := float64(right)/float64(found), float64(right)/float64(same)
	t.Logf("%d pairs, %d of one entity: precision %.3f, recall %.3f, F1 %.3f", len(pairs), same, precision, recall, 2*precision*recall/(precision+recall))
	if len(pairs) < 500 || precision < leastPrecision || recall < leastRecall {
		t.Errorf("precision %.3f and recall %.3f of %d pairs: want %.2f and %.2f of 500 or more", precision, recall, len(pairs), leastPrecision, leastRecall)
	}
}
