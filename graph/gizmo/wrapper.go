package gizmo

import (
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// wrapper is a path or a filter as scripts hold it: Cayley's own object, out of
// reach, and what must be known to use it safely. It has nothing exported, so
// that JavaScript sees only the methods of its prototype.
type wrapper struct {
	native     *goja.Object
	filter     *filter      // set for filters alone
	verb       quad.IRI     // set for verbs alone
	startNodes []quad.Value // the nodes that g.V or entity was given, where nothing follows

	steps        int               // how many steps Cayley will walk
	factor       int               // by how much the path multiplies the steps before it
	tags         []string          // where back can go
	blockedTags  map[string]string // tags that back cannot reach, and the step between
	irreversible string            // a step that cannot be walked backwards

	lastTags     []string // what the last step tagged
	labelContext bool     // a label context is in force
	pageStep     string   // limit or skip, where one is part of the path

	kinds   valueKinds // what the path has got to
	columns []string   // what its rows have beside id
}

// markIrreversible marks a step that followR cannot cross, and back to no tags but some.
func (b *wrapper) markIrreversible(step string, but ...string) {
	b.irreversible = step
	b.blockedTags = blockTags(b.blockedTags, step, slices.DeleteFunc(slices.Clone(b.tags), func(tag string) bool { return slices.Contains(but, tag) }))
}

// blockTags adds a step before tags that have none before them.
func blockTags(walls map[string]string, step string, tags []string) map[string]string {
	walls = maps.Clone(walls)
	if walls == nil {
		walls = make(map[string]string)
	}
	for _, tag := range tags {
		if walls[tag] == "" {
			walls[tag] = step
		}
	}
	return walls
}

func (b *wrapper) describe() string {
	switch {
	case b.filter != nil:
		return "a filter"
	case b.verb != "":
		return "a verb"
	}
	return "a path"
}

func (b *wrapper) place() valuePlace { return valuePlace{b.kinds, "the path is at"} }
