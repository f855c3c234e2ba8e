package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/loaders/foreign"
	"github.com/entente-kg/entente/loaders/jsonschema"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/loaders/sketch"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/grounding"
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
			err = a.output(cmd).Write(cmd.Context(), func(w io.Writer) error {
				_, err := io.WriteString(w, text)
				return err
			})
			if err == nil {
				noteGuesses(a, text)
			}
			return err
		},
	}
	cmd.Flags().String("vocabulary", "", "`FILE` of verbs to add to the built-in verbs")
	fileFlags(cmd.Flags())
	cmd.Flags().StringP("output", "o", "", "write the mapping to `FILE`")
	return cmd
}

func schemaCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema [dataset|records|mapping|verbs|extraction]",
		Short: "Print a JSON Schema of the files that entente reads, for editors",
		Long: `Schema prints a JSON Schema, with which editors complete keys and words, explain
them and mark mistakes while you write. There are five:

  dataset   a file of entities, sources and facts, in YAML or JSON; the default
  records   an array of records in JSON, or a line of JSON lines
  mapping   a mapping, which load --map reads
  verbs     a file of verbs, which --vocabulary reads
  extraction  what a language model found in a text: entente help formats

A schema has the verbs and roles of the vocabulary, and the verbs and roles that
--vocabulary or the graph in --graph adds. It marks no file that entente reads, except wrong words in
defaults that no fact uses, and not all that entente refuses: entente check finds that. entente help editors says how to use it.`,
		Example: `  entente schema -o entente.schema.json
  entente schema mapping -o mapping.schema.json
  entente schema --vocabulary verbs.yaml -o entente.schema.json`,
		GroupID:   "data",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: toTexts(jsonschema.Files()),
		RunE: func(cmd *cobra.Command, args []string) error {
			of := jsonschema.File(cmp.Or(append(args, "")[0], string(jsonschema.Dataset)))
			if !slices.Contains(jsonschema.Files(), of) {
				return schema.WithHint(usagef("unknown schema %q: want %s", of, phrase.List(jsonschema.Files())), func() string {
					return schema.DidYouMean(schema.Nearest(string(of), toTexts(jsonschema.Files()), 1))
				})
			}
			v, err := a.vocabularyOfFlags(cmd)
			if err != nil {
				return err
			}
			return a.output(cmd).Write(cmd.Context(), func(w io.Writer) error { return jsonschema.Write(w, of, v, version()) })
		},
	}
	graphFlags(cmd.Flags())
	cmd.Flags().StringP("output", "o", "", "write the schema to `FILE`")
	return cmd
}

// noteGuesses says what a first mapping guesses.
func noteGuesses(a *app, text string) {
	m, err := mapping.Parse("the mapping", []byte(text))
	if err != nil {
		return // load says it
	}
	for _, g := range m.Guesses() {
		a.console.warn("line %d of the mapping is guessed: %s: %s", g.Pos.Line, g.Key, g.Value)
	}
}

// noteMapping says what a mapping has left out of an input.
func (l *loading) noteMapping(in *loaders.Input) {
	t := &in.Tally
	warn := l.opener.console.warn
	l.noteNotGiven(in)
	if l.mapping == nil {
		if len(in.Recognized) > 0 && len(t.Unmapped) > 0 {
			warn("%s of %s: %s", phrase.Counted(len(t.Unmapped), "field is left out", "fields are left out"), shownPlace(in.Path), countedList(t.Unmapped))
		}
		if len(in.Recognized) > 0 && t.LeftOut > 0 {
			warn("%s of %s: nothing in them says who dealt with whom", phrase.Counted(t.LeftOut, "row is left out", "rows are left out"), shownPlace(in.Path))
		}
		l.noteWords(t)
		return
	}
	if t.Rows == 0 {
		return
	}
	rows := phrase.Counted(t.Rows, "row", "rows")
	if t.LeftOut > 0 {
		rows += fmt.Sprintf(", of which the mapping leaves out %d", t.LeftOut)
	}
	warn("%s has %s", shownPlace(in.Path), rows)
	for _, note := range l.mapping.GuessNotes(t) {
		warn("%s", note)
	}
	if len(t.Unmapped) > 0 {
		warn("%s: %s", phrase.Counted(len(t.Unmapped), "field is not mapped", "fields are not mapped"), countedList(t.Unmapped))
	}
	l.noteWords(t)
	if c := &t.Codes; c.AreRoots() {
		warn("{%s}: codes such as %s are read as roots of CAMEO; if a spreadsheet removed leading zeros, so that %s was 0%s, write digits: 3 beside cameo: in the mapping", c.First.Field, c.First.Text, c.First.Text, c.First.Text)
	}
	l.noteUnfound(in)
}

