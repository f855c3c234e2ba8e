package gizmo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/gizmo"
)

// weirdCalls calls each function and method with values of every kind, and emits
// each outcome that is neither a result nor an error of this package.
const weirdCalls = `
function itself() { return arguments }
var far = [undefined, null, {}, [], [[]], [null], [[["<a>"]]], NaN, Infinity, -Infinity, -1, 0, 1, 0.5, 1e300,
	9007199254740993, -1e18, "", "<>", "<", "_:", "_:b", "x", "\ud800", "\u0000", "2023-07-12", true,
	function() {}, function() { throw 1 }, Symbol("x"), 10n, new Date(), new Date(NaN), /x/, new Map(),
	new Proxy({}, {get() { throw 2 }}), new Proxy([], {}), new Proxy(function() {}, {}), Object.create(null),
	g, g.V, g.V(), g.M(), g.V("<person:xie-feng>"), g.M().out("<dip:met>"), verb.met, verb, lt(1), regex("x"),
	like("*"), iri("x"), typed("a", "b"), lang("a", "b"), date("2023-01-01"), new String("a"), new Number(3),
	new Boolean(false), ["<dip:met>"], ["a", 1], [g.V()], [g.V(), "<a>"], [verb.met], Promise.resolve(1),
	new Error("x"), new Uint8Array(4), itself(), globalThis, JSON, g.V().labels(), g.V().tag("t"),
	g.M().labels(), g.V().both(), between("2023"), edges("Xie Feng"), {length: 3}, {length: -1}, {length: 1e9}];
var calls = 0, odd = {};
function attempt(name, f) {
	calls++;
	try { use(f()) } catch (e) {
		if (e === 1 || e === 2) return; // thrown by the arguments
		var message = String(e && e.message || e);
		if (!/^[A-Za-z]+: /.test(message) || /in Cayley|runtime error|cannot do this/.test(message)) {
			odd[name + ": " + message] = true;
		}
	}
}
function use(r) { if (r && r.toArray) { r.toArray(2); r.tagValue() } }
var paths = [g.V("<person:xie-feng>").tag("t"), g.V(), g.M(), g.V("<person:xie-feng>").labels(), g.V("<none>")];
function methods(name) {
	paths.forEach(function(p) {
		attempt(name, function() { return p[name]() });
		far.forEach(function(w) {
			attempt(name, function() { return p[name](w) });
			attempt(name, function() { return p[name]("<dip:met>", w) });
			attempt(name, function() { return p[name](w, "x") });
			attempt(name, function() { return p[name].call(w, "<dip:met>") });
		});
	});
}
Object.getOwnPropertyNames(Object.getPrototypeOf(g.V())).filter(function(n) { return /^[a-z]/.test(n) }).forEach(methods);
Object.keys(g).forEach(function(name) {
	far.forEach(function(w) { [[w], [w, w], []].forEach(function(a) {
		attempt(name, function() { return g[name].apply(null, a) });
	})});
});
["iri", "bnode", "raw", "str", "lang", "typed", "lt", "lte", "gt", "gte", "regex", "like",
	"date", "between", "entity", "edges"].forEach(function(name) {
	far.forEach(function(w) {
		[[], [w], [w, w], ["<a>", w], [w, "<dip:met>"], ["<person:xie-feng>", w, w]].forEach(function(a) {
			attempt(name, function() {
				var made = globalThis[name].apply(null, a);
				use(made);
				attempt("has", function() { return g.V().has("<dip:from>", made) });
				attempt("filter", function() { return g.V("<person:xie-feng>").filter(made) });
				attempt("is", function() { return g.V().is(made) });
			});
		});
	});
});
g.emit({calls: calls});
Object.keys(odd).forEach(function(o) { g.emit({odd: o}) });
`

func TestWeirdCalls(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of calls")
	}
	calls := ""
	for row, err := range gizmo.New(memory(t), nil).Run(t.Context(), weirdCalls, gizmo.Limits{Timeout: 2 * time.Minute}) {
		if err != nil {
			t.Fatal(err)
		}
		if odd := row.Text("odd"); odd != "" {
			t.Error(odd)
		}
		calls = row.Text("calls") + calls
	}
	if len(calls) < 5 {
		t.Errorf("only %q calls", calls)
	}
}

func TestArguments(t *testing.T) {
	wantErrors(t, map[string]string{
		`g.V().out({})`:                  `query:1:10: out: argument 1 must be an IRI, a string or a path; got an object`,
		`g.V().out(["<a>", {}])`:         `query:1:10: out: argument 1 must be a list of IRIs; got an object`,
		`g.V().out([])`:                  `query:1:10: out: argument 1 is an empty list`,
		`g.V().in("<a>", 3)`:             `query:1:9: in: argument 2 must be a tag: a string that is not empty; got 3`,
		`g.V().both(function() {})`:      `query:1:11: both: argument 1 must be an IRI, a string or a path; got a function`,
		`g.V().has()`:                    `query:1:10: has: argument 1 must be an IRI or a string; got nothing`,
		`g.V().has(g.V())`:               `query:1:10: has: argument 1 must be an IRI or a string; got a path`,
		`g.V().has("<a>", "<b>", lt(1))`: `query:1:10: has: argument 3 must be a node, since the arguments before it are nodes; write filters in a call of their own; got a filter`,
		`g.V().filter("x")`:              `query:1:13: filter: argument 1 must be a filter: lt, lte, gt, gte, regex or like; got the string "x"`,
		`g.V().follow()`:                 `query:1:13: follow: argument 1 must be a path; got nothing`,
		`g.V().follow("<a>")`:            `query:1:13: follow: argument 1 must be a path; got the string "<a>"`,
		`g.V().limit("x")`:               `query:1:12: limit: argument 1 must be a whole number from -1 to 2147483647; got the string "x"`,
		`g.V().skip(-1)`:                 `query:1:11: skip: argument 1 must be a whole number from 0 to 2147483647; got -1`,
		`g.V(NaN)`:                       `query:1:4: V: argument 1 is NaN, which is no number of the graph`,
		`g.V("")`:                        `query:1:4: V: argument 1 is an empty string`,
		`g.V(null)`:                      `query:1:4: V: argument 1 must be an IRI, a string, a number or a boolean; got null`,
		`g.V("person:xie-feng")`:         `query:1:4: V: argument 1 "person:xie-feng" is a text; for the id write "<person:xie-feng>"`,
		`g.V().out("dip:met")`:           `query:1:10: out: argument 1 "dip:met" is a text; for the id write "<dip:met>"`,
	})
}

