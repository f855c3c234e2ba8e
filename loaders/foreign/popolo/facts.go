package popolo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// fact makes a fact of an object. The object of the verb may be nil.
func (o *objects) fact(n *mapping.Node, verb string, actor, recipient *entity, sources *mapping.Item, more func(*mapping.Item)) {
	f := mapping.ItemAt(n)
	f.PutText("verb", verb)
	f.Put("actor", actor.ref())
	f.Put("recipient", recipient.ref())
	if more != nil {
		more(f)
	}
	f.Put("evidence", sources)
	o.make(mapping.Fact, f)
}

// relation makes an undated fact, unless the other side is nil.
func (o *objects) relation(n *mapping.Node, verb string, actor, recipient *entity, sources *mapping.Item) {
	if recipient != nil {
		o.fact(n, verb, actor, recipient, sources, nil)
	}
}

// dates adds the first and the last day to a fact. The end of what has only a start is not
// known.
func dates(f *mapping.Item, n *mapping.Node) {
	since, until := day(n.Child("start_date")), day(n.Child("end_date"))
	f.Put("since", since)
	f.Put("until", until)
	if since != nil && until == nil {
		f.Keys[len(f.Keys)-1], since.Text = "when", since.Text+"/"
	}
}

// day returns a date without its time of day; nil for none.
func day(n *mapping.Node) *mapping.Item {
	item := mapping.TextItem(n)
	if item == nil {
		return nil
	}
	if i := strings.IndexByte(item.Text, 'T'); i == len("2006-01-02") {
		item.Text = item.Text[:i]
	}
	return item
}

// parties are the sides of a membership that the object around it gives.
type parties struct{ person, organization, post *entity }

var errMembership = schema.WithHint(problem{schema.MissingValue, "a membership without its member, or without an organization and a post"}, func() string {
	return "it needs person_id, and organization_id or post_id"
})

// membership makes the facts of a membership: the person holds the post, or is a member of
// the organization if there is no post.
func (o *objects) membership(n *mapping.Node, given parties, around *mapping.Item) {
	p := o.parties(n, given)
	if p.person == nil || p.organization == nil && p.post == nil {
		o.membershipError(n)
		return
	}
	sources := orAround(o.evidence(n, "sources", "links"), around)
	verb, object := "member-of", p.organization
	if p.post != nil {
		verb, object = "holds-post", p.post
	}
	onBehalf, area := o.refer(schema.Institution, n, "on_behalf_of"), o.refer(schema.Place, n, "area")
	period := o.refer(schema.Gathering, n, "legislative_period")
	for c := range n.All("contact_details") {
		if o.idOf != nil {
			break // RDF is kept whole
		}
		o.run.Tally.CountUnmapped(cmpOr(c.Parent.Name, "membership") + ": contact details")
	}
	role := roleOf(n, p)
	o.fact(n, verb, p.person, object, withNote(sources, role), func(f *mapping.Item) {
		dates(f, n)
		f.Put("for", onBehalf.ref())
		f.Put("at", area.ref())
		f.Put("during", mapping.ListItem(period.ref(), period.key()))
		f.Put("source-key", mapping.TextItem(n.Child("id")))
		if role != nil && n.TextOf("id") == "" {
			f.PutText("source-key", role.Text)
		}
		if role != nil && sources == nil {
			f.Put("note", noteOf(role))
		}
	})
	if p.post != nil {
		o.relation(n, "post-at", p.post, p.organization, sources)
	}
}

// parties returns the sides of a membership: those it names, or those of the object around
// it.
func (o *objects) parties(n *mapping.Node, given parties) parties {
	if e := o.refer(schema.Post, n, "post"); e != nil {
		given.post = e
	}
	if e := o.refer(schema.Institution, n, "organization"); e != nil {
		given.organization = e
	}
	if e := o.member(n); e != nil {
		given.person = e
	}
	return given
}

// member returns the person of a membership, or the organization that is its member.
func (o *objects) member(n *mapping.Node) *entity {
	if e := o.refer(schema.Person, n, "person"); e != nil {
		return e
	}
	at := firstChild(n, "member", "member_id")
	if at == nil {
		return nil
	}
	kind := schema.Person
	if t := strings.ToLower(at.TextOf("@type")); strings.HasSuffix(t, "organization") || at.Child("classification") != nil {
		kind = schema.Institution
	}
	return o.refer(kind, n, "member")
}

