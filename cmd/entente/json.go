package main

import (
	"cmp"
	"context"

	"github.com/entente-kg/entente/schema"
)

// The shapes of JSON answers. Keys are those of the input formats.

type jsonRef struct {
	ID   schema.ID `json:"id"`
	Name string    `json:"name,omitempty"`
}

type jsonParticipant struct {
	Role schema.Role `json:"role"`
	jsonRef
}

type jsonWhen struct {
	Text     string `json:"text"`
	Written  string `json:"written,omitempty"`
	Words    string `json:"words,omitempty"`
	Anchor   string `json:"anchor,omitempty"`
	FromBy   string `json:"from-by,omitempty"`
	ToBy     string `json:"to-by,omitempty"`
	Attested bool   `json:"attested,omitempty"`
	From     string `json:"from,omitempty"` // outer bounds; absent where open
	To       string `json:"to,omitempty"`
	Widened  string `json:"widened,omitempty"` // how the days reach beyond what is written
}

// noted is a date with how it is widened.
func (w jsonWhen) noted() string {
	if w.Widened == "" {
		return w.Text
	}
	return w.Text + " (" + w.Widened + ")"
}

type jsonLink struct {
	Type schema.LinkType `json:"type"`
	jsonRef
}

type jsonDocument struct {
	jsonRef
	Publisher string    `json:"publisher,omitempty"`
	Author    string    `json:"author,omitempty"`
	Published *jsonWhen `json:"published,omitempty"`
	URL       string    `json:"url,omitempty"`
}

type jsonEvidence struct {
	ID         schema.ID     `json:"id"`
	Dataset    string        `json:"dataset"`
	Stance     schema.Stance `json:"stance"`
	Source     jsonDocument  `json:"source"`
	Quote      string        `json:"quote,omitempty"`
	Locator    string        `json:"locator,omitempty"`
	Start      int           `json:"start,omitempty"`
	End        int           `json:"end,omitempty"`
	SaidBy     *jsonRef      `json:"said-by,omitempty"`
	Via        []jsonRef     `json:"via,omitempty"`
	Method     schema.Method `json:"method"`
	Confidence float64       `json:"confidence,omitempty"`
	Note       string        `json:"note,omitempty"`
	When       jsonWhen      `json:"when"`
	At         []jsonRef     `json:"at,omitempty"`
	Duration   string        `json:"duration,omitempty"`
	Count      string        `json:"count,omitempty"`
}

type jsonFact struct {
	ID       schema.ID         `json:"id"`
	Sentence string            `json:"sentence"`
	Verb     schema.Verb       `json:"verb"`
	Roles    []jsonParticipant `json:"roles"`
	When     jsonWhen          `json:"when"`
	Within   *jsonWithin       `json:"within,omitempty"` // where it has no date of its own
	Topic    string            `json:"topic,omitempty"`
	Status   schema.Status     `json:"status"`
	Key      string            `json:"source-key,omitempty"`
	Standing schema.Standing   `json:"standing"` // whether any source asserts it
	Links    []jsonLink        `json:"links,omitempty"`
	Through  []jsonRef         `json:"through,omitempty"` // by way of whom it is about what was asked for
	Then     string            `json:"then,omitempty"`    // whether it certainly or possibly fits the days asked for
	Evidence []jsonEvidence    `json:"evidence"`          // that which asserts it first

	// Predicate is by what the fact links two entities, where it is shown for that:
	// its verb, or the predicate of a role's edge.
	Predicate schema.Verb `json:"predicate,omitempty"`
	byRole    string      // and who is linked with whom, in which fact
}

