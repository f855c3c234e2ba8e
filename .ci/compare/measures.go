package main

import "fmt"

// measure is a row of the table. A rate is better if higher, another value if lower.
type measure struct {
	name, title string
	show        func(value float64) string
	rate        bool
}

// measures returns the rows in their order.
func measures() []measure {
	list := []measure{
		{"load", "load N-Quads, to a synced store", perSecond("quads"), true},
		{"load-facts", "the same, in facts", perSecond("facts"), true},
		{"load-work", "processor time of the load, a quad", duration, false},
		{"load-memory", "peak memory of the load", memory, false},
		{"disk", "on disk after it", perQuad, false},
		{"command", "`entente load` of its own N-Quads, whole command; the others as above", perSecond("facts"), true},
		{"command-memory", "its peak memory", memory, false},
		{"command-lines", "`entente load` of the facts as JSON lines; the others as above", perSecond("facts"), true},
		{"command-lines-memory", "its peak memory", memory, false},
		{"command-csv", "`entente load` of the facts as CSV; the others as above", perSecond("facts"), true},
		{"command-csv-memory", "its peak memory", memory, false},
		{"first", "open and answer, new process, nothing cached", duration, false},
		{"first-memory", "memory for that", memory, false},
		{"hop", "1 hop: all quads of a person, as values", duration, false},
		{"find", "name or alias to entity", duration, false},
		{"scan", "full scan, a quad", duration, false},
		{"all", "everything as values, a quad", duration, false},
		{"add-1", "add one fact, synced", duration, false},
		{"add-100", "add 100 facts, synced", duration, false},
		{"batches", "batches of 10,000 quads, each synced", perSecond("quads"), true},
		{"disk-batches", "on disk after them", perQuad, false},
		{"remove", "delete every 20th quad", perSecond("quads"), true},
	}
	for _, s := range scripts {
		list = append(list, measure{s.name, "Gizmo: " + s.title, duration, false})
	}
	return list
}

func perSecond(what string) func(float64) string {
	return func(v float64) string {
		switch {
		case v >= 999_500:
			return fmt.Sprintf("%.2fM %s/s", v/1e6, what)
		case v >= 9_950:
			return fmt.Sprintf("%.0fk %s/s", v/1e3, what)
		}
		return fmt.Sprintf("%.0f %s/s", v, what)
	}
}

func memory(v float64) string {
	if v >= 1e9 {
		return fmt.Sprintf("%.1f GB", v/1e9)
	}
	return fmt.Sprintf("%.0f MB", v/1e6)
}

func perQuad(v float64) string { return fmt.Sprintf("%.1f bytes/quad", v) }

func duration(seconds float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}} {
		if seconds >= 0.9995*unit.size {
			return fmt.Sprintf("%.3g %s", seconds/unit.size, unit.name)
		}
	}
	return fmt.Sprintf("%.3g ns", seconds/1e-9)
}
