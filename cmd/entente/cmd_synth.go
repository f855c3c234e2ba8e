package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/synth"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/nquads"
)

// synthCommand writes synthetic facts for trials and benchmarks. It is hidden in the
// main help.
func synthCommand(a *app) *cobra.Command {
	var facts int
	var seed uint64
	var format string
	cmd := &cobra.Command{
		Use:    "synth --facts N --seed S",
		Short:  "Write synthetic facts for trials; equal N and S give equal facts",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if facts < 0 {
				return usagef("--facts is negative")
			}
			return a.output(cmd).Write(cmd.Context(), func(w io.Writer) error {
				switch format {
				case "jsonl":
					return loaders.WriteJSONLines(w, synth.Records(facts, seed))
				case "nquads":
					return writeSynthQuads(w, facts, seed)
				}
				return usagef("unknown format %q: want jsonl or nquads", format)
			})
		},
	}
	cmd.Flags().IntVar(&facts, "facts", 1000, "number of facts")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the random numbers")
	cmd.Flags().StringVar(&format, "format", "jsonl", "`FORMAT` to write: jsonl or nquads")
	cmd.Flags().StringP("output", "o", "", "write the facts to `FILE`")
	return cmd
}

// writeSynthQuads writes the quads that a graph would store for the facts, including
// edges and standing.
func writeSynthQuads(w io.Writer, facts int, seed uint64) error {
	const dataset = "synth"
	v := schema.DefaultVocabulary()
	out := nquads.NewWriter(w)
	for record, err := range synth.Records(facts, seed) {
		if err != nil {
			return err
		}
		if f, ok := record.(schema.Fact); ok {
			for i := range f.Evidence {
				f.Evidence[i].Dataset = dataset
			}
			f = v.Normalize(f)
			record = f
		}
		quads, err := v.Encode(dataset, record)
		if err != nil {
			return err
		}
		if f, ok := record.(schema.Fact); ok {
			quads = append(quads, v.Derived(f)...)
		}
		for _, q := range quads {
			if err := out.Write(q); err != nil {
				return err
			}
		}
	}
	return out.Close()
}
