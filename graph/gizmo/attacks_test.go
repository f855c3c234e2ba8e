//go:build !race

package gizmo_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/entente-kg/entente/graph/gizmo"
)

// attacks are hostile or faulty scripts. Each ends with one error that contains
// the given words; "" allows success.
var attacks = []struct{ name, script, want string }{
	// Endless.
	{"loop", `while (true) {}`, "out of time"},
	{"loop that catches", `for (;;) { try { throw 1 } catch (e) { continue } finally { continue } }`, "out of time"},
	{"loop in a callback", `g.V().forEach(function() { while (true) {} })`, "out of time"},
	{"loop in a getter that is emitted", `g.emit({get x() { while (true) {} }})`, "out of time"},
	{"loop of promises", `function p() { return Promise.resolve().then(p) } p(); while (true) {}`, "out of time"},
	{"loop in a comparison", `[3, 1, 2].sort(function() { while (true) {} })`, "out of time"},
	{"loop in a proxy", `var p = new Proxy({}, {get: function() { while (true) {} }}); p.x`, "out of time"},
	{"loop in an iterator", `for (var x of {[Symbol.iterator]: function() { return {next: function() { return {done: false} }} }}) {}`, "out of time"},
	{"paths without end", `while (true) g.V().both().both().count()`, "out of time"},
	{"a path that grows", `var p = g.V(); while (true) p = p.out()`, "more than 4096 steps"},
	{"everything by everything", `g.V().both().both().both().both().both().both().both().both().count()`, "out of time"},
	// Memory.
	{"a string that doubles", `var s = "x"; while (true) s += s`, "out of"},
	{"a huge string", `"x".repeat(1 << 30)`, "out of"},
	{"a padded string", `"x".padEnd(1 << 30)`, "out of"},
	{"a list that grows", `var a = []; while (true) a.push({n: a.length})`, "out of"},
	{"a list of nothing", `Array(4e9).fill(0)`, ""},
	{"a map that grows", `var m = new Map(); for (var i = 0; ; i++) m.set(i, "x" + i)`, "out of"},
	{"an object that grows", `var o = {}; for (var i = 0; ; i++) o["k" + i] = i`, "out of"},
	{"a buffer", `new ArrayBuffer(1e10)`, ""},
	{"numbers in a buffer", `new Float64Array(1 << 28)`, ""},
	{"a great number", `2n ** 100000000n`, ""},
	{"a joined list", `Array(1 << 20).join("x".repeat(1 << 10))`, "out of"},
	{"a list that is its own", `var a = [1]; while (true) a = a.concat(a)`, "out of"},
	{"a generator that is spread", `[...(function*() { while (true) yield "x" })()]`, "out of"},
	// Depth.
	{"calls", `function f() { return f() + 1 } f()`, "nested too deeply"},
	{"calls through a path", `function f() { g.V().forEach(1, f) } f()`, ""},
	{"brackets", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "brackets are nested"},
	{"JSON", `JSON.parse("[".repeat(1e6))`, ""},
	{"a nested value", `var a = []; for (var i = 0; i < 1e6; i++) a = [a]; g.emit(a)`, ""},
	{"a nested value as text", `var a = []; for (var i = 0; i < 1e6; i++) a = [a]; a + ""`, ""},
	{"a generator of itself", `function* f() { yield* f() } [...f()]`, ""},
	{"a pattern of brackets", `new RegExp("(".repeat(1e6))`, ""},
	// Cyclic.
	{"an object in itself", `var a = {}; a.a = a; g.emit(a)`, "nested too deeply, or within itself"},
	{"a list in itself", `var a = []; a[0] = a; a`, "nested too deeply, or within itself"},
	// Patterns that match for ever.
	{"a pattern that looks back", `/(a*)*(?=b)\1c/.test("a".repeat(60))`, "out of time"},
	{"a pattern that grows", `/^(a+)+$/.test("a".repeat(1e5) + "!")`, ""},
	{"a pattern of the graph", `g.V().filter(regex("(a{1000}){1000}")).all()`, ""},
	// Prototypes.
	{"a prototype of objects", `Object.prototype.toString = function() { while (true) {} }; g.emit({}); g.V({}).all()`, "V: argument 1"},
	{"a prototype of lists", `Array.prototype.push = Array.prototype.map = null; g.V(["<person:xie-feng>"]).all()`, ""},
	{"a prototype of paths", `Object.getPrototypeOf(g.V()).out = function() { return this }; g.V().out("<dip:met>").all()`, ""},
	{"a method of another", `g.V().out.call({}, "<dip:met>")`, "is a method of paths"},
	{"a path that is not", `Object.setPrototypeOf({}, Object.getPrototypeOf(g.V())).all()`, "is a method of paths"},
	{"names taken away", `g = graph = verb = entity = undefined; g.V()`, "undefined"},
	{"a frozen world", `Object.freeze(globalThis); x = 1; g.emit(1)`, ""},
	// Floods.
	{"rows", `while (true) g.emit(1)`, "more rows"},
	{"a long row", `g.emit("x".repeat(10 << 20))`, "more output"},
	{"wide rows", `var o = {}; for (var i = 0; i < 1e5; i++) o["c" + i] = "x".repeat(20); g.emit(o)`, "more output"},
	{"a long error", `throw "x".repeat(10 << 20)`, "xxx…"},
	{"a long name", `g["x".repeat(10 << 20)]()`, "xxx…"},
	// A long script.
	{"a script of 10 MB", strings.Repeat(" ", 10<<20), "more than 65536"},
	// What is outside of the script.
	{"a module", `require("fs").readFileSync("/etc/passwd")`, "not defined"},
	{"an import", `import("fs")`, ""},
	{"the environment", `process.env.HOME`, "not defined"},
	{"the network", `fetch("http://localhost")`, "not defined"},
	{"the network, as of old", `new XMLHttpRequest()`, "not defined"},
	{"code in a string", `eval("1")`, "not defined"},
	{"code in a constructor", `(function() {}).constructor("return 1")()`, ""},
	{"code in another constructor", `[].map.constructor("return this")()`, ""},
	{"a file of source maps", "1\n//# sourceMappingURL=/etc/passwd", ""},
}

