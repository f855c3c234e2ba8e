package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// ErrDuplicate is wrapped if evidence with the same id occurs twice with
// different details.
var ErrDuplicate = errors.New("given twice")

// Encode returns the quads of a record. Their label is the dataset; for a
// statement it is the statement's graph. A fact must be normalized, and all its
// evidence must belong to the dataset. Edges are not included: see
// [Vocabulary.Edges].
func (v *Vocabulary) Encode(dataset string, r Record) ([]quad.Quad, error) {
	return v.AppendQuads(nil, dataset, r)
}

// AppendQuads is [Vocabulary.Encode], and appends the quads to dst.
func (v *Vocabulary) AppendQuads(dst []quad.Quad, dataset string, r Record) ([]quad.Quad, error) {
	w := &quadWriter{vocabulary: v, label: DatasetValue(dataset), quads: dst}
	switch r := r.(type) {
	case Entity:
		w.entity(r)
	case Document:
		w.document(r)
	case Statement:
		w.statement(r, dataset)
	case Fact:
		d, ok := v.Lookup(r.Verb)
		if !ok {
			return nil, fmt.Errorf("%w %q", ErrUnknownVerb, r.Verb)
		}
		w.fact(r, d.Kind, dataset)
	default:
		return nil, fmt.Errorf("cannot encode a %T", r)
	}
	return w.quads, w.err
}

// quadWriter appends quads. Predicates are values, so that constants need no memory.
type quadWriter struct {
	vocabulary *Vocabulary
	label      quad.Value
	quads      []quad.Quad
	err        error
	last       ID // the last subject
	subject    quad.Value
}

func (w *quadWriter) add(s ID, p, o quad.Value) {
	if s != w.last || w.subject == nil {
		w.last, w.subject = s, s.Value()
	}
	w.quads = append(w.quads, quad.Quad{Subject: w.subject, Predicate: p, Object: o, Label: w.label})
}

func (w *quadWriter) text(s ID, p quad.Value, text string) {
	if text != "" {
		w.add(s, p, quad.String(text))
	}
}

func (w *quadWriter) id(s ID, p quad.Value, o ID) {
	if o != "" {
		w.add(s, p, o.Value())
	}
}

func (w *quadWriter) entity(e Entity) {
	w.add(e.ID, TypeTerm, Term(e.Kind))
	w.text(e.ID, LabelTerm, e.Label)
	names := []string{NameKey(e.Label)}
	for _, a := range e.Aliases {
		w.add(e.ID, AltLabelTerm, a.literal())
		names = append(names, NameKey(a.Value))
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		w.text(e.ID, NameTerm, name)
	}
	w.id(e.ID, CountryTerm, e.Country)
	w.text(e.ID, BornTerm, e.Born)
	for _, id := range e.Identifiers {
		w.text(e.ID, IdentifierTerm, id)
	}
	w.text(e.ID, DescriptionTerm, e.Description)
	if e.FromName {
		w.add(e.ID, FromNameTerm, quad.Bool(true))
	}
}

func (t Text) literal() quad.Value {
	if t.Lang == "" {
		return quad.String(t.Value)
	}
	return quad.LangString{Value: quad.String(t.Value), Lang: t.Lang}
}

func (w *quadWriter) document(d Document) {
	w.entity(d.Entity)
	w.text(d.ID, PublisherTerm, d.Publisher)
	w.text(d.ID, AuthorTerm, d.Author)
	w.text(d.ID, URLTerm, d.URL)
	w.text(d.ID, SHA256Term, d.SHA256)
	w.text(d.ID, LanguageTerm, d.Language)
	w.text(d.ID, ArchivedTerm, d.Archived.URL)
	w.text(d.ID, ArchivedOnTerm, d.Archived.On)
	w.text(d.ID, AccessedTerm, d.Accessed)
	w.when(d.ID, d.Published, Interaction)
}