// noteWords says which values and codes a mapping has read as nothing, or as something wider.
func (l *loading) noteWords(t *mapping.Tally) {
	if len(t.Unknown) > 0 {
		l.opener.console.warn("%s to nothing: %s", phrase.Counted(len(t.Unknown), "value maps", "values map"), countedList(t.Unknown))
	}
	if len(t.ByRoot) > 0 {
		l.opener.console.warn("%s the verb of a wider code: %s", phrase.Counted(len(t.ByRoot), "code has only", "codes have only"), countedList(t.ByRoot))
	}
}

// notGivenShown is the largest number of ids that a note gives as examples.
const notGivenShown = 5

// noteNotGiven says which entities an input refers to and does not give.
func (l *loading) noteNotGiven(in *loaders.Input) {
	n := len(in.NotGiven)
	if n == 0 {
		return
	}
	more := ""
	if n > notGivenShown {
		more = fmt.Sprintf(" and %d more; load --format json lists all", n-notGivenShown)
	}
	l.opener.console.warn("%s refers to %s that it does not give, named by id: %s%s", shownPlace(in.Path), phrase.Counted(n, "entity", "entities"), strings.Join(toTexts(in.NotGiven[:min(n, notGivenShown)]), ", "), more)
}

// noteUnfound names the fields of the mapping that no row has, once for each input. What
// is wrong in rows may follow from it.
func (l *loading) noteUnfound(in *loaders.Input) {
	if l.mapping == nil || in == nil || l.named == in || in.Tally.Rows == 0 {
		return
	}
	l.named, l.without = in, l.mapping.Without(&in.Tally)
	warn := l.opener.console.warn
	for _, u := range l.mapping.Unfound(&in.Tally) {
		text := fmt.Sprintf("%v: no row has the field {%s}", u.Pos, u.Field)
		if u.Hint != "" {
			text += ": " + u.Hint
		}
		warn("%s", text)
	}
}

// countedList lists the most frequent texts and how often they occur.
func countedList(counts map[string]int) string {
	all, more := mapping.ByCount(counts), ""
	if n := len(all) - maxShown; n > 0 {
		all, more = all[:maxShown], fmt.Sprintf(" and %d more", n)
	}
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = fmt.Sprintf("%s (%d)", c.Text, c.Count)
	}
	return strings.Join(texts, ", ") + more
}

// unfoundField returns the field that no row has and from which a problem follows; empty
// if there is none.
func (l *loading) unfoundField(err error) string {
	lack := (*loaders.LackError)(nil)
	if !errors.As(err, &lack) {
		return ""
	}
	for _, key := range lack.Keys {
		if field := l.without[key]; field != "" {
			return field
		}
	}
	return ""
}

// isRepeated reports whether a problem follows from a field that no row has, and such a
// problem has been shown.
func (l *loading) isRepeated(err error) bool {
	field := l.unfoundField(err)
	if field == "" {
		return false
	}
	if l.shown == nil {
		l.shown = make(map[string]bool)
	}
	was := l.shown[field]
	l.shown[field] = true
	return was
}

// noteFolded says how many problems are not shown, since they follow from a field that
// no row has.
func (l *loading) noteFolded() {
	if l.folded > 0 {
		l.opener.console.warn("%s from a field that no row has", phrase.Counted(l.folded, "more problem follows", "more problems follow"))
	}
	l.folded = 0
}

// minRepeated is the number of repeated facts from which a load by a mapping names them.
const minRepeated = 10

// noteRepeated says what repeated rows are. It warns if most facts that a mapping makes are
// the same as others: often an id or a name is the same in rows where it should differ.
func (l *loading) noteRepeated(r graph.Report) {
	if r.Repeated > 0 {
		l.opener.console.warn("%s a fact or an entity of an earlier row: each is stored once, with the evidence of all its rows", phrase.Counted(r.Repeated, "row repeats", "rows repeat"))
	}
	if l.mapping != nil && r.Repeated >= minRepeated && r.Repeated > r.Facts {
		l.opener.console.warn("of %d facts that the rows make, only %d differ: is an id or a name the same in rows where it should not be? A source-key keeps facts apart that are otherwise alike", r.Facts+r.Repeated, r.Facts)
	}
}

