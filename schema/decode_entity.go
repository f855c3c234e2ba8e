package schema

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"
)

// DecodeEntity decodes an entity from what several datasets state about it. The
// label is the one in most datasets; a tie goes to the first dataset in order.
// All other labels become aliases. Country, birth and description are chosen in
// the same way. Datasets in order come first, then all others by name. A dataset
// that copied the name (see [BorrowedTerm]) is ignored unless all datasets did.
func DecodeEntity(id ID, quads []quad.Quad, order ...string) Entity {
	e, _ := decodeEntity(id, quads, order)
	return e
}

// DecodeDocument is [DecodeEntity] for documents.
func DecodeDocument(id ID, quads []quad.Quad, order ...string) Document {
	var d Document
	var rest []quad.Quad
	d.Entity, rest = decodeEntity(id, quads, order)
	best := mostCommon(rest, PublisherTerm, AuthorTerm, URLTerm, SHA256Term, LanguageTerm, ArchivedTerm, AccessedTerm)
	d.Publisher, d.Author, d.URL = best.text(PublisherTerm), best.text(AuthorTerm), best.text(URLTerm)
	d.SHA256, d.Language = best.text(SHA256Term), best.text(LanguageTerm)
	d.Archived, d.Accessed = decodeArchive(best.text(ArchivedTerm), rest), best.text(AccessedTerm)
	for _, q := range rest {
		readPublished(&d, q, rest)
	}
	return d
}

// decodeArchive returns the archived copy at an address, with the day that most of the
// datasets with this address state.
func decodeArchive(address string, quads []quad.Quad) Archive {
	states := make(map[quad.Value]bool)
	for _, q := range quads {
		if q.Predicate == ArchivedTerm && TextOf(q.Object) == address {
			states[q.Label] = true
		}
	}
	days := slices.DeleteFunc(slices.Clone(quads), func(q quad.Quad) bool { return !states[q.Label] })
	return Archive{URL: address, On: mostCommon(days, ArchivedOnTerm).text(ArchivedOnTerm)}
}

// readPublished reads the date of publication, all of it from the first dataset
// that has one.
func readPublished(d *Document, q quad.Quad, all []quad.Quad) {
	isDate := func(q quad.Quad) bool {
		p, ok := q.Predicate.(quad.IRI)
		return ok && readWhen(quadValues{}, new(When), p, q.Object)
	}
	if i := slices.IndexFunc(all, isDate); i >= 0 && isDate(q) && all[i].Label == q.Label {
		readWhen(quadValues{}, &d.Published, q.Predicate.(quad.IRI), q.Object)
	}
}

// decodeEntity also returns all other quads of the entity, in the order of their
// datasets.
func decodeEntity(id ID, quads []quad.Quad, order []string) (e Entity, rest []quad.Quad) {
	e.ID = id
	if !leavesNoChoice(quads) {
		if declared := WithoutBorrowed(quads); len(declared) > 0 {
			quads = declared
		}
		quads = sortByDataset(quads, order)
	}
	best := mostCommon(quads, LabelTerm, CountryTerm, BornTerm, DescriptionTerm)
	e.Label, e.Born, e.Description = best.text(LabelTerm), best.text(BornTerm), best.text(DescriptionTerm)
	e.Country = idOf(best[CountryTerm])
	for _, q := range quads {
		switch q.Predicate {
		case TypeTerm:
			e.Kind = cmp.Or(e.Kind, wordOf[Kind](idOf(q.Object)))
		case LabelTerm, AltLabelTerm:
			e.Aliases = append(e.Aliases, literalText(q.Object))
		case IdentifierTerm:
			e.Identifiers = append(e.Identifiers, TextOf(q.Object))
		case FromNameTerm:
			e.FromName = true
		case NameTerm, BorrowedTerm, CountryTerm, BornTerm, DescriptionTerm:
		default:
			rest = append(rest, q)
		}
	}
	return e.Normalize(), rest
}

