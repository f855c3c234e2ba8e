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
		"facts": "edges and evidence", "words": "the properties of facts, evidence and entities", "paths": "all methods of paths, filters and values",
		"cayley": "differences from Cayley", "limits": "limits of time, memory, rows and size",
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
const Help = `A script is JavaScript with Cayley's Gizmo. It starts at nodes, follows edges, and
ends in all():

  g.V("<person:xie-feng>").out("<dip:met>").all()

Ids are written in angle brackets. Other strings are texts, which have no outgoing
edges. An id in a namespace of the graph (person:, fact:, dip: and so on) must exist:
otherwise it is an error, which suggests the most similar id. Ids in other namespaces
need not exist. The rows of a script are the values sent by all(), getLimit(n) and
g.emit(value). A script that sends nothing returns the value of its last expression;
each item of a list is a row:

  g.V("<person:xie-feng>").out("<dip:met>").count()

NAMES
  entity("Xie Feng").out("<dip:met>").all()

entity(name) starts at the entity with a name or alias. Upper and lower case are
equal, and a leading "the" is ignored. verb has a property for every verb of the
vocabulary: verb.met, verb.holdsPost, verb.holds_post or verb["holds-post"]. Its value
is a path to follow; where an id is expected, it is the id of the verb:

  entity("Xie Feng").follow(verb.met).all()
  g.V("<person:xie-feng>").both([verb.met, verb.visited], "how").all()
  g.V().has("<rdf:type>", verb.met).all()

Some roles have edges with their own predicates, labelled by the same fact:
verb.mediatedFor, verb.wasHostTo, verb.actedFor, verb.accompanied, verb.actedAs,
verb.tookPartIn and more (entente verbs lists them):

  edges("Xie Feng", [verb.met, verb.mediatedFor], null).all()

DATES
  g.V().has("<dip:from>", gte(date("2023-01-01"))).saveOpt("<dip:when>", "when").all()

date("2023-07-01") is a date of the graph. Dates compare only with such dates: a plain
string or a JavaScript Date is an error. dip:from and dip:to are the first and the
last day on which a fact may have happened or held, by all its evidence. A fact
without a date that is part of a dated fact, or happened during it, has the days of
that fact and no dip:when; saveOpt keeps its row. dip:when and dip:born are texts, as
written in the source. They compare with texts, character by character:

  g.V().has("<dip:when>", gte("2023"), lt("2024")).save("<dip:when>", "when").all()

between(a, b) is a path to follow. It keeps the facts that may have happened or held
between a and b: the facts whose days, from dip:from to dip:to, overlap this window.
An open or unknown bound overlaps everything beyond it. If sources disagree on dates,
the days of the fact reach from the earliest date to the latest. a and b are days,
months, years, or null for no bound; between("2023-06") is June 2023. Facts without
dates are never kept.

  g.V().has("<rdf:type>", verb.met).has("<dip:status>", "<dip:happened>").has("<dip:standing>", "<dip:asserted>", "<dip:disputed>").follow(between("2023-06", "2023-07")).all()
  entity("Xie Feng").in("<dip:party>").follow(between("2023-07-12", null)).all()

A fact found by its rdf:type may also be planned or refused: see its dip:status. Its
sources may also deny it: dip:standing is asserted, disputed (at least one source
asserts the fact and at least one denies it) or, if no source asserts it, denied,
doubted or hearsay. Only facts with the status happened and the standing asserted or
disputed have edges:

  g.V(verb.met).in("<rdf:type>").has("<dip:status>", "<dip:happened>").has("<dip:standing>", "<dip:asserted>", "<dip:disputed>").unique().all()
  g.V("<dip:denied>").in("<dip:standing>").save("<rdf:type>", "verb").all()

FACTS AND THEIR EVIDENCE
Each edge is labelled with its fact. edges(from, verb, to) returns the facts of edges.
An end is a name, an id, a list of names and ids, or null for any entity; one of the
two ends may be a path. The verb is verb.met, "<dip:met>", a phrase such as "held
talks with", a list of these, or null for any verb:

  edges("Xie Feng", verb.met, "Ely Ratner").out("<dip:evidence>").save("<dip:stance>", "stance").save("<dip:quote>", "quote").all()
  edges("Xie Feng").save("<rdf:type>", "verb").saveOpt("<dip:when>", "when").all()
  edges(null, verb.met, g.V("<person:xie-feng>")).out("<dip:evidence>").out("<dip:source>").all()

evidence(facts) returns the evidence of facts, which are ids or a path. Its rows have
the columns fact, quote, source and stance. The stance is asserts, denies, doubts or
hearsay: a quote with the stance denies speaks against the fact.

  evidence(edges("Xie Feng", verb.met)).all()

edges returns each fact once, without the tags of its paths. To keep the nodes of the
path, and save the label of each edge under a tag, set a label context:

  entity("Xie Feng").labelContext(g.V(), "fact").out(verb.met).all()

The tag holds the label of the last edge: before a second step, set a label context
with another tag. labelContext(null) ends a label context. Facts without edges
(refused, planned or denied ones) are found by their properties and by their roles:

  g.V("<dip:refused>").in("<dip:status>").save("<rdf:type>", "verb").all()
  entity("Xie Feng").in(["<dip:party>", "<dip:actor>", "<dip:recipient>"]).all()

WORDS OF THE GRAPH
  fact      rdf:type (its verb)  dip:status  dip:standing  dip:when (as written)
            dip:from  dip:to (days)  dip:topic  dip:at  dip:evidence  dip:because
            dip:answers  dip:part-of; its roles: dip:actor  dip:recipient
            dip:party  dip:host  dip:with  dip:for  dip:as  dip:during  dip:of
  evidence  dip:source  dip:quote  dip:locator  dip:note  dip:said-by  dip:via
            dip:stance  dip:method  dip:confidence; also dip:when and dip:at if
            pieces of evidence differ, else both are properties of the fact alone
  entity    rdf:type  rdfs:label  skos:altLabel  dip:country  dip:born

rdfs:label has a row for each name that a dataset gives to an entity. called(id) is
the name that all other commands show: the name that most datasets give, and among
equals the name of the dataset loaded first:

  entity("Ely Ratner").out(verb.met).forEach(function (d) { g.emit({id: d.id, name: called(d.id)}) })

save drops nodes without a value; saveOpt keeps them. If several datasets state the
same value, there is a row for each dataset; .unique() keeps one row for each node.

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

The column id is the node of a row. Each other column needs its own name: a name that
an earlier step of the path uses is an error. Inside a script, ids are strings with
their brackets: d.id == "<person:...>". Numbers compare only with numbers of the same
type: 1 with integers, 0.5 with decimals; but dip:confidence compares with both.

CAYLEY, AND WHAT DIFFERS
Calls at which Cayley would crash, or silently return nothing, are errors: wrong or
superfluous arguments, empty strings and lists, ids without brackets, ids and
predicates that do not exist, values of a type that a predicate never has, limit(0).
eval does not exist.

Each way to a node is a row: two columns with two values each make four rows, in
all(), count() and toArray() alike. skip and limit count rows. order() sorts ids, then
texts, dates, and numbers by value; steps after order(), except limit and skip, may
change the order. unique, labels, inPredicates and outPredicates keep one row for each
node, with the columns of one way to it. labels() returns the labels of all edges from
and to a node, not only of the edges of the path.

followRecursive has no largest depth by default. It reaches each node once, by a
shortest way; if the path has columns, once from each start node.

back(name) needs a tag of that name, and also ends a label context. It cannot go back
over labels, inPredicates, outPredicates, unique, limit, skip, or, followRecursive, or
a label context that was not set directly after the tag. followR cannot cross these
steps either. follow with a path under a label context is an error, since Cayley would
ignore the label context. getLimit(n) does not limit later calls.

LIMITS
The command line runs a script in a separate process, which reads the graph, writes no
files, and has no environment variables. The script may run for 3 s (--timeout), and
send 1,000 rows (--rows, --all) and 8 MiB of rows (--max-output). Its process may use
512 MiB of memory (--query-memory). The script may have 64 KiB, 1,000 nested calls and
500 nested brackets. A script that exceeds a limit is an error, with its line if the
line is known; the next script runs as usual. On systems other than Linux, the limit
of memory is approximate, and processor time and written files are not limited.
`
