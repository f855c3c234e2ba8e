package loaders

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// resolveFact finds out who and what a fact is about.
func (c *collector) resolveFact(raw *rawFact) *pending {
	p := &pending{raw: raw}
	p.fact.Pos = raw.source.position(raw.pos)
	def := c.resolveVerb(p)
	if c.failed() {
		return p
	}
	c.addRoles(p, def)
	f := &p.fact
	f.Status = word(c, c.orDefault(raw, raw.status), "status", schema.Statuses())
	f.Topic, f.Key = raw.topic.value, raw.sourceKey.value
	f.When = c.when(raw.datesOfRow(), def.Kind)
	c.addLinks(p)
	c.addEvidence(p, def)
	if c.failed() {
		return p
	}
	unplaced := *f
	unplaced.Pos = schema.Position{}
	if err := c.vocabulary.Check(unplaced); err != nil {
		c.failWith(cmp.Or(raw.sentence, raw.verb, raw.pos), err)
	}
	return p
}

func (c *collector) orDefault(raw *rawFact, status text) text {
	if !status.given() && raw.defaults != nil {
		return raw.defaults.status
	}
	return status
}

// resolveVerb sets the verb and, where the fact is a sentence, its sides.
func (c *collector) resolveVerb(p *pending) *schema.Definition {
	raw := p.raw
	if raw.sentence.given() {
		s := c.sentence(raw.sentence)
		if c.failed() {
			return nil
		}
		p.fact.Verb = s.definition.ID
		p.add(schema.RoleActor, s.actors)
		p.add(schema.RoleRecipient, s.recipients)
		return s.definition
	}
	verb, inverse, ok := c.vocabulary.Resolve(raw.verb.value)
	def, known := c.vocabulary.Lookup(verb)
	if !ok || !known {
		c.failWith(raw.verb, c.unknownVerb(raw.verb.value))
		return nil
	}
	if inverse && !def.Symmetric {
		raw.turn()
	}
	p.fact.Verb = def.ID
	if c.isLost(raw.subject) {
		c.fail(raw.pos, "refers to an entity %w: %q", errRejected, raw.subject)
	}
	if raw.subject != "" {
		p.add(schema.RoleActor, []ref{{raw.subject, -1}})
	}
	return def
}

// turn swaps the sides of a fact whose verb is said from the object's side.
func (f *rawFact) turn() {
	f.actorKind, f.objectKind = f.objectKind, f.actorKind
	for i, r := range f.roles {
		switch r.role {
		case schema.RoleActor:
			f.roles[i].role = schema.RoleRecipient
		case schema.RoleRecipient:
			f.roles[i].role = schema.RoleActor
		}
	}
}

func (c *collector) unknownVerb(verb string) error {
	return schema.WithHint(fmt.Errorf("%w %q", schema.ErrUnknownVerb, shorten(verb)), func() string {
		return schema.DidYouMean(c.vocabulary.Suggest(verb))
	})
}

func (p *pending) add(role schema.Role, refs []ref) {
	for _, r := range refs {
		id := r.id
		if id == "" {
			p.roles = append(p.roles, roleRef{len(p.fact.Roles), r.fact})
			id = placeholder(r.fact)
		}
		p.fact.Roles = append(p.fact.Roles, schema.Participant{Role: role, ID: id})
	}
}

// placeholder stands for a fact of the dataset until its id is known.
func placeholder(fact int) schema.ID { return schema.ID(fmt.Sprintf("fact:unresolved-%d", fact)) }

func (c *collector) addRoles(p *pending, def *schema.Definition) {
	recipient := func(r rawRole) int { return btoi(r.role == schema.RoleRecipient) }
	slices.SortStableFunc(p.raw.roles, func(a, b rawRole) int { return cmp.Compare(recipient(a), recipient(b)) })
	for _, r := range p.raw.roles { // the keys of a mapping have no order
		kinds := c.roleKinds(def, r.role)
		if k := p.raw.kindOf(r.role); k != "" {
			kinds = []schema.Kind{k}
		}
		for _, t := range r.names {
			got, err := c.pickFor(t.value, kinds)
			if err != nil {
				c.failWith(t, err)
				return
			}
			p.add(r.role, []ref{got})
		}
	}
}

