package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// table is the measurements at one size.
type table struct {
	size, quads, facts int
	samples            map[string]map[string][]result // by measure, by system
	answers            map[string]said                // by question
}

// said is an answer and the first system that gave it.
type said struct {
	system string
	answer answer
}

func newTable(size int, w *world) *table {
	return &table{size: size, quads: w.Quads, facts: w.Facts, samples: map[string]map[string][]result{}, answers: map[string]said{}}
}

func (t *table) keep(system string, r result) {
	if t.samples[r.Measure] == nil {
		t.samples[r.Measure] = map[string][]result{}
	}
	t.samples[r.Measure][system] = append(t.samples[r.Measure][system], r)
}

// median returns the median of a system's samples, or a note in its place.
func (t *table) median(measure, system string) (value float64, note string) {
	var all []float64
	for _, r := range t.samples[measure][system] {
		if r.Note != "" {
			return 0, r.Note
		}
		all = append(all, r.Value)
	}
	if len(all) == 0 {
		return 0, "–"
	}
	slices.Sort(all)
	return all[len(all)/2], ""
}

// cell formats a system's median and its ratio to ours.
func (t *table) cell(m measure, system string) string {
	value, note := t.median(m.name, system)
	if note != "" {
		return note
	}
	text := m.show(value)
	mine, note := t.median(m.name, "entente")
	if system == "entente" || note != "" {
		return text
	}
	ratio := value / mine
	if m.rate {
		ratio = mine / value
	}
	return text + " ×" + digits(ratio)
}

// digits formats a ratio, with fewer decimals for a larger one.
func digits(ratio float64) string {
	switch {
	case ratio >= 9.95:
		return fmt.Sprintf("%.0f", ratio)
	case ratio >= 0.0995:
		return fmt.Sprintf("%.1f", ratio)
	}
	return fmt.Sprintf("%.2g", ratio)
}

func printReport(w io.Writer, b *bench, took time.Duration) {
	fmt.Fprintf(w, "%s. Medians of %d, but of one where a load takes a minute; measured %s in %.0f minutes. ×N: entente is N times better.\n", machine(), b.rounds, time.Now().UTC().Format(time.DateOnly), took.Minutes())
	if b.worked {
		fmt.Fprintf(w, "The machine was busy with other things: reads and Gizmo are in time of the processor, the rest by the clock.\n")
	}
	for _, t := range b.tables {
		fmt.Fprintf(w, "\n%d quads, %d facts:\n\n", t.quads, t.facts)
		titles := map[string]string{}
		for _, s := range systems {
			titles[s.name] = s.make().title()
		}
		t.print(w, measures(), b.taking(t.size), titles)
	}
	if len(b.tables) > 1 {
		fmt.Fprintf(w, "\nHow entente grows:\n\n")
		printGrowth(w, measures(), b.tables)
	}
}

func (t *table) print(w io.Writer, rows []measure, names []string, titles map[string]string) {
	head := []string{"measure"}
	for _, name := range names {
		head = append(head, titles[name])
	}
	printRow(w, head)
	printRow(w, slices.Repeat([]string{"---"}, len(head)))
	for _, m := range rows {
		if t.samples[m.name] == nil {
			continue
		}
		row := []string{m.title}
		for _, name := range names {
			row = append(row, t.cell(m, name))
		}
		printRow(w, row)
	}
}

func printGrowth(w io.Writer, rows []measure, tables []*table) {
	head := []string{"measure"}
	for _, t := range tables {
		head = append(head, fmt.Sprintf("%d quads", t.quads))
	}
	printRow(w, head)
	printRow(w, slices.Repeat([]string{"---"}, len(head)))
	for _, m := range rows {
		if tables[0].samples[m.name]["entente"] == nil {
			continue
		}
		row := []string{m.title}
		for _, t := range tables {
			row = append(row, t.cell(m, "entente"))
		}
		printRow(w, row)
	}
}

func printRow(w io.Writer, cells []string) {
	fmt.Fprintln(w, "| "+strings.Join(cells, " | ")+" |")
}
