package export

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/entente-kg/entente/graph"
	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
)

// What was read from FollowTheMoney comes back as it was. An entity has the identifier
// "ftm:" and its id, and its description has lines such as "schema: Company" and
// "nationality: us, fr". The source key of a fact is the id of its link, and the notes of
// its evidence are properties, "percentage: 25; reason: ..."; or it is the id of an
// entity and one of its properties, "NK-1/addressEntity".

// isFromFTM reports whether an entity was read from FollowTheMoney.
func (w *ftmWriter) isFromFTM(e schema.Entity) bool {
	_, local, _ := strings.Cut(string(e.ID), ":")
	return slices.Contains(e.Identifiers, "ftm:"+local)
}

var (
	ftmCountries = pattern.New(`^[a-z]{2,4}(-[a-z]+)?(, [a-z]{2,4}(-[a-z]+)?)*$`)
	ftmDates     = pattern.New(`^\d{4}(-\d\d(-\d\d)?)?(, \d{4}(-\d\d(-\d\d)?)?)*$`)
)

// recalled are the properties that a line of a description may give, with the form of
// their values: several are in one line, separated by commas. Texts have no form, and may
// go on in the next line.
func recalled() map[string]*regexp.Regexp {
	dates, countries := ftmDates(), ftmCountries()
	return map[string]*regexp.Regexp{"description": nil, "summary": nil, "notes": nil, "position": nil, "birthDate": dates, "incorporationDate": dates,
		"country": countries, "nationality": countries, "citizenship": countries, "jurisdiction": countries}
}

// recall sets the schema and the properties that the lines of a description give, and
// returns the text before them.
func (w *ftmWriter) recall(x *ftmEntity, e schema.Entity) (about string) {
	lines := strings.Split(e.Description, "\n")
	isSchema := func(line string) bool {
		name, found := strings.CutPrefix(line, "schema: ")
		return found && ftmFits(e.Kind, name)
	}
	if i := slices.IndexFunc(lines, isSchema); i >= 0 {
		x.Schema = strings.TrimPrefix(lines[i], "schema: ")
		w.schemas[e.ID] = x.Schema
		lines = slices.Delete(lines, i, i+1)
	}
	property, text := "", []string(nil)
	end := func() {
		if property == "" {
			about = strings.Join(text, "\n")
		} else {
			x.set(property, strings.Join(text, "\n"))
		}
	}
	forms := recalled()
	for _, line := range lines {
		name, value, found := strings.Cut(line, ": ")
		form, known := forms[name]
		switch {
		case !found || !known || !ftmHas(x.Schema, name) || form != nil && !form.MatchString(value):
			text = append(text, line)
		case form != nil:
			x.set(name, strings.Split(value, ", ")...)
		default:
			end()
			property, text = name, []string{value}
		}
	}
	end()
	return about
}

// ftmStated is a fact that a property of an entity stated.
type ftmStated struct {
	property string
	to       schema.ID
	fact     schema.Fact
}

// ftmStatedVerbs are the verbs of facts that properties of entities state.
func ftmStatedVerbs() map[string]schema.Verb {
	return map[string]schema.Verb{"addressEntity": "based-in", "parent": "part-of", "organization": "post-at", "involved": "involved-in", "organizer": "involved-in"}
}

// ftmStatement returns the entity of which a property stated a fact. A fact of which
// other evidence says more is none.
func ftmStatement(f schema.Fact) (holder schema.ID, s ftmStated, ok bool) {
	i := strings.LastIndex(f.Key, "/")
	if i < 0 || len(f.Roles) != 2 || !isEstablished(f) {
		return "", s, false
	}
	s = ftmStated{property: f.Key[i+1:], fact: f}
	verb, known := ftmStatedVerbs()[s.property]
	if !known || f.Verb != verb {
		return "", s, false
	}
	for _, p := range f.Roles {
		if isHolder := (p.Role == schema.RoleActor) == (verb != "involved-in"); isHolder {
			holder = p.ID
		} else {
			s.to = p.ID
		}
	}
	_, local, _ := strings.Cut(string(holder), ":")
	says := func(e schema.Evidence) bool {
		return e.Stance != "" && e.Stance != schema.Asserts || e.Quote != "" || e.Note != "" || e.SaidBy != ""
	}
	return holder, s, local == f.Key[:i] && s.to != "" && !slices.ContainsFunc(f.Evidence, says)
}