// pickFor resolves a name and refuses what is of none of the kinds.
func (c *collector) pickFor(name string, kinds []schema.Kind) (ref, error) {
	r, err := c.pick(name, kinds)
	kind := schema.KindFact
	if r.id != "" {
		kind = schema.KindOf(r.id)
	}
	if err == nil && len(kinds) > 0 && !slices.Contains(kinds, kind) {
		return r, wrongKind(name, cmp.Or(r.id, "fact:"), kinds)
	}
	return r, err
}

func (c *collector) addLinks(p *pending) {
	for _, l := range p.raw.links {
		for _, key := range l.keys {
			id, isID := strings.CutPrefix(key.value, "<fact:")
			if id, closed := strings.CutSuffix(id, ">"); isID && closed {
				p.fact.Links = append(p.fact.Links, schema.Link{Type: l.link, Fact: schema.ID("fact:" + id)})
				continue
			}
			name := strings.TrimSuffix(strings.TrimPrefix(key.value, "<key:"), ">")
			r, err := c.pickKey(name)
			if err != nil {
				c.failWith(key, err)
				return
			}
			p.links = append(p.links, linkRef{l.link, r.fact})
		}
	}
}

// datesOfRow takes the date of a row beside its end, or its start, for the other
// of the two.
func (f *rawFact) datesOfRow() rawWhen {
	w := f.when
	_, err := schema.When{Written: w.when.value}.Span(schema.Relation)
	isInterval := err == nil && strings.Contains(w.when.value, "/")
	switch {
	case f.row == 0 || !w.when.given() || isInterval:
	case !w.since.given() && w.until.given():
		w.since, w.when = w.when, text{}
	case w.since.given() && !w.until.given():
		w.until, w.when = w.when, text{}
	}
	return w
}

// when reads a date and checks each part of it where it stands.
func (c *collector) when(w rawWhen, kind schema.VerbKind) schema.When {
	written := w.when
	if since := cmp.Or(w.since, w.until); since.given() {
		if written.given() {
			c.fail(since, "a date given twice: when %q and %q", written.value, since.value)
		}
		c.checkSide(w.since)
		c.checkSide(w.until)
		written = text{span(w.since.value, w.until.value, kind), since.line, since.col}
	}
	when := schema.When{Written: written.value}
	c.checkWhen(written, when, kind)
	c.checkWhen(w.fromBy, schema.When{FromBy: w.fromBy.value}, kind)
	c.checkWhen(w.toBy, schema.When{ToBy: w.toBy.value}, kind)
	c.checkWhen(w.anchor, schema.When{Anchor: w.anchor.value}, kind)
	when.Words, when.Anchor, when.FromBy, when.ToBy = w.words.value, w.anchor.value, w.fromBy.value, w.toBy.value
	when.Attested = w.attested
	c.checkWhen(cmp.Or(written, w.toBy, w.fromBy), when, kind)
	return when
}

func (c *collector) checkWhen(t text, w schema.When, kind schema.VerbKind) {
	if _, err := w.Span(kind); err != nil {
		c.failWith(t, err)
	}
}

// checkSide checks one end of an interval by itself, so that an error has the
// text as it was written.
func (c *collector) checkSide(t text) {
	if t.value == ".." {
		return
	}
	_, err := schema.When{FromBy: t.value}.Span(schema.Relation)
	if err != nil {
		c.failWith(t, err)
	}
}

// span is the interval between two dates, either of which may be missing: an
// event then began on the one, a relation has an end that is not known.
func span(since, until string, kind schema.VerbKind) string {
	if since == until || until == "" && kind == schema.Interaction {
		return since
	}
	return since + "/" + until
}

func (c *collector) addEvidence(p *pending, def *schema.Definition) {
	raw := p.raw
	items := raw.several
	beside := cmp.Or(raw.evidence, &rawEvidence{})
	if len(items) == 0 {
		items = []*rawEvidence{beside}
	}
	for _, item := range items {
		at := raw.claim(item)
		p.claims = append(p.claims, raw.source.position(at))
		e := *item
		if len(e.at) == 0 {
			e.at = beside.at
		}
		if raw.defaults != nil {
			e = e.or(raw.defaults.evidence)
		}
		p.fact.Evidence = append(p.fact.Evidence, c.evidence(raw, at, e, def))
	}
}

