package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/safefile"
)

func (a *app) compactCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compact --graph DIR",
		Short: "Write the graph into a new file, without the room that changes have left free",
		Long: `Compact writes the graph into a new file, which then takes the place of the old
one. It needs as much free disk as the graph then takes; what was there stays as
it is until the new file is whole.`,
		GroupID: "keep",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withWriter(cmd.Context(), false, func(g *graph.Graph) error {
				before, err := g.Size()
				if err != nil {
					return err
				}
				if err := g.Compact(cmd.Context()); err != nil {
					return err
				}
				after, err := g.Size()
				if err != nil {
					return err
				}
				t := &answer{columns: []string{"graph", "result", "bytes before", "bytes"}}
				t.add(a.config.Graph, "compacted", before, after)
				return a.print(cmd, t)
			})
		},
	}
	a.writerFlags(cmd.Flags())
	a.outputFlags(cmd)
	return cmd
}

func (a *app) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "backup FILE --graph DIR",
		Short: "Write the graph as it is now into a file",
		Long: `Backup writes the graph as it is now into a new file, while others read it. The
checksums of all that is copied are checked; a file that is there is left alone.`,
		GroupID: "keep",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.config.Graph == "" {
				return usagef("say which graph: --graph DIR")
			}
			if within(args[0], a.config.Graph) {
				return usagef("%s lies in the folder of the graph", args[0])
			}
			if safefile.There(args[0]) {
				return occupied(fs.ErrExist, args[0])
			}
			if err := partOfGraph(args[0]); err != nil {
				return err
			}
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error {
				if err := g.Backup(cmd.Context(), args[0]); err != nil {
					return occupied(err, args[0])
				}
				stats, err := g.Stats(cmd.Context())
				if err != nil {
					return err
				}
				t := &answer{columns: []string{"backup", "facts", "quads"}}
				t.add(args[0], stats.Facts, stats.Quads)
				return a.print(cmd, t)
			})
		},
	}
	a.graphFlags(cmd.Flags())
	a.outputFlags(cmd)
	return cmd
}

func (a *app) restoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "restore FILE --graph DIR",
		Short:   "Make the graph of a backup in a folder that holds none",
		Long:    `Restore verifies the backup, and then makes its graph in a folder that holds none.`,
		GroupID: "keep",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.config.Graph == "" {
				return usagef("say which graph: --graph DIR")
			}
			if err := mustBeFree(a.config.Graph); err != nil {
				return err
			}
			var v graph.Verification
			err := a.guarded(cmd.Context(), "restore", args[0], restoreRequest{a.config, args[0]}, &v)
			if err != nil {
				return err
			}
			if n := len(v.Problems); n > 0 {
				return fmt.Errorf("%s: %w: %s, the first: %s", args[0], errDamaged, plural(n, "problem"), v.Problems[0])
			}
			t := &answer{columns: []string{"graph", "facts", "quads", "digest"}}
			t.add(a.config.Graph, v.Facts, v.Quads, v.Digest)
			return a.print(cmd, t)
		},
	}
	a.graphFlags(cmd.Flags())
	a.outputFlags(cmd)
	return cmd
}

// restoreRequest asks for a graph of a backup.
type restoreRequest struct {
	Config config
	Backup string
}

func restoreJob(ctx context.Context, request []byte) (any, error) {
	var r restoreRequest
	if err := json.Unmarshal(request, &r); err != nil {
		return nil, err
	}
	a := &app{config: r.Config}
	vocabulary, err := a.vocabulary()
	if err != nil {
		return nil, err
	}
	v, err := graph.Restore(ctx, r.Backup, a.config.Graph, &graph.Options{Vocabulary: vocabulary, Wait: a.config.Wait})
	if err != nil {
		return nil, occupied(err, a.config.Graph)
	}
	return v, nil
}

// occupied tells the user what stands in the way.
func occupied(err error, where string) error {
	if errors.Is(err, fs.ErrExist) {
		return usagef("%s is there already: name another", where)
	}
	return err
}
