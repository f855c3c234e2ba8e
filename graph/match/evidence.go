package match

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// Aspect is what a reason is about.
type Aspect string

// The aspects of reasons.
const (
	OfName       Aspect = "name"
	OfIdentifier Aspect = "identifier"
	OfBirth      Aspect = "birth"
	OfCountry    Aspect = "country"
	OfPost       Aspect = "post"
	OfDealings   Aspect = "dealings"
	OfLifetime   Aspect = "lifetime"
	OfDataset    Aspect = "dataset"
	OfNamesakes  Aspect = "namesakes"
)

// Reason is one thing that speaks for or against a pair.
type Reason struct {
	Aspect  Aspect
	Against bool
	Text    string // for people, with both values

	// Weight is the score of the names for [OfName]. For other reasons that speak for
	// the pair it is the share by which the rest to 1 shrinks, and for those that
	// speak against it, the factor of the score.
	Weight float64
}

// loose are schemes of identifiers that do not tell entities apart: an entity has several
// of a scheme, or keeps them for some time.
var loose = wordSet(`ftm website url twitter facebook instagram youtube email e-mail phone fax address linkedin source opensanctions sameas wikipedia`)

// replaceable are schemes whose numbers an entity may have several of, in one country or
// over time.
var replaceable = wordSet(`passport id-number registration tax vat call-sign ticker opencorporates imdb freebase prabook viaf isni gnd bnf idref lcnaf`)

func schemeOf(identifier string) string {
	scheme, _, _ := strings.Cut(identifier, ":")
	return strings.ToLower(scheme)
}

func shareIdentifier(a, b *subject) bool {
	return slices.ContainsFunc(a.entity.Identifiers, func(id string) bool { return slices.Contains(b.entity.Identifiers, id) })
}

// judge scores a pair by its names and by everything that is known of both entities.
func (m *matcher) judge(p scoredPair) Pair {
	a, b := m.subjects[p.a], m.subjects[p.b]
	if b.entity.ID < a.entity.ID {
		a, b, p.nameA, p.nameB = b, a, p.nameB, p.nameA
	}
	j := &judgement{a: a, b: b, names: p.names.Score, limit: 1}
	j.reasons = []Reason{{OfName, p.names.Score < weakNames, fmt.Sprintf("%s / %s: %s", p.nameA.text, p.nameB.text, p.names.Why), p.names.Score}}
	j.identifiers()
	j.birth()
	j.country()
	j.posts(m)
	j.dealings(m)
	j.lifetimes()
	j.datasets()
	if p.nameA.folded == p.nameB.folded {
		j.namesakes(m.byName[string(a.entity.Kind)+" "+p.nameA.folded])
	}
	slices.SortStableFunc(j.reasons[1:], func(x, y Reason) int { return cmp.Compare(order(x), order(y)) })
	return Pair{A: a.side(p.nameA), B: b.side(p.nameB), Score: j.score(), Reasons: j.reasons}
}

func (s *subject) side(n *name) Side {
	side := Side{Entity: s.entity, Name: n.text}
	if s.known != nil {
		side.Datasets = s.known.datasets
	}
	return side
}

func order(r Reason) int {
	if r.Against {
		return 1
	}
	return 0
}

// judgement collects the reasons of a pair.
type judgement struct {
	a, b    *subject
	names   float64
	same    bool    // an identifier agrees
	limit   float64 // the highest score
	reasons []Reason
}

func (j *judgement) speaksFor(of Aspect, weight float64, format string, args ...any) {
	j.reasons = append(j.reasons, Reason{of, false, fmt.Sprintf(format, args...), weight})
}

func (j *judgement) speaksAgainst(of Aspect, factor float64, format string, args ...any) {
	j.reasons = append(j.reasons, Reason{of, true, fmt.Sprintf(format, args...), factor})
}

// score computes the score from the reasons, rounded to hundredths.
func (j *judgement) score() float64 {
	score := j.names
	for _, r := range j.reasons[1:] {
		if !r.Against && r.Aspect != OfIdentifier && j.names >= weakNames {
			score += (1 - score) * r.Weight
		}
	}
	if j.same {
		if j.names >= weakNames {
			score = max(score, 0.97)
		} else {
			score = max(score, 0.9)
		}
	}
	for _, r := range j.reasons[1:] {
		if r.Against {
			score *= r.Weight
		}
	}
	return math.Round(100*min(score, j.limit, 0.99)) / 100
}

