package format

import (
	"slices"

	"github.com/entente-kg/entente/schema"
)

// shape is what is known of the values in one place of a file: the order of keys in
// a mapping, and the shapes of the values under them.
type shape struct {
	first, last []string          // the keys before and after those that are not listed
	values      map[string]*shape // of the value of a key, or of the items of a list there
	dates       []string          // the keys whose values are dates

	sorted   func(*node, dateOrder) sortKey // of the items of a list; nil where their order stays
	isInline bool                           // a mapping that may stand in braces
	isFree   bool                           // of unknown shape: the style of collections stays
}

// free is the shape of values of which nothing is known.
func free() *shape { return &shape{isFree: true} }

// of returns the shape of the value of a key.
func (s *shape) of(key string) *shape {
	if v := s.values[key]; v != nil {
		return v
	}
	return &shape{isFree: s.isFree}
}

func (s *shape) isDate(key string) bool { return slices.Contains(s.dates, key) }

// rank returns the place of a key among the keys of a mapping.
func (s *shape) rank(key string) int {
	if i := slices.Index(s.first, key); i >= 0 {
		return i
	}
	if i := slices.Index(s.last, key); i >= 0 {
		return len(s.first) + 1 + i
	}
	return len(s.first)
}

// entityLists are the keys of a dataset whose values are lists of entities.
func entityLists() []string {
	return []string{"people", "posts", "institutions", "groups", "countries", "places", "gatherings", "things", "entities"}
}

// datasetKeys are the keys of a dataset, in their order.
func datasetKeys() []string {
	return slices.Concat([]string{"about", "dataset", "dates", "verbs", "sources", "defaults"}, entityLists(), []string{"facts"})
}

// whenKeys are the keys of a date, in their order.
func whenKeys() []string {
	return []string{"when", "since", "until", "words", "anchor", "from-by", "to-by", "attested"}
}

// evidenceKeys are the keys of evidence, without dates and place, in their order.
func evidenceKeys() []string {
	return []string{"source", "quote", "locator", "start", "end", "stance", "said-by", "via", "method", "confidence", "note", "duration", "count"}
}

func dateKeys() []string { return []string{"when", "since", "until", "anchor", "from-by", "to-by"} }

// factKeys are the keys of a fact before and after the keys that a vocabulary of
// the user adds.
func factKeys() (first, last []string) {
	first = slices.Concat([]string{"fact", "verb", "actor-kind", "actor", "party", "recipient-kind", "recipient", "key", "source-key"},
		whenKeys(), []string{"topic", "status", "at-kind", "at"})
	for _, role := range schema.DefaultVocabulary().Roles() {
		if !slices.Contains(first, string(role)) {
			first = append(first, string(role))
		}
	}
	for _, link := range schema.LinkTypes() {
		last = append(last, string(link))
	}
	return first, slices.Concat(last, evidenceKeys(), []string{"evidence"})
}

// datasetShape returns the shape of a dataset.
func datasetShape() *shape {
	alias := &shape{first: []string{"value", "lang"}, isInline: true}
	source := &shape{
		first:  []string{"key", "title", "name", "id", "kind", "aliases", "publisher", "author", "published", "url", "archived", "accessed", "language", "sha256", "identifiers", "description"},
		values: map[string]*shape{"aliases": alias}, dates: []string{"published", "accessed"},
	}
	evidence := &shape{
		first:  slices.Concat(evidenceKeys()[:10], whenKeys(), []string{"at"}, evidenceKeys()[10:]),
		values: map[string]*shape{"source": source}, dates: dateKeys(),
	}
	fact := &shape{values: map[string]*shape{"source": source, "evidence": evidence}, dates: dateKeys()}
	fact.first, fact.last = factKeys()
	held := &shape{first: append([]string{"post"}, fact.first...), last: fact.last, values: fact.values, dates: fact.dates}
	entity := &shape{
		first:  []string{"kind", "name", "id", "aliases", "country", "born", "identifiers", "description"},
		last:   []string{"posts"},
		values: map[string]*shape{"aliases": alias, "posts": held}, dates: []string{"born"},
	}
	root := &shape{first: datasetKeys(), values: map[string]*shape{
		"about": {}, "dataset": {}, "verbs": free(), "facts": sortedBy(fact, factSortKey), "sources": sortedBy(source, sourceSortKey),
		"defaults": {first: append([]string{"status"}, evidence.first...), values: evidence.values},
	}}
	for _, list := range entityLists() {
		root.values[list] = sortedBy(entity, entitySortKey)
	}
	return root
}

func sortedBy(s *shape, key func(*node, dateOrder) sortKey) *shape {
	c := *s
	c.sorted = key
	return &c
}

// isDataset reports whether a mapping has the keys of a dataset, and lists where a
// dataset has lists. Files of verbs and mappings have other keys.
func isDataset(root *node) bool {
	known := datasetKeys()
	lists := append(entityLists(), "sources", "facts")
	for _, e := range root.entries {
		if e.name() == "" || e.name()[0] == '_' {
			continue
		}
		if !slices.Contains(known, e.name()) {
			return false
		}
		if slices.Contains(lists, e.name()) && !e.value.isList() && !e.value.isEmpty() {
			return false
		}
	}
	return root.find("verbs") == nil || len(root.entries) > 1
}

// otherKeys are the keys of files of verbs and of mappings that datasets do not
// have.
func otherKeys() []string {
	return []string{"verbs", "roles", "sets", "widest", "codes", "rows", "columns", "skip", "separator", "lookups"}
}