// findStated finds the facts that properties of entities stated.
func (w *ftmWriter) findStated(ctx context.Context) error {
	filter := w.elements.selection.filter()
	if w.elements.selection.isWholeGraph() {
		filter.Conditions.Verbs = []schema.Verb{"based-in", "part-of", "post-at", "involved-in"}
	}
	type found map[schema.ID][]ftmStated
	w.stated = make(found)
	for some, err := range graph.MapFacts(ctx, w.elements.selection.Graph, filter, func(facts []graph.Selected) (found, error) {
		some := make(found)
		for _, f := range facts {
			if holder, s, ok := ftmStatement(f.Fact); ok {
				some[holder] = append(some[holder], s)
			}
		}
		return some, nil
	}) {
		if err != nil {
			return err
		}
		for holder, all := range some {
			w.stated[holder] = append(w.stated[holder], all...)
		}
	}
	return nil
}

// addStated adds the properties that stated facts, to an entity that was read from
// FollowTheMoney, with the sources of the facts and the dates of an event.
func (w *ftmWriter) addStated(ctx context.Context, x *ftmEntity, id schema.ID) error {
	if w.ids[id] == "" {
		return nil
	}
	for _, s := range w.stated[id] {
		to, err := w.elements.reader.words.Record(ctx, s.to)
		if err != nil {
			return err
		}
		if _, local, _ := strings.Cut(string(s.to), ":"); w.isFromFTM(to) {
			x.set(s.property, local)
		} else {
			x.set(s.property, string(s.to))
		}
		for _, e := range s.fact.Evidence {
			d, err := w.elements.reader.words.Document(ctx, e.Source)
			if err != nil {
				return err
			}
			if webAddress().MatchString(d.URL) {
				x.set("sourceUrl", d.URL)
				x.set("publisher", d.Publisher)
			}
		}
		if start, end, isSpan := strings.Cut(s.fact.When.Written, "/"); ftmIsA(x.Schema, "Event") {
			dates := []string{"date"}
			if isSpan {
				dates = []string{"startDate", "endDate"}
			}
			for i, day := range []string{start, end}[:len(dates)] {
				if ftmDate().MatchString(day) {
					x.set(dates[i], day)
				}
			}
		}
	}
	return nil
}

// isStated reports whether a property of an entity says a fact.
func (w *ftmWriter) isStated(f schema.Fact) bool {
	holder, _, ok := ftmStatement(f)
	return ok && w.ids[holder] != ""
}

// back returns the link from which a fact was read.
func (w *ftmWriter) back(ctx context.Context, row *factRow) (x ftmEntity, ok bool, err error) {
	isKnown := func(p schema.Participant) bool { return w.ids[p.ID] != "" }
	if key := row.fact.Key; key == "" || strings.Contains(key, "/") || !slices.ContainsFunc(row.fact.Roles, isKnown) {
		return x, false, nil
	}
	from, to, ok := ftmSides(row.fact)
	if !ok {
		return x, false, nil
	}
	said := ftmNotes(row)
	kind, ok := w.kindOf(row.fact, said, to[0])
	if !ok {
		return x, false, nil
	}
	x = ftmEntity{ID: row.fact.Key, Schema: kind.schema, Properties: map[string][]string{}}
	if row.fact.Verb == "parent-of" && !slices.Contains([]string{"child", "son", "daughter"}, strings.ToLower(said.first("relationship"))) {
		from, to = to, from
	}
	for _, id := range from {
		x.set(kind.subject, w.idOf(id))
	}
	for _, id := range to {
		if kind.object != "" {
			x.set(kind.object, w.idOf(id))
		} else if err := w.authority(ctx, &x, row, id); err != nil {
			return x, false, err
		}
	}
	said.set(&x, kind)
	w.backTopic(&x, row, kind)
	w.backSpan(&x, row)
	claims := row.words.ClaimLists()
	x.set("summary", slices.DeleteFunc(claims.Words, said.isNote)...)
	w.cite(&x, row, claims)
	return x, true, nil
}

// ftmSides returns the entities on both sides of a fact, and false if it has other
// participants, too.
func ftmSides(f schema.Fact) (from, to []schema.ID, ok bool) {
	for _, p := range f.Roles {
		switch {
		case p.Role == schema.RoleActor, p.Role == schema.RoleParty && len(from) == 0:
			from = append(from, p.ID)
		case p.Role == schema.RoleRecipient, p.Role == schema.RoleParty && len(to) == 0:
			to = append(to, p.ID)
		default:
			return nil, nil, false
		}
	}
	return from, to, len(from) > 0 && len(to) > 0
}

