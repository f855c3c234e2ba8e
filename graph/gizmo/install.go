package gizmo

import (
	"strings"
	"sync"

	"github.com/cayleygraph/quad"
	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
	"github.com/entente-kg/entente/schema"
)

// maxCalls bounds the depth of calls of a script's functions.
const maxCalls = 1000

// disableEval removes eval and the constructors of functions, which compile strings
// while a script runs: such code would escape the bound on scripts, and errors in it
// would have no place.
var disableEval = sync.OnceValue(func() *goja.Program {
	return goja.MustCompile("disableEval", `
(function() {
	for (var f of [function() {}, function*() {}, async function() {}]) {
		Object.defineProperty(Object.getPrototypeOf(f), "constructor", {value: undefined});
	}
	delete globalThis.eval;
	delete globalThis.Function;
})()`, true)
})

// install defines the names that scripts may use in place of Cayley's own.
func (q *run) install() error {
	q.vm.SetMaxCallStackSize(maxCalls)
	q.vm.SetParserOptions(parser.WithDisableSourceMaps)
	if _, err := q.vm.RunProgram(disableEval()); err != nil {
		return err
	}
	q.keysOf, _ = goja.AssertFunction(q.vm.Get("Object").ToObject(q.vm).Get("keys"))
	q.valueOf, _ = goja.AssertFunction(q.vm.Get("Reflect").ToObject(q.vm).Get("get"))
	q.g = q.vm.Get("g").(*goja.Object)
	q.functions = q.vm.NewObject()
	q.paths = q.vm.NewObject()
	for _, m := range allMethods() {
		for _, name := range m.names {
			q.defineMethod(name, m.call)
		}
	}
	q.paths.Set("toString", func(fc goja.FunctionCall) goja.Value {
		return q.vm.ToValue("[" + strings.TrimPrefix(describe(classify(fc.This)), "a ") + "]")
	})
	g := q.graphObject()
	for name, f := range functions() {
		q.functions.Set(name, q.vm.Get(name))
		q.defineFunction(q.vm.GlobalObject(), name, f)
	}
	for _, name := range []string{"g", "graph"} {
		q.vm.Set(name, g)
	}
	return q.vm.Set("verb", q.vm.NewDynamicObject(verbObject{q}))
}

// defineMethod defines a method of paths, also in Cayley's older spelling with a
// capital letter.
func (q *run) defineMethod(name string, f func(*call, *wrapper) goja.Value) {
	m := func(fc goja.FunctionCall) goja.Value {
		c := q.call(name, fc.Arguments)
		defer c.args.recoverPanic()
		p, ok := classify(fc.This).(*wrapper)
		if !ok || p.filter != nil {
			c.args.fail("is a method of paths; called on %s", describe(classify(fc.This)))
		}
		return f(c, p)
	}
	q.paths.Set(name, m)
	q.paths.Set(strings.ToUpper(name[:1])+name[1:], m)
}

func (q *run) defineFunction(on *goja.Object, name string, f func(*call) goja.Value) {
	on.Set(name, func(fc goja.FunctionCall) goja.Value {
		c := q.call(name, fc.Arguments)
		defer c.args.recoverPanic()
		return f(c)
	})
}

// functions returns the global functions: Cayley's, then the others.
func functions() map[string]func(*call) goja.Value {
	return map[string]func(*call) goja.Value{
		"iri":      makeTerm,
		"bnode":    makeTerm,
		"raw":      makeTerm,
		"str":      makeTerm,
		"lang":     makeTextTerm,
		"typed":    makeTextTerm,
		"lt":       makeComparison,
		"lte":      makeComparison,
		"gt":       makeComparison,
		"gte":      makeComparison,
		"regex":    makePattern,
		"like":     makePattern,
		"date":     makeDate,
		"between":  makeWindow,
		"entity":   startAtEntity,
		"edges":    edgeFacts,
		"evidence": factEvidence,
		"called":   entityName,
	}
}

// makeTerm is the function iri, bnode, raw or str. It makes a value of the graph
// from a string.
func makeTerm(c *call) goja.Value {
	s := c.args.nonEmptyText()
	c.args.refuseRest()
	return c.engine.callFunction(c.args.name, s)
}

// makeTextTerm is the function lang or typed. It makes a string with a language
// or a type.
func makeTextTerm(c *call) goja.Value {
	a, b := c.args.text("a string"), c.args.nonEmptyText()
	c.args.refuseRest()
	return c.engine.callFunction(c.args.name, c.vm.ToValue(a), b)
}

// graphObject returns the object that scripts see as g and graph.
func (q *run) graphObject() *goja.Object {
	g := q.vm.NewObject()
	for name, f := range graphMethods() {
		q.defineFunction(g, name, f)
		q.defineFunction(g, strings.ToUpper(name[:1])+name[1:], f)
	}
	return g
}

// graphMethods returns the methods of g. Each is also defined in Cayley's older
// spelling with a capital letter.
func graphMethods() map[string]func(*call) goja.Value {
	return map[string]func(*call) goja.Value{
		"V": startAtNodes, "Vertex": startAtNodes,
		"M": startMorphism, "Morphism": startMorphism,
		"IRI": expandIRI, "Uri": expandIRI,
		"addNamespace":         addNamespace,
		"addDefaultNamespaces": loadNamespaces,
		"loadNamespaces":       loadNamespaces,
		"emit":                 emitValue,
	}
}

func startAtNodes(c *call) goja.Value {
	return c.wrap(c.paths.start(c.resolver.values(valuePlace{})...))
}

// startAtEntity is the function entity. It returns a path that starts at the
// entity with a name.
func startAtEntity(c *call) goja.Value {
	v := c.resolver.entity(c.args.read())
	c.args.refuseRest()
	return c.wrap(c.paths.start(c.vm.ToValue(v)))
}

// entityName is the function called. It returns the name of an entity as a
// string.
func entityName(c *call) goja.Value {
	v := c.resolver.entity(c.args.read())
	c.args.refuseRest()
	iri, _ := v.(quad.IRI)
	label, err := c.run.runner.label(c.run.ctx, schema.ID(iri))
	if err != nil {
		c.args.fail("%w", err)
	}
	return c.vm.ToValue(label)
}

func startMorphism(c *call) goja.Value {
	c.args.refuseRest()
	return c.wrap(&wrapper{native: c.engine.callG("M").(*goja.Object)})
}

func expandIRI(c *call) goja.Value {
	s := c.args.nonEmptyText()
	c.args.refuseRest()
	return c.engine.callG("IRI", s)
}

func addNamespace(c *call) goja.Value {
	prefix, full := c.args.nonEmptyText(), c.args.nonEmptyText()
	c.args.refuseRest()
	return c.engine.callG("addNamespace", prefix, full)
}

func loadNamespaces(c *call) goja.Value {
	c.args.refuseRest()
	return c.engine.callG(strings.ToLower(c.args.name[:1]) + c.args.name[1:])
}
