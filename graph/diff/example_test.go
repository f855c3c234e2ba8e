package diff_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/diff"
	"github.com/entente-kg/entente/loaders"
)

// What the load of a file would change, without changing the graph.
func ExampleCommit() {
	ctx := context.Background()
	dir, _ := os.MkdirTemp("", "")
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "talks.yaml")
	write := func(text string) { _ = os.WriteFile(name, []byte(text), 0o600) }

	g, err := graph.Open(ctx, "", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer g.Close()
	write("people: [Ann Lee, Bob Ray]\nfacts: [{fact: Ann Lee met Bob Ray, when: 2023-07-11}]\n")
	in, _ := loaders.Open(name, nil)
	if _, err := g.LoadInput(ctx, in, nil); err != nil {
		fmt.Println(err)
	}

	write("people: [Ann Lee, Bob Ray]\nfacts: [{fact: Ann Lee met Bob Ray, when: 2023-07-12}]\n")
	if err := list(ctx, g, name); err != nil {
		fmt.Println(err)
	}
	// Output:
	// ~ Ann Lee met Bob Ray: date: 2023-07-11 -> 2023-07-12
	//     perhaps the same fact: the same verb and participants
}

// list lists which facts the load of a file would change.
func list(ctx context.Context, g *graph.Graph, name string) error {
	trial, err := graph.Copy(ctx, g, nil)
	if err != nil {
		return err
	}
	defer trial.Close()
	in, err := loaders.Open(name, nil)
	if err != nil {
		return err
	}
	if same, err := trial.PrepareInput(ctx, in, nil); same || err != nil {
		return err
	}
	staged, err := graph.StageInput(ctx, in, nil)
	if err != nil {
		return err
	}
	defer staged.Close()
	d, _, err := diff.Commit(ctx, trial, staged)
	if err != nil {
		return err
	}
	defer d.Close()
	for c, err := range d.Changes(ctx) {
		if err != nil {
			return err
		}
		if c.What == diff.Fact {
			fmt.Print(c.Text())
		}
	}
	return nil
}