// identifiers compares the identifiers of each scheme that both have.
func (j *judgement) identifiers() {
	x, y := byScheme(j.a.entity.Identifiers), byScheme(j.b.entity.Identifiers)
	schemes := make([]string, 0, len(x))
	for scheme := range x {
		if len(y[scheme]) > 0 {
			schemes = append(schemes, scheme)
		}
	}
	slices.Sort(schemes)
	for _, scheme := range schemes {
		both := slices.DeleteFunc(slices.Clone(x[scheme]), func(id string) bool { return !slices.Contains(y[scheme], id) })
		switch {
		case len(both) > 0:
			j.same = true
			j.speaksFor(OfIdentifier, 0.97, "both have the identifier %s", few(both))
		case loose()[scheme]:
		case replaceable()[scheme]:
			j.speaksAgainst(OfIdentifier, 0.85, "different identifiers of %s: %s and %s", scheme, few(x[scheme]), few(y[scheme]))
		default:
			j.limit = 0.3
			j.speaksAgainst(OfIdentifier, 0.3, "different identifiers of one register: %s and %s", few(x[scheme]), few(y[scheme]))
		}
	}
}

func byScheme(identifiers []string) map[string][]string {
	all := map[string][]string{}
	for _, id := range identifiers {
		scheme := schemeOf(id)
		all[scheme] = append(all[scheme], id)
	}
	return all
}

// few lists up to three texts, and says how many more there are.
func few(list []string) string {
	if len(list) <= 3 {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:3], ", "), len(list)-3)
}

// birth compares the dates of birth, or of foundation.
func (j *judgement) birth() {
	x, y := j.a.entity.Born, j.b.entity.Born
	if x == "" || y == "" {
		return
	}
	word := "born"
	if j.a.entity.Kind != schema.Person {
		word = "founded"
	}
	spanX, errX := schema.When{Written: x}.Span(schema.Interaction)
	spanY, errY := schema.When{Written: y}.Span(schema.Interaction)
	if errX != nil || errY != nil {
		return
	}
	if spanX.Possible(spanY.From, spanY.To) {
		weight := 0.35
		if len(x) >= 10 && len(y) >= 10 {
			weight = 0.6
		}
		j.speaksFor(OfBirth, weight, "both %s %s", word, agreedDate(x, y))
		return
	}
	days := max(int(spanX.From-spanY.To), int(spanY.From-spanX.To))
	switch {
	case swapped(x, y):
		j.speaksAgainst(OfBirth, 0.95, "%s %s and %s: day and month may be exchanged", word, x, y)
	case yearOf(x) == yearOf(y):
		j.speaksAgainst(OfBirth, 0.7, "%s on different days: %s and %s", word, x, y)
	case days <= 366:
		j.speaksAgainst(OfBirth, 0.65, "%s a year or less apart: %s and %s", word, x, y)
	default:
		j.speaksAgainst(OfBirth, 0.25, "%s at different times: %s and %s", word, x, y)
	}
}

func agreedDate(x, y string) string {
	if x == y {
		return x
	}
	return x + " and " + y + ", which may be the same"
}

func yearOf(date string) string {
	if len(date) >= 4 && strings.Trim(date[:4], "0123456789") == "" {
		return date[:4]
	}
	return ""
}

// swapped reports whether the day of one date is the month of the other, in one year.
func swapped(x, y string) bool {
	return len(x) == 10 && len(y) == 10 && x[:4] == y[:4] && x[5:7] == y[8:] && x[8:] == y[5:7]
}

func (j *judgement) country() {
	x, y := j.a.entity.Country, j.b.entity.Country
	switch {
	case x == "" || y == "":
	case x == y:
		j.speaksFor(OfCountry, 0.1, "both of %s", x)
	case j.a.entity.Kind == schema.Person:
		j.speaksAgainst(OfCountry, 0.85, "of different countries: %s and %s", x, y)
	default:
		j.speaksAgainst(OfCountry, 0.6, "of different countries: %s and %s", x, y)
	}
}

// datasets lowers the score of two entities that one dataset lists, since datasets
// mostly list an entity once.
func (j *judgement) datasets() {
	if j.a.known == nil || j.b.known == nil {
		return
	}
	for _, dataset := range j.a.known.datasets {
		if slices.Contains(j.b.known.datasets, dataset) {
			j.speaksAgainst(OfDataset, 0.9, "the dataset %s lists both", dataset)
			return
		}
	}
}

// namesakes lowers the score of a name that several entities have.
func (j *judgement) namesakes(n int) {
	if n > 2 {
		j.speaksAgainst(OfNamesakes, max(0.75, 1-0.06*math.Log2(float64(n-1))), "%d entities have this name", n)
	}
}
