package main

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entente-kg/entente/cmd/entente/internal/output"
	"github.com/entente-kg/entente/cmd/entente/internal/phrase"
	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/loaders"
	"github.com/entente-kg/entente/schema"
)

// addedDataset is the dataset of what is added by hand, where no other is named.
const addedDataset = "added"

// adding is one run of add.
type adding struct {
	dataset, entity, file string
	texts                 map[string]*string   // values of flags, by key of the formats
	lists                 map[string]*[]string // values of repeatable flags
	roles                 []string             // NAME=VALUE
	replace               bool                 // replace the dataset's record instead of joining it
}

// typedKey is a key of the file formats that is a flag of add.
type typedKey struct{ key, about string }

// The keys of facts, of sources and of entities.
var (
	factKeys = []typedKey{
		{"when", "`DATE` or interval of the fact: 2023-07-12, 2023-06/2023-07 (entente help dates)"},
		{"since", "the first `DATE`, in place of --when"}, {"until", "the last `DATE`, in place of --when"},
		{"words", "the `WORDS` of the source for the date, such as last August"}, {"anchor", "the `DATE` from which --words count"},
		{"from-by", "the fact had begun by this `DATE`"}, {"to-by", "the fact had ended by this `DATE`"},
		{"attested", "`true`: the relation held at least on the date"},
		{"topic", "the subject `MATTER`"}, {"status", "`STATUS` of the fact: happened, planned, refused, cancelled, hypothetical"},
		{"source-key", "`ID` of the fact in its source system, to tell apart facts that are otherwise alike"},
		{"stance", "what the source does with the fact: `STANCE` is asserts, denies, doubts or hearsay"},
		{"quote", "the exact `WORDS` of the source"}, {"locator", "their `PAGE` or line"},
		{"start", "the first `BYTE` of the quote in the source"}, {"end", "the `BYTE` after the quote"},
		{"said-by", "the `SPEAKER` of the words"}, {"method", "how the evidence was obtained: `METHOD` is curated, inferred, rules, model or import"},
		{"confidence", "`NUMBER` above 0 and up to 1"}, {"note", "a `TEXT` about the evidence"},
		{"duration", "how long it took: a `TEXT`"}, {"count", "how many there were: a `TEXT`"},
	}
	sourceKeys = []typedKey{
		{"publisher", "publisher of a new source: `NAME`"}, {"author", "author of a new source: `NAME`"},
		{"published", "`DATE` of a new source"}, {"url", "address of a new source: `URL`"}, {"language", "language of a new source: `TAG` such as en"},
		{"archived", "address of an archived copy of a new source: `URL`"}, {"archived-on", "`DATE` on which that copy was made"},
		{"accessed", "`DATE` on which a new source was read"},
	}
	entityKeys = []typedKey{
		{"kind", "`KIND` of the entity: person, post, institution, group, country, place, gathering or thing"},
		{"id", "`ID` of the entity (default: made from the kind and the name)"},
		{"country", "the `COUNTRY` of the entity"}, {"born", "`DATE` of birth or foundation of the entity"},
		{"description", "a `TEXT` about the entity"},
	}
	factLists   = []typedKey{{"at", "the `PLACE`; repeatable"}, {"via", "an `INTERMEDIARY` that passed the words on; repeatable, in order"}}
	entityLists = []typedKey{{"alias", "another `NAME` of the entity; repeatable"}, {"identifier", "an `IDENTIFIER` of the entity, such as Q7747; repeatable"}}
)

func addCommand(a *app) *cobra.Command {
	d := &adding{texts: map[string]*string{}, lists: map[string]*[]string{}}
	cmd := &cobra.Command{
		Use:   "add SENTENCE --source DOCUMENT --graph DIR",
		Short: "Add a fact, an entity or the records of a file to a dataset",
		Long: `Add adds one fact to a dataset of a graph: a sentence, its date and its evidence, with
the keys of the file formats (entente help format) as flags. What the dataset says
of the fact already is kept; a new source, quote or page is one more piece of evidence.
--replace replaces what the dataset says of it.

Names mean what any dataset of the graph declares. Write the id where a name has several
meanings: <person:xie-feng>. --source is the id, the title or the address of a document
of the graph, or the web address of a new one. With --publisher, --published, --url or
the like, a title that no document of the graph has declares a new one.

--entity NAME --kind KIND declares an entity instead, and --file PATH adds all records of
a file or folder to the dataset, without replacing it.

The graph remembers what was changed by hand. A later load that would undo it is refused,
unless it has --replace.`,
		Example: `  entente add "Xie Feng met Ely Ratner" --when 2023-07-12 --source "Envoy at Pentagon" --quote "held talks" --graph DIR
  entente add "Oman hosted Xie Feng" --source "Talks in Muscat" --publisher Reuters --published 2023-05-20 --graph DIR
  entente add "Xie Feng negotiated with Ely Ratner" --role mediator=Oman --source doc:envoy --graph DIR
  entente add --entity "Ely Ratner" --kind person --country "United States" --graph DIR`,
		GroupID: "data",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := d.check(cmd.Flags(), args); err != nil {
				return err
			}
			return a.opener().withWriter(cmd.Context(), true, func(g *graph.Graph) error {
				return d.run(cmd.Context(), a, g, a.output(cmd), strings.Join(args, ""))
			})
		},
	}
	d.register(cmd.Flags())
	writerFlags(cmd.Flags())
	outputFlags(cmd)
	return cmd
}