// kindOf returns the schema of the link from which a fact was read: of its verb, unless a
// note or the schema of the object says which of several.
func (w *ftmWriter) kindOf(f schema.Fact, said ftmSaid, object schema.ID) (ftmLink, bool) {
	if name := said.first("schema"); name != "" {
		if own, known := ftmOwnLinks()[name]; known {
			return own, true
		}
		return ftmUnknown(), true
	}
	switch f.Verb {
	case "linked-with":
		return ftmUnknown(), true
	case "involved-in":
		for _, name := range []string{"Contract", "CourtCase", "Project"} {
			if w.isA(object, name) {
				return ftmOwnLinks()[name], true
			}
		}
		return ftmUnknown(), true
	}
	kind, known := ftmLinks()[f.Verb]
	return kind, known
}

// authority adds who imposed a sanction: a country by its code, any other by its name.
func (w *ftmWriter) authority(ctx context.Context, x *ftmEntity, row *factRow, id schema.ID) error {
	code, err := w.countryCode(ctx, id)
	if code != "" {
		x.set("country", code)
	} else {
		x.set("authority", w.nameOf(row, id))
	}
	return err
}

// backTopic adds in what role a link holds, unless a note says it, or the amount.
func (w *ftmWriter) backTopic(x *ftmEntity, row *factRow, kind ftmLink) {
	topic := row.fact.Topic
	hasAmount := x.Properties["amount"] != nil || x.Properties["amountEur"] != nil || x.Properties["amountUsd"] != nil
	if kind.topic == "" || hasAmount || x.Properties[kind.topic] != nil || kind.schema == "ContractAward" && topic == "supplier" {
		return
	}
	x.set(kind.topic, topic)
}

// backSpan adds the dates of a link, unless notes give them.
func (w *ftmWriter) backSpan(x *ftmEntity, row *factRow) {
	written, isEvent := row.fact.When.Written, w.elements.reader.graph.Vocabulary().VerbKind(row.fact.Verb) == schema.Interaction
	if (isEvent || row.fact.When.Attested) && ftmDate().MatchString(written) {
		if x.Properties["date"] == nil {
			x.set("date", written)
		}
		return
	}
	span := ftmEntity{Properties: map[string][]string{}}
	w.span(&span, row)
	for property, days := range span.Properties {
		if x.Properties[property] == nil {
			x.set(property, days...)
		}
	}
}

// ftmSaid are the notes of the evidence of a fact, and the properties that these give, in
// order.
type ftmSaid struct {
	notes      []string
	properties [][2]string
}

var ftmNoted = pattern.New(`(?s)^(schema|role|relationship|startDate|endDate|date|summary|description|notes|recordId|constituency|secretary|` +
	`status|percentage|shares[A-Z][a-z]+|ownershipType|legalBasis|amount|amountEur|amountUsd|currency|purpose|program|programId|programUrl|` +
	`provisions|reason|duration|authorityId|unscId|listingDate|country): (.*)$`)

// ftmNotes reads the notes of the evidence that asserts a fact.
func ftmNotes(row *factRow) (s ftmSaid) {
	for _, e := range row.words.Evidence {
		if e.Stance != schema.Asserts || e.Note == "" || e.Quote != "" || slices.Contains(s.notes, e.Note) {
			continue
		}
		var pairs [][2]string
		for part := range strings.SplitSeq(e.Note, "; ") {
			if m := ftmNoted().FindStringSubmatch(part); m != nil {
				pairs = append(pairs, [2]string{m[1], m[2]})
			} else if n := len(pairs); n > 0 {
				pairs[n-1][1] += "; " + part
			} else {
				pairs = append(pairs, [2]string{"summary", part})
			}
		}
		s.notes, s.properties = append(s.notes, e.Note), append(s.properties, pairs...)
	}
	return s
}

// first returns the first value of a property; empty if there is none.
func (s ftmSaid) first(property string) string {
	for _, p := range s.properties {
		if p[0] == property {
			return p[1]
		}
	}
	return ""
}

// isNote reports whether words are a note that was read.
func (s ftmSaid) isNote(words string) bool {
	return slices.ContainsFunc(s.notes, func(note string) bool { return strings.TrimSpace(note) == words })
}

// set sets the properties that notes give. One that the schema does not have is in words.
func (s ftmSaid) set(x *ftmEntity, kind ftmLink) {
	every := []string{"startDate", "endDate", "date", "summary", "description", "recordId"}
	for _, p := range s.properties {
		switch {
		case p[0] == "schema" && p[1] == x.Schema:
		case slices.Contains(every, p[0]) || slices.Contains(kind.more, p[0]):
			x.set(p[0], p[1])
		default:
			x.set("summary", p[0]+": "+p[1])
		}
	}
}
