package gizmo

import (
	"fmt"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/schema"
)

// valueKinds is a set of kinds of values: the kinds that a path may be at, or
// that a predicate may have as objects. Values of different kinds are never equal
// and never compare. Zero stands for unknown kinds.
type valueKinds uint8

const (
	kindID valueKinds = 1 << iota
	kindText
	kindLangText // strings with a language
	kindDate
	kindInt
	kindDecimal
	kindBool
	kindOther
)

func kindOf(v quad.Value) valueKinds {
	switch v := v.(type) {
	case quad.IRI, quad.BNode:
		return kindID
	case quad.String:
		return kindText
	case quad.LangString:
		return kindLangText
	case quad.TypedString:
		if isDate(v) {
			return kindDate
		}
	case quad.Int:
		return kindInt
	case quad.Float:
		return kindDecimal
	case quad.Bool:
		return kindBool
	}
	return kindOther
}

// overlaps reports whether some value may be of both sets of kinds.
func (s valueKinds) overlaps(t valueKinds) bool { return s == 0 || t == 0 || s&t != 0 }

// union returns the kinds of either set.
func (s valueKinds) union(t valueKinds) valueKinds {
	if s == 0 || t == 0 {
		return 0
	}
	return s | t
}

func (s valueKinds) String() string {
	var words []string
	for i, word := range []string{"ids", "texts", "texts with a language", "dates", "whole numbers", "decimals", "true or false", "other values"} {
		if s&(1<<i) != 0 {
			words = append(words, word)
		}
	}
	return strings.Join(words, " or ")
}

// objectKinds are the kinds of the objects that [schema.Vocabulary.Encode] and
// package graph write for each predicate that is not a verb, a role or a link.
var objectKinds = map[quad.IRI]valueKinds{
	schema.TypeTerm: kindID, schema.CountryTerm: kindID, schema.StatusTerm: kindID, schema.StandingTerm: kindID, schema.WithinTerm: kindID, schema.EvidenceTerm: kindID,
	schema.AtTerm: kindID, schema.StanceTerm: kindID, schema.SourceTerm: kindID, schema.SaidByTerm: kindID,
	schema.ViaTerm: kindID, schema.MethodTerm: kindID, schema.ReviewTerm: kindID, schema.GraphTerm: kindID, "dip:by-name": kindID,

	schema.LabelTerm: kindText, schema.AltLabelTerm: kindText | kindLangText, schema.NameTerm: kindText, schema.BornTerm: kindText,
	schema.IdentifierTerm: kindText, schema.DescriptionTerm: kindText, schema.PublisherTerm: kindText, schema.AuthorTerm: kindText,
	schema.ArchivedTerm: kindText, schema.ArchivedOnTerm: kindText, schema.AccessedTerm: kindText,
	schema.URLTerm: kindText, schema.SHA256Term: kindText, schema.LanguageTerm: kindText, schema.TopicTerm: kindText,
	schema.KeyTerm: kindText, schema.WhenTerm: kindText, schema.WordsTerm: kindText, schema.AnchorTerm: kindText,
	schema.FromByTerm: kindText, schema.ToByTerm: kindText, schema.QuoteTerm: kindText, schema.LocatorTerm: kindText,
	schema.ViaOrderTerm: kindText, schema.RoleOrderTerm: kindText, schema.NoteTerm: kindText, schema.DurationTerm: kindText, schema.CountTerm: kindText,
	schema.ModelTerm: kindText, schema.ReviewedByTerm: kindText, schema.ReviewedOnTerm: kindText, schema.ReviewNoteTerm: kindText,
	"dip:input": kindText, "dip:load": kindText, "dip:cited-as": kindText, "dip:by-hand": kindText, "dip:decision": kindText, "dip:vocabulary": kindText,

	schema.FromTerm: kindDate, schema.ToTerm: kindDate,
	schema.StartTerm: kindInt, schema.EndTerm: kindInt, "dip:facts": kindInt, "dip:entities": kindInt, "dip:documents": kindInt, "dip:quads": kindInt, schema.ConfidenceTerm: kindDecimal,
	schema.AttestedTerm: kindBool, schema.FromNameTerm: kindBool, schema.BorrowedTerm: kindBool,
}

// aboutPrefix is the prefix of the predicates that describe datasets.
const aboutPrefix = "dip:about-"

// objectKinds returns the kinds of the objects of predicates; without predicates,
// of all predicates.
func (r *Runner) objectKinds(predicates ...quad.Value) valueKinds {
	var all valueKinds
	for i, p := range predicates {
		iri, _ := p.(quad.IRI)
		s := r.knownPredicates[iri]
		if strings.HasPrefix(string(iri), aboutPrefix) {
			s = kindText
		}
		if i > 0 {
			s = all.union(s)
		}
		all = s
	}
	return all
}

// valuePlace is a place of values, with its phrase in errors: the objects of a
// predicate, or the end of a path.
type valuePlace struct {
	kinds  valueKinds
	phrase string // such as "<dip:from> holds"
}

func (r *resolver) objectPlace(predicate quad.Value) valuePlace {
	return valuePlace{r.runner.objectKinds(predicate), predicate.String() + " holds"}
}

// convert returns a value in the kind that the place has. A value that cannot be
// there is an error.
func (r *resolver) convert(v quad.Value, at valuePlace) quad.Value {
	if n, ok := v.(quad.Int); ok && at.kinds == kindDecimal {
		return quad.Float(n)
	}
	if !kindOf(v).overlaps(at.kinds) {
		r.args.fail("argument %d is %s, and %s %s%s", r.args.next, scriptText(v), at.phrase, at.kinds, r.correction(v, at.kinds, "write"))
	}
	return v
}

// correction suggests what to write in place of a value of another kind.
func (r *resolver) correction(v quad.Value, want valueKinds, verb string) string {
	switch s, isText := v.(quad.String); {
	case want == kindDate:
		return fmt.Sprintf(`: %s date("2023-07-01")`, verb)
	case want&kindText != 0 && v != nil && isDate(v):
		return "; the dates of facts are in <dip:from> and <dip:to>"
	case want == kindID && isText:
		if hint := r.runner.hint(string(s), r.runner.knownNodes); hint != "" {
			return hint
		}
		return `: ids stand in angle brackets, as "<person:xie-feng>"`
	}
	return ""
}

// checkWalk refuses a step that no value at the end of the path can make,
// outwards, inwards or both. Without predicates it checks a step along any
// predicate.
func (r *resolver) checkWalk(p *wrapper, out, in bool, predicates ...quad.Value) {
	if out && p.kinds.overlaps(kindID) || in && p.kinds.overlaps(r.runner.objectKinds(predicates...)) {
		return
	}
	if in {
		objects := r.runner.objectKinds(predicates...)
		var first quad.Value
		if len(p.startNodes) > 0 {
			first = p.startNodes[0]
		}
		r.args.fail("the path is at %s, and %s %s%s", p.kinds, holdersPhrase(predicates), objects, r.correction(first, objects, "start at"))
	}
	if len(p.startNodes) > 0 {
		if s, ok := p.startNodes[0].(quad.String); ok {
			r.args.fail("the path is at the text %s, and texts have no outgoing edges; for the entity with this name, write entity(%s)", s, s)
		}
	}
	r.args.fail("the path is at %s, and only ids have outgoing edges", p.kinds)
}

func holdersPhrase(predicates []quad.Value) string {
	names := make([]string, len(predicates))
	for i, p := range predicates {
		names[i] = p.String()
	}
	if len(names) == 1 {
		return names[0] + " holds"
	}
	return strings.Join(names, ", ") + " hold"
}
