// Package completion completes what a user types in a shell such as bash: the
// values of flags, and names of entities and datasets.
package completion

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/cite"
	"github.com/entente-kg/entente/graph/draw"
	"github.com/entente-kg/entente/graph/export"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/schema"
)

// maxWords is the largest number of words that are offered.
const maxWords = 200

// Host reads what a partly typed command line names.
type Host interface {
	// WithGraph calls fn with the graph that the line names. If there is no
	// such graph, or fn fails, nothing is completed.
	WithGraph(cmd *cobra.Command, fn func(context.Context, *graph.Graph) error)
	// Vocabulary returns the verbs of the graph that the line names, or else the
	// built-in verbs and the verbs of --vocabulary.
	Vocabulary(cmd *cobra.Command) *schema.Vocabulary
	// Formats returns the formats in which the command writes answers.
	Formats(cmd *cobra.Command) []string
}

// Register makes every command complete the values of its flags, and its
// arguments if they are names.
func Register(root *cobra.Command, h Host) { completion{h}.register(root) }

// wordList returns the words that may complete a typed prefix. It may return
// words without the prefix too.
type wordList func(cmd *cobra.Command, prefix string) []string

type completion struct{ Host }

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

// flagWords returns the words of each flag whose values are known.
func (c completion) flagWords() map[string]wordList {
	fixed := func(list []string) wordList { return func(*cobra.Command, string) []string { return list } }
	kinds := append(lower(schema.Kinds()), "all")
	kindWords := func(cmd *cobra.Command, _ string) []string {
		if cmd.Name() == "add" { // an entity has one kind
			return kinds[:len(kinds)-1]
		}
		return kinds
	}
	all := map[string]wordList{
		"verb": c.verbWords, "group": c.groupWords, "dataset": c.datasetNames,
		"status": fixed(lower(schema.Statuses())), "standing": fixed(lower(schema.Standings())), "through": fixed(kinds[:len(kinds)-1]), "kind": kindWords,
		"stance": fixed(lower(schema.Stances())), "method": fixed(lower(schema.Methods())),
		"rank": fixed(lower(paths.Ranks())), "by": fixed(lower(paths.Measures())),
		"direction": fixed([]string{"forward", "backward"}), "disputed": fixed([]string{"in", "out", "only"}),
		"dates": fixed([]string{"dmy", "mdy"}), "encoding": fixed(charset.All()), "roles": fixed([]string{"all", "main"}), "shape": fixed(lower(export.Shapes())), "edges-key": fixed([]string{"links", "edges"}),
		"theme": fixed(lower(draw.Themes())), "group-by": fixed(lower(draw.Groupings())), "layout": fixed(lower(draw.Layouts())),
		"format": c.formatWords,
	}
	for _, flag := range []string{"about", "around", "path", "timeline", "connect", "to", "via", "avoid", "at", "said-by", "country", "source"} {
		all[flag] = c.names
	}
	all["from"] = c.fromWords
	return all
}

// fromWords returns the formats of inputs, or the names of entities at which a path starts.
func (c completion) fromWords(cmd *cobra.Command, typed string) []string {
	if slices.Contains([]string{"load", "check", "diff"}, cmd.Name()) {
		return foreign.Names()
	}
	return c.names(cmd, typed)
}

// formatWords returns the formats of a command's answers, or of the file that it
// writes.
func (c completion) formatWords(cmd *cobra.Command, _ string) []string {
	switch cmd.Name() {
	case "export":
		return lower(export.Formats())
	case "cite":
		return lower(cite.Formats())
	case "draw":
		return []string{"svg", "png", "pdf"}
	case "synth":
		return []string{"jsonl", "nquads"}
	}
	return c.Formats(cmd)
}

func lower[T ~string](items []T) (words []string) {
	for _, item := range items {
		words = append(words, strings.ToLower(string(item)))
	}
	return words
}

// directly completes an argument that is one word or name.
func directly(words wordList) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return startingWithFold(words(cmd, typed), typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// separated completes the last word of a list with commas.
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

// startingWithFold returns the words that begin with a prefix. Words and prefix are
// compared by schema.NameKey, which ignores case and diacritics.
func startingWithFold(all []string, prefix string) []string {
	key := schema.NameKey(prefix)
	return slices.DeleteFunc(slices.Clone(all), func(word string) bool { return !strings.HasPrefix(schema.NameKey(word), key) })
}

func (c completion) names(cmd *cobra.Command, typed string) (names []string) {
	c.WithGraph(cmd, func(ctx context.Context, g *graph.Graph) (err error) {
		names, err = g.NamesWithPrefix(ctx, typed, maxWords)
		return err
	})
	for i := range names {
		names[i] = render.Clean(names[i])
	}
	return names
}

func (c completion) datasetNames(cmd *cobra.Command, _ string) (names []string) {
	c.WithGraph(cmd, func(ctx context.Context, g *graph.Graph) error {
		sets, err := g.Datasets(ctx)
		for _, s := range sets {
			names = append(names, s.Name)
		}
		return err
	})
	return names
}

func (c completion) verbWords(cmd *cobra.Command, _ string) (words []string) {
	for _, verb := range c.Vocabulary(cmd).Predicates() {
		words = append(words, string(verb))
	}
	return words
}

func (c completion) groupWords(cmd *cobra.Command, _ string) []string {
	return c.Vocabulary(cmd).Groups()
}
