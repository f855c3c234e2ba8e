package main

import (
	"fmt"
	"slices"
	"time"
)

// pathAnswers is the output of one system.
type pathAnswers struct {
	Version string               `json:"version"`
	Build   float64              `json:"build"`   // seconds until it can answer
	Prepare float64              `json:"prepare"` // additional seconds to prepare for the constrained question
	Memory  float64              `json:"memory"`  // bytes of the process after that
	Asked   map[string]pathTimes `json:"asked"`
}

// Questions. The value found is the hops of a path, -1 for no path, or for other
// questions the number of results.
const (
	askShortest    = "shortest"
	askConstrained = "constrained"
	askNear        = "near" // around the first entity of each pair
	askTelling     = "telling"
	askInOrder     = "in-order"
)

// pathTimes is the value found for each pair, and the best time for it.
type pathTimes struct {
	Found []int   `json:"found"`
	Nanos []int64 `json:"nanos"`
}

// pathQuestion is a question for the i-th pair.
type pathQuestion struct {
	name string
	ask  func(i int) (found int, err error)
}

// answer asks all questions in several rounds, and prints the results.
func (a *pathAnswers) answer(questions []pathQuestion, pairs, rounds int) error {
	a.Asked = map[string]pathTimes{}
	for _, q := range questions {
		t, err := timePairs(q, pairs, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		a.Asked[q.name] = t
	}
	fmt.Println(mustJSON(a))
	return nil
}

func timePairs(q pathQuestion, pairs, rounds int) (pathTimes, error) {
	t := pathTimes{make([]int, pairs), make([]int64, pairs)}
	for round := range rounds {
		for i := range pairs {
			start := time.Now()
			found, err := q.ask(i)
			took := time.Since(start).Nanoseconds()
			if err != nil {
				return t, err
			}
			if t.Found[i] = found; round == 0 || took < t.Nanos[i] {
				t.Nanos[i] = took
			}
		}
	}
	return t, nil
}

// keep adds the median and the 99th percentile of the times to a table.
func (a *pathAnswers) keep(t *table, system string) {
	for question, times := range a.Asked {
		sorted := slices.Sorted(slices.Values(times.Nanos))
		for _, p := range []int{50, 99} {
			t.keep(system, result{Measure: fmt.Sprint(question, "-p", p), Value: float64(sorted[len(sorted)*p/100]) / 1e9})
		}
	}
	for measure, value := range map[string]float64{"path-build": a.Build, "path-prepare": a.Prepare, "path-memory": a.Memory} {
		if value > 0 {
			t.keep(system, result{Measure: measure, Value: value})
		}
	}
}
