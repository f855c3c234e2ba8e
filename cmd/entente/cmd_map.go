package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/sketch"
)

func mapCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "map SAMPLE",
		Short: "Write a first mapping for a file of any shape, for load --map",
		Long: `Map reads the beginning of a table or of JSON lines, or a whole document of JSON,
YAML or XML, and writes a first mapping for it: a YAML file that says what the fields
mean. It guesses by the names of the fields, in English, French, German and Spanish,
and by their values: dates, countries, verbs, CAMEO codes. Comments say what is
guessed, and which fields are left out. entente help mapping explains mappings.`,
		Example: `  entente map visits.csv -o mapping.yaml
  entente load visits.csv --map mapping.yaml --graph DIR`,
		GroupID: "data",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := a.opener().vocabulary()
			if err != nil {
				return err
			}
			text, err := sketch.Of(args[0], &loaders.Options{Vocabulary: v, Dates: a.config.Dates, Encoding: a.config.Encoding})
			if err != nil {
				return err
			}
			return a.output(cmd).Write(cmd.Context(), func(w io.Writer) error {
				_, err := io.WriteString(w, text)
				return err
			})
		},
	}
	cmd.Flags().String("vocabulary", "", "`FILE` of verbs to add to the built-in verbs")
	fileFlags(cmd.Flags())
	cmd.Flags().StringP("output", "o", "", "write the mapping to `FILE`")
	return cmd
}
