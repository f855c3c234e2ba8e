package render

import (
	"context"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Evidence is one piece of evidence of a fact, with names beside ids.
type Evidence struct {
	ID         schema.ID     `json:"id"`
	Dataset    string        `json:"dataset"`
	Stance     schema.Stance `json:"stance"`
	Source     Document      `json:"source"`
	Quote      string        `json:"quote,omitempty"`
	Locator    string        `json:"locator,omitempty"`
	Start      int           `json:"start,omitempty"` // position of the quote in the document
	End        int           `json:"end,omitempty"`
	SaidBy     *Ref          `json:"said-by,omitempty"`
	Via        []Ref         `json:"via,omitempty"`
	Method     schema.Method `json:"method"`
	Confidence float64       `json:"confidence,omitempty"` // above 0, up to 1; 0 if none is stated
	Note       string        `json:"note,omitempty"`
	When       When          `json:"when"`
	At         []Ref         `json:"at,omitempty"`
	Duration   string        `json:"duration,omitempty"`
	Count      string        `json:"count,omitempty"`
}

// Document is a document. Its name is its title.
type Document struct {
	Ref
	Publisher string `json:"publisher,omitempty"`
	Author    string `json:"author,omitempty"`
	Published *When  `json:"published,omitempty"`
	URL       string `json:"url,omitempty"`

	inText string // what [Renderer.Source] returns for the document
}

// evidenceOf returns the evidence of a fact, asserting evidence first; never nil.
func (r *Renderer) evidenceOf(ctx context.Context, f schema.Fact) ([]Evidence, error) {
	kind, list := r.kind(f.Verb), []Evidence{}
	asserting, others := f.Sides()
	for _, e := range append(asserting, others...) {
		j, err := r.evidence(ctx, e, kind)
		if err != nil {
			return nil, err
		}
		list = append(list, j)
	}
	return list, nil
}

func (r *Renderer) evidence(ctx context.Context, e schema.Evidence, kind schema.VerbKind) (j Evidence, err error) {
	j = Evidence{
		ID: e.ID, Dataset: e.Dataset, Stance: e.Stance, Quote: e.Quote, Locator: e.Locator, Start: e.Start, End: e.End,
		Method: e.Method, Confidence: e.Confidence, Note: e.Note, When: r.when(e.When, kind), Duration: e.Duration, Count: e.Count,
	}
	if e.SaidBy != "" {
		ref, err := r.Ref(ctx, e.SaidBy)
		if err != nil {
			return j, err
		}
		j.SaidBy = &ref
	}
	if j.Via, err = r.Refs(ctx, e.Via); err != nil {
		return j, err
	}
	if j.At, err = r.Refs(ctx, e.At); err != nil {
		return j, err
	}
	j.Source, err = r.Document(ctx, e.Source)
	return j, err
}

// Document returns a document. The name of an unknown document is its id.
func (r *Renderer) Document(ctx context.Context, id schema.ID) (Document, error) {
	if j, ok := r.documents.get(id); ok {
		return j, nil
	}
	d, err := r.readDocument(ctx, id)
	if err != nil {
		return Document{}, err
	}
	j := Document{Ref: Ref{id, d.Label}, Publisher: d.Publisher, Author: d.Author, URL: d.URL}
	if !d.Published.IsZero() {
		published := newWhen(d.Published, schema.Interaction)
		j.Published = &published
	}
	j.inText = j.Text()
	r.documents.put(id, j)
	return j, nil
}

// Text returns the title, the publisher and the date of the document.
func (d Document) Text() string {
	words := []string{d.Name}
	if d.Publisher != "" && d.Publisher != d.Name {
		words = append(words, d.Publisher)
	}
	if d.Published != nil {
		words = append(words, d.Published.Text)
	}
	return strings.Join(words, ", ")
}
