package gizmo_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

// The program is the result of gizmo.Main(), which main calls first.
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
