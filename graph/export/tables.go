package export

import "strings"

// realType is the type of a column of numbers with a fraction.
const realType = dateType + 1

// tableColumn is a column of a table.
type tableColumn struct {
	name string
	kind valueType
	refs string // the table whose first column it refers to; empty for none
	note string // what it contains, if the name does not say it
}

// table is a table of the relational form of a graph. The columns of its key are never
// null.
type table struct {
	name    string
	note    string
	columns []tableColumn
	key     []string // the primary key
}

// The indexes of tables in [tables].
const (
	entitiesTable = iota
	namesTable
	identifiersTable
	documentsTable
	factsTable
	participantsTable
	linksTable
	evidenceTable
	evidencePlacesTable
	evidenceViaTable
	edgesTable
	datasetsTable
)

// tables returns the tables of the relational form of a graph, which SQLite and Parquet
// have alike.
func tables() []table {
	return []table{
		{"entities", "people, posts, institutions, countries, places, documents and others", []tableColumn{
			{"id", textType, "", ""}, {"kind", textType, "", "Person, Post, Institution, Group, Country, Place, Gathering, Document or Thing"},
			{"label", textType, "", "the name for display"}, {"country", textType, "entities", ""}, {"born", textType, "", "as written; of an institution, its foundation"},
			{"description", textType, "", ""}}, []string{"id"}},
		{"names", "all names of entities: the label and the aliases", []tableColumn{
			{"entity", textType, "entities", ""}, {"position", integerType, "", "0 for the label"}, {"name", textType, "", ""},
			{"language", textType, "", "BCP 47"}}, []string{"entity", "position"}},
		{"identifiers", "ids of entities in other collections", []tableColumn{
			{"entity", textType, "entities", ""}, {"identifier", textType, "", ""}}, []string{"entity", "identifier"}},
		{"documents", "the sources that evidence cites; each is an entity too", []tableColumn{
			{"id", textType, "entities", ""}, {"title", textType, "", ""}, {"publisher", textType, "", ""}, {"author", textType, "", ""},
			{"published", textType, "", "as written"}, {"published_first_day", dateType, "", ""}, {"published_last_day", dateType, "", ""},
			{"url", textType, "", ""}, {"sha256", textType, "", "of the bytes of the document"}, {"language", textType, "", "BCP 47"},
			{"archived", textType, "", "the address of an archived copy"}, {"archived_on", textType, "", "the day on which that copy was made, as written"},
			{"accessed", textType, "", "the day on which the document was read, as written"}}, []string{"id"}},
		{"facts", "what sources agree or disagree about", factTableColumns(), []string{"id"}},
		{"participants", "who takes part in a fact, in which role", []tableColumn{
			{"fact", textType, "facts", ""}, {"position", integerType, "", "the order of the source"}, {"role", textType, "", ""},
			{"entity", textType, "entities", "null if the participant is a fact"}, {"other_fact", textType, "", "may be outside of the selection"}}, []string{"fact", "position"}},
		{"links", "from one fact to another", []tableColumn{
			{"fact", textType, "facts", ""}, {"position", integerType, "", ""}, {"type", textType, "", "such as answers or because"},
			{"other_fact", textType, "", "may be outside of the selection"}}, []string{"fact", "position"}},
		{"evidence", "the claim of one dataset about a fact, from one place in a document", evidenceTableColumns(), []string{"id"}},
		{"evidence_places", "where the fact took place, by a piece of evidence", []tableColumn{
			{"evidence", textType, "evidence", ""}, {"place", textType, "entities", ""}}, []string{"evidence", "place"}},
		{"evidence_via", "through whom a quote came", []tableColumn{
			{"evidence", textType, "evidence", ""}, {"position", integerType, "", ""}, {"entity", textType, "entities", ""}}, []string{"evidence", "position"}},
		{"edges", "pairs of entities that facts link; a fact that links several pairs has an edge for each", []tableColumn{
			{"id", textType, "", ""}, {"fact", textType, "facts", ""}, {"source", textType, "entities", ""}, {"target", textType, "entities", ""},
			{"predicate", textType, "", "the verb of the fact, or the predicate of the edge of a role"}, {"role", textType, "", "null for an edge of the verb"},
			{"symmetric", booleanType, "", "the verb goes both ways"}, {"pair", integerType, "", "1 to pairs: count the edges with pair 1 to count facts"},
			{"pairs", integerType, "", "the number of edges of the fact"}}, []string{"id"}},
		{"datasets", "where the claims come from", []tableColumn{
			{"name", textType, "", ""}, {"title", textType, "", ""}, {"license", textType, "", ""}, {"sha256", textType, "", "of the bytes of the input"},
			{"facts", integerType, "", "in the whole graph"}, {"entities", integerType, "", ""}, {"documents", integerType, "", ""}}, []string{"name"}},
	}
}

