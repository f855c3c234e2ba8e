package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/dossier"
	"github.com/entente-kg/entente/graph/paths"
	"github.com/entente-kg/entente/schema"
)

// dossierFlags are the flags of the command dossier.
type dossierFlags struct {
	selectionFlags
	withTime bool
}

func dossierCommand(a *app) *cobra.Command {
	flags := &dossierFlags{}
	cmd := &cobra.Command{
		Use:   "dossier NAME... -o FILE",
		Short: "Write facts with all their evidence as one HTML page",
		Long: fmt.Sprintf(`Dossier writes one HTML file that a browser opens without a network: a summary, the
facts in order of time with each quote, who said it and who denies it, terms of
office, entities, sources, and a receipt with which the answer can be repeated. The
page searches and filters; printed, it is a report.

It has the facts that name at least one of the entities: in a role, as place, speaker
or source. --path FROM TO has the facts of the best paths from one entity to another
instead, --around NAME the facts that link the entities within --hops of an entity, and
--query SCRIPT the facts that a Gizmo script finds. Without names, it has all facts, or
those that other flags select, such as --dataset. A dossier has at most %d facts.

The file does not say when it was made, unless --with-time asks for that: the same
question about the same graph gives the same file. "entente help dossier" explains the
page.`, dossier.MaxFacts),
		GroupID: "data",
		Args:    cobra.ArbitraryArgs,
		Example: `  entente dossier "Xie Feng" -o xie.html --in examples/us-china-2023
  entente dossier --path "Xie Feng" "Li Shangfu" -o path.html --in examples/us-china-2023`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.check(args); err != nil {
				return err
			}
			return a.answer(cmd, func(g *graph.Graph, out *output.Writer) error {
				return writeDossier(cmd.Context(), a, g, out, flags, args)
			})
		},
	}
	flags.register(cmd)
	f := cmd.Flags()
	flags.paths = dossier.DefaultPaths
	f.Lookup("paths").DefValue = fmt.Sprint(dossier.DefaultPaths)
	f.BoolVar(&flags.withTime, "with-time", false, "write the time of making at the foot of the page")
	sourceFlags(cmd)
	reviewedFlag(cmd)
	f.StringP("output", "o", "", "write the page to `FILE`")
	return cmd
}

// check returns an error for flags and arguments that do not fit together.
func (f *dossierFlags) check(args []string) error {
	ways := f.changed("path", "around", "query", "query-file")
	one := func(name string, list []string) bool {
		return changed(f.cmd, name) && (len(list) != 1 || list[0] == "")
	}
	switch {
	case len(ways) > 1:
		return usagef("%s and %s cannot be used together", ways[0], ways[1])
	case changed(f.cmd, "path") && len(f.from) > 1:
		return usagef("a dossier is about one pair of entities, but got %d: entente draw and export have several", len(f.from))
	case changed(f.cmd, "path") && (f.from[0] == "" || len(args) != 1):
		return usagef("--path needs two names, as in --path FROM TO, but got %s", phrase.Plural(len(args)+len(f.from[0][:min(1, len(f.from[0]))]), "name"))
	case one("around", f.around) && len(f.around) > 1:
		return usagef("--around has one entity here, but got %d", len(f.around))
	case one("around", f.around):
		return usagef("--around is empty")
	case len(ways) > 0 && len(f.from) == 0 && len(args) > 0:
		return usagef("%s: %q is left over", ways[0], args[0])
	case changed(f.cmd, "roles") && len(f.changed("path", "around")) == 0:
		return usagef("--roles needs --around or --path")
	}
	return f.checkNeeds()
}

// question returns the question that the flags and arguments ask. Names are resolved in
// the graph.
func (f *dossierFlags) question(ctx context.Context, g *graph.Graph, args []string) (q dossier.Question, err error) {
	if q.Filter, err = f.filter(ctx, g); err != nil {
		return q, err
	}
	if q.Search, err = f.query(ctx, g); err != nil {
		return q, err
	}
	statuses := q.Filter.Conditions.Statuses
	q.Filter.Conditions = *q.Search.Conditions // with the conditions that only searches have
	q.Filter.Conditions.Statuses = statuses
	q.Search.Hops, q.Search.Rank, q.Paths, q.AllFacts = f.hops, paths.Rank(f.rank), f.paths, f.allFacts
	switch {
	case len(f.from) > 0:
		q.Scope, args = dossier.Between, []string{f.from[0], args[0]}
	case len(f.around) > 0:
		q.Scope, args = dossier.Around, f.around
	}
	q.Entities, err = resolveDistinct(ctx, g, args)
	return q, err
}

