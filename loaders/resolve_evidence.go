package loaders

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entente-kg/entente/schema"
)

func (r *factResolver) addEvidence(p *pendingFact, def *schema.Definition) {
	raw := p.raw
	beside := raw.ownEvidence
	if beside == nil {
		beside = &evidenceDraft{}
	}
	for i := range max(len(raw.evidenceList), 1) {
		item := beside
		if len(raw.evidenceList) > 0 {
			item = raw.evidenceList[i]
		}
		e := item
		if len(item.at) == 0 && len(beside.at) > 0 || raw.defaults != nil {
			whole := *item
			if e = &whole; len(e.at) == 0 {
				e.at = beside.at
			}
			if raw.defaults != nil {
				e.addDefaults(&raw.defaults.evidence)
			}
		}
		p.fact.Evidence = append(p.fact.Evidence, r.evidence(raw, raw.claimStart(item), e, def))
	}
}

// addDefaults fills missing values in from the defaults.
func (e *evidenceDraft) addDefaults(d *evidenceDraft) {
	if !e.hasSource() {
		e.source, e.inline = d.source, d.inline
	}
	e.stance, e.quote, e.locator = cmp.Or(e.stance, d.stance), cmp.Or(e.quote, d.quote), cmp.Or(e.locator, d.locator)
	e.saidBy, e.method, e.note = cmp.Or(e.saidBy, d.saidBy), cmp.Or(e.method, d.method), cmp.Or(e.note, d.note)
	e.duration, e.count = cmp.Or(e.duration, d.duration), cmp.Or(e.count, d.count)
	e.confidence = cmp.Or(e.confidence, d.confidence)
	if len(e.via) == 0 {
		e.via = d.via
	}
	if len(e.at) == 0 {
		e.at = d.at
	}
}

func (r *factResolver) evidence(raw *factDraft, at text, e *evidenceDraft, def *schema.Definition) schema.Evidence {
	return schema.Evidence{
		Dataset:    r.dataset,
		Stance:     r.stance(e),
		Source:     r.sourceID(raw, e),
		Quote:      e.quote.value,
		Locator:    r.locator(raw, at, e),
		Start:      e.start,
		End:        e.end,
		SaidBy:     r.id("said-by", e.saidBy, speakers),
		Via:        r.ids("via", e.via, carriers),
		Method:     r.method(e),
		Confidence: e.confidence,
		Note:       e.note.value,
		When:       r.evidenceWhen(raw, e.when, def),
		At:         r.places(raw, e, def),
		Duration:   e.duration.value,
		Count:      e.count.value,
	}
}

func (e *evidenceDraft) hasSource() bool { return e.source.isSet() || e.inline != 0 }

func (r *factResolver) evidenceWhen(raw *factDraft, w *whenDraft, def *schema.Definition) schema.When {
	if w == nil {
		return schema.When{}
	}
	return r.when(w, def, raw.dates)
}

func (r *factResolver) places(raw *factDraft, e *evidenceDraft, def *schema.Definition) []schema.ID {
	if raw.declaresNothing && raw.placeKind != "" {
		return nil // they would be declared by this row
	}
	return r.ids("at", e.at, roleKinds(r.vocabulary, def, schema.RoleAt))
}

func (r *factResolver) stance(e *evidenceDraft) schema.Stance {
	r.item.field = "stance"
	return parseWord(r.item, e.stance, "stance", schema.Stances())
}

func (r *factResolver) method(e *evidenceDraft) schema.Method {
	r.item.field = "method"
	m := parseWord(r.item, e.method, "method", schema.Methods())
	if m == "" && !e.hasSource() {
		return schema.Import
	}
	return m
}

// locator returns the place of evidence in its source. For evidence without a
// source it is the row or the line of the file, with the column if several
// claims begin on that line; none for what all rows of a mapping say.
func (r *factResolver) locator(raw *factDraft, at text, e *evidenceDraft) string {
	switch {
	case e.hasSource() || e.locator.isSet():
		return e.locator.value
	case raw.isUnplaced:
		return ""
	case raw.row > 0:
		return fmt.Sprintf("row %d", raw.row)
	case r.claimsOn(at.line) > 1:
		return fmt.Sprintf("line %d, column %d", at.line, raw.source.position(at).Col)
	}
	return fmt.Sprintf("line %d", at.line)
}

func (r *factResolver) sourceID(raw *factDraft, e *evidenceDraft) schema.ID {
	r.item.field = "source"
	switch {
	case e.failedSource:
		return ""
	case e.inline != 0:
		c := r.documents.citation(documentNumber(r.block.firstDocument) + e.inline)
		if c.err != nil {
			r.item.failWith(e.source, c.err)
		}
		return c.id
	case !e.source.isSet():
		r.citesFile = true
		return r.documents.fileID(raw.source.file)
	}
	id, err := r.documents.find(e.source.value, raw.source.file, r.names)
	if err != nil {
		r.item.failWith(e.source, err)
	}
	return id
}

// id resolves the name of an entity, the value of a field. It adds an error to the
// item.
func (r *factResolver) id(field string, t text, kinds []schema.Kind) schema.ID {
	if !t.isSet() {
		return ""
	}
	got, err := r.names.resolve(t.value, kinds, r.item.source.file)
	if err == nil && got.id == "" {
		err = faultf(schema.WrongKind, "want an entity, not a fact: %q", t.value)
	}
	if err == nil && len(kinds) > 0 && !slices.Contains(kinds, schema.KindOf(got.id)) {
		err = wrongKind(t.value, got.id, kinds)
	}
	if err != nil {
		r.item.field = field
		r.item.failWith(t, err)
	}
	return got.id
}

func (r *factResolver) ids(field string, texts []text, kinds []schema.Kind) []schema.ID {
	if len(texts) == 0 {
		return nil
	}
	all := make([]schema.ID, 0, len(texts))
	for _, t := range texts {
		all = append(all, r.id(field, t, kinds))
	}
	return all
}
