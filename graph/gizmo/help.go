package gizmo

import (
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// PreludeVersion is the version of the names that scripts see beside Cayley's
// own. It grows when a script that ran before would fail or change its meaning.
const PreludeVersion = 2

// Topic is one section of [Help].
type Topic struct {
	Name  string // one word
	About string
	Text  string
}

// Topics returns the sections of [Help], by their headings.
func Topics() []Topic {
	about := map[string]string{
		"scripts": "what a script is, and what its rows are", "names": "entity and verb", "dates": "date and between",
		"facts": "edges and evidence", "words": "what facts, evidence and entities have", "paths": "all methods of paths, filters and values",
		"cayley": "where the answers differ from Cayley's", "limits": "what a script may take",
	}
	topics := []Topic{{Name: "scripts", Text: ""}}
	for line := range strings.Lines(Help) {
		last := &topics[len(topics)-1]
		if heading := strings.TrimSpace(line); heading != "" && line[0] != ' ' && heading == strings.ToUpper(heading) {
			word, _, _ := strings.Cut(strings.ToLower(heading)+" ", " ")
			word = strings.Trim(word, ",")
			topics = append(topics, Topic{Name: word})
			last = &topics[len(topics)-1]
		}
		last.Text += line
	}
	for i := range topics {
		topics[i].About = about[topics[i].Name]
	}
	return topics
}

// PathMethods returns the names of the methods of paths.
func PathMethods() (names []string) {
	for _, m := range allMethods() {
		names = append(names, m.names...)
	}
	slices.Sort(names)
	return names
}

// GraphMethods returns the names of the methods of g.
func GraphMethods() []string { return slices.Sorted(maps.Keys(graphMethods())) }

// Functions returns the names of the global objects and functions.
func Functions() []string {
	names := slices.AppendSeq([]string{"g", "graph", "verb"}, maps.Keys(functions()))
	slices.Sort(names)
	return names
}

// VerbNames returns the properties of the object verb: the verbs and the
// predicates of the edges of roles.
func VerbNames(v *schema.Vocabulary) (names []string) {
	for _, verb := range v.Predicates() {
		names = append(names, camelCase(string(verb)))
	}
	return names
}

// KnownIDs returns the ids of the graph's own predicates and classes.
func KnownIDs(v *schema.Vocabulary) (ids []string) {
	r := &Runner{opts: Options{Vocabulary: v}}
	r.collectKnown()
	for _, iri := range slices.Sorted(maps.Keys(r.knownNodes)) {
		ids = append(ids, string(iri))
	}
	return ids
}

// Help is the manual of scripts. Every indented line is a script that runs.
const Help = `A script is JavaScript with Cayley's Gizmo. It starts at nodes, walks along
edges, and ends in all():

  g.V("<person:xie-feng>").out("<dip:met>").all()

Ids stand in angle brackets; other strings are texts, which no edge leaves. An
id of the graph's own (person:, fact:, dip: and so on) that it does not have is
an error that names the nearest; ids of other namespaces are looked for. What
all(), getLimit(n) and g.emit(value) send are the rows; a script that sends none
gives the value of its last expression, a row for each item of a list:

  g.V("<person:xie-feng>").out("<dip:met>").count()

NAMES
  entity("Xie Feng").out("<dip:met>").all()

entity finds who has the name, in any case, with or without "the". verb has
every verb of the vocabulary as verb.met, verb.holdsPost, verb.holds_post or
verb["holds-post"]: a path to follow, which also stands for its id wherever one
is wanted:

  entity("Xie Feng").follow(verb.met).all()
  g.V("<person:xie-feng>").both([verb.met, verb.visited], "how").all()
  g.V().has("<rdf:type>", verb.met).all()

Roles that are dealings have edges of their own, labelled by the same fact:
verb.mediatedFor, verb.wasHostTo, verb.actedFor, verb.accompanied, verb.actedAs,
verb.tookPartIn and more (entente verbs lists them):

  edges("Xie Feng", [verb.met, verb.mediatedFor], null).all()

DATES
  g.V().has("<dip:from>", gte(date("2023-01-01"))).saveOpt("<dip:when>", "when").all()

date("2023-07-01") is a date of the graph, the only thing that dates compare
with: a plain string or a JavaScript Date is an error. Dates stand under
dip:from and dip:to: the first and the last day that a fact may have been going
on, by all that its sources say. A fact during a dated one, or part of it, that has no
date of its own has those of the whole, and no dip:when: saveOpt keeps it. dip:when
and dip:born are texts, as written; they compare with texts, letter by letter:

  g.V().has("<dip:when>", gte("2023"), lt("2024")).save("<dip:when>", "when").all()

between(a, b) is a path to follow. It keeps the facts that may have been going
on in the window: all whose dip:from to dip:to overlaps it, an open or unknown
end included. Where sources disagree, that is from the earliest of their dates
to the latest and all between. a and b are days, months, years or null for an
open end; between("2023-06") is all of June. Undated facts are never kept.

  g.V().has("<rdf:type>", verb.met).has("<dip:status>", "<dip:happened>").has("<dip:standing>", "<dip:asserted>", "<dip:disputed>").follow(between("2023-06", "2023-07")).all()
  entity("Xie Feng").in("<dip:party>").follow(between("2023-07-12", null)).all()

A fact by its rdf:type may be planned or refused too: dip:status says. A source
may deny that it happened: dip:standing is asserted, disputed (some source asserts
and some denies it), denied, doubted or hearsay (no source asserts it). What
happened, as at least one source asserts, has both, and such facts alone have edges:

  g.V(verb.met).in("<rdf:type>").has("<dip:status>", "<dip:happened>").has("<dip:standing>", "<dip:asserted>", "<dip:disputed>").unique().all()
  g.V("<dip:denied>").in("<dip:standing>").save("<rdf:type>", "verb").all()

FACTS AND THEIR EVIDENCE
Each edge is labelled with its fact. edges(from, verb, to) walks from edges to
their facts. An end is a name, an id, a list of these or null; one of the two
may be a path. The verb is verb.met, "<dip:met>", a word for it such as "held
talks with", a list of these, or null for any:

  edges("Xie Feng", verb.met, "Ely Ratner").out("<dip:evidence>").save("<dip:stance>", "stance").save("<dip:quote>", "quote").all()
  edges("Xie Feng").save("<rdf:type>", "verb").saveOpt("<dip:when>", "when").all()
  edges(null, verb.met, g.V("<person:xie-feng>")).out("<dip:evidence>").out("<dip:source>").all()

evidence(facts) walks from facts, which are ids or a path, to their evidence, with
the columns fact, quote, source and stance: asserts, denies, doubts or hearsay.
Words of one who denies a fact are no words for it:

  evidence(edges("Xie Feng", verb.met)).all()

Each fact comes once, without the tags of the path it was reached by. To keep
the walk and bind the label of each edge to a tag, set a label context:

  entity("Xie Feng").labelContext(g.V(), "fact").out(verb.met).all()

The tag has the label of the last edge: before a second step, set a context with
another. labelContext(null) ends it. Facts name those in them by role, and facts
that have no edges (refused, planned, denied) are found so:

  g.V("<dip:refused>").in("<dip:status>").save("<rdf:type>", "verb").all()
  entity("Xie Feng").in(["<dip:party>", "<dip:actor>", "<dip:recipient>"]).all()

WORDS OF THE GRAPH
  fact      rdf:type (its verb)  dip:status  dip:standing  dip:when (as written)
            dip:from  dip:to (days)  dip:topic  dip:at  dip:evidence  dip:because
            dip:answers  dip:part-of; its roles: dip:actor  dip:recipient
            dip:party  dip:host  dip:with  dip:for  dip:as  dip:during  dip:of
  evidence  dip:source  dip:quote  dip:locator  dip:note  dip:said-by  dip:via
            dip:stance  dip:method  dip:confidence; dip:when and dip:at where
            sources differ, else both stand at the fact alone
  entity    rdf:type  rdfs:label  skos:altLabel  dip:country  dip:born

rdfs:label has a row for each name that a dataset gives, which may differ. called(id)
is the one that all other commands show: that of most datasets, then the first loaded:

  entity("Ely Ratner").out(verb.met).forEach(function (d) { g.emit({id: d.id, name: called(d.id)}) })

save drops the nodes that have no such value, saveOpt keeps them. What several
datasets say comes once for each: end with .unique() where that is too much.

PATHS
  from      g.V(ids...)  g.M() (a path to follow)  entity(name)  edges(...)
  walk      out in both (predicates, tags)  follow followR (path)
            followRecursive (predicate or path, depth, tags)
            labels inPredicates outPredicates  labelContext (labels, tags)
  keep      is (nodes)  has hasR (predicate, nodes or filters)  filter (filters)
            and or except (path)  unique limit skip order
  filters   lt lte gt gte (value)  regex (pattern, true for ids too)  like ("?_%")
  columns   tag as (names)  back (name)  save saveR saveOpt saveOptR (predicate,
            name)  saveInPredicates saveOutPredicates (name)
  results   all()  getLimit(n)  toArray(n)  tagArray(n)  toValue()  tagValue()
            count()  forEach(n, function)  g.emit(value)
  values    iri str bnode lang typed raw  date  true  1  0.5  "text"  "<id>"

Each column has a name of its own: id is the row's node, and a name that a step
before has taken is an error. Inside a script, ids are strings with their
brackets: d.id == "<person:...>". Numbers compare with numbers of their own
kind: 1 with integers, 0.5 with decimals; dip:confidence takes both.

CAYLEY, AND WHAT DIFFERS
Calls that Cayley would meet with a crash or a silent nothing are errors: wrong
or superfluous arguments, empty strings and lists, ids without brackets, ids and
predicates that do not exist, values of a sort that a predicate never has, limit(0).
There is no eval.

Every way to a node is a row: two columns of two values each make four rows, in
all(), count() and toArray() alike. skip and limit count rows. order() sorts ids,
then texts, dates, numbers by value; steps after it other than limit and skip may
mix them up again. unique, labels, inPredicates and outPredicates keep one row of
each node, with the columns of one way to it. labels() are those of all edges
from and to a node, not of those walked.

followRecursive has no depth unless given one. It reaches each node once, by a
shortest way; where the path has columns, once from each node that it begins at.

back(name), which must be tagged, also ends a label context. It cannot cross
labels, inPredicates, outPredicates, unique, limit, skip, or, followRecursive, nor
a label context but one set right after the tag; nor can followR. What is followed
under a label context would not heed it, and is an error. getLimit(n) does not
limit what comes after it.

LIMITS
The command runs a script in a process of its own, which reads the graph, writes
no files, and has no environment. It may take 3 s (--timeout), 1,000 rows (--rows,
--all), 8 MiB of rows (--max-output) and 512 MiB of memory (--query-memory); a
script has 64 KiB at most, its calls may be nested 1,000 deep and its brackets
500. What goes over a limit is an error, with its line where that is known; the
next script runs as ever. Systems other than Linux bound memory softly, and neither
processor time nor what is written.
`