func (w *quadWriter) fact(f Fact, kind VerbKind, dataset string) {
	w.add(f.ID, TypeTerm, termOf(w.vocabulary, f.Verb))
	for _, p := range f.Roles {
		w.id(f.ID, termOf(w.vocabulary, p.Role), p.ID)
	}
	w.text(f.ID, RoleOrderTerm, roleOrder(f.Roles))
	w.add(f.ID, StatusTerm, termOf(w.vocabulary, f.Status))
	w.written(f.ID, f.When)
	w.bounds(f.ID, f.Dates(), kind)
	w.text(f.ID, TopicTerm, f.Topic)
	w.text(f.ID, KeyTerm, f.Key)
	for _, l := range f.Links {
		w.id(f.ID, termOf(w.vocabulary, l.Type), l.Fact)
	}
	w.places(f)
	sameWhen := !slices.ContainsFunc(f.Evidence, func(e Evidence) bool { return e.When != f.When })
	for i, e := range f.Evidence {
		switch {
		case e.Dataset != dataset:
			w.err = fmt.Errorf("evidence of dataset %q cannot be encoded in %q", e.Dataset, dataset)
		case i > 0 && e.ID == f.Evidence[i-1].ID:
			w.err = fmt.Errorf("evidence from %s %w, with different details", e.Source, ErrDuplicate)
		}
		w.evidence(f.ID, e)
		if !sameWhen {
			w.when(e.ID, e.When, kind)
		}
	}
}

// places writes where a fact took place: at the fact, and also at each piece of
// evidence if they differ.
func (w *quadWriter) places(f Fact) {
	var all []ID
	agree := true
	for _, e := range f.Evidence {
		all = append(all, e.At...)
		agree = agree && slices.Equal(e.At, f.Evidence[0].At)
	}
	for _, place := range sortIDs(all) {
		w.id(f.ID, AtTerm, place)
	}
	for _, e := range f.Evidence {
		for _, place := range e.At {
			if !agree {
				w.id(e.ID, AtTerm, place)
			}
		}
	}
}

func (w *quadWriter) evidence(fact ID, e Evidence) {
	w.id(fact, EvidenceTerm, e.ID)
	w.add(e.ID, StanceTerm, termOf(w.vocabulary, e.Stance))
	w.add(e.ID, MethodTerm, termOf(w.vocabulary, e.Method))
	w.id(e.ID, SourceTerm, e.Source)
	w.text(e.ID, QuoteTerm, e.Quote)
	w.text(e.ID, LocatorTerm, e.Locator)
	if e.End > 0 {
		w.add(e.ID, StartTerm, quad.Int(e.Start))
		w.add(e.ID, EndTerm, quad.Int(e.End))
	}
	w.id(e.ID, SaidByTerm, e.SaidBy)
	for _, via := range e.Via {
		w.id(e.ID, ViaTerm, via)
	}
	if len(e.Via) > 1 {
		w.text(e.ID, ViaOrderTerm, joinIDs(e.Via))
	}
	if e.Confidence > 0 {
		w.add(e.ID, ConfidenceTerm, quad.Float(e.Confidence))
	}
	w.text(e.ID, NoteTerm, e.Note)
	w.text(e.ID, DurationTerm, e.Duration)
	w.text(e.ID, CountTerm, e.Count)
	w.review(e)
}

func joinIDs(ids []ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, " ")
}

// when writes a date as written, and its outer bounds.
func (w *quadWriter) when(s ID, when When, kind VerbKind) {
	w.written(s, when)
	w.bounds(s, []When{when}, kind)
}

// bounds writes the first and the last day that any of the dates allows.
func (w *quadWriter) bounds(s ID, dates []When, kind VerbKind) {
	from, to, dated, err := Hull(dates, kind)
	if err != nil {
		w.err = err
	}
	if dated && err == nil {
		w.add(s, FromTerm, from.Date())
		w.add(s, ToTerm, to.Date())
	}
}

func (w *quadWriter) written(s ID, when When) {
	w.text(s, WhenTerm, when.Written)
	w.text(s, WordsTerm, when.Words)
	w.text(s, AnchorTerm, when.Anchor)
	w.text(s, FromByTerm, when.FromBy)
	w.text(s, ToByTerm, when.ToBy)
	if when.Attested {
		w.add(s, AttestedTerm, quad.Bool(true))
	}
}