// attackLimits are the limits of an attack.
var attackLimits = gizmo.Limits{Rows: 1000, Timeout: time.Second, Output: 1 << 20}

// limitsOf returns the limits of an attack by the error that it must end with. An attack
// that runs until it is out of time has less of it, except with ENTENTE_TESTS=full, and
// one that must end by something else has more, since the machine may be busy.
func limitsOf(want string) gizmo.Limits {
	l := attackLimits
	switch want {
	case "", "out of":
	case "out of time":
		if os.Getenv("ENTENTE_TESTS") != "full" {
			l.Timeout /= 5
		}
	default:
		l.Timeout *= 10
	}
	return l
}

const attackMemory = 256 << 20 // bytes of memory

// TestAttacks runs all attacks in one pair of workers: each ends with one error
// within its limits, and the next script is answered. It does not run under the
// race detector, which needs more memory.
func TestAttacks(t *testing.T) {
	w := workersOn(t, testGraph(t), attackMemory)
	for _, a := range attacks {
		start := time.Now()
		limits := limitsOf(a.want)
		rows, err := collect(t.Context(), w, a.script, limits)
		took := time.Since(start)
		switch {
		case a.want == "" && err == nil:
		case err == nil || !strings.Contains(err.Error(), a.want):
			t.Errorf("%s: %d rows, %.200v; want %q", a.name, len(rows), err, a.want)
		case strings.Contains(err.Error(), "\n") || len(err.Error()) > 1000:
			t.Errorf("%s: an error of %d bytes: %.200v", a.name, len(err.Error()), err)
		}
		if took > limits.Timeout+4*time.Second {
			t.Errorf("%s took %v", a.name, took)
		}
		if rows, err := collect(t.Context(), w, `1 + 1`, attackLimits); err != nil || len(rows) != 1 || rows[0] != "value=2" {
			t.Fatalf("after %s: %v, %v", a.name, rows, err)
		}
		t.Logf("%-32s %8v  %.150v", a.name, took.Round(time.Millisecond), err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	checkPeaks(t)
}
