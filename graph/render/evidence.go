package render

import (
	"context"
	"slices"
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

	Review *schema.Review `json:"review,omitempty"` // nil for evidence that needs none
}

// MethodWords returns how evidence was obtained, with the mark of its review: "model",
// "model (review pending)".
func (e *Evidence) MethodWords() string {
	return schema.Evidence{Method: e.Method, Review: e.Review}.MethodWords()
}

// Document is a document. Its name is its title.
type Document struct {
	Ref
	Publisher string `json:"publisher,omitempty"`
	Author    string `json:"author,omitempty"`
	Published *When  `json:"published,omitempty"`
	URL       string `json:"url,omitempty"`

	Archived *Archive `json:"archived,omitempty"`
	Accessed *When    `json:"accessed,omitempty"` // the day on which it was read

	inText string // what [Renderer.Source] returns for the document
}

// Archive is an archived copy of a document.
type Archive struct {
	URL string `json:"url"`
	On  *When  `json:"on,omitempty"` // the day on which it was made, as stated or else as the address has it
}

// Text returns the address and the day of the copy.
func (a *Archive) Text() string {
	if a.On == nil {
		return a.URL
	}
	return a.URL + " (" + a.On.Text + ")"
}

// addEvidence adds the evidence of a fact, asserting evidence first.
func (r *Renderer) addEvidence(ctx context.Context, j *Fact, f *schema.Fact) error {
	kind := r.kind(f.Verb)
	j.Evidence = j.Evidence[:len(f.Evidence)]
	list := f.Evidence
	if slices.ContainsFunc(list, func(e schema.Evidence) bool { return e.Stance != schema.Asserts }) {
		asserting, others := f.Sides()
		list = append(asserting, others...)
	}
	for i := range list {
		e, to := &list[i], &j.Evidence[i]
		if to.When = j.When; e.When != f.When {
			to.When = *r.when(e.When, kind)
		}
		if err := r.readEvidence(ctx, to, e); err != nil {
			return err
		}
	}
	return nil
}

// readEvidence puts all but the date of a piece of evidence into words.
func (r *Renderer) readEvidence(ctx context.Context, j *Evidence, e *schema.Evidence) (err error) {
	j.ID, j.Dataset, j.Stance, j.Method, j.Confidence = e.ID, e.Dataset, e.Stance, e.Method, e.Confidence
	j.Quote, j.Locator, j.Start, j.End, j.Note = e.Quote, e.Locator, e.Start, e.End, e.Note
	j.Duration, j.Count, j.Review = e.Duration, e.Count, e.Review
	if j.SaidBy = nil; e.SaidBy != "" {
		ref, err := r.Ref(ctx, e.SaidBy)
		if err != nil {
			return err
		}
		j.SaidBy = &ref
	}
	if j.Via, err = r.Refs(ctx, e.Via); err != nil {
		return err
	}
	if j.At, err = r.Refs(ctx, e.At); err != nil {
		return err
	}
	j.Source, err = r.Document(ctx, e.Source)
	return err
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
	id = ownID(id)
	j := Document{Ref: Ref{id, d.Label}, Publisher: d.Publisher, Author: d.Author, URL: d.URL}
	j.Published, j.Accessed = whenOf(d.Published), whenOf(schema.When{Written: d.Accessed})
	if d.Archived.URL != "" {
		j.Archived = &Archive{d.Archived.URL, whenOf(schema.When{Written: d.Archived.Made()})}
	}
	j.inText = j.Text()
	r.documents.put(id, j)
	return j, nil
}

// whenOf returns the date of an event, nil for none.
func whenOf(w schema.When) *When {
	if w.IsZero() {
		return nil
	}
	j := newWhen(w, schema.Interaction)
	return &j
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
