package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph/gizmo"
	"github.com/entente-kg/entente/schema"
)

func queryCommand(a *app) *cobra.Command {
	var file string
	var explain bool
	cmd := &cobra.Command{
		Use:     "query [SCRIPT]",
		Short:   "Run a query in Gizmo, Cayley's query language",
		Long:    "Query runs a Gizmo script on the graph.\n\n" + gizmo.Help,
		GroupID: "ask",
		Args:    cobra.MaximumNArgs(1),
		Example: `  entente query 'g.V("<person:xie-feng>").out("<dip:met>").all()' --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			script, err := readScript(a.console.in, file, args)
			if err != nil {
				return err
			}
			run := query
			if explain {
				run = explainQuery
			}
			return withSession(cmd.Context(), a.opener(), a.children(), func(s *session) error {
				return run(cmd.Context(), s, a.sessionOutput(cmd, s), script, cmp.Or(file, "query"))
			})
		},
	}
	cmd.Flags().StringVarP(&file, "file", "f", "", "read the script from `FILE`; - for standard input")
	cmd.Flags().BoolVar(&explain, "explain", false, "show the query plan, sizes and time of the script instead of its rows")
	scriptFlags(cmd)
	return answering(cmd)
}

// readScript returns the script: the argument, or the content of a file or of in.
func readScript(in io.Reader, file string, args []string) (string, error) {
	switch {
	case (file != "") == (len(args) == 1):
		return "", usagef("query needs one script: as an argument, or from a file with -f FILE")
	case file == "":
		return args[0], nil
	case file == "-":
		data, err := io.ReadAll(in)
		return string(data), err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", usage(err)
	}
	return string(data), nil
}

// query runs a script and prints its rows. Errors begin with name.
func query(ctx context.Context, s *session, out *output.Writer, script, name string) error {
	t, err := runScript(ctx, s, out, script)
	if err != nil {
		return scriptError{name, err}
	}
	return out.Print(ctx, t)
}

// scriptError is an error of a script, with the script's name and the position.
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

// runScript runs a script and returns an answer with its rows.
func runScript(ctx context.Context, s *session, out *output.Writer, script string) (*output.Answer, error) {
	var rows []gizmo.Row
	for row, err := range s.workers.Run(ctx, script, s.limits(out.Rows)) {
		switch {
		case errors.Is(err, gizmo.ErrRows):
			out.Note("%s: %s", phrase.MoreThan(out.Rows, "row"), out.ForMore)
		case err != nil:
			return nil, err
		default:
			rows = append(rows, row)
		}
	}
	t := &output.Answer{Columns: columnsOf(rows), JSON: append([]gizmo.Row{}, rows...)}
	if out.Format == "json" || out.Format == "jsonl" {
		return t, nil // JSON needs no cells
	}
	if cells := len(rows) * len(t.Columns); cells > maxCells {
		return nil, schema.WithHint(fmt.Errorf("an answer of %d rows and %d columns is too wide for a table", len(rows), len(t.Columns)),
			func() string { return "--format jsonl writes each row with its own columns" })
	}
	for _, row := range rows {
		cells := make([]any, len(t.Columns))
		for i, c := range t.Columns {
			cells[i] = output.Named{ID: row.Text(c), Name: row.Name(c)}
		}
		t.Add(cells...)
	}
	return t, nil
}

// maxCells is the largest number of cells of a table: rows may all have different
// columns.
const maxCells = 10_000_000

// explainQuery runs a script and shows the plan of Cayley's optimizer.
func explainQuery(ctx context.Context, s *session, out *output.Writer, script, name string) error {
	e, err := s.workers.Explain(ctx, script, s.limits(out.Rows))
	if err != nil {
		return scriptError{name, err}
	}
	t := &output.Answer{Columns: []string{"path", "step", "size", "cost of one", "cost of a test"}, JSON: e}
	for i, plan := range e.Plans {
		for _, step := range plan {
			size := fmt.Sprint(step.Size)
			if !step.Exact {
				size = "about " + size
			}
			t.Add(i+1, strings.Repeat(". ", step.Depth)+step.What, size, step.Next, step.Test)
		}
	}
	more := ""
	if e.More {
		more = " and more"
	}
	out.Note("%s%s in %v", phrase.Plural(e.Rows, "row"), more, e.Took.Round(10*time.Microsecond))
	return out.Print(ctx, t)
}

// columnsOf lists the columns of all rows in order of first appearance. Within a row,
// id comes first, and then the other columns by name.
func columnsOf(rows []gizmo.Row) []string {
	var columns []string
	seen := make(map[string]bool)
	for _, row := range rows {
		own := row.Columns()
		if i := slices.Index(own, "id"); i > 0 {
			own = slices.Insert(slices.Delete(own, i, i+1), 0, "id")
		}
		for _, c := range own {
			if !seen[c] {
				columns = append(columns, c)
			}
			seen[c] = true
		}
	}
	return columns
}

// rowsFound returns the number of rows of a script's answer, whose cells are empty if
// the format is JSON.
func rowsFound(t *output.Answer) int {
	if rows, ok := t.JSON.([]gizmo.Row); ok {
		return len(rows)
	}
	return len(t.Rows)
}
