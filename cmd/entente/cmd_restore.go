package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
)

func restoreCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "restore FILE --graph DIR",
		Short:   "Make a graph from a backup, in a folder without a graph",
		Long:    `Restore verifies a backup, and then makes its graph in a folder without a graph.`,
		GroupID: "keep",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.config.Graph == "" {
				return usagef("--graph DIR is missing: the folder of the new graph")
			}
			if err := checkNewFolder(a.config.Graph); err != nil {
				return err
			}
			var v graph.Verification
			err := a.children().doOnUntrusted(cmd.Context(), "restore", args[0], restoreRequest{a.config, args[0]}, &v)
			if err != nil {
				return err
			}
			if n := len(v.Problems); n > 0 {
				return fmt.Errorf("%s: %w: %s; the first problem: %s", args[0], errDamaged, phrase.Plural(n, "problem"), v.Problems[0])
			}
			t := &output.Answer{Columns: []string{"graph", "facts", "quads", "digest"}}
			t.Add(a.config.Graph, v.Facts, v.Quads, v.Digest)
			return a.output(cmd).Print(cmd.Context(), t)
		},
	}
	graphFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}

// restoreRequest is the request of a restore job: the graph to make, and its backup.
type restoreRequest struct {
	Config config
	Backup string
}

func restoreJob(ctx context.Context, request []byte) (any, error) {
	var r restoreRequest
	if err := json.Unmarshal(request, &r); err != nil {
		return nil, err
	}
	o := &opener{r.Config, &console{}}
	vocabulary, err := o.vocabulary()
	if err != nil {
		return nil, err
	}
	v, err := graph.Restore(ctx, r.Backup, r.Config.Graph, &graph.Options{Vocabulary: vocabulary, Wait: r.Config.Wait})
	if err != nil {
		return nil, existsError(err, r.Config.Graph)
	}
	return v, nil
}
