package wikidata

import (
	"iter"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// classes are the kinds of the commonest classes (P31). A class is known by its id alone:
// the file does not say of what it is a subclass.
var classes = map[string]schema.Kind{
	"Q5": schema.Person,

	"Q6256": schema.Country, "Q3624078": schema.Country, "Q7275": schema.Country, "Q3024240": schema.Country, "Q512187": schema.Country,

	"Q4164871": schema.Post, "Q294414": schema.Post, "Q83307": schema.Post, "Q30185": schema.Post, "Q48352": schema.Post, "Q2285706": schema.Post,
	"Q121998": schema.Post, "Q14212": schema.Post, "Q17279032": schema.Post, "Q303618": schema.Post,

	"Q515": schema.Place, "Q1549591": schema.Place, "Q486972": schema.Place, "Q5119": schema.Place, "Q532": schema.Place, "Q10864048": schema.Place,
	"Q35657": schema.Place, "Q41176": schema.Place, "Q3957": schema.Place, "Q1093829": schema.Place, "Q7930989": schema.Place,

	"Q1656682": schema.Gathering, "Q2020153": schema.Gathering, "Q1072326": schema.Gathering, "Q625994": schema.Gathering, "Q40231": schema.Gathering,

	"Q43229": schema.Institution, "Q7278": schema.Institution, "Q783794": schema.Institution, "Q4830453": schema.Institution,
	"Q6881511": schema.Institution, "Q891723": schema.Institution, "Q3918": schema.Institution, "Q484652": schema.Institution,
	"Q327333": schema.Institution, "Q192350": schema.Institution, "Q11204": schema.Institution, "Q245065": schema.Institution,
	"Q163740": schema.Institution, "Q31855": schema.Institution, "Q11032": schema.Institution, "Q1752346": schema.Institution,
	"Q2659904": schema.Institution, "Q35749": schema.Institution, "Q3914": schema.Institution, "Q15911314": schema.Institution,
	"Q645883": schema.Institution, "Q176799": schema.Institution, "Q1194970": schema.Thing,
}

// hints are properties that only entities of one kind have.
var hints = []struct {
	property string
	kind     schema.Kind
}{
	{"P569", schema.Person}, {"P21", schema.Person}, {"P39", schema.Person}, {"P297", schema.Country}, {"P2389", schema.Post}, {"P1308", schema.Post},
	{"P571", schema.Institution}, {"P159", schema.Institution}, {"P488", schema.Institution}, {"P169", schema.Institution}, {"P625", schema.Place},
}

// kindOf returns the kind of an entity by its classes, or else by what is stated of it.
func kindOf(claims *mapping.Node) schema.Kind {
	for _, s := range byRank(claims.All("P31")) {
		if kind := classes[itemOf(s.Child("mainsnak"))]; kind != "" {
			return kind
		}
	}
	for _, h := range hints {
		if claims.Child(h.property) != nil {
			return h.kind
		}
	}
	return schema.Thing
}

// byRank lists the statements that are not deprecated, the preferred ones first.
func byRank(statements iter.Seq[*mapping.Node]) (all []*mapping.Node) {
	preferred := 0
	for s := range statements {
		switch s.TextOf("rank") {
		case "preferred":
			all = slices.Insert(all, preferred, s)
			preferred++
		case "deprecated":
		default:
			all = append(all, s)
		}
	}
	return all
}

// isOutranked reports whether another statement of the same property, of which one alone can
// be true, is preferred to a statement.
func (x *entity) isOutranked(s *mapping.Node) bool {
	best := byRank(s.Parent.All(s.Name))
	return s.TextOf("rank") == "normal" && best[0].TextOf("rank") == "preferred"
}

// itemOf returns the item that is the value of a snak; empty if there is none.
func itemOf(snak *mapping.Node) string {
	value := snak.Child("datavalue").Child("value")
	if id := value.TextOf("id"); id != "" {
		return id
	}
	if n := value.TextOf("numeric-id"); n != "" {
		return "Q" + n
	}
	return ""
}

// best returns a text in English, in no language, or else in the first language by its
// code; nil for none.
func best(texts *mapping.Node) *mapping.Node {
	if texts == nil {
		return nil
	}
	for _, lang := range []string{"en", "mul", "en-gb", "en-us"} {
		if n := texts.Child(lang).Child("value"); n != nil {
			return n
		}
	}
	var first *mapping.Node
	for _, n := range texts.Children {
		if n.Child("value") != nil && (first == nil || n.Name < first.Parent.Name) {
			first = n.Child("value")
		}
	}
	return first
}

// putNames adds the name, and all labels and aliases in all languages. An item without any
// has its id as its name.
func (x *entity) putNames(i *mapping.Item) {
	name := best(x.row.Child("labels"))
	if name == nil {
		name = x.row.Child("id")
	}
	first := mapping.TextItem(name)
	first.Text = strings.Join(strings.Fields(first.Text), " ")
	i.Put("name", first)
	var aliases []*mapping.Item
	seen := map[string]bool{first.Text: true}
	for _, list := range []string{"labels", "aliases"} {
		group := x.row.Child(list)
		if group == nil {
			continue
		}
		for _, n := range group.Children {
			value := mapping.TextItem(n.Child("value"))
			if value == nil {
				continue
			}
			if value.Text = strings.Join(strings.Fields(value.Text), " "); value.Text == "" || seen[value.Text] {
				continue
			}
			seen[value.Text] = true
			alias := mapping.ItemAt(n)
			alias.Put("value", value)
			if lang := languageOf(n.Name); lang != "" {
				alias.PutText("lang", lang)
			}
			aliases = append(aliases, alias)
		}
	}
	i.Put("aliases", mapping.ListItem(aliases...))
}

// languageOf returns the tag of BCP 47 of a language of Wikidata; empty for what has none.
func languageOf(code string) string {
	switch code {
	case "simple":
		return "en"
	case "mul", "no-wiki":
		return ""
	case "als":
		return "gsw"
	case "zh-classical":
		return "lzh"
	case "zh-min-nan":
		return "nan"
	case "zh-yue":
		return "yue"
	}
	for part := range strings.SplitSeq(code, "-") {
		if len(part) > 8 || part == "" {
			return strings.SplitN(code, "-", 2)[0]
		}
	}
	return code
}

// schemes are the schemes of the identifiers of properties.
var schemes = map[string]string{
	"P213": "isni", "P214": "viaf", "P227": "gnd", "P244": "lcnaf", "P268": "bnf", "P269": "idref", "P345": "imdb", "P496": "orcid",
	"P646": "freebase", "P1278": "lei", "P1320": "opencorporates", "P297": "iso-3166-1", "P298": "iso-3166-1-alpha-3", "P1566": "geonames",
	"P10632": "opensanctions", "P3368": "prabook", "P2002": "twitter", "P856": "website", "P1157": "bioguide",
}

func (x *entity) identifiers(claims *mapping.Node) *mapping.Item {
	own := mapping.TextItem(x.row.Child("id"))
	own.Text = "wikidata:" + own.Text
	all := []*mapping.Item{own}
	if claims == nil {
		return mapping.ListItem(all...)
	}
	for _, s := range byRank(slices.Values(claims.Children)) {
		scheme := schemes[s.Name]
		value := mapping.TextItem(s.Child("mainsnak").Child("datavalue").Child("value"))
		if scheme == "" || value == nil {
			continue
		}
		value.Text = scheme + ":" + value.Text
		if !slices.ContainsFunc(all, func(i *mapping.Item) bool { return i.Text == value.Text }) {
			all = append(all, value)
		}
	}
	return mapping.ListItem(all...)
}

// putBirth adds the date of birth or founding: the preferred one, or else the only one.
// Statements of other dates are counted as left out.
func (x *entity) putBirth(i *mapping.Item, claims *mapping.Node) {
	var dated, preferred, others []*mapping.Node
	for _, property := range []string{"P569", "P571"} {
		for s := range claims.All(property) {
			switch {
			case windowOf(s.Child("mainsnak")) == nil || s.TextOf("rank") == "deprecated":
				others = append(others, s)
			case s.TextOf("rank") == "preferred":
				preferred = append(preferred, s)
			default:
				dated = append(dated, s)
			}
		}
	}
	if len(preferred) > 0 {
		dated, others = preferred, append(others, dated...)
	}
	if len(dated) == 1 {
		i.Put("born", windowOf(dated[0].Child("mainsnak")))
		dated = nil
	}
	for _, s := range append(others, dated...) {
		x.run.Tally.CountUnmapped("claims/" + s.Name)
	}
}