func (d *adding) register(f *pflag.FlagSet) {
	f.StringVar(&d.dataset, "dataset", addedDataset, "`NAME` of the dataset to add to")
	f.String("source", "", "the `DOCUMENT` that says so: its id, title or address, or the title or web address of a new one")
	for _, k := range slices.Concat(factKeys, sourceKeys, entityKeys) {
		d.texts[k.key] = f.String(k.key, "", k.about)
	}
	for _, k := range slices.Concat(factLists, entityLists) {
		d.lists[k.key] = f.StringArray(k.key, nil, k.about)
	}
	f.StringArrayVar(&d.roles, "role", nil, "another role or link of the fact, `NAME=VALUE`: mediator=Oman, because=fact:…; repeatable")
	f.StringVar(&d.entity, "entity", "", "declare an entity of this `NAME`")
	f.BoolVar(&d.replace, "replace", false, "replace what the dataset states of the fact or entity, instead of joining it")
	fileFlags(f)
	f.StringVar(&d.file, "file", "", "add all records of this file or folder `PATH`")
}

// check refuses flags that do not belong to what is added.
func (d *adding) check(f *pflag.FlagSet, args []string) error {
	allowed, what := [][]typedKey{factKeys, factLists, sourceKeys, {{key: "source"}, {key: "role"}}}, "a fact"
	switch {
	case len(args) > 1:
		return usagef("add needs one sentence, in quotes, and %s are given", phrase.Plural(len(args), "argument"))
	case d.entity != "" && d.file != "", len(args) > 0 && d.entity != "", len(args) > 0 && d.file != "":
		return usagef("a sentence, --entity and --file add different things: use one of them")
	case d.entity != "":
		allowed, what = [][]typedKey{entityKeys, entityLists}, "an entity"
	case d.file != "":
		allowed, what = nil, "a file"
	case len(args) == 0:
		return usagef("what to add is missing: a sentence, --entity NAME or --file PATH")
	}
	var wrong []string
	for _, k := range slices.Concat(factKeys, factLists, sourceKeys, entityKeys, entityLists, []typedKey{{key: "source"}, {key: "role"}}) {
		fits := slices.ContainsFunc(slices.Concat(allowed...), func(ok typedKey) bool { return ok.key == k.key })
		if f.Changed(k.key) && !fits {
			wrong = append(wrong, "--"+k.key)
		}
	}
	if len(wrong) > 0 {
		return usagef("%s cannot be used with %s", phrase.List(wrong), what)
	}
	source, _ := f.GetString("source")
	if d.texts["source"] = &source; len(args) > 0 && strings.TrimSpace(source) == "" {
		return usagef("the evidence of the fact is missing: --source DOCUMENT says who claims it")
	}
	return nil
}

func (d *adding) run(ctx context.Context, a *app, g *graph.Graph, out *output.Writer, sentence string) error {
	var records []schema.Record
	report, err := g.Update(ctx, d.dataset, func(tx *graph.Tx) (err error) {
		r := &recordReader{ctx: ctx, graph: g, tx: tx, dataset: d.dataset, known: loaders.NewNames(), dates: a.config.Dates, encoding: a.config.Encoding}
		switch {
		case d.file != "":
			if err := r.learnAll(); err != nil {
				return err
			}
			l := &loading{opener: a.opener(), knowsAll: true}
			records, err = r.readFile(d.file, func(err error) { l.reject(ctx, err) })
		case d.entity != "":
			records, err = d.readEntity(r)
		default:
			records, err = d.readFact(r, sentence)
		}
		if err != nil {
			return err
		}
		if d.replace {
			return tx.Put(records...)
		}
		return withJoinHint(tx.Add(records...))
	})
	if err != nil {
		return err
	}
	for _, note := range notesOf(report) {
		out.Note("%s", note)
	}
	if d.file != "" {
		return d.printFile(ctx, out, report)
	}
	return d.print(ctx, g, out, report, records)
}

// withJoinHint says how to change what a dataset states.
func withJoinHint(err error) error {
	if !errors.Is(err, graph.ErrConflict) && !errors.Is(err, schema.ErrDuplicate) {
		return err
	}
	return schema.WithHint(err, func() string {
		return "--replace puts this in place of all that the dataset states of it"
	})
}

