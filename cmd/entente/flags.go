package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/graph/export"
)

// settingFlag adds the flag of a configuration key that is a number or a duration.
func settingFlag(f *pflag.FlagSet, key string) {
	for _, k := range configKeys() {
		if k.key != key || f.Lookup(key) != nil {
			continue
		}
		switch fallback := k.fallback.(type) {
		case int:
			f.Int(key, fallback, k.about)
		case time.Duration:
			f.Duration(key, fallback, k.about)
		}
	}
}

// sourceFlags adds --in, --graph and their companions, which every command that reads
// facts has.
func sourceFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArray("in", nil, "read facts from this file or folder `PATH`; repeatable")
	graphFlags(f)
}

func graphFlags(f *pflag.FlagSet) {
	f.String("graph", "", "the folder `DIR` of the graph")
	settingFlag(f, "wait")
	f.String("vocabulary", "", "`FILE` of verbs to add to the built-in verbs")
}

// reading adds the flags of a command that reads a graph and writes an answer.
func reading(cmd *cobra.Command) *cobra.Command {
	sourceFlags(cmd)
	outputFlags(cmd)
	return cmd
}

func outputFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("format", "table", "write the answer in this `FORMAT`: "+strings.Join(formatsOf(cmd), ", "))
	f.StringP("output", "o", "", "write the answer to `FILE`")
}

func rowFlags(cmd *cobra.Command) {
	settingFlag(cmd.Flags(), "rows")
	cmd.Flags().Bool("all", false, "show all rows")
}

// writerFlags adds the flags of a command that changes a graph.
func writerFlags(f *pflag.FlagSet) {
	graphFlags(f)
	f.Bool("accept-loss", false, "change the graph even if its last change may be lost, and give up that change")
}

// scriptFlags adds the flags that limit scripts.
func scriptFlags(cmd *cobra.Command) {
	for _, key := range []string{"timeout", "query-memory", "max-output"} {
		settingFlag(cmd.Flags(), key)
	}
	rowFlags(cmd)
}

// drawable is the annotation of a command whose answers Graphviz can draw.
const drawable = "drawable"

// formatsOf returns the formats of a command's answers.
func formatsOf(cmd *cobra.Command) []string {
	if cmd.Annotations[drawable] != "" {
		return append(output.Formats(), string(export.DOT))
	}
	return output.Formats()
}
