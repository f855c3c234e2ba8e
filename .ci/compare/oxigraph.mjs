// The other end of oxigraph.go: reads one question a line, in JSON, and answers
// in one line what was found and how long that took.
import { createInterface } from "node:readline";
import { readFileSync, openSync, readSync, closeSync } from "node:fs";
import oxigraph from "oxigraph";

const store = new oxigraph.Store();
const { namedNode, literal } = oxigraph;
const format = { format: "application/n-quads" };

// hash is FNV-1a of the parts, each followed by a space.
function hash(...parts) {
  let h = 2166136261;
  for (const byte of Buffer.from(parts.join(" ") + " ")) h = Math.imul(h ^ byte, 16777619);
  return h >>> 0;
}

const hashQuad = (q) => hash(`${q.subject}`, `${q.predicate}`, `${q.object}`, label(q.graph));
const label = (g) => (g.termType === "DefaultGraph" ? "" : `${g}`);

// term reads one term as N-Quads writes it.
function term(text) {
  if (text.startsWith("<")) return namedNode(text.slice(1, -1));
  const [, value, rest] = text.match(/^(".*")(.*)$/s);
  if (rest.startsWith("@")) return literal(JSON.parse(value), rest.slice(1));
  return rest ? literal(JSON.parse(value), namedNode(rest.slice(3, -1))) : literal(JSON.parse(value));
}

function count(a, quads, check, digest) {
  a.rows += quads.length;
  if (check) for (const q of quads) a.digest += digest(q);
}

// lines yields a file in pieces of whole lines: a string cannot hold all of a
// large one.
function* lines(path) {
  const fd = openSync(path), buffer = Buffer.alloc(1 << 26);
  let rest = 0;
  for (let n; (n = readSync(fd, buffer, rest, buffer.length - rest, null)) > 0; ) {
    const end = buffer.lastIndexOf(10, rest + n - 1) + 1;
    yield buffer.toString("utf8", 0, end);
    buffer.copy(buffer, 0, end, rest + n);
    rest += n - end;
  }
  if (rest) yield buffer.toString("utf8", 0, rest);
  closeSync(fd);
}

const nothing = undefined;
const predicates = () => store.query("SELECT DISTINCT ?p { GRAPH ?g { ?s ?p ?o } }").map((row) => row.get("p"));
const size = () => store.size;

// prepare makes of a question what does not count into its time.
const prepare = { hop: term, find: term };

const operations = {
  load(a, q) {
    for (const text of lines(q.file)) store.load(text, { ...format, lenient: true, no_transaction: true });
    a.rows = size();
  },
  hop(a, q) {
    for (const s of q.terms) count(a, store.match(s, nothing, nothing, nothing), q.check, hashQuad);
  },
  find(a, q) {
    const name = namedNode("dip:name");
    for (const o of q.terms) count(a, store.match(nothing, name, o, nothing), q.check, (q) => hash(`${q.subject}`));
  },
  scan(a) {
    const [row] = store.query("SELECT (COUNT(?s) AS ?n) { GRAPH ?g { ?s ?p ?o } }");
    a.rows = Number(row.get("n").value);
  },
  // by predicate, so that not all quads are objects of JavaScript at once
  all(a, q) {
    for (const p of predicates()) count(a, store.match(nothing, p, nothing, nothing), q.check, hashQuad);
  },
  add(a, q) {
    const before = size();
    store.load(q.text, format);
    a.rows = size() - before;
  },
  remove(a, q) {
    const before = size();
    for (const gone of q.gone) store.delete(gone);
    a.rows = before - size();
  },
};

const now = () => Math.round(performance.now() * 1e6);
const worked = () => process.cpuUsage().user * 1e3 + process.cpuUsage().system * 1e3;

for await (const line of createInterface({ input: process.stdin })) {
  const q = JSON.parse(line), a = { rows: 0, digest: 0, nanos: 0 };
  try {
    if (q.terms && prepare[q.op]) q.terms = q.terms.map(prepare[q.op]);
    if (q.op === "remove") q.gone = oxigraph.parse(q.text, format);
    const clock = q.worked ? worked : now;
    const start = clock();
    operations[q.op](a, q);
    a.nanos = clock() - start;
    a.digest = Number(BigInt(a.digest) & 0xffffffffn);
  } catch (e) {
    a.error = `${e}`;
  }
  console.log(JSON.stringify(a));
}
