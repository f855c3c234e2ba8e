package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
	"github.com/entente-kg/entente/schema/written"
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
		case bool:
			f.Bool(key, fallback, k.about)
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
	fileFlags(f)
	graphFlags(f)
}

// fileFlags adds the flags that say how to read files. The order of dates is also for
// dates in flags.
func fileFlags(f *pflag.FlagSet) {
	f.String("dates", "", "`ORDER` of the numbers in dates such as 03/04/2015: dmy or mdy")
	f.String("encoding", "", "`ENCODING` of files without a byte order mark: "+strings.Join(charset.All(), ", "))
}

// mapFlags adds the flags that say what the fields of files mean.
func mapFlags(f *pflag.FlagSet, maps *[]string, from, sheet *string) {
	f.StringArrayVar(maps, "map", nil, "read the inputs by the mapping in `FILE`, or a table whose column WHO is the key actor by WHO=actor; repeatable, or with commas")
	f.StringVar(sheet, "sheet", "", "read this `SHEET` of Excel workbooks, by its name or its number from 1 (default: the first)")
	f.StringVar(from, "from", "", "the inputs are of the `FORMAT` of another program, or of entente, whatever they look like: "+strings.Join(foreign.Names(), ", "))
	f.StringArray("context", nil, "a context of JSON-LD that is not part of the program, as IRI=`FILE`, or FILE for every such context; repeatable")
}

// textFlag adds the flag that names the texts of documents.
func textFlag(f *pflag.FlagSet, texts *[]string) {
	f.StringArrayVar(texts, "text", nil, "hold quotes to the text of their document in `PATH`, a file or a folder of texts; repeatable (also --texts)")
	f.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "texts" {
			name = "text"
		}
		return pflag.NormalizedName(name)
	})
}

// openTexts reads the texts of documents; nil for no path.
func openTexts(paths []string) (*grounding.Texts, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	texts, err := grounding.OpenTexts(paths...)
	if err != nil {
		return nil, fmt.Errorf("%w: --text: %w", loaders.ErrInput, err)
	}
	return texts, nil
}

// quoteNotes says how many quotes were held to texts, and how many were not, and why.
func quoteNotes(c *grounding.Count) (lines []string) {
	if n := c.Checked(); n > 0 {
		found := "all are in them"
		if c.Missing > 0 {
			found = phrase.Counted(c.Missing, "is", "are") + " not in them"
		}
		lines = append(lines, fmt.Sprintf("%s held to the texts of their documents: %s", phrase.Counted(n, "quote was", "quotes were"), found))
	}
	if c.Apart > 0 {
		lines = append(lines, fmt.Sprintf("%s in the text, but not at the stated offsets: entente verify --text lists them", phrase.Counted(c.Apart, "quote is", "quotes are")))
	}
	for _, of := range []struct {
		rule   grounding.Rule
		reason string
	}{
		{grounding.TextMissing, "no text of the document in --text"},
		{grounding.TextHash, "the text with the name of the document has another SHA-256"},
		{grounding.SourceMissing, "no document"},
	} {
		if n := c.Unchecked[of.rule]; n > 0 {
			lines = append(lines, fmt.Sprintf("%s not checked: %s", phrase.Counted(n, "quote was", "quotes were"), of.reason))
		}
	}
	if len(lines) == 0 {
		lines = []string{"there are no quotes to hold to texts"}
	}
	return lines
}

// readDateFlags puts the dates of --since, --until and --as-of into EDTF. The loader of
// files reads the dates of add.
func readDateFlags(cmd *cobra.Command, order written.Order) error {
	for _, name := range []string{"since", "until", "as-of"} {
		flag := cmd.Flags().Lookup(name)
		if flag == nil || flag.Value.String() == "" || cmd.Name() == "add" {
			continue
		}
		d, err := written.Parse(flag.Value.String(), written.Options{Order: order})
		when := schema.When{}
		if err == nil {
			when, err = d.When(schema.Interaction)
		}
		if err != nil {
			return usage(fmt.Errorf("--%s: %w", name, err))
		}
		if err := flag.Value.Set(when.Written); err != nil {
			return err
		}
	}
	return nil
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

// answering adds the flags of a command that answers a question.
func answering(cmd *cobra.Command) *cobra.Command {
	reviewedFlag(cmd)
	return reading(cmd)
}

// reviewedFlag adds the flag that leaves out evidence without a review.
func reviewedFlag(cmd *cobra.Command) {
	cmd.Flags().Bool("reviewed", false, "leave out what a model found and no person has accepted (entente review)")
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