func TestMoreArguments(t *testing.T) {
	wantErrors(t, map[string]string{
		`g.V().unique(1)`:                               `query:1:13: unique: takes no arguments; got 1`,
		`g.V().save("<a>", "b", "c")`:                   `query:1:11: save: takes 2 arguments; got 3`,
		`g.V().save("<a>", null)`:                       `query:1:11: save: argument 2 must be a tag: a string that is not empty; got null`,
		`g.V().tag()`:                                   `query:1:10: tag: argument 1 must be a tag: a string that is not empty; got nothing`,
		`g.V().tag("a").back("b")`:                      `query:1:20: back: nothing on this path is tagged "b", only ["a"]`,
		`g.V().tag("a").labels().back("a")`:             `query:1:29: back: cannot walk labels backwards, to "a"`,
		`g.V().followR(g.M().inPredicates())`:           `query:1:14: followR: cannot walk inPredicates backwards`,
		`g.V().followRecursive()`:                       `query:1:22: followRecursive: argument 1 must be an IRI, a string or a path; got nothing`,
		`g.V().forEach()`:                               `query:1:14: forEach: argument 1 must be a function; got nothing`,
		`g.V().all.call({})`:                            `query:1:15: all: is a method of paths; called on an object`,
		`g.emit(g.V())`:                                 `query:1:7: emit: a path is no result; end it with .toArray()`,
		`var a = []; a[0] = a; g.emit(a)`:               `query:1:29: emit: the value is nested too deeply, or within itself`,
		`regex("<a>")`:                                  `query:1:6: regex: regexps are not allowed on IRIs`,
		"regex(\"(\")":                                  "query:1:6: regex: error parsing regexp: missing closing ): `(`",
		`iri({})`:                                       `query:1:4: iri: argument 1 must be a string that is not empty; got an object`,
		`var m = g.M().out(); for (;;) m = m.follow(m)`: `query:1:43: follow: the path has more than 4096 steps, counting twice what both and labels walk twice`,
		`var p = g.V(); for (;;) p = p.both()`:          `query:1:35: both: the path has more than 4096 steps, counting twice what both and labels walk twice`,
	})
}

func TestPlaces(t *testing.T) {
	wantErrors(t, map[string]string{
		"g.V(\"<a>\")\n  .out({})":         `query:2:7: out: argument 1 must be an IRI, a string or a path; got an object`,
		"var x = 1;\n\nx = (":              `query:3:6: unexpected end of input`,
		"x.y":                              `query:1:1: ReferenceError: x is not defined`,
		"/* 谢锋 */ x.y":                     `query:1:10: ReferenceError: x is not defined`,
		"null.x":                           `query:1:6: TypeError: Cannot read property 'x' of undefined`,
		"throw 'x'":                        `query:1:1: x`,
		"throw new Error('x')":             `query:1:7: Error: x`,
		"throw {toString() { throw 1 }}":   `query:1:1: an error that cannot be shown`,
		"function f() {\n g.V(NaN) }\nf()": `query:2:5: V: argument 1 is NaN, which is no number of the graph`,
		"g.V('<dip:met>').forEach(function(d) {\n d.x.y })":    `query:2:6: TypeError: Cannot read property 'y' of undefined`,
		"g.V('<dip:met>').forEach(function(d) {\n g.V(NaN) })": `query:2:5: V: argument 1 is NaN, which is no number of the graph`,
		"[3, 2, 1].sort(function() { return g.V(null) })":      `query:1:39: V: argument 1 must be an IRI, a string, a number or a boolean; got null`,
		"function f() { f() } f()":                             `query:1:17: calls are nested too deeply`,
		"break":                                                `query:1:1: illegal break statement`,
		"let a; let a":                                         `query:1:12: identifier 'a' has already been declared`,
		"eval('1')":                                            `query:1:5: ReferenceError: eval is not defined`,
		"(function() {}).constructor('x')":                     `query:1:28: TypeError: Value is not an object: undefined`,
		`g.V("<person:xie-feng>")`:                             `query: the script ends in a path that nothing runs; end it with .all()`,
		strings.Repeat("(", 600):                               `query: brackets are nested more than 500 deep`,
		strings.Repeat(" ", 70000):                             `query: the script has 70000 bytes, more than 65536`,
	})
	wantRows(t, map[string]string{
		"try { g.V(NaN) } catch (e) { g.emit(e.message) }": "value=V: argument 1 is NaN, which is no number of the graph",
	})
}