// leavesNoChoice reports whether the order of the quads of an entity has no meaning: one
// dataset states all of them, and no property twice but names and identifiers, which are
// sorted later.
func leavesNoChoice(quads []quad.Quad) bool {
	for i, q := range quads {
		switch q.Predicate {
		case AltLabelTerm, NameTerm, IdentifierTerm:
			if q.Label != quads[0].Label {
				return false
			}
		case BorrowedTerm:
			return false
		default:
			if q.Label != quads[0].Label || slices.ContainsFunc(quads[:i], func(p quad.Quad) bool { return p.Predicate == q.Predicate }) {
				return false
			}
		}
	}
	return true
}

// sortByDataset sorts quads: first the datasets in order, then all others by
// name.
func sortByDataset(quads []quad.Quad, order []string) []quad.Quad {
	place := make(map[quad.Value]int, len(order))
	for i, name := range order {
		place[DatasetValue(name)] = i - len(order)
	}
	return slices.SortedStableFunc(slices.Values(quads), func(a, b quad.Quad) int {
		return cmp.Or(cmp.Compare(place[a.Label], place[b.Label]), cmp.Compare(quad.StringOf(a.Label), quad.StringOf(b.Label)),
			cmp.Compare(quad.StringOf(a.Object), quad.StringOf(b.Object)))
	})
}

// valueByPredicate maps predicates to the chosen objects.
type valueByPredicate map[quad.IRI]quad.Value

func (c valueByPredicate) text(predicate quad.IRI) string {
	if object, ok := c[predicate]; ok {
		return TextOf(object)
	}
	return ""
}

// mostCommon returns for each predicate the object in most quads; a tie goes to
// the first quad.
func mostCommon(quads []quad.Quad, predicates ...quad.IRI) valueByPredicate {
	best := make(valueByPredicate, len(predicates))
	var stated []quad.Value
	for _, predicate := range predicates {
		stated = stated[:0]
		for _, q := range quads {
			if q.Predicate == predicate {
				stated = append(stated, q.Object)
			}
		}
		if len(stated) > 0 {
			best[predicate] = mostFrequent(stated)
		}
	}
	return best
}

// mostFrequent returns the value that is most often in a list, the first one of several.
func mostFrequent(list []quad.Value) quad.Value {
	if len(list) == 1 {
		return list[0]
	}
	counts, most := make(map[quad.Value]int, len(list)), 0
	for _, v := range list {
		counts[v]++
		most = max(most, counts[v])
	}
	return list[slices.IndexFunc(list, func(v quad.Value) bool { return counts[v] == most })]
}

// HasConflicts reports whether datasets differ in a property of which a reader
// chooses one, so that the order of datasets may matter.
func HasConflicts(quads []quad.Quad) bool {
	if !slices.ContainsFunc(quads, func(q quad.Quad) bool { return q.Label != quads[0].Label }) {
		return false // they are of one dataset
	}
	seen := map[quad.Value]quad.Value{}
	for _, q := range quads {
		switch q.Predicate {
		case LabelTerm, CountryTerm, BornTerm, DescriptionTerm, PublisherTerm, AuthorTerm, URLTerm, SHA256Term, LanguageTerm,
			ArchivedTerm, ArchivedOnTerm, AccessedTerm, WhenTerm, WordsTerm:
			if old, ok := seen[q.Predicate]; ok && old != q.Object {
				return true
			}
			seen[q.Predicate] = q.Object
		}
	}
	return false
}

// WithoutBorrowed leaves out the quads that a dataset copied from another.
func WithoutBorrowed(quads []quad.Quad) []quad.Quad {
	borrowers := make(map[quad.Value]bool)
	for _, q := range quads {
		if q.Predicate == BorrowedTerm {
			borrowers[q.Label] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(quads), func(q quad.Quad) bool { return borrowers[q.Label] })
}

// Normalize returns the entity in the form in which it is stored: aliases and
// identifiers sorted, without duplicates and without the label.
func (e Entity) Normalize() Entity {
	aliases := slices.DeleteFunc(slices.Clone(e.Aliases), func(t Text) bool {
		return t.Value == "" || t == Text{Value: e.Label}
	})
	e.Aliases = sortedSet(aliases, func(a, b Text) int {
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Lang, b.Lang))
	})
	e.Identifiers = sortedSet(e.Identifiers, strings.Compare)
	return e
}
