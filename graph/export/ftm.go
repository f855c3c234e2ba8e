package export

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
)

// ftmEntity is an entity of FollowTheMoney: one line.
type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
}

// set adds the values of a property that are not blank: readers drop blank ones.
func (e *ftmEntity) set(property string, values ...string) {
	for _, v := range values {
		if !isBlank(v) && !slices.Contains(e.Properties[property], v) {
			e.Properties[property] = append(e.Properties[property], v)
		}
	}
}

// isBlank reports whether a text has nothing but spaces and byte order marks.
func isBlank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }) == ""
}

// ftmSchemas are the schemas of entities by kind.
func ftmSchemas() map[schema.Kind]string {
	return map[schema.Kind]string{schema.Person: "Person", schema.Post: "Position", schema.Institution: "Organization", schema.Group: "LegalEntity",
		schema.Country: "PublicBody", schema.Place: "Address", schema.Gathering: "Event", schema.Doc: "Document", schema.Thing: "Asset"}
}

// ftmLink is the schema of the links of a relation, and its properties for the subject
// and the object.
type ftmLink struct {
	schema, subject, object     string
	subjectRange, objectRange   string // the schemas that the properties refer to
	relationship, authorityName bool   // the schema has the property relationship, or authority instead of an object
}

// ftmLinks are the relations that FollowTheMoney has a schema for. All others are an
// UnknownLink.
func ftmLinks() map[schema.Verb]ftmLink {
	family := ftmLink{schema: "Family", subject: "person", object: "relative", subjectRange: "Person", objectRange: "Person", relationship: true}
	return map[schema.Verb]ftmLink{
		"holds-post":   {schema: "Occupancy", subject: "holder", object: "post", subjectRange: "Person", objectRange: "Position"},
		"works-at":     {schema: "Employment", subject: "employee", object: "employer", subjectRange: "Person", objectRange: "Organization"},
		"director-of":  {schema: "Directorship", subject: "director", object: "organization", subjectRange: "LegalEntity", objectRange: "Organization"},
		"leads":        {schema: "Directorship", subject: "director", object: "organization", subjectRange: "LegalEntity", objectRange: "Organization"},
		"member-of":    {schema: "Membership", subject: "member", object: "organization", subjectRange: "LegalEntity", objectRange: "Organization"},
		"represents":   {schema: "Representation", subject: "agent", object: "client", subjectRange: "LegalEntity", objectRange: "LegalEntity"},
		"owns":         {schema: "Ownership", subject: "owner", object: "asset", subjectRange: "LegalEntity", objectRange: "Asset"},
		"spouse-of":    family,
		"parent-of":    family,
		"relative-of":  family,
		"associate-of": {schema: "Associate", subject: "person", object: "associate", subjectRange: "Person", objectRange: "LegalEntity", relationship: true},

		"under-sanction-by": {schema: "Sanction", subject: "entity", subjectRange: "Thing", objectRange: "Thing", authorityName: true},
	}
}

// isFTM reports whether the schema of an entity's kind is a range or descends from it.
func isFTM(id schema.ID, rangeOf string) bool {
	name := ftmSchemas()[schema.KindOf(id)]
	switch rangeOf {
	case "Thing":
		return name != ""
	case "LegalEntity":
		return slices.Contains([]string{"Person", "Organization", "PublicBody", "LegalEntity"}, name)
	case "Organization":
		return name == "Organization" || name == "PublicBody"
	}
	return name == rangeOf
}

