package loaders

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"

	"github.com/entente-kg/entente/schema"
)

// WriteJSONLines writes records as JSON lines. [JSONLines] reads them back as the
// same records. Facts refer to entities by id, so that no name must be resolved.
// WriteJSONLines stops at the first error of the sequence and returns it.
func WriteJSONLines(w io.Writer, records iter.Seq2[schema.Record, error]) error {
	b := bufio.NewWriter(w)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	for record, err := range records {
		if err != nil {
			return err
		}
		line, err := lineOf(record)
		if err != nil {
			return err
		}
		if err := e.Encode(line); err != nil {
			return err
		}
	}
	return b.Flush()
}

func lineOf(record schema.Record) (any, error) {
	switch r := record.(type) {
	case schema.Entity:
		return newEntityLine(r), nil
	case schema.Document:
		return map[string]any{"source": newDocumentLine(r)}, nil
	case schema.Fact:
		return newFactLine(r), nil
	}
	return nil, fmt.Errorf("cannot write a %T", record)
}

type entityLine struct {
	ID          schema.ID   `json:"id,omitempty"`
	Kind        schema.Kind `json:"kind"`
	Name        string      `json:"name"`
	Aliases     []any       `json:"aliases,omitempty"`
	Country     string      `json:"country,omitempty"`
	Born        string      `json:"born,omitempty"`
	Identifiers []string    `json:"identifiers,omitempty"`
	Description string      `json:"description,omitempty"`
}

func newEntityLine(e schema.Entity) entityLine {
	l := entityLine{ID: e.ID, Kind: e.Kind, Name: e.Label, Aliases: aliasesOf(e), Country: bracketed(e.Country),
		Born: e.Born, Identifiers: e.Identifiers, Description: e.Description}
	if e.FromName && e.ID == schema.MakeID(e.Kind, e.Label) {
		l.ID = ""
	}
	return l
}

func aliasesOf(e schema.Entity) []any {
	var aliases []any
	for _, a := range e.Aliases {
		if a.Lang == "" {
			aliases = append(aliases, a.Value)
			continue
		}
		aliases = append(aliases, map[string]string{"value": a.Value, "lang": a.Lang})
	}
	return aliases
}

// bracketed returns an id in angle brackets, as it is written in place of a name:
// <person:xie-feng>.
func bracketed(id schema.ID) string {
	if id == "" {
		return ""
	}
	return "<" + string(id) + ">"
}

func allBracketed(ids []schema.ID) []string {
	var all []string
	for _, id := range ids {
		all = append(all, bracketed(id))
	}
	return all
}

type documentLine struct {
	ID          schema.ID `json:"id,omitempty"`
	Title       string    `json:"title"`
	Aliases     []any     `json:"aliases,omitempty"`
	Publisher   string    `json:"publisher,omitempty"`
	Author      string    `json:"author,omitempty"`
	Published   string    `json:"published,omitempty"`
	URL         string    `json:"url,omitempty"`
	SHA256      string    `json:"sha256,omitempty"`
	Language    string    `json:"language,omitempty"`
	Archived    string    `json:"archived,omitempty"`
	ArchivedOn  string    `json:"archived-on,omitempty"`
	Accessed    string    `json:"accessed,omitempty"`
	Identifiers []string  `json:"identifiers,omitempty"`
	Description string    `json:"description,omitempty"`
}

func newDocumentLine(d schema.Document) documentLine {
	l := documentLine{ID: d.ID, Title: d.Label, Aliases: aliasesOf(d.Entity), Publisher: d.Publisher, Author: d.Author,
		Published: d.Published.Written, URL: d.URL, SHA256: d.SHA256, Language: d.Language,
		Archived: d.Archived.URL, ArchivedOn: d.Archived.On, Accessed: d.Accessed, Identifiers: d.Identifiers, Description: d.Description}
	if d.FromName && d.ID == schema.MakeDocumentID(d) {
		l.ID = ""
	}
	return l
}

type whenLine struct {
	When     string `json:"when,omitempty"`
	Words    string `json:"words,omitempty"`
	Anchor   string `json:"anchor,omitempty"`
	FromBy   string `json:"from-by,omitempty"`
	ToBy     string `json:"to-by,omitempty"`
	Attested bool   `json:"attested,omitempty"`
}

