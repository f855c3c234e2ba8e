package loaders

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

func (r *factResolver) addEvidence(p *pending, def *schema.Definition) {
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
		p.fact.Evidence = append(p.fact.Evidence, r.evidence(raw, at, e, def))
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

func (r *factResolver) evidence(raw *rawFact, at text, e rawEvidence, def *schema.Definition) schema.Evidence {
	return schema.Evidence{
		Dataset:    r.dataset,
		Stance:     word(r.item, e.stance, "stance", schema.Stances()),
		Source:     r.sourceID(raw, e),
		Quote:      e.quote.value,
		Locator:    r.locator(raw, at, e),
		Start:      e.start,
		End:        e.end,
		SaidBy:     r.id(e.saidBy, speakers),
		Via:        r.ids(e.via, carriers),
		Method:     r.method(e),
		Confidence: e.confidence,
		Note:       e.note.value,
		When:       r.when(*cmp.Or(e.when, &rawWhen{}), def.Kind),
		At:         r.ids(e.at, roleKinds(r.vocabulary, def, schema.RoleAt)),
		Duration:   e.elapsed.value,
		Count:      e.count.value,
	}
}

func (e rawEvidence) cited() bool { return e.source.given() || e.inline != nil }

func (r *factResolver) method(e rawEvidence) schema.Method {
	m := word(r.item, e.method, "method", schema.Methods())
	if m == "" && !e.cited() {
		return schema.Import
	}
	return m
}

// locator is where in the source. Where none is cited it is the row of the file,
// or the line, and the column too where other claims begin on that line.
func (r *factResolver) locator(raw *rawFact, at text, e rawEvidence) string {
	switch {
	case e.cited() || e.locator.given():
		return e.locator.value
	case raw.row > 0:
		return fmt.Sprintf("row %d", raw.row)
	case r.lines[fileLine{raw.source, at.line}] > 1:
		return fmt.Sprintf("line %d, column %d", at.line, raw.source.position(at).Col)
	}
	return fmt.Sprintf("line %d", at.line)
}

func (r *factResolver) sourceID(raw *rawFact, e rawEvidence) schema.ID {
	switch {
	case e.inline != nil:
		if e.inline.err != nil {
			r.item.failWith(e.source, e.inline.err)
		}
		return e.inline.document.ID
	case !e.source.given():
		return r.documents.ofFile(raw.source)
	}
	id, err := r.documents.find(e.source.value, raw.source)
	if err != nil {
		r.item.failWith(e.source, err)
	}
	return id
}

// id resolves an entity and records what is wrong.
func (r *factResolver) id(t text, kinds []schema.Kind) schema.ID {
	if !t.given() {
		return ""
	}
	got, err := r.names.pick(t.value, kinds, r.item.source)
	if err == nil && got.id == "" {
		err = fmt.Errorf("want an entity, not a fact: %q", t.value)
	}
	if err == nil && len(kinds) > 0 && !slices.Contains(kinds, schema.KindOf(got.id)) {
		err = wrongKind(t.value, got.id, kinds)
	}
	if err != nil {
		r.item.failWith(t, err)
	}
	return got.id
}

func (r *factResolver) ids(texts []text, kinds []schema.Kind) []schema.ID {
	var all []schema.ID
	for _, t := range texts {
		all = append(all, r.id(t, kinds))
	}
	return all
}
