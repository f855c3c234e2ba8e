package library

import (
	"context"
	"fmt"
	"log"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
)

// program starts the child processes that run scripts. In a program that is no
// test, it is the first line of main.
var program = gizmo.Main()

// Run a Gizmo script on a graph that this program has open. The script runs in a
// child process, with limits of memory and time, so it need not be trusted.
func Example_gizmo() {
	ctx := context.Background()
	g, err := graph.Open(ctx, folder, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer g.Close()
	session, err := gizmo.Open(ctx, g, &gizmo.OpenOptions{Program: program})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	script := `entity("Ely Ratner").both(verb.met).unique().all()`
	for row, err := range session.Run(ctx, script, gizmo.Limits{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row.Text("id"))
	}
	// Output:
	// person:xie-feng
}
