package gizmo

import (
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// sorts is a set of the sorts of values that may stand at a place: where a path
// has got to, or as the objects of a predicate. Values of different sorts are
// never equal and never compare. Zero is a place of which nothing is known.
type sorts uint8

const (
	ids sorts = 1 << iota
	texts
	tongues // texts with a language
	dates
	wholes
	decimals
	truths
	others
)

func sortOf(v quad.Value) sorts {
	switch v := v.(type) {
	case quad.IRI, quad.BNode:
		return ids
	case quad.String:
		return texts
	case quad.LangString:
		return tongues
	case quad.TypedString:
		if isDate(v) {
			return dates
		}
	case quad.Int:
		return wholes
	case quad.Float:
		return decimals
	case quad.Bool:
		return truths
	}
	return others
}

// meets reports whether the two places can hold one value.
func (s sorts) meets(t sorts) bool { return s == 0 || t == 0 || s&t != 0 }

// or is what may stand at either of two places.
func (s sorts) or(t sorts) sorts {
	if s == 0 || t == 0 {
		return 0
	}
	return s | t
}

func (s sorts) String() string {
	var words []string
	for i, word := range []string{"ids", "texts", "texts with a language", "dates", "whole numbers", "decimals", "true or false", "other values"} {
		if s&(1<<i) != 0 {
			words = append(words, word)
		}
	}
	return strings.Join(words, " or ")
}

// objects are the sorts of what [schema.Vocabulary.Encode] and package graph
// write under each predicate that is no verb, role or link.
var objects = map[quad.IRI]sorts{
	schema.TypeTerm: ids, schema.CountryTerm: ids, schema.StatusTerm: ids, schema.StandingTerm: ids, schema.WithinTerm: ids, schema.EvidenceTerm: ids,
	schema.AtTerm: ids, schema.StanceTerm: ids, schema.SourceTerm: ids, schema.SaidByTerm: ids,
	schema.ViaTerm: ids, schema.MethodTerm: ids, schema.GraphTerm: ids, "dip:by-name": ids,

	schema.LabelTerm: texts, schema.AltLabelTerm: texts | tongues, schema.NameTerm: texts, schema.BornTerm: texts,
	schema.IdentifierTerm: texts, schema.DescriptionTerm: texts, schema.PublisherTerm: texts, schema.AuthorTerm: texts,
	schema.URLTerm: texts, schema.SHA256Term: texts, schema.LanguageTerm: texts, schema.TopicTerm: texts,
	schema.KeyTerm: texts, schema.WhenTerm: texts, schema.WordsTerm: texts, schema.AnchorTerm: texts,
	schema.FromByTerm: texts, schema.ToByTerm: texts, schema.QuoteTerm: texts, schema.LocatorTerm: texts,
	schema.ViaOrderTerm: texts, schema.RoleOrderTerm: texts, schema.NoteTerm: texts, schema.DurationTerm: texts, schema.CountTerm: texts,
	"dip:input": texts, "dip:load": texts, "dip:vocabulary": texts,

	schema.FromTerm: dates, schema.ToTerm: dates,
	schema.StartTerm: wholes, schema.EndTerm: wholes, "dip:facts": wholes, "dip:entities": wholes, "dip:documents": wholes, "dip:quads": wholes, schema.ConfidenceTerm: decimals,
	schema.AttestedTerm: truths, schema.FromNameTerm: truths, schema.BorrowedTerm: truths,
}

// aboutPrefix begins the predicates of what datasets say about themselves.
const aboutPrefix = "dip:about-"

// objects are the sorts of what predicates have as objects; none for all of them.
func (r *Runner) objects(predicates ...quad.Value) sorts {
	var all sorts
	for i, p := range predicates {
		iri, _ := p.(quad.IRI)
		s := r.predicates[iri]
		if strings.HasPrefix(string(iri), aboutPrefix) {
			s = texts
		}
		if i > 0 {
			s = all.or(s)
		}
		all = s
	}
	return all
}

// slot is where values are looked for, with its name in errors: the objects of
// a predicate, or where a path is.
type slot struct {
	sorts sorts
	name  string // "<dip:from> holds"
}

func (r *resolver) objectsOf(predicate quad.Value) slot {
	return slot{r.runner.objects(predicate), predicate.String() + " holds"}
}

func (b *box) slot() slot { return slot{b.at, "the path is at"} }

// fit is a value as the place holds it. One that it cannot hold is an error.
func (r *resolver) fit(v quad.Value, at slot) quad.Value {
	if n, ok := v.(quad.Int); ok && at.sorts == decimals {
		return quad.Float(n)
	}
	if !sortOf(v).meets(at.sorts) {
		r.args.fail("argument %d is %s, and %s %s%s", r.args.next, shown(v), at.name, at.sorts, r.advice(v, at.sorts, "write"))
	}
	return v
}

// advice says what to write in place of a value of another sort.
func (r *resolver) advice(v quad.Value, want sorts, verb string) string {
	switch s, isText := v.(quad.String); {
	case want == dates:
		return fmt.Sprintf(`: %s date("2023-07-01")`, verb)
	case want&texts != 0 && v != nil && isDate(v):
		return "; the dates of facts are in <dip:from> and <dip:to>"
	case want == ids && isText:
		if hint := r.runner.hint(string(s), r.runner.words); hint != "" {
			return hint
		}
		return `: ids stand in angle brackets, as "<person:xie-feng>"`
	}
	return ""
}

// walks refuses steps along predicates, none for all, that no value at the path
// can take: out for those that leave it, in for those that lead to it.
func (r *resolver) walks(p *box, out, in bool, predicates ...quad.Value) {
	if out && p.at.meets(ids) || in && p.at.meets(r.runner.objects(predicates...)) {
		return
	}
	if in {
		objects := r.runner.objects(predicates...)
		var first quad.Value
		if len(p.ends) > 0 {
			first = p.ends[0]
		}
		r.args.fail("the path is at %s, and %s %s%s", p.at, holders(predicates), objects, r.advice(first, objects, "start at"))
	}
	if len(p.ends) > 0 {
		if s, ok := p.ends[0].(quad.String); ok {
			r.args.fail("the path is at the text %s, and no edge leaves a text; for whoever has the name write entity(%s)", s, s)
		}
	}
	r.args.fail("the path is at %s, and edges leave ids alone", p.at)
}

func holders(predicates []quad.Value) string {
	names := make([]string, len(predicates))
	for i, p := range predicates {
		names[i] = p.String()
	}
	if len(names) == 1 {
		return names[0] + " holds"
	}
	return strings.Join(names, ", ") + " hold"
}
