// Package rdf reads what RDF says of people, organizations, posts and memberships as
// entities and facts. The file terms.yaml says which terms of the Popolo, schema.org,
// FOAF and W3C ORG vocabularies mean what.
package rdf

import (
	_ "embed" // the table
	"fmt"
	"strings"
	"sync"

	"github.com/entente-kg/entente/schema"
	"github.com/entente-kg/entente/schema/pattern"
	"gopkg.in/yaml.v3"
)

//go:embed terms.yaml
var terms []byte

// table says what terms mean, by their IRIs.
type table struct {
	classes map[string]string // a type, or a predicate that implies one → a list of Popolo
	implied map[string]string
	keys    map[string]key
	values  map[string]string // an object → a word
	facts   map[string]relation
}

// key is a key of Popolo and the form of its value.
type key struct{ name, form string }

// relation is the fact that a predicate states.
type relation struct {
	Of       []string
	Verb     string
	From, To schema.Kind
	Inverse  bool
}

// meanings returns the table, which is parsed once.
var meanings = sync.OnceValues(parse)

func parse() (*table, error) {
	var file struct {
		Prefixes        map[string]string
		Classes, Values map[string][]string
		Implied         map[string][]string
		Keys            map[string]struct {
			Form string
			Of   []string
		}
		Facts []relation
	}
	if err := yaml.Unmarshal(terms, &file); err != nil {
		return nil, fmt.Errorf("terms.yaml: %w", err)
	}
	t := &table{make(map[string]string), make(map[string]string), make(map[string]key), make(map[string]string), make(map[string]relation)}
	each := func(terms []string, do func(iri string)) {
		for _, term := range terms {
			prefix, name, _ := strings.Cut(term, ":")
			iri := file.Prefixes[prefix] + name
			do(iri)
			if rest, is := strings.CutPrefix(iri, "http://schema.org/"); is {
				do("https://schema.org/" + rest)
			}
		}
	}
	for _, lists := range []struct {
		from map[string][]string
		into map[string]string
	}{{file.Classes, t.classes}, {file.Implied, t.implied}, {file.Values, t.values}} {
		for name, terms := range lists.from {
			each(terms, func(iri string) { lists.into[iri] = name })
		}
	}
	for name, k := range file.Keys {
		each(k.Of, func(iri string) { t.keys[iri] = key{name, k.Form} })
	}
	for _, r := range file.Facts {
		each(r.Of, func(iri string) { t.facts[iri] = r })
	}
	return t, nil
}

// undeclared recognizes the error of a prefix that a text does not declare.
var undeclared = pattern.New(`the prefix ([a-z]+): is not declared$`)

// Declaration returns how to declare the prefix that an error names, if it is a common
// one; empty if it is not.
func Declaration(err error) string {
	m := undeclared().FindStringSubmatch(err.Error())
	if m == nil {
		return ""
	}
	var file struct{ Prefixes map[string]string }
	if yaml.Unmarshal(terms, &file) != nil || file.Prefixes[m[1]] == "" {
		return ""
	}
	return fmt.Sprintf("if it is the usual one, add the line @prefix %s: <%s> .", m[1], file.Prefixes[m[1]])
}
