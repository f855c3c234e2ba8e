package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

func (a *app) queryCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:     "query [SCRIPT]",
		Short:   "Ask in Gizmo, Cayley's query language",
		Long:    "Query runs a Gizmo script over the graph.\n\n" + gizmo.Help,
		GroupID: "ask",
		Args:    cobra.MaximumNArgs(1),
		Example: `  entente query 'g.V("<person:xie-feng>").out("<dip:met>").all()' --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			script, err := a.script(file, args)
			if err != nil {
				return err
			}
			return a.withGraph(cmd.Context(), func(g *graph.Graph) error { return a.query(cmd, g, script, cmp.Or(file, "query")) })
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "read the script from `FILE`; - for standard input")
	settingFlag(cmd.Flags(), "timeout")
	a.rowFlags(cmd)
	return a.reading(cmd)
}

func (a *app) script(file string, args []string) (string, error) {
	switch {
	case (file != "") == (len(args) == 1):
		return "", usagef("give one script: as an argument or with -f FILE")
	case file == "":
		return args[0], nil
	case file == "-":
		data, err := io.ReadAll(a.in)
		return string(data), err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", usage(err)
	}
	return string(data), nil
}

// query runs a script, which errors call by its name.
func (a *app) query(cmd *cobra.Command, g *graph.Graph, script, name string) error {
	snapshot, err := g.Snapshot()
	if err != nil {
		return err
	}
	defer snapshot.Close()
	runner := gizmo.New(snapshot, &gizmo.Options{Vocabulary: g.Vocabulary(), Find: finder(g)})
	t, err := a.runScript(cmd, runner, script)
	if err != nil {
		return scriptError{name, err}
	}
	return a.print(cmd, t)
}

// finder resolves names for scripts as the other commands do.
func finder(g *graph.Graph) func(context.Context, string) ([]schema.ID, error) {
	return func(ctx context.Context, name string) ([]schema.ID, error) {
		matches, err := g.Find(ctx, name)
		if err != nil {
			return nil, err
		}
		var ids []schema.ID
		for _, m := range matches {
			if m.Exact {
				ids = append(ids, m.ID)
			}
		}
		if len(ids) > 0 {
			return ids, nil
		}
		_, err = g.Resolve(ctx, name) // for its error
		return nil, err
	}
}

// scriptError says in which script an error is, and where.
type scriptError struct {
	name  string
	cause error
}

func (e scriptError) Error() string {
	script := (*gizmo.ScriptError)(nil)
	switch {
	case !errors.As(e.cause, &script):
		return e.cause.Error()
	case script.Line == 0:
		return fmt.Sprintf("%s: %v", e.name, script.Err)
	}
	return fmt.Sprintf("%s:%d:%d: %v", e.name, script.Line, script.Column, script.Err)
}

func (e scriptError) Unwrap() error { return e.cause }

// runScript collects the rows of a script.
func (a *app) runScript(cmd *cobra.Command, runner *gizmo.Runner, script string) (*answer, error) {
	var rows []gizmo.Row
	limits := gizmo.Limits{Rows: a.limit(cmd), Timeout: a.config.Timeout}
	for row, err := range runner.Run(cmd.Context(), script, limits) {
		if errors.Is(err, gizmo.ErrRows) {
			a.warn("there are more than %s: --rows N or --all", plural(limits.Rows, "row"))
			break
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	t := &answer{columns: columnsOf(rows), json: append([]gizmo.Row{}, rows...)}
	for _, row := range rows {
		cells := make([]any, len(t.columns))
		for i, c := range t.columns {
			cells[i] = row.Text(c)
		}
		t.add(cells...)
	}
	return t, nil
}

// columnsOf lists the columns of all rows: the node first, then the rest by name,
// those of later rows after those of earlier ones.
func columnsOf(rows []gizmo.Row) []string {
	var columns []string
	for _, row := range rows {
		own := row.Columns()
		if i := slices.Index(own, "id"); i > 0 {
			own = slices.Insert(slices.Delete(own, i, i+1), 0, "id")
		}
		for _, c := range own {
			if !slices.Contains(columns, c) {
				columns = append(columns, c)
			}
		}
	}
	return columns
}
