package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/safefile"
)

func backupCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup FILE --graph DIR",
		Short: "Write a copy of the graph into a new file",
		Long: `Backup writes a copy of the graph into a new file. Other processes may read the graph
meanwhile. The checksums of all copied blocks are checked. An existing file is never
overwritten.`,
		GroupID: "keep",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.config.Graph == "" {
				return usagef("--graph DIR is missing: the folder of the graph")
			}
			if within(args[0], a.config.Graph) {
				return usagef("%s is in the folder of the graph", args[0])
			}
			if safefile.Exists(args[0]) {
				return existsError(fs.ErrExist, args[0])
			}
			if err := partOfGraph(args[0]); err != nil {
				return err
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				if err := g.Backup(cmd.Context(), args[0]); err != nil {
					return existsError(err, args[0])
				}
				stats, err := g.Stats(cmd.Context())
				if err != nil {
					return err
				}
				t := &output.Answer{Columns: []string{"backup", "facts", "quads"}}
				t.Add(args[0], stats.Facts, stats.Quads)
				return out.Print(cmd.Context(), t)
			})
		},
	}
	graphFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}

// existsError turns [fs.ErrExist] into a usage error that names the existing path.
func existsError(err error, where string) error {
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s already exists: name another path", where)
	}
	return err
}

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
