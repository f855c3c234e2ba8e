package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// completionTime is how long a shell waits for names of a graph.
const completionTime = 2 * time.Second

// maxCompletions bounds what is offered for one word.
const maxCompletions = 200

// wordList is what may complete what is typed in a shell.
type wordList func(cmd *cobra.Command, typed string) []string

// completion completes what is typed in a user's shell, such as bash.
type completion struct{ console *console }

// register has every command complete the words of its flags, and names of
// the graph where its arguments are names.
func (c completion) register(root *cobra.Command) {
	flags := c.flagWords()
	for _, cmd := range root.Commands() {
		for name, words := range flags {
			if cmd.Flags().Lookup(name) != nil {
				_ = cmd.RegisterFlagCompletionFunc(name, separated(words)) // an error where it is registered already
			}
		}
		switch {
		case strings.Contains(cmd.Use, "NAME") || strings.Contains(cmd.Use, "FROM") || strings.Contains(cmd.Use, " POST"):
			cmd.ValidArgsFunction = directly(c.names)
		case strings.Contains(cmd.Use, "DATASET"):
			cmd.ValidArgsFunction = directly(c.datasetNames)
		}
	}
}

// flagWords are the words of each flag that has some.
func (c completion) flagWords() map[string]wordList {
	fixed := func(list []string) wordList { return func(*cobra.Command, string) []string { return list } }
	kinds := append(lower(schema.Kinds()), "all")
	all := map[string]wordList{
		"verb": c.verbWords, "group": c.groupWords, "dataset": c.datasetNames,
		"status": fixed(lower(schema.Statuses())), "standing": fixed(lower(schema.Standings())), "through": fixed(kinds[:len(kinds)-1]), "kind": fixed(kinds),
		"rank": fixed(lower(paths.Ranks())), "by": fixed(lower(paths.Measures())),
		"direction": fixed([]string{"forward", "backward"}), "disputed": fixed([]string{"in", "out", "only"}),
		"roles":  fixed([]string{"all", "main"}),
		"format": formatWords,
	}
	for _, flag := range []string{"about", "from", "to", "via", "avoid"} {
		all[flag] = c.names
	}
	return all
}

// formatWords are the formats of a command's answers, or of what it writes.
func formatWords(cmd *cobra.Command, _ string) []string {
	switch cmd.Name() {
	case "export":
		return lower(export.Formats())
	case "synth":
		return []string{"jsonl", "nquads"}
	}
	return formatsOf(cmd)
}

func lower[T ~string](items []T) (words []string) {
	for _, item := range items {
		words = append(words, strings.ToLower(string(item)))
	}
	return words
}

// directly completes with words that are one argument each.
func directly(words wordList) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return startingWithFold(words(cmd, typed), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// separated completes the last of several words with commas between.
func separated(words wordList) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := ""
		if comma := strings.LastIndex(typed, ","); comma >= 0 {
			before, typed = typed[:comma+1], typed[comma+1:]
		}
		found := startingWithFold(words(cmd, typed), typed)
		for i := range found {
			found[i] = before + found[i]
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

// startingWithFold keeps the words that begin with a prefix, as names compare.
func startingWithFold(all []string, prefix string) []string {
	key := schema.NameKey(prefix)
	return slices.DeleteFunc(slices.Clone(all), func(word string) bool { return !strings.HasPrefix(schema.NameKey(word), key) })
}

// withGraphOf calls fn with the graph that a line names, for a short time. What
// goes wrong leaves nothing to complete with.
func (c completion) withGraphOf(cmd *cobra.Command, fn func(ctx context.Context, g *graph.Graph) error) {
	_, config, err := readSettings(cmd)
	if err != nil {
		return
	}
	config.Wait = min(config.Wait, completionTime)
	slices.Sort(config.In)
	config.In = slices.Compact(config.In) // cobra reads the flags twice
	ctx, cancel := context.WithTimeout(context.Background(), completionTime)
	defer cancel()
	_ = (&opener{config, c.console}).withGraph(ctx, func(g *graph.Graph) error { return fn(ctx, g) })
}

func (c completion) names(cmd *cobra.Command, typed string) (names []string) {
	c.withGraphOf(cmd, func(ctx context.Context, g *graph.Graph) (err error) {
		names, err = g.NamesWithPrefix(ctx, typed, maxCompletions)
		return err
	})
	for i := range names {
		names[i] = render.Clean(names[i])
	}
	return names
}

func (c completion) datasetNames(cmd *cobra.Command, _ string) (names []string) {
	c.withGraphOf(cmd, func(ctx context.Context, g *graph.Graph) error {
		sets, err := g.Datasets(ctx)
		for _, s := range sets {
			names = append(names, s.Name)
		}
		return err
	})
	return names
}

// vocabularyOf is the vocabulary of the graph that a line names, or else the one of
// its flags.
func (c completion) vocabularyOf(cmd *cobra.Command) (v *schema.Vocabulary) {
	_, config, err := readSettings(cmd)
	if err != nil {
		return schema.DefaultVocabulary()
	}
	if config.Graph != "" {
		c.withGraphOf(cmd, func(_ context.Context, g *graph.Graph) error {
			v = g.Vocabulary()
			return nil
		})
	}
	if v == nil {
		v, _ = (&opener{config, c.console}).vocabulary()
	}
	if v == nil {
		v = schema.DefaultVocabulary()
	}
	return v
}

func (c completion) verbWords(cmd *cobra.Command, _ string) (words []string) {
	for _, verb := range c.vocabularyOf(cmd).Predicates() {
		words = append(words, string(verb))
	}
	return words
}

func (c completion) groupWords(cmd *cobra.Command, _ string) []string {
	return c.vocabularyOf(cmd).Groups()
}