// scripted returns the question for the facts that a script finds.
func (f *dossierFlags) scripted(ctx context.Context, a *app, g *graph.Graph) (q dossier.Question, err error) {
	if !f.allFacts {
		q.Filter, err = f.filter(ctx, g) // the page says what the conditions are
	}
	if err != nil {
		return q, err
	}
	err = f.withSelection(ctx, a, g, nil, func(s selected) error {
		q.Scope, q.Filter.Facts = dossier.Listed, s.Facts
		return nil
	})
	return q, err
}

func writeDossier(ctx context.Context, a *app, g *graph.Graph, out *output.Writer, flags *dossierFlags, args []string) (err error) {
	var q dossier.Question
	if flags.script != "" || flags.scriptFile != "" {
		q, err = flags.scripted(ctx, a, g)
	} else {
		q, err = flags.question(ctx, g, args)
	}
	if err != nil {
		return err
	}
	o := &dossier.Options{Command: flags.repeating(args), Version: version()}
	if flags.withTime {
		o.Made = time.Now()
	}
	err = out.Write(ctx, func(w io.Writer) error { return dossier.Write(ctx, w, g, q, o) })
	if errors.Is(err, dossier.ErrTooMany) {
		return schema.WithHint(usage(err), func() string { return flags.narrower() })
	}
	return err
}

// narrower says which flags would narrow the question.
func (f *dossierFlags) narrower() string {
	var words []string
	for _, flag := range []string{"about NAME", "verb VERB", "group GROUP", "since DATE", "until DATE", "dataset DATASET", "min-sources N"} {
		if name, _, _ := strings.Cut(flag, " "); !changed(f.cmd, name) {
			words = append(words, "--"+flag)
		}
	}
	if f.hops != 1 && len(f.around) > 0 {
		words = append([]string{"--hops 1"}, words...)
	}
	if len(words) == 0 {
		return "choose fewer entities or a shorter period"
	}
	return "narrow it with " + strings.Join(words, ", ")
}

// repeating returns the command that makes the file again, with both ends of each path
// together.
func (f *selectionFlags) repeating(args []string) string {
	if len(f.from) == 0 {
		return repeating(f.cmd, args)
	}
	text, done := repeating(f.cmd, nil), ""
	for i, from := range f.from {
		before, after, _ := strings.Cut(text, "--path "+shellQuoted(from))
		done += before + "--path " + shellQuoted(from) + " " + shellQuoted(args[i])
		text = after
	}
	return done + text
}

// repeating returns the command line that asks the same question again of a graph in the
// folder DIR. It leaves out where the answer goes.
func repeating(cmd *cobra.Command, args []string) string {
	words := []string{"entente", cmd.Name()}
	for _, arg := range args {
		words = append(words, shellQuoted(arg))
	}
	elsewhere := []string{"in", "graph", "wait", "vocabulary", "dates", "encoding", "output", "config", "width", "with-time"}
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		switch list, isList := flag.Value.(pflag.SliceValue); {
		case slices.Contains(elsewhere, flag.Name):
		case isList:
			for _, value := range list.GetSlice() {
				words = append(words, "--"+flag.Name, shellQuoted(value))
			}
		case flag.Value.Type() == "bool":
			words = append(words, "--"+flag.Name+map[string]string{"false": "=false"}[flag.Value.String()])
		default:
			words = append(words, "--"+flag.Name, shellQuoted(flag.Value.String()))
		}
	})
	return strings.Join(append(words, "--graph DIR -o FILE"), " ")
}

// shellQuoted quotes a word for a shell, if that is needed.
func shellQuoted(word string) string {
	plain := func(r rune) bool {
		return r == '-' || r == '_' || r == '.' || r == '/' || r == ':' || r == ',' || r == '~' && word[0] != '~' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
