package format

import (
	"slices"

	"github.com/entente-kg/entente/loaders/keys"
	"github.com/entente-kg/entente/schema"
)

// shape is what is known of the values in one place of a file: the order of keys in
// a mapping, and the shapes of the values under them.
type shape struct {
	first, last []string          // the keys before and after those that are not listed
	values      map[string]*shape // of the value of a key, or of the items of a list there
	rest        *shape            // of the values of all other keys; nil for this shape itself
	dates       []string          // the keys whose values are dates

	sorted   func(*node, dateOrder) sortKey // of the items of a list; nil where their order stays
	isInline bool                           // a mapping that may stand in braces
	isFree   bool                           // of unknown shape: the style of collections stays
}

// free is the shape of values of which nothing is known.
func free() *shape { return &shape{isFree: true} }

// of returns the shape of the value of a key. Values of unknown shape contain no
// others.
func (s *shape) of(key string) *shape {
	if v := s.values[key]; v != nil {
		return v
	}
	if s.rest != nil {
		return s.rest
	}
	return s
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

// builder makes the shapes of the sections of a dataset, each once.
type builder struct {
	vocabulary *schema.Vocabulary
	made       map[keys.Section]*shape
}

// datasetShape returns the shape of a dataset.
func datasetShape() *shape {
	b := &builder{schema.DefaultVocabulary(), make(map[keys.Section]*shape)}
	return b.section(keys.Dataset)
}

// section returns the shape of a mapping. Lists of mappings are its last keys, below
// those that only the vocabulary of a user has, since they are long.
func (b *builder) section(of keys.Section) *shape {
	if s := b.made[of]; s != nil {
		return s
	}
	s := &shape{values: make(map[string]*shape), rest: &shape{}, isInline: of == keys.Alias}
	b.made[of] = s
	for _, k := range keys.Of(b.vocabulary, of) {
		if k.Shape == keys.Date || k.Shape == keys.Day {
			s.dates = append(s.dates, k.Name)
		}
		if v := b.value(k); v != nil {
			s.values[k.Name] = v
		}
		if k.Shape == keys.Posts || k.Shape == keys.Claims {
			s.last = append(s.last, k.Name)
		} else {
			s.first = append(s.first, k.Name)
		}
	}
	return s
}

// value returns the shape of the value of a key; nil for texts.
func (b *builder) value(k keys.Key) *shape {
	switch k.Shape {
	case keys.Sets, keys.Roles, keys.Verbs, keys.Widest, keys.Codes:
		return free()
	case keys.Values:
		return b.section(keys.Defaults)
	case keys.Aliases:
		return b.section(keys.Alias)
	case keys.Posts:
		return b.section(keys.Post)
	case keys.Claims:
		return b.section(keys.Evidence)
	case keys.Copy:
		return b.section(keys.Archived)
	case keys.Citation:
		return b.section(keys.Source)
	case keys.Entities:
		return sortedBy(b.section(keys.Entity), entitySortKey)
	case keys.Sources:
		return sortedBy(b.section(keys.Source), sourceSortKey)
	case keys.Facts:
		return sortedBy(b.section(keys.Fact), factSortKey)
	}
	return nil
}

func sortedBy(s *shape, key func(*node, dateOrder) sortKey) *shape {
	c := *s
	c.sorted = key
	return &c
}

// isDataset reports whether a mapping has a key of a dataset, lists where a dataset has
// lists, and no key of another file.
func isDataset(root *node, s *shape) bool {
	known := false
	for _, e := range root.entries {
		if isList := s.of(e.name()).sorted != nil; isList && !e.value.isList() && !e.value.isEmpty() {
			return false
		}
		if slices.Contains(s.first, e.name()) {
			known = true
		} else if slices.Contains(otherKeys(), e.name()) {
			return false
		}
	}
	return known
}

// otherKeys are the keys of mappings.
func otherKeys() []string {
	return []string{"rows", "columns", "skip", "separator", "lookups", "if", "unless"}
}
