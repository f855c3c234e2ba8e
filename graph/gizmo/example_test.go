package gizmo_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// Scripts over a graph that the program has open for writing, each in a child process.
// The program is the result of gizmo.Main(), which main calls first.
func ExampleOpen() {
	ctx := context.Background()
	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	in, err := loaders.Open("../../examples/us-china-2023", nil)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		log.Fatal(err)
	}
	session, err := gizmo.Open(ctx, g, &gizmo.OpenOptions{Program: program, Names: true})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	for _, script := range []string{`entity("Ely Ratner").both(verb.met).unique().all()`, `"x".repeat(1e6)`} {
		for row, err := range session.Run(ctx, script, gizmo.Limits{Timeout: time.Minute, Output: 1000}) {
			if err != nil {
				fmt.Println(errors.Is(err, gizmo.ErrOutput))
				break
			}
			fmt.Println(row.Text("id"), row.Name("id"))
		}
	}
	// Output:
	// person:xie-feng Xie Feng
	// true
}

// Scripts over the graph of a folder that the program does not keep open. The program
// is the result of gizmo.Main(), which main calls first.
func ExampleWorkers() {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	g, err := graph.Open(ctx, dir, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = g.Load(ctx, "people", func(yield func(schema.Record, error) bool) {
		yield(schema.Entity{ID: "person:xie-feng", Kind: schema.Person, Label: "Xie Feng"}, nil)
	}, nil)
	g.Close() // workers open it by themselves
	if err != nil {
		fmt.Println(err)
		return
	}
	w, err := gizmo.NewWorkers(program, dir, &gizmo.WorkerOptions{Names: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer w.Close()
	limits := gizmo.Limits{Rows: 10, Timeout: 10 * time.Second}
	for _, script := range []string{`entity("Xie Feng").all()`, `while (true) {}`, `1 + 1`} {
		if script == `while (true) {}` {
			limits.Timeout = 100 * time.Millisecond
		}
		for row, err := range w.Run(ctx, script, limits) {
			if err != nil {
				fmt.Println(err)
				continue
			}
			for _, column := range row.Columns() {
				fmt.Println(column, row.Text(column), row.Name(column))
			}
		}
		limits.Timeout = 10 * time.Second
	}
	// Output:
	// id person:xie-feng Xie Feng
	// query:1:1: query stopped: out of time after 100ms
	// value 2
}