// writeFTM writes entities of FollowTheMoney, one a line. A relation that holds, and
// that some source asserts, is a link for each pair of entities. Any other fact is an
// Event, whose name has its mark: "Li Shangfu met Lloyd Austin (refused)".
func writeFTM(ctx context.Context, w io.Writer, s Selection, _ Options) error {
	out := &ftmWriter{Writer: bufio.NewWriterSize(w, 1<<16), elements: newElements(s, Options{}), ids: make(map[schema.ID]string)}
	for entity, err := range out.elements.entities(ctx) {
		if err == nil {
			err = out.entity(ctx, entity)
		}
		if err != nil {
			return err
		}
	}
	for row, err := range out.elements.rows(ctx) {
		if err == nil {
			err = out.fact(row)
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

type ftmWriter struct {
	*bufio.Writer
	elements *elements
	ids      map[schema.ID]string // of the entities that were read from FollowTheMoney
}

// idOf returns the id of an entity: that under which FollowTheMoney knew it, if it was read
// from there.
func (w *ftmWriter) idOf(id schema.ID) string { return cmp.Or(w.ids[id], string(id)) }

// ftmIdentifiers are the properties of identifiers, by their schemes.
func ftmIdentifiers() map[string]string {
	return map[string]string{"wikidata": "wikidataId", "lei": "leiCode", "imo": "imoNumber", "permid": "permId", "registration": "registrationNumber",
		"tax": "taxNumber", "inn": "innCode", "ogrn": "ogrnCode", "vat": "vatCode", "duns": "dunsCode", "uei": "uniqueEntityId", "id-number": "idNumber",
		"passport": "passportNumber", "isin": "isin", "bic": "swiftBic", "mmsi": "mmsi"}
}

// identify adds the identifiers of an entity, and gives it the id under which
// FollowTheMoney knew it.
func (w *ftmWriter) identify(x *ftmEntity, e schema.Entity) {
	_, local, _ := strings.Cut(string(e.ID), ":")
	for _, identifier := range e.Identifiers {
		scheme, value, _ := strings.Cut(identifier, ":")
		property := ftmIdentifiers()[scheme]
		switch id := wikidataID.FindStringSubmatch(identifier); {
		case id != nil:
			x.set("wikidataId", id[1])
		case scheme == "ftm" && value == local:
			x.ID, w.ids[e.ID] = value, value
		case property != "" && slices.Contains(ftmHas(x.Schema), property):
			x.set(property, value)
		default:
			x.set("notes", "identifier: "+identifier)
		}
	}
}

// ftmHas lists the properties of identifiers that a schema has.
func ftmHas(name string) []string {
	entity := []string{"leiCode", "permId", "registrationNumber", "taxNumber", "innCode", "ogrnCode", "vatCode", "dunsCode", "uniqueEntityId", "idNumber", "swiftBic"}
	switch name {
	case "Person":
		return append(entity, "passportNumber")
	case "Organization", "PublicBody", "LegalEntity":
		return entity
	}
	return nil
}

// put writes a line.
func (w *ftmWriter) put(e ftmEntity) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(e)
}

var (
	ftmDate    = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?$`)
	wikidataID = regexp.MustCompile(`^(?:wikidata:)?(Q\d+)$`)
	isoCountry = regexp.MustCompile(`^country:([a-z]{2})$`)
	webAddress = regexp.MustCompile(`^https?://`)
)

func (w *ftmWriter) entity(ctx context.Context, e schema.Entity) error {
	x := ftmEntity{string(e.ID), ftmSchemas()[e.Kind], map[string][]string{}}
	x.set("name", e.Label)
	for _, a := range e.Aliases {
		x.set("alias", a.Value)
	}
	x.set("description", e.Description)
	for _, id := range []schema.ID{e.Country, e.ID} {
		if code := isoCountry.FindStringSubmatch(string(id)); code != nil {
			x.set("country", code[1])
		}
	}
	w.identify(&x, e)
	switch {
	case !ftmDate.MatchString(e.Born):
	case x.Schema == "Person":
		x.set("birthDate", e.Born)
	case isFTM(e.ID, "LegalEntity"):
		x.set("incorporationDate", e.Born)
	}
	if x.Schema == "Address" {
		x.set("full", e.Label)
	}
	if x.Schema == "Document" {
		if err := w.document(ctx, &x, e.ID); err != nil {
			return err
		}
	}
	return w.put(x)
}

// document adds the properties of a document. Its file name, which FollowTheMoney
// requires, is its title.
func (w *ftmWriter) document(ctx context.Context, x *ftmEntity, id schema.ID) error {
	d, err := w.elements.reader.words.Document(ctx, id)
	if err != nil {
		return err
	}
	x.set("fileName", d.Name)
	x.set("title", d.Name)
	x.set("publisher", d.Publisher)
	x.set("author", d.Author)
	if webAddress.MatchString(d.URL) {
		x.set("sourceUrl", d.URL)
	}
	if d.Published != nil {
		x.set("publishedAt", partialDate(d.Published.From, d.Published.To))
	}
	if d.Accessed != nil {
		x.set("retrievedAt", partialDate(d.Accessed.From, d.Accessed.To))
	}
	return nil
}

// partialDate returns the day, month or year that has the given first and last day, and
// an empty string for other intervals.
func partialDate(first, last string) string {
	if first == "" {
		return ""
	}
	date, ok := singleDate(first, last)
	switch {
	case !ok:
		return ""
	case date.Month == 0:
		return first[:4]
	case date.Day == 0:
		return first[:7]
	}
	return first
}

// fact writes the links or the event of a fact.
func (w *ftmWriter) fact(row *factRow) error {
	links := w.links(row)
	if len(links) == 0 {
		links = []ftmEntity{w.event(row)}
	}
	for _, x := range links {
		if err := w.put(x); err != nil {
			return err
		}
	}
	return nil
}

// links returns the links of a relation that is established.
func (w *ftmWriter) links(row *factRow) []ftmEntity {
	if !isEstablished(row.fact) || w.elements.reader.graph.Vocabulary().VerbKind(row.fact.Verb) != schema.Relation {
		return nil
	}
	var links []ftmEntity
	pairs := w.elements.pairs(row)
	for _, pair := range pairs {
		x := ftmEntity{pair.id, "UnknownLink", map[string][]string{}}
		if key := row.fact.Key; key != "" && len(pairs) == 1 && w.ids[pair.from]+w.ids[pair.to] != "" && !strings.Contains(key, "/") {
			x.ID = key // the link was read from FollowTheMoney
		}
		kind, known := ftmLinks()[schema.Verb(pair.values[1].text)]
		switch {
		case !known || !isFTM(pair.from, kind.subjectRange) || !isFTM(pair.to, kind.objectRange):
			x.set("subject", w.idOf(pair.from))
			x.set("object", w.idOf(pair.to))
			x.set("role", pair.label)
		case kind.authorityName:
			x.Schema = kind.schema
			x.set(kind.subject, w.idOf(pair.from))
			x.set("authority", w.nameOf(row, pair.to))
		default:
			x.Schema = kind.schema
			x.set(kind.subject, w.idOf(pair.from))
			x.set(kind.object, w.idOf(pair.to))
			if kind.relationship {
				x.set("relationship", pair.label)
			}
		}
		w.describe(&x, row)
		w.span(&x, row)
		links = append(links, x)
	}
	return links
}

// nameOf returns the name of a participant of a fact.
func (w *ftmWriter) nameOf(row *factRow, id schema.ID) string {
	for _, p := range row.words.Roles {
		if p.ID == id {
			return p.Name
		}
	}
	return string(id)
}

// span sets the first and the last day of a relation, or its month or year if no day is
// known.
func (w *ftmWriter) span(x *ftmEntity, row *factRow) {
	start, end, _ := strings.Cut(row.fact.When.Written, "/")
	x.set("startDate", asWritten(row.first, start))
	x.set("endDate", asWritten(row.last, end))
}

// asWritten returns the written year or month of a day, or else the day.
func asWritten(day, written string) string {
	if ftmDate.MatchString(written) && strings.HasPrefix(day, written) {
		return written
	}
	return day
}

// event returns a fact as an event. If its day is unknown, it has the month or the year,
// or else the days that are possible, and says so.
func (w *ftmWriter) event(row *factRow) ftmEntity {
	x := ftmEntity{string(row.fact.ID), "Event", map[string][]string{}}
	x.set("name", row.words.Sentence)
	for _, p := range row.words.Roles {
		switch {
		case p.Role == "host" && isFTM(p.ID, "LegalEntity"):
			x.set("organizer", w.idOf(p.ID))
		case isFTM(p.ID, "LegalEntity"):
			x.set("involved", w.idOf(p.ID))
		}
	}
	for _, e := range row.words.Evidence {
		if e.Stance != schema.Asserts {
			continue
		}
		x.set("proof", w.idOf(e.Source.ID))
		for _, at := range e.At {
			x.set("location", at.Name)
			if isFTM(at.ID, "Address") {
				x.set("addressEntity", w.idOf(at.ID))
			}
		}
	}
	w.describe(&x, row)
	if date := partialDate(row.first, row.last); date != "" {
		x.set("date", date)
		return x
	}
	w.span(&x, row)
	if kind := w.elements.reader.graph.Vocabulary().VerbKind(row.fact.Verb); kind == schema.Interaction && row.first+row.last != "" {
		x.set("notes", "It happened once, on an unknown day between the first and the last day that are given: "+displayDate(row)+".")
	}
	return x
}

// describe adds who says what of a fact, and its date as written.
func (w *ftmWriter) describe(x *ftmEntity, row *factRow) {
	claims := row.words.ClaimLists()
	x.set("recordId", string(row.fact.ID))
	x.set("summary", claims.Words...)
	x.set("description", "Date as written: "+render.Dates(row.fact))
	x.set("description", claims.Others...)
	if row.words.Standing != schema.StandingAsserted || row.fact.Status != schema.Happened {
		x.set("description", strings.ToUpper(row.fact.Mark()[:1])+row.fact.Mark()[1:])
	}
	for _, e := range row.words.Evidence {
		if e.Stance == schema.Asserts && webAddress.MatchString(e.Source.URL) {
			x.set("sourceUrl", e.Source.URL)
		}
		if e.Stance == schema.Asserts {
			x.set("publisher", e.Source.Publisher)
		}
	}
}
