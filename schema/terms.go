package schema

import (
	"fmt"
	"strings"
	"time"

	"github.com/cayleygraph/quad"
)

// The predicates and types of the quads of facts, evidence, entities and
// datasets. Verbs, roles and links are also dip: terms.
const (
	TypeTerm        = quad.IRI("rdf:type")
	LabelTerm       = quad.IRI("rdfs:label")
	AltLabelTerm    = quad.IRI("skos:altLabel")
	NameTerm        = quad.IRI("dip:name") // a folded label or alias, for lookup
	CountryTerm     = quad.IRI("dip:country")
	BornTerm        = quad.IRI("dip:born")
	IdentifierTerm  = quad.IRI("dip:identifier")
	DescriptionTerm = quad.IRI("dip:description")
	FromNameTerm    = quad.IRI("dip:from-name") // the id was computed from the name
	BorrowedTerm    = quad.IRI("dip:borrowed")  // this dataset copied the entity's name from another one
	PublisherTerm   = quad.IRI("dip:publisher")
	AuthorTerm      = quad.IRI("dip:author")
	URLTerm         = quad.IRI("dip:url")
	SHA256Term      = quad.IRI("dip:sha256")
	LanguageTerm    = quad.IRI("dip:language")
	ArchivedTerm    = quad.IRI("dip:archived-at") // the address of an archived copy
	ArchivedOnTerm  = quad.IRI("dip:archived-on") // the day on which that copy was made, as written
	AccessedTerm    = quad.IRI("dip:accessed-on") // the day on which the document was read, as written

	StatusTerm    = quad.IRI("dip:status")
	StandingTerm  = quad.IRI("dip:standing") // derived: see [Vocabulary.Derived]
	WithinTerm    = quad.IRI("dip:within")   // derived: see [Within]
	TopicTerm     = quad.IRI("dip:topic")
	KeyTerm       = quad.IRI("dip:key")
	EvidenceTerm  = quad.IRI("dip:evidence")
	RoleOrderTerm = quad.IRI("dip:role-order") // the order of participants as written, if it is not the order of ids
	AtTerm        = quad.IRI("dip:at")
	GraphTerm     = quad.IRI("dip:graph") // the original name of a graph of statements

	WhenTerm     = quad.IRI("dip:when") // as written
	FromTerm     = quad.IRI("dip:from") // outer bounds, xsd:date
	ToTerm       = quad.IRI("dip:to")
	WordsTerm    = quad.IRI("dip:words")
	AnchorTerm   = quad.IRI("dip:anchor")
	FromByTerm   = quad.IRI("dip:from-by")
	ToByTerm     = quad.IRI("dip:to-by")
	AttestedTerm = quad.IRI("dip:attested")

	StanceTerm     = quad.IRI("dip:stance")
	SourceTerm     = quad.IRI("dip:source")
	QuoteTerm      = quad.IRI("dip:quote")
	LocatorTerm    = quad.IRI("dip:locator")
	StartTerm      = quad.IRI("dip:start")
	EndTerm        = quad.IRI("dip:end")
	SaidByTerm     = quad.IRI("dip:said-by")
	ViaTerm        = quad.IRI("dip:via")
	ViaOrderTerm   = quad.IRI("dip:via-order") // all intermediaries in order, if there are several
	MethodTerm     = quad.IRI("dip:method")
	ConfidenceTerm = quad.IRI("dip:confidence")
	NoteTerm       = quad.IRI("dip:note")
	DurationTerm   = quad.IRI("dip:duration")
	CountTerm      = quad.IRI("dip:count")
	ReviewTerm     = quad.IRI("dip:review") // see [Review]
	ModelTerm      = quad.IRI("dip:model")
	ReviewedByTerm = quad.IRI("dip:reviewed-by")
	ReviewedOnTerm = quad.IRI("dip:reviewed-on")
	ReviewNoteTerm = quad.IRI("dip:review-note")

	dateType = quad.IRI("xsd:date")
)

// The prefixes of vocabulary terms and of datasets.
const (
	dipPrefix  = "dip:"
	dataPrefix = "data:"
)

// Term returns the dip: term of a verb, role, link, status, stance, method or
// kind.
func Term[T ~string](word T) quad.IRI { return quad.IRI(dipPrefix + string(word)) }

// Value returns the id as a quad value.
func (id ID) Value() quad.IRI { return quad.IRI(id) }

// Date returns the day as an xsd:date literal.
func (d Day) Date() quad.Value {
	return quad.TypedString{Value: quad.String(d.String()), Type: dateType}
}

// DayOf parses a literal that [Day.Date] returned.
func DayOf(value quad.Value) (Day, error) {
	t, ok := value.(quad.TypedString)
	if !ok || t.Type != dateType {
		return 0, fmt.Errorf("%w: %v is no %s", ErrDate, value, dateType)
	}
	d, err := time.Parse(time.DateOnly, string(t.Value))
	return dayOf(d), err
}

// VerbOf returns the verb of a term that [Term] returned.
func VerbOf(value quad.Value) Verb { return wordOf[Verb](idOf(value)) }

// DatasetValue returns the label of a dataset's quads.
func DatasetValue(name string) quad.IRI { return quad.IRI(dataPrefix + name) }

// DatasetName returns the dataset with this label. It is false for other labels:
// facts, which label their edges, and graphs of statements.
func DatasetName(label quad.Value) (string, bool) {
	return datasetOf(idOf(label))
}

// datasetOf returns the dataset whose label has an id.
func datasetOf(label ID) (string, bool) {
	name, ok := strings.CutPrefix(string(label), dataPrefix)
	return name, ok && strings.IndexByte(name, '/') < 0
}

// IsEvidence reports whether the id is the id of a piece of evidence.
func IsEvidence(id ID) bool { return strings.HasPrefix(string(id), "evidence:") }

// FactOf returns the fact in the label of an edge or of another derived quad.
func FactOf(label quad.Value) (ID, bool) {
	iri, ok := label.(quad.IRI)
	return ID(iri), ok && strings.HasPrefix(string(iri), "fact:")
}