// noteFormats says which files of an input were recognized as files of other programs.
func (l *loading) noteFormats(in *loaders.Input, err error) (*loaders.Input, error) {
	if err != nil {
		return in, err
	}
	for _, s := range in.Sheets {
		if len(s.Others) > 0 && l.sheet == "" {
			l.opener.console.warn("%s: only the sheet %q is read, and not %s (--sheet NAME)", s.Path, s.Name, strings.Join(s.Others, ", "))
		}
		if s.Merged > 0 {
			l.opener.console.warn("%s: the sheet %q has %s: only the first cell of each has its value", s.Path, s.Name, phrase.Plural(s.Merged, "merged area"))
		}
	}
	if l.from == "" {
		l.recognized = append(l.recognized, in.Recognized...)
	}
	if out := leftOut(in); l.namesLeftOut && len(out) > 0 {
		what := phrase.Counted(len(out), "file has no known extension and is", "files have no known extension and are")
		l.opener.console.warn("%s: %s left out: %s", in.Path, what, someOf(out))
	}
	return in, nil
}

// leftOut lists the files of a folder that are not read, without the texts of extractions.
func leftOut(in *loaders.Input) []string {
	if !slices.ContainsFunc(in.Recognized, func(r loaders.Recognized) bool { return r.Format.Grounded != nil }) {
		return in.LeftOut
	}
	return slices.DeleteFunc(slices.Clone(in.LeftOut), grounding.IsText)
}

// noteRecognized says which files of all inputs were recognized as files of other programs.
func (l *loading) noteRecognized() {
	var formats []*foreign.Format
	files := make(map[string][]string)
	for _, r := range l.recognized {
		if files[r.Format.Name] = append(files[r.Format.Name], r.Path); len(files[r.Format.Name]) == 1 {
			formats = append(formats, r.Format)
		}
	}
	for _, f := range formats {
		paths := files[f.Name]
		if len(paths) > maxListed {
			l.opener.console.warn("%d files are read as %s (--from %s): %s", len(paths), f.Title, f.Name, someOf(paths))
			continue
		}
		for _, path := range paths {
			l.opener.console.warn("%s is read as %s (--from %s)", path, f.Title, f.Name)
		}
	}
	l.recognized = nil
}

// maxListed is the number of files of which each has its own line.
const maxListed = 5

// someOf lists the first paths of a list.
func someOf(paths []string) string {
	if n := len(paths) - maxListed; n > 0 {
		return fmt.Sprintf("%s and %d more", phrase.List(paths[:maxListed]), n)
	}
	return phrase.List(paths)
}

// readMaps reads --map, a mapping, or pairs of a column and its key; --from, --context, and
// the texts of --text.
func (l *loading) readMaps(cmd *cobra.Command, maps []string, from, sheet string, texts []string) (err error) {
	l.sheet = sheet
	if l.contexts, err = readContexts(cmd); err != nil {
		return err
	}
	if l.texts, err = openTexts(texts); err != nil {
		return err
	}
	if l.from = from; from != "" && from != foreign.Own {
		if _, err := foreign.Named(from); err != nil {
			return usagef("--from: %w", err)
		}
	}
	if len(maps) == 0 {
		return nil
	}
	if from != "" {
		return usagef("--map and --from both say what the fields mean")
	}
	if isRename := func(m string) bool { return strings.Contains(m, "=") && !isFile(m) }; slices.ContainsFunc(maps, isRename) {
		if i := slices.IndexFunc(maps, func(m string) bool { return !isRename(m) }); i >= 0 {
			return usagef("--map %s: a load has either a mapping, or columns with their keys", maps[i])
		}
		if l.mapping, err = mapping.ParseRenames(maps); err != nil {
			return usagef("--map: %w", err)
		}
		return nil
	}
	if len(maps) > 1 {
		return usagef("--map %s: a load has one mapping", maps[1])
	}
	data, err := os.ReadFile(maps[0])
	if err != nil {
		return inputError{fmt.Errorf("--map %s: %w", maps[0], withoutPrefix(err))}
	}
	if l.mapping, err = mapping.Parse(maps[0], data); err != nil {
		return inputError{err}
	}
	return nil
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}
