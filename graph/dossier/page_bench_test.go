package dossier_test

import (
	"fmt"
	"testing"

	"github.com/entente-kg/entente/graph/dossier"
)

// BenchmarkFilter measures in the page how long a search among 1,000 facts takes, until
// the new list is laid out. The goal is 100 ms.
func BenchmarkFilter(b *testing.B) {
	p := openPage(b, browser(b), write(b, synthetic(b, 1000), dossier.Question{}))
	filter := func(words string) float64 {
		return value[float64](p, fmt.Sprintf(`(() => { const q = document.getElementById("q"); q.value = %q;
			const start = performance.now(); q.dispatchEvent(new Event("input")); document.body.offsetHeight; return performance.now() - start; })()`, words))
	}
	first := filter("met")
	total, worst, n := 0.0, 0.0, 0
	for b.Loop() {
		took := filter([]string{"", "official", "2021", "met"}[n%4])
		total, worst, n = total+took, max(worst, took), n+1
	}
	b.ReportMetric(total/float64(n), "ms/filter")
	b.ReportMetric(worst, "ms/worst")
	b.ReportMetric(first, "ms/first")
}
