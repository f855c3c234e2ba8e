package export

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-kg/entente/graph/render"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// ftmEntity is an entity of FollowTheMoney: one line.
type ftmEntity struct {
	ID         string              `json:"id"`
	Schema     string              `json:"schema"`
	Properties map[string][]string `json:"properties"`
	Referents  []string            `json:"referents,omitempty"` // ids of entities that were merged into it
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

// writeFTM writes entities of FollowTheMoney, one a line. A relation that holds, and
// that some source asserts, is a link for each pair of entities. Any other fact is an
// Event, whose name has its mark: "Li Shangfu met Lloyd Austin (refused)". What was read
// from FollowTheMoney comes back as it was, as far as the graph says it: see ftm_back.go.
func writeFTM(ctx context.Context, w io.Writer, s Selection, _ Options) error {
	out := &ftmWriter{Writer: bufio.NewWriterSize(w, 1<<16), elements: newElements(s, Options{}),
		ids: make(map[schema.ID]string), schemas: make(map[schema.ID]string), codes: make(map[schema.ID]string)}
	if err := out.findStated(ctx); err != nil {
		return err
	}
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
			err = out.fact(ctx, row)
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
	schemas  map[schema.ID]string // of entities that have another schema than most of their kind
	codes    map[schema.ID]string // of countries; empty for one without a code
	stated   map[schema.ID][]ftmStated
}

// idOf returns the id of an entity: that under which FollowTheMoney knew it, if it was read
// from there.
func (w *ftmWriter) idOf(id schema.ID) string { return cmp.Or(w.ids[id], string(id)) }

// schemaOf returns the schema of an entity.
func (w *ftmWriter) schemaOf(id schema.ID) string {
	return cmp.Or(w.schemas[id], ftmSchemas()[schema.KindOf(id)])
}

// isA reports whether the schema of an entity is another one or descends from it.
func (w *ftmWriter) isA(id schema.ID, name string) bool { return ftmIsA(w.schemaOf(id), name) }

// identify adds the identifiers of an entity. One of FollowTheMoney that is not its own id
// is of an entity that was merged into it: a referent.
func (w *ftmWriter) identify(x *ftmEntity, e schema.Entity) {
	for _, identifier := range e.Identifiers {
		scheme, value, _ := strings.Cut(identifier, ":")
		property := ftmIdentifiers()[scheme]
		switch id := wikidataID().FindStringSubmatch(identifier); {
		case id != nil:
			x.set("wikidataId", id[1])
		case scheme == "ftm" && value == x.ID:
		case scheme == "ftm":
			x.Referents = append(x.Referents, value)
		case property != "" && ftmHas(x.Schema, property):
			x.set(property, value)
		case isoCode().MatchString(identifier) && e.Kind == schema.Country: // see countryCode
		default:
			x.set("notes", "identifier: "+identifier)
		}
	}
}

// put writes a line.
func (w *ftmWriter) put(e ftmEntity) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(e)
}

var (
	ftmDate    = pattern.New(`^\d{4}(-\d\d(-\d\d)?)?$`)
	wikidataID = pattern.New(`^(?:wikidata:)?(Q\d+)$`)
	isoCountry = pattern.New(`^country:([a-z]{2})$`)
	isoCode    = pattern.New(`^iso-3166-(?:1:([A-Z]{2})|3:([A-Z]{4}))$`)
	webAddress = pattern.New(`^https?://`)
)

func (w *ftmWriter) entity(ctx context.Context, e schema.Entity) error {
	x := ftmEntity{ID: string(e.ID), Schema: ftmSchemas()[e.Kind], Properties: map[string][]string{}}
	about := e.Description
	if w.isFromFTM(e) {
		_, x.ID, _ = strings.Cut(x.ID, ":")
		w.ids[e.ID] = x.ID
		about = w.recall(&x, e)
	}
	name, alias := "name", "alias"
	if x.Schema == "Address" && w.ids[e.ID] != "" {
		name, alias = "full", "full"
	}
	x.set(name, e.Label)
	for _, a := range e.Aliases {
		x.set(alias, a.Value)
	}
	x.set("description", about)
	if err := w.countries(ctx, &x, e); err != nil {
		return err
	}
	w.identify(&x, e)
	born := "birthDate"
	if x.Schema != "Person" {
		born = "incorporationDate"
	}
	if ftmDate().MatchString(e.Born) && ftmHas(x.Schema, born) && x.Properties[born] == nil {
		x.set(born, e.Born)
	}
	if x.Schema == "Address" {
		x.set("full", e.Label)
	}
	if e.Kind == schema.Doc {
		if err := w.document(ctx, &x, e.ID); err != nil {
			return err
		}
	}
	if err := w.addStated(ctx, &x, e.ID); err != nil {
		return err
	}
	return w.put(x)
}

// countries adds the code of an entity's country, and of a country itself, unless the
// description gives all countries.
func (w *ftmWriter) countries(ctx context.Context, x *ftmEntity, e schema.Entity) error {
	for _, property := range []string{"country", "nationality", "citizenship", "jurisdiction"} {
		if x.Properties[property] != nil {
			return nil
		}
	}
	for _, id := range []schema.ID{e.Country, e.ID} {
		code, err := w.countryCode(ctx, id)
		if err != nil {
			return err
		}
		x.set("country", code)
	}
	return nil
}

// countryCode returns the code of a country, by its identifier or its id; empty for an
// entity that is no country, or one without a code.
func (w *ftmWriter) countryCode(ctx context.Context, id schema.ID) (string, error) {
	if schema.KindOf(id) != schema.Country {
		return "", nil
	}
	if code, known := w.codes[id]; known {
		return code, nil
	}
	e, err := w.elements.reader.words.Record(ctx, id)
	if err != nil {
		return "", err
	}
	code := ""
	if own := isoCountry().FindStringSubmatch(string(id)); own != nil {
		code = own[1]
	}
	for _, identifier := range e.Identifiers {
		if iso := isoCode().FindStringSubmatch(identifier); iso != nil {
			code = strings.ToLower(iso[1] + iso[2])
			break
		}
	}
	w.codes[id] = code
	return code, nil
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
	if webAddress().MatchString(d.URL) {
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

// event returns a fact as an event. If its day is unknown, it has the month or the year,
// or else the days that are possible, and says so.
func (w *ftmWriter) event(row *factRow) ftmEntity {
	x := ftmEntity{ID: string(row.fact.ID), Schema: "Event", Properties: map[string][]string{}}
	x.set("name", row.words.Sentence)
	for _, p := range row.words.Roles {
		switch {
		case p.Role == "host" && w.isA(p.ID, "LegalEntity"):
			x.set("organizer", w.idOf(p.ID))
		case w.isA(p.ID, "LegalEntity"):
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
			if w.isA(at.ID, "Address") {
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
	w.cite(x, row, claims)
}

// cite adds what is said against a fact, and the sources that assert it.
func (w *ftmWriter) cite(x *ftmEntity, row *factRow, claims render.ClaimLists) {
	x.set("description", claims.Others...)
	if row.words.Standing != schema.StandingAsserted || row.fact.Status != schema.Happened {
		x.set("description", strings.ToUpper(row.fact.Mark()[:1])+row.fact.Mark()[1:])
	}
	for _, e := range row.words.Evidence {
		if e.Stance == schema.Asserts && webAddress().MatchString(e.Source.URL) {
			x.set("sourceUrl", e.Source.URL)
		}
		if e.Stance == schema.Asserts {
			x.set("publisher", e.Source.Publisher)
		}
	}
}