// or fills in what evidence leaves unsaid.
func (e rawEvidence) or(d rawEvidence) rawEvidence {
	if e.inline == nil && !e.source.given() {
		e.source, e.inline = d.source, d.inline
	}
	e.stance, e.quote, e.locator = cmp.Or(e.stance, d.stance), cmp.Or(e.quote, d.quote), cmp.Or(e.locator, d.locator)
	e.saidBy, e.method, e.note = cmp.Or(e.saidBy, d.saidBy), cmp.Or(e.method, d.method), cmp.Or(e.note, d.note)
	e.elapsed, e.count = cmp.Or(e.elapsed, d.elapsed), cmp.Or(e.count, d.count)
	e.confidence = cmp.Or(e.confidence, d.confidence)
	if len(e.via) == 0 {
		e.via = d.via
	}
	if len(e.at) == 0 {
		e.at = d.at
	}
	return e
}

func (c *collector) evidence(raw *rawFact, at text, e rawEvidence, def *schema.Definition) schema.Evidence {
	return schema.Evidence{
		Dataset:    c.dataset,
		Stance:     word(c, e.stance, "stance", schema.Stances()),
		Source:     c.sourceID(raw, e),
		Quote:      e.quote.value,
		Locator:    c.locator(raw, at, e),
		Start:      e.start,
		End:        e.end,
		SaidBy:     c.id(e.saidBy, speakers),
		Via:        c.ids(e.via, carriers),
		Method:     c.method(e),
		Confidence: e.confidence,
		Note:       e.note.value,
		When:       c.when(*cmp.Or(e.when, &rawWhen{}), def.Kind),
		At:         c.ids(e.at, c.venues()),
		Duration:   e.elapsed.value,
		Count:      e.count.value,
	}
}

func (e rawEvidence) cited() bool { return e.source.given() || e.inline != nil }

func (c *collector) method(e rawEvidence) schema.Method {
	m := word(c, e.method, "method", schema.Methods())
	if m == "" && !e.cited() {
		return schema.Import
	}
	return m
}

// locator is where in the source. Where none is cited it is the row of the file,
// or the line, and the column too where other claims begin on that line.
func (c *collector) locator(raw *rawFact, at text, e rawEvidence) string {
	switch {
	case e.cited() || e.locator.given():
		return e.locator.value
	case raw.row > 0:
		return fmt.Sprintf("row %d", raw.row)
	case c.onLine[fileLine{raw.source, at.line}] > 1:
		return fmt.Sprintf("line %d, column %d", at.line, raw.source.position(at).Col)
	}
	return fmt.Sprintf("line %d", at.line)
}

func (c *collector) sourceID(raw *rawFact, e rawEvidence) schema.ID {
	switch {
	case e.inline != nil:
		if e.inline.err != nil {
			c.failWith(e.source, e.inline.err)
		}
		return e.inline.document.ID
	case !e.source.given():
		return c.fileDocument(raw.source)
	}
	if c.sources[e.source.value] != nil {
		id, err := c.keyedSource(e.source.value)
		if err != nil {
			c.failWith(e.source, err)
		}
		return id
	}
	r, err := c.pick(e.source.value, sources)
	if err == nil && schema.KindOf(r.id) == schema.Doc {
		return r.id
	}
	c.failWith(e.source, schema.WithHint(fmt.Errorf("unknown source: %q", e.source.value), func() string {
		return c.nearestSource(e.source.value)
	}))
	return ""
}

func (c *collector) nearestSource(name string) string {
	near := c.scope.near.nearest("sources", name, func() []string {
		var all []string
		for _, d := range c.documents {
			all = append(all, d.document.Label)
		}
		return slices.AppendSeq(all, maps.Keys(c.sources))
	})
	return cmp.Or(schema.DidYouMean(near),
		fmt.Sprintf("declare it: under sources, - title: %s", name))
}

// fileDocument is the document that stands for the file itself.
func (c *collector) fileDocument(s *source) schema.ID {
	if id, ok := c.fileDocs[s]; ok {
		return id
	}
	doc := &schema.Document{SHA256: s.sha}
	doc.ID, doc.Kind, doc.Label = schema.MakeID(schema.Doc, c.dataset+" "+s.rel), schema.Doc, s.rel
	doc.Pos = schema.Position{File: s.path}
	c.fileDocs[s] = doc.ID
	c.cited = append(c.cited, doc)
	return doc.ID
}
