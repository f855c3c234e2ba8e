package export

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// fact writes the links or the event of a fact.
func (w *ftmWriter) fact(ctx context.Context, row *factRow) error {
	if w.isStated(row.fact) {
		return nil // a property of an entity
	}
	links, err := w.links(ctx, row)
	if err != nil {
		return err
	}
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

// links returns the links of a relation that is established, or the link from which a fact
// was read.
func (w *ftmWriter) links(ctx context.Context, row *factRow) (links []ftmEntity, err error) {
	if !isEstablished(row.fact) {
		return nil, nil
	}
	if x, ok, err := w.back(ctx, row); ok || err != nil {
		return []ftmEntity{x}, err
	}
	if w.elements.reader.graph.Vocabulary().VerbKind(row.fact.Verb) != schema.Relation {
		return nil, nil
	}
	for _, pair := range w.elements.pairs(row) {
		x := w.link(row, pair)
		w.describe(&x, row)
		w.span(&x, row)
		links = append(links, x)
	}
	return links, nil
}

// link returns the link of a pair of entities: an UnknownLink where the schema of the verb
// does not fit the kinds of both.
func (w *ftmWriter) link(row *factRow, pair *edge) ftmEntity {
	verb := schema.Verb(pair.values[1].text)
	from, to := pair.from, pair.to
	kind, known := ftmLinks()[verb]
	if verb == "parent-of" {
		from, to = to, from // the relationship is what the relative is to the person
	}
	x := ftmEntity{ID: pair.id, Schema: kind.schema, Properties: map[string][]string{}}
	switch {
	case !known || !w.isA(from, kind.subjectRange) || !w.isA(to, kind.objectRange):
		x.Schema = "UnknownLink"
		x.set("subject", w.idOf(pair.from))
		x.set("object", w.idOf(pair.to))
		x.set("role", pair.label)
	case kind.object == "":
		x.set(kind.subject, w.idOf(from))
		x.set("authority", w.nameOf(row, to))
	default:
		x.set(kind.subject, w.idOf(from))
		x.set(kind.object, w.idOf(to))
	}
	if kind.topic != "" && x.Schema == kind.schema && row.fact.Verb == verb {
		x.set(kind.topic, row.fact.Topic)
	}
	if word := ftmRelationship(verb, pair.label, row.fact.Topic); x.Schema == "Family" || x.Schema == "Associate" {
		x.set("relationship", word)
	}
	return x
}

// ftmRelationship returns what the relative of a Family, or the associate, is to the person;
// empty if the topic alone says it.
func ftmRelationship(verb schema.Verb, label, topic string) string {
	switch {
	case verb == "parent-of":
		return "parent"
	case verb == "spouse-of":
		return "spouse"
	case topic != "":
		return ""
	}
	return label
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
	if ftmDate().MatchString(written) && strings.HasPrefix(day, written) {
		return written
	}
	return day
}