func (r *renderer) jsonFact(ctx context.Context, f schema.Fact) (*jsonFact, error) {
	sentence, err := r.sentence(ctx, f)
	if err != nil {
		return nil, err
	}
	kind := r.graph.Vocabulary().VerbKind(f.Verb)
	j := &jsonFact{
		ID: f.ID, Sentence: sentence, Verb: f.Verb, When: newJSONWhen(f.When, kind), Topic: f.Topic,
		Status: f.Status, Key: f.Key, Standing: f.Standing(), Roles: []jsonParticipant{}, Evidence: []jsonEvidence{},
	}
	if j.Within, err = r.within(ctx, f); err != nil {
		return nil, err
	}
	for _, p := range f.Roles {
		ref, err := r.ref(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		j.Roles = append(j.Roles, jsonParticipant{p.Role, ref})
	}
	for _, l := range f.Links {
		ref, err := r.ref(ctx, l.Fact)
		if err != nil {
			return nil, err
		}
		j.Links = append(j.Links, jsonLink{l.Type, ref})
	}
	asserting, others := f.Sides()
	for _, e := range append(asserting, others...) {
		evidence, err := r.jsonEvidence(ctx, e, kind)
		if err != nil {
			return nil, err
		}
		j.Evidence = append(j.Evidence, evidence)
	}
	return j, nil
}

func (r *renderer) ref(ctx context.Context, id schema.ID) (jsonRef, error) {
	name, err := r.name(ctx, id)
	return jsonRef{id, name}, err
}

func (r *renderer) refs(ctx context.Context, ids []schema.ID) ([]jsonRef, error) {
	var refs []jsonRef
	for _, id := range ids {
		ref, err := r.ref(ctx, id)
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

func (r *renderer) jsonEvidence(ctx context.Context, e schema.Evidence, kind schema.VerbKind) (j jsonEvidence, err error) {
	j = jsonEvidence{
		ID: e.ID, Dataset: e.Dataset, Stance: e.Stance, Quote: e.Quote, Locator: e.Locator, Start: e.Start, End: e.End,
		Method: e.Method, Confidence: e.Confidence, Note: e.Note, When: newJSONWhen(e.When, kind), Duration: e.Duration, Count: e.Count,
	}
	if e.SaidBy != "" {
		ref, err := r.ref(ctx, e.SaidBy)
		if err != nil {
			return j, err
		}
		j.SaidBy = &ref
	}
	if j.Via, err = r.refs(ctx, e.Via); err != nil {
		return j, err
	}
	if j.At, err = r.refs(ctx, e.At); err != nil {
		return j, err
	}
	j.Source, err = r.jsonDocument(ctx, e.Source)
	return j, err
}

func (r *renderer) jsonDocument(ctx context.Context, id schema.ID) (jsonDocument, error) {
	if _, err := r.source(ctx, id); err != nil {
		return jsonDocument{}, err
	}
	d := r.documents[id]
	j := jsonDocument{jsonRef: jsonRef{id, d.Label}, Publisher: d.Publisher, Author: d.Author, URL: d.URL}
	if !d.Published.IsZero() {
		published := newJSONWhen(d.Published, schema.Interaction)
		j.Published = &published
	}
	return j, nil
}

func newJSONWhen(w schema.When, kind schema.VerbKind) jsonWhen {
	j := jsonWhen{Text: w.String(), Written: w.Written, Words: w.Words, Anchor: w.Anchor, FromBy: w.FromBy, ToBy: w.ToBy, Attested: w.Attested, Widened: w.Widened(kind)}
	span, err := w.Span(kind)
	if err != nil || !w.Dated() {
		return j
	}
	if span.From != schema.MinDay {
		j.From = span.From.String()
	}
	if span.To != schema.MaxDay {
		j.To = span.To.String()
	}
	return j
}

type jsonEntity struct {
	jsonRef
	Kind        schema.Kind `json:"kind"`
	Aliases     []jsonText  `json:"aliases,omitempty"`
	Country     *jsonRef    `json:"country,omitempty"`
	Born        string      `json:"born,omitempty"`
	Identifiers []string    `json:"identifiers,omitempty"`
	Description string      `json:"description,omitempty"`
}

type jsonText struct {
	Value string `json:"value"`
	Lang  string `json:"lang,omitempty"`
}

func (r *renderer) jsonEntity(ctx context.Context, e schema.Entity) (jsonEntity, error) {
	j := jsonEntity{jsonRef: jsonRef{e.ID, cmp.Or(e.Label, string(e.ID))}, Kind: e.Kind, Born: e.Born,
		Identifiers: e.Identifiers, Description: e.Description}
	for _, a := range e.Aliases {
		j.Aliases = append(j.Aliases, jsonText{a.Value, a.Lang})
	}
	if e.Country != "" {
		ref, err := r.ref(ctx, e.Country)
		if err != nil {
			return j, err
		}
		j.Country = &ref
	}
	return j, nil
}