func newWhenLine(w schema.When) whenLine {
	return whenLine{When: w.Written, Words: w.Words, Anchor: w.Anchor, FromBy: w.FromBy, ToBy: w.ToBy, Attested: w.Attested}
}

// reviewLine has the keys of a review.
type reviewLine struct {
	Model      string             `json:"model,omitempty"`
	Review     schema.ReviewState `json:"review,omitempty"`
	ReviewedBy string             `json:"reviewed-by,omitempty"`
	ReviewedOn string             `json:"reviewed-on,omitempty"`
	ReviewNote string             `json:"review-note,omitempty"`
}

type evidenceLine struct {
	Stance     schema.Stance `json:"stance,omitempty"`
	Source     string        `json:"source,omitempty"`
	Quote      string        `json:"quote,omitempty"`
	Locator    string        `json:"locator,omitempty"`
	SaidBy     string        `json:"said-by,omitempty"`
	Via        []string      `json:"via,omitempty"`
	Method     schema.Method `json:"method,omitempty"`
	Confidence float64       `json:"confidence,omitempty"`
	Note       string        `json:"note,omitempty"`
	Duration   string        `json:"duration,omitempty"`
	Count      string        `json:"count,omitempty"`
	Start      *int          `json:"start,omitempty"`
	End        *int          `json:"end,omitempty"`
	*reviewLine
	At []string `json:"at,omitempty"`
	*whenLine
}

func newEvidenceLine(e schema.Evidence, f schema.Fact) evidenceLine {
	l := evidenceLine{Stance: e.Stance, Source: bracketed(e.Source), Quote: e.Quote, Locator: e.Locator, SaidBy: bracketed(e.SaidBy),
		Via: allBracketed(e.Via), Method: e.Method, Confidence: e.Confidence, Note: e.Note, Duration: e.Duration, Count: e.Count,
		At: allBracketed(e.At)}
	if r := e.Review; r != nil {
		l.reviewLine = &reviewLine{r.Model, r.State, r.By, r.On, r.Note}
	}
	if e.End > 0 {
		l.Start, l.End = &e.Start, &e.End
	}
	if e.When != f.When && !e.When.IsZero() {
		when := newWhenLine(e.When)
		l.whenLine = &when
	}
	return l
}

// writtenRole returns the key under which a participant is written. If the
// recipients of a symmetric verb come first, both keys are exchanged, so that
// they come first again when the line is read.
func writtenRole(role schema.Role, turned bool) schema.Role {
	switch {
	case turned && role == schema.RoleActor:
		return schema.RoleRecipient
	case turned && role == schema.RoleRecipient:
		return schema.RoleActor
	}
	return role
}

// factLine is a fact without its roles and links, which have keys of their own.
type factLine struct {
	Verb      schema.Verb    `json:"verb"`
	Topic     string         `json:"topic,omitempty"`
	Status    schema.Status  `json:"status,omitempty"`
	SourceKey string         `json:"source-key,omitempty"`
	Evidence  []evidenceLine `json:"evidence,omitempty"`
	whenLine
}

func newFactLine(f schema.Fact) map[string]any {
	l := factLine{Verb: f.Verb, Topic: f.Topic, Status: f.Status, SourceKey: f.Key, whenLine: newWhenLine(f.When)}
	for _, e := range f.Evidence {
		l.Evidence = append(l.Evidence, newEvidenceLine(e, f))
	}
	line := make(map[string]any)
	flat, _ := json.Marshal(l)      // neither call can fail:
	_ = json.Unmarshal(flat, &line) // all values are strings, numbers and lists
	for _, p := range f.Roles {
		role := string(writtenRole(p.Role, f.RecipientsFirst()))
		list, _ := line[role].([]string)
		line[role] = append(list, bracketed(p.ID))
	}
	for _, k := range f.Links {
		list, _ := line[string(k.Type)].([]string)
		line[string(k.Type)] = append(list, bracketed(k.Fact))
	}
	return line
}
