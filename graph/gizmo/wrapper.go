package gizmo

import (
	"maps"
	"slices"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
)

// wrapper is a path, a filter or a verb as scripts hold it: Cayley's own object,
// which the script cannot reach, and what later steps must know about it. It
// exports nothing, so JavaScript sees only the methods of its prototype.
type wrapper struct {
	native     *goja.Object
	filter     *filter      // nil for paths and verbs
	verb       quad.IRI     // empty for paths and filters
	startNodes []quad.Value // the nodes of g.V or entity, if no step follows

	steps        int               // how many steps Cayley will walk
	factor       int               // how many times Cayley walks the steps before this path if it is followed
	tags         []string          // that back can return to
	blockedTags  map[string]string // tags that back cannot return to, with the step that prevents it
	irreversible string            // the last step that cannot be walked backwards

	lastTags     []string // tags of the last step
	labelContext bool     // a label context is in force
	pageStep     string   // limit or skip, if the path has such a step

	kinds   valueKinds // of the values at the end of the path
	columns []string   // of the rows, beside id
}

// markIrreversible records a step that followR cannot walk backwards and back
// cannot cross, except to some tags.
func (b *wrapper) markIrreversible(step string, but ...string) {
	b.irreversible = step
	b.blockedTags = blockTags(b.blockedTags, step, slices.DeleteFunc(slices.Clone(b.tags), func(tag string) bool { return slices.Contains(but, tag) }))
}

// blockTags adds the step that prevents a return to tags that have no such step.
func blockTags(blocked map[string]string, step string, tags []string) map[string]string {
	blocked = maps.Clone(blocked)
	if blocked == nil {
		blocked = make(map[string]string)
	}
	for _, tag := range tags {
		if blocked[tag] == "" {
			blocked[tag] = step
		}
	}
	return blocked
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
