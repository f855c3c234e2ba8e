package main

import (
	"cmp"
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
)

func exportCommand(a *app) *cobra.Command {
	flags := &selectionFlags{}
	var options export.Options
	cmd := &cobra.Command{
		Use:   "export [-o FILE] [--path FROM TO]",
		Short: "Write a graph, or a part of it, in a format of other programs",
		Long: `Export writes a graph, or a part of it, in a format of other programs: the format of
--format, or else the format that the extension of FILE names, or DOT. The page
entente help exports lists the formats, what each is for and what it cannot hold.

A fact is a node with its roles, links and sources (--shape facts), or an edge for each
pair of entities that it links (--shape edges), which gexf, graphml and other formats for
networks have unless you say otherwise. In a drawing, facts that at least one source denies
are red, facts that no source asserts are dotted, and facts that did not happen are
dashed.

Without conditions, export writes the whole graph. Conditions such as --verb, --since
and --dataset select facts, and --about the facts about an entity. Instead of --about,
one of these flags selects a part of the graph, over facts that fit the conditions:

  --around NAME     the network around an entity: the entities within --hops of it (2
                    if not set), and all facts that link two of them
  --path FROM TO    the path from one entity to another that entente path shows first,
                    or with --paths N the first N, with all facts of their hops
  --query SCRIPT    what a Gizmo script finds: facts, the facts of documents and
                    evidence, and entities with the facts that link two of them

As near and path do, --around and --path go over facts that happened and that at least
one source asserts, unless --status or --standing is set. A note says how many other
facts link the selected entities, and --all-facts includes these facts.`,
		GroupID: "data",
		Args:    cobra.ArbitraryArgs, // the flags check them
		Example: `  entente export --collapse -o graph.dot --in examples/us-china-2023
  dot -Tsvg graph.dot -o graph.svg
  entente export -o graph.gexf --in examples/us-china-2023
  entente export --around "Xie Feng" --hops 1 -o xie.dot --in examples/us-china-2023
  entente export --path "Xie Feng" "Li Shangfu" -o path.dot --in examples/us-china-2023
  entente export --query 'g.V("<dip:refused>").in("<dip:status>").all()' -o refused.dot --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.check(args); err != nil {
				return err
			}
			format, err := exportFormat(cmd)
			if err != nil {
				return err
			}
			if export.HasFolder(format) && (!changed(cmd, "output") || cmd.Flag("output").Value.String() == "-") {
				return usagef("%s has several files: -o is the folder to make, or a file NAME.zip", format)
			}
			if changed(cmd, "collapse") && !options.Collapse {
				options.Shape = cmp.Or(options.Shape, export.ShapeFacts)
			}
			if err := options.Check(format); err != nil {
				return usagef("%v", err)
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				return flags.withSelection(cmd.Context(), a, g, args, func(s selected) error {
					return writeExport(cmd.Context(), out, format, s.Selection, options)
				})
			})
		},
	}
	flags.register(cmd)
	exportOptionFlags(cmd, &options)
	sourceFlags(cmd)
	reviewedFlag(cmd)
	cmd.Flags().String("format", "", "`FORMAT` to write: "+phrase.List(export.Formats())+"; default: the format that the extension of --output names, or dot")
	cmd.Flags().StringP("output", "o", "", "write the export to `FILE`, or a format of several files to a new folder or to a file NAME.zip")
	return cmd
}

// exportOptionFlags adds the flags of the options of formats.
func exportOptionFlags(cmd *cobra.Command, o *export.Options) {
	flags := cmd.Flags()
	flags.StringVar((*string)(&o.Shape), "shape", "", "`SHAPE` of facts: facts (nodes with their roles) or edges; default: edges for formats for networks and tables of edges, else facts")
	flags.BoolVar(&o.Collapse, "collapse", false, "the same as --shape edges; --collapse=false is the same as --shape facts")
	flags.BoolVar(&o.Excel, "excel", false, "begin a CSV with a byte order mark, by which Excel recognizes UTF-8")
	flags.BoolVar(&o.YEd, "yed", false, "write graphml with yEd's labels, sizes and lines too")
	flags.StringVar(&o.EdgesKey, "edges-key", "", "`KEY` of the list of edges in d3: links, or edges for networkx 3.6 and later (default links)")
}

// writeExport writes a file, or a folder for a format with several files, and the notes
// about what the format could not hold. A folder is one file as a zip archive.
func writeExport(ctx context.Context, out *output.Writer, f export.Format, s export.Selection, o export.Options) error {
	var notes []string
	o.Notes = &notes
	write := func() error {
		if export.HasFolder(f) && !strings.EqualFold(filepath.Ext(out.File), ".zip") {
			return export.WriteFolder(ctx, out.File, f, s, o)
		}
		return out.Write(ctx, func(w io.Writer) error { return export.Write(ctx, w, f, s, o) })
	}
	err := write()
	for _, sentence := range notes {
		out.Note("%s", sentence)
	}
	return err
}

// namedFormat returns the format of --format, empty if there is none, and the file of
// --output.
func namedFormat[F ~string](cmd *cobra.Command, known []F) (format F, file string, err error) {
	name, _ := cmd.Flags().GetString("format")
	file, _ = cmd.Flags().GetString("output")
	if (name != "" || changed(cmd, "format")) && !slices.Contains(known, F(name)) {
		return "", "", usagef("unknown format %q: want one of %s", name, phrase.List(known))
	}
	return F(name), file, nil
}

// exportFormat returns the format of --format, or of the extension of --output.
func exportFormat(cmd *cobra.Command) (export.Format, error) {
	format, file, err := namedFormat(cmd, export.Formats())
	if format != "" || err != nil {
		return format, err
	}
	format, ok := export.ForFile(file)
	if extension := filepath.Ext(file); !ok && extension != "" && file != "-" {
		return "", usagef("the extension %s names no format: --format is one of %s", extension, phrase.List(export.Formats()))
	}
	return cmp.Or(format, export.DOT), nil
}
