package gizmo

import (
	"strings"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// maxCalls bounds how deep a script's functions may call each other.
const maxCalls = 1000

// lockdown takes away what compiles strings while a script runs: it would
// escape the bound on scripts, and their places in errors.
var lockdown = goja.MustCompile("lockdown", `
(function() {
	for (var f of [function() {}, function*() {}, async function() {}]) {
		Object.defineProperty(Object.getPrototypeOf(f), "constructor", {value: undefined});
	}
	delete globalThis.eval;
	delete globalThis.Function;
})()`, true)

// install puts what scripts may use in place of Cayley's own names.
func (q *run) install() error {
	q.vm.SetMaxCallStackSize(maxCalls)
	q.vm.SetParserOptions(parser.WithDisableSourceMaps)
	if _, err := q.vm.RunProgram(lockdown); err != nil {
		return err
	}
	q.keysOf, _ = goja.AssertFunction(q.vm.Get("Object").ToObject(q.vm).Get("keys"))
	q.valueOf, _ = goja.AssertFunction(q.vm.Get("Reflect").ToObject(q.vm).Get("get"))
	q.cayley = q.vm.Get("g").(*goja.Object)
	q.env = q.vm.NewObject()
	q.paths = q.vm.NewObject()
	for _, m := range methods() {
		for _, name := range m.names {
			q.method(name, m.call)
		}
	}
	q.paths.Set("toString", func(fc goja.FunctionCall) goja.Value {
		return q.vm.ToValue("[" + strings.TrimPrefix(describe(classify(fc.This)), "a ") + "]")
	})
	g := q.graphObject()
	for name, f := range functions() {
		q.env.Set(name, q.vm.Get(name))
		q.function(q.vm.GlobalObject(), name, f)
	}
	for _, name := range []string{"g", "graph"} {
		q.vm.Set(name, g)
	}
	return q.vm.Set("verb", q.vm.NewDynamicObject(verbs{q}))
}

// method defines a method of paths, also in Cayley's older spelling with a
// capital letter.
func (q *run) method(name string, f func(*call, *box) goja.Value) {
	m := func(fc goja.FunctionCall) goja.Value {
		c := &call{run: q, name: name, args: fc.Arguments}
		defer c.shield()
		p, ok := classify(fc.This).(*box)
		if !ok || p.filter != nil {
			c.fail("is a method of paths; called on %s", describe(classify(fc.This)))
		}
		return f(c, p)
	}
	q.paths.Set(name, m)
	q.paths.Set(strings.ToUpper(name[:1])+name[1:], m)
}

func (q *run) function(on *goja.Object, name string, f func(*call) goja.Value) {
	on.Set(name, func(fc goja.FunctionCall) goja.Value {
		c := &call{run: q, name: name, args: fc.Arguments}
		defer c.shield()
		return f(c)
	})
}

// functions lists the global functions: Cayley's, then ours.
func functions() map[string]func(*call) goja.Value {
	return map[string]func(*call) goja.Value{
		"iri":      (*call).term,
		"bnode":    (*call).term,
		"raw":      (*call).term,
		"str":      (*call).term,
		"lang":     (*call).terms,
		"typed":    (*call).terms,
		"lt":       (*call).compare,
		"lte":      (*call).compare,
		"gt":       (*call).compare,
		"gte":      (*call).compare,
		"regex":    (*call).match,
		"like":     (*call).match,
		"date":     (*call).date,
		"between":  (*call).between,
		"entity":   (*call).entity,
		"edges":    (*call).edges,
		"evidence": (*call).evidence,
		"called":   (*call).called,
	}
}

const aText = "a string that is not empty"

// term makes a value from a string, terms one from two.
func (c *call) term() goja.Value {
	s := c.filled()
	c.end()
	return c.native(c.env, c.name, s)
}

func (c *call) terms() goja.Value {
	a, b := c.text("a string"), c.filled()
	c.end()
	return c.native(c.env, c.name, c.vm.ToValue(a), b)
}

func (c *call) filled() goja.Value {
	s := c.text(aText)
	if s == "" {
		c.failArg(aText, s)
	}
	return c.vm.ToValue(s)
}

// graphObject is what scripts see as g and graph.
func (q *run) graphObject() *goja.Object {
	g := q.vm.NewObject()
	for name, f := range graphMethods() {
		q.function(g, name, f)
		q.function(g, strings.ToUpper(name[:1])+name[1:], f)
	}
	return g
}

// graphMethods lists what g has, also in Cayley's older spelling with a capital
// letter.
func graphMethods() map[string]func(*call) goja.Value {
	return map[string]func(*call) goja.Value{
		"V": (*call).vertex, "Vertex": (*call).vertex,
		"M": (*call).morphism, "Morphism": (*call).morphism,
		"IRI": (*call).namespaced, "Uri": (*call).namespaced,
		"addNamespace":         (*call).addNamespace,
		"addDefaultNamespaces": (*call).namespaces,
		"loadNamespaces":       (*call).namespaces,
		"emit":                 (*call).emit,
	}
}

func (c *call) vertex() goja.Value {
	return c.built(c.nodes(c.values(slot{})...))
}

func (c *call) nodes(values ...goja.Value) *box {
	b := &box{native: c.native(c.cayley, "V", values...).(*goja.Object), steps: 1}
	for i, v := range values {
		end := v.Export().(quad.Value)
		b.ends = append(b.ends, end)
		if s := sortOf(end); i == 0 {
			b.at = s
		} else {
			b.at = b.at.or(s)
		}
	}
	return b
}

func (c *call) morphism() goja.Value {
	c.end()
	return c.built(&box{native: c.native(c.cayley, "M").(*goja.Object)})
}

func (c *call) namespaced() goja.Value {
	s := c.filled()
	c.end()
	return c.native(c.cayley, "IRI", s)
}

func (c *call) addNamespace() goja.Value {
	prefix, full := c.filled(), c.filled()
	c.end()
	return c.native(c.cayley, "addNamespace", prefix, full)
}

func (c *call) namespaces() goja.Value {
	c.end()
	return c.native(c.cayley, strings.ToLower(c.name[:1])+c.name[1:])
}