// readFact reads the sentence and its flags.
func (d *adding) readFact(r *recordReader, sentence string) ([]schema.Record, error) {
	record, described := typedRecord{"fact": sentence}, typedRecord{}
	for _, k := range factKeys {
		record.set(k.key, *d.texts[k.key])
	}
	for _, k := range sourceKeys {
		described.set(k.key, *d.texts[k.key])
	}
	for _, k := range factLists {
		for _, value := range *d.lists[k.key] {
			record.append(k.key, quoteID(value))
		}
	}
	if err := d.addRoles(r, record); err != nil {
		return nil, err
	}
	if speaker := *d.texts["said-by"]; speaker != "" {
		record["said-by"] = quoteID(speaker)
	}
	names := slices.Concat(*d.lists["at"], *d.lists["via"], []string{*d.texts["said-by"]})
	if err := r.learn(names...); err != nil {
		return nil, err
	}
	if err := r.learnSentence(sentence); err != nil {
		return nil, err
	}
	if err := r.cite(record, *d.texts["source"], described); err != nil {
		return nil, err
	}
	return r.read(record)
}

// addRoles adds the values of --role.
func (d *adding) addRoles(r *recordReader, record typedRecord) error {
	v := r.graph.Vocabulary()
	for _, role := range d.roles {
		name, value, ok := strings.Cut(role, "=")
		if name, value = strings.TrimSpace(name), strings.TrimSpace(value); !ok || value == "" {
			return usagef("--role %q has no value: write NAME=VALUE, such as mediator=Oman", role)
		}
		_, isRole := v.Role(schema.Role(name))
		if !isRole && !slices.Contains(schema.LinkTypes(), schema.LinkType(name)) {
			err := usagef("--role %q: the vocabulary has no role or link %q", role, name)
			return schema.WithHint(err, func() string { return schema.DidYouMean(schema.Nearest(name, roleNames(v), 2)) })
		}
		if err := r.learn(value); err != nil {
			return err
		}
		record.append(name, quoteID(value))
	}
	return nil
}

func roleNames(v *schema.Vocabulary) (names []string) {
	for _, role := range v.Roles() {
		names = append(names, string(role))
	}
	for _, link := range schema.LinkTypes() {
		names = append(names, string(link))
	}
	return names
}

// readEntity reads the entity of --entity.
func (d *adding) readEntity(r *recordReader) ([]schema.Record, error) {
	record := typedRecord{"name": d.entity}
	for _, k := range entityKeys {
		record.set(k.key, *d.texts[k.key])
	}
	if id := schema.ID(*d.texts["id"]); record["kind"] == nil && schema.KindOf(id) != "" {
		record.set("kind", schema.KindOf(id).Prefix())
	}
	if record["kind"] == nil {
		return nil, usagef("the kind of %q is missing: --kind person, institution, …", d.entity)
	}
	if country := *d.texts["country"]; country != "" {
		record["country"] = quoteID(country)
		if err := r.learn(country); err != nil {
			return nil, err
		}
	}
	record.append("aliases", *d.lists["alias"]...)
	record.append("identifiers", *d.lists["identifier"]...)
	return r.read(record)
}

// print prints the facts and entities that were added, and those that were there.
func (d *adding) print(ctx context.Context, g *graph.Graph, out *output.Writer, report graph.Report, records []schema.Record) error {
	t := &output.Answer{Columns: []string{"result", "id", "dataset", "what"}}
	render := render.New(g)
	for _, record := range records {
		id, text, err := describeRecord(ctx, render, g, record)
		if err != nil {
			return err
		}
		result := "already there"
		switch {
		case slices.Contains(report.Edits.Added, id):
			result = "added"
		case slices.Contains(report.Edits.Changed, id):
			result = "changed"
		}
		t.Add(result, string(id), d.dataset, text)
	}
	return out.Print(ctx, t)
}

// describeRecord returns the id of a record, and the record in words: a fact as a
// sentence with its date, as the graph has it now, an entity by its name.
func describeRecord(ctx context.Context, r *render.Renderer, g *graph.Graph, record schema.Record) (schema.ID, string, error) {
	switch record := record.(type) {
	case schema.Fact:
		id := g.Vocabulary().Normalize(record).ID
		text, err := describe(ctx, r, g, id)
		return id, text, err
	case schema.Document:
		return record.ID, record.Label, nil
	case schema.Entity:
		return record.ID, record.Label, nil
	}
	return "", "", nil
}

// describe returns what an id stands for in words.
func describe(ctx context.Context, r *render.Renderer, g *graph.Graph, id schema.ID) (string, error) {
	if schema.KindOf(id) != schema.KindFact {
		return r.Name(ctx, id)
	}
	f, err := g.Fact(ctx, id)
	if err != nil {
		return "", err
	}
	said, err := r.Fact(ctx, f)
	if err != nil {
		return "", err
	}
	return said.String(), nil
}

// printFile prints how much of a file was added.
func (d *adding) printFile(ctx context.Context, out *output.Writer, report graph.Report) error {
	counts := map[schema.Kind]int{}
	for _, id := range slices.Concat(report.Edits.Added, report.Edits.Changed) {
		counts[schema.KindOf(id)]++
	}
	facts, documents, all := counts[schema.KindFact], counts[schema.Doc], 0
	for n := range maps.Values(counts) {
		all += n
	}
	result := "added"
	if report.Unchanged {
		result = "already there"
	}
	t := &output.Answer{Columns: []string{"dataset", "result", "entities", "documents", "facts", "quads added", "removed"}}
	t.Add(d.dataset, result, all-facts-documents, documents, facts, report.Added, report.Removed)
	return out.Print(ctx, t)
}