// membershipError reports a membership that lacks a side, unless a side is a mark for what
// is not known.
func (o *objects) membershipError(n *mapping.Node) {
	for _, key := range []string{"person_id", "organization_id", "member_id"} {
		if schema.IsMissing(n.TextOf(key)) {
			o.run.Tally.CountUnmapped(fmt.Sprintf("%s with an unknown %s", cmpOr(n.Name, "membership"), key))
			return
		}
	}
	o.fail(n, "", errMembership)
}

// roleOf returns the role of a member in its own words, unless it says no more than the
// verb or the name of the post.
func roleOf(n *mapping.Node, p parties) *mapping.Item {
	role := mapping.TextItem(firstChild(n, "role", "label"))
	if role == nil || p.post == nil && strings.EqualFold(role.Text, "member") {
		return nil
	}
	role.Text = strings.Join(strings.Fields(role.Text), " ")
	return role
}

// noteOf returns the note of evidence that keeps a role.
func noteOf(role *mapping.Item) *mapping.Item {
	note := *role
	note.Text = "role: " + role.Text
	return &note
}

// withNote returns evidence with a role as the note of each piece; the role may be nil.
func withNote(evidence, role *mapping.Item) *mapping.Item {
	if evidence == nil || role == nil {
		return evidence
	}
	out := &mapping.Item{Kind: mapping.List, Line: evidence.Line, Col: evidence.Col}
	for _, e := range evidence.Items {
		c := &mapping.Item{Kind: mapping.Map, Line: e.Line, Col: e.Col, Keys: slices.Clone(e.Keys), Items: slices.Clone(e.Items)}
		c.Put("note", noteOf(role))
		out.Items = append(out.Items, c)
	}
	return out
}

// key returns the key of the fact that an event took place, which need not be in the
// dataset.
func (e *entity) key() *mapping.Item {
	if e == nil {
		return nil
	}
	ref := e.ref()
	ref.Text = mapping.IfKnown + string(e.id) + ">"
	return ref
}

// event makes a gathering, and the fact that it took place on its days, which memberships
// during it cite.
func (o *objects) event(n *mapping.Node) *entity {
	name := mapping.TextItem(n.Child("name"))
	e := o.named(schema.Gathering, n, name)
	if e == nil {
		return nil
	}
	o.finish(o.declare(e, name), n, nil, "description", "classification")
	sources := o.sources(n)
	o.relation(n, "part-of", e, o.refer(schema.Gathering, n, "parent"), sources)
	o.tookPlace(n, e, sources)
	for a := range n.All("attendees") {
		o.attended(n, a, e, sources)
	}
	return e
}

func (o *objects) tookPlace(n *mapping.Node, e *entity, sources *mapping.Item) {
	host, place := o.refer(schema.Institution, n, "organization"), o.place(n)
	if firstChild(n, "start_date", "end_date") == nil && host == nil && place == nil {
		return
	}
	verb, actor, recipient := "took-place", e, (*entity)(nil)
	if host != nil && n.TextOf("status") != "cancelled" {
		verb, actor, recipient = "involved-in", host, e // a relation, which may last
	}
	o.fact(n, verb, actor, recipient, sources, func(f *mapping.Item) {
		dates(f, n)
		f.PutText("key", string(e.id))
		f.Put("at", place.ref())
		f.PutText("status", statuses[n.TextOf("status")])
	})
}

// statuses are the statuses of events that did not take place, or may not have.
var statuses = map[string]string{"tentative": "planned", "cancelled": "cancelled"}

// place returns the place of an event: its area, or what its location is called.
func (o *objects) place(n *mapping.Node) *entity {
	if area := o.refer(schema.Place, n, "area"); area != nil {
		return area
	}
	at := n.Child("location")
	if at == nil || at.Value() == "" || len(at.Children) > 0 {
		return nil
	}
	e := &entity{schema.Place, schema.MakeID(schema.Place, at.Value()), at}
	if e.id == "" {
		return nil
	}
	item := mapping.ItemAt(at)
	item.PutText("kind", string(schema.Place))
	item.Put("name", mapping.TextItem(at))
	o.make(mapping.Entity, item)
	return e
}

func (o *objects) attended(n, attendee *mapping.Node, e *entity, sources *mapping.Item) {
	who := o.mention(schema.Person, firstChild(attendee, "id"))
	if attendee.Child("name") != nil {
		who = o.person(attendee)
	} else if who == nil && len(attendee.Children) == 0 {
		who = o.mention(schema.Person, attendee)
	}
	if who == nil {
		o.fail(attendee, "attendees", problem{schema.MissingValue, "an attendee without an id and without a name"})
		return
	}
	o.fact(n, "attended", who, e, sources, func(f *mapping.Item) {
		f.Put("during", mapping.ListItem(e.key()))
		f.PutText("status", statuses[n.TextOf("status")])
	})
}