func factTableColumns() []tableColumn {
	return []tableColumn{{"id", textType, "", ""}, {"sentence", textType, "", "the fact in words, with its mark in brackets if it is not established"},
		{"verb", textType, "", ""}, {"verb_kind", textType, "", "interaction: happened once; relation: held over an interval"},
		{"status", textType, "", "happened, planned, refused, cancelled or hypothetical"},
		{"standing", textType, "", "asserted, disputed, denied, doubted or hearsay, by all evidence"},
		{"established", booleanType, "", "it happened or holds, and at least one source asserts it"},
		{"date", textType, "", "as written"}, {"first_day", dateType, "", "null if open or unknown"}, {"last_day", dateType, "", "null if open or unknown"},
		{"widened", textType, "", "how the days extend beyond the written date"}, {"within", textType, "", "the period of the facts of which an undated fact is part"},
		{"topic", textType, "", ""}, {"sources", integerType, "", "documents that assert it"}, {"source_key", textType, "", ""}}
}

func evidenceTableColumns() []tableColumn {
	return []tableColumn{{"id", textType, "", ""}, {"fact", textType, "facts", ""}, {"dataset", textType, "datasets", ""},
		{"stance", textType, "", "asserts, denies, doubts or hearsay"}, {"document", textType, "documents", ""}, {"quote", textType, "", "exact words of the document"},
		{"locator", textType, "", "page, line or row"}, {"start", integerType, "", "first byte of the quote in the document"}, {"end", integerType, "", "the byte after it"},
		{"said_by", textType, "entities", ""}, {"method", textType, "", ""}, {"confidence", realType, "", "above 0 and up to 1; null if none is stated"},
		{"note", textType, "", ""}, {"date", textType, "", "of the fact according to this source, as written"}, {"first_day", dateType, "", ""}, {"last_day", dateType, "", ""},
		{"duration", textType, "", ""}, {"count", textType, "", ""}}
}

// columnNames returns the names of the columns of a table, joined by commas, in double
// quotes.
func (t table) columnNames() string {
	var names []string
	for _, c := range t.columns {
		names = append(names, `"`+c.name+`"`)
	}
	return strings.Join(names, ", ")
}

// view is a query that the relational form of a graph has as a view.
type view struct{ name, note, query string }

// views returns the views of the relational form of a graph.
func views() []view {
	return []view{
		{"established_edges", "edges of facts that happened or hold and that at least one source asserts, with names", `
SELECT e.*, s.label AS source_label, t.label AS target_label, f.date, f.first_day, f.last_day, f.standing, f.sources, f.sentence
FROM edges e JOIN facts f ON f.id = e.fact JOIN entities s ON s.id = e.source JOIN entities t ON t.id = e.target
WHERE f.established`},
		{"quotes", "each piece of evidence with the sentence of its fact and the title of its document", `
SELECT f.id AS fact, f.sentence, f.date AS fact_date, f.standing, v.stance, v.quote, v.locator, s.label AS said_by, d.title, d.publisher, d.published, d.url, v.dataset
FROM evidence v JOIN facts f ON f.id = v.fact LEFT JOIN documents d ON d.id = v.document LEFT JOIN entities s ON s.id = v.said_by`},
		{"contradictions", "facts that some sources assert and others deny", `
SELECT f.id, f.sentence, f.date,
  (SELECT count(*) FROM evidence v WHERE v.fact = f.id AND v.stance = 'asserts') AS asserting,
  (SELECT count(*) FROM evidence v WHERE v.fact = f.id AND v.stance = 'denies') AS denying
FROM facts f WHERE f.standing = 'disputed'`},
	}
}
