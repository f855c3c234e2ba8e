var re = /[/\]"(]+\/(/.source ? 1 :
  2
function g1() {
  if (re)
    g.emit(/a"/.test("b"))
  else
    g.emit(1 / 2 / 3)
  return re
    / 2
}
if (re)
  g.emit(1)
function f(a, b) {
  return a / b / 2
}
function* many(n) {
  while (n --> 0) { yield n }
}
var h = function () { return /x(/ }
do {
  re--
} while (re > 0)
do re++; while (re < 3)
try {
  f()
}
catch (e) {
  g.emit(String(e))
} finally { re = 2 }
try { f() } catch { re = 3 }
function cases() { // the parser takes a switch that nothing closes
  switch (re) {
  case 1: case "a":
    break
  default: {
    re = {if: 1, in: 2, get: 3, class: 4}
  }
  }
}
re.if
re.
in
re?.class
re ?? 3
re ??
  4
var x = re ? {a: 1} : [
  1, 2
]
var arrow = (a, b) => a + b
var block = a => {
  a++
  return a
}
class Pair {
  constructor(a, b) { this.a = a; this.b = b }
  get sum() { return this.a + this.b } set sum(x) {}
  static of(a) { return new Pair(a, a) } twice() { return 2 * this.sum }
}
class Triple extends Pair {
  constructor(a) {
    super(a, a)
  }
}
var o = {
  m() { return 1 }, n: function () { return 2 }, async p() { await 3 },
  get q() { return 4 }
}
label: for (var i = 0; i < 3; i++) {
  for (var k in o) continue label
}
var s = "a string with \
two lines", t = 'quote " in it', u = "it's"
var v = 1.5e+3 + .5 + 0x1F + 1..toString().length, w = 5
w
++v
typeof w
void 0
!w
delete o.m
new Pair(1, 2).sum
w in o
async function later() {
  return 1
}
var 名前 = "謝", $a_1 = 2
名前
`one line` + `${1}${ {a: `${2}`}.a }`
x = w ?
  1 :
  2
a = b
(c)
if (a) { b }
if (a) b; else
  c
if (a) {
  b
} else if (c) {
  d
} else
  e
while (a) { break }
;[1, 2].forEach(f)
throw new Error("x")
