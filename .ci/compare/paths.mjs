// Answers what paths.go asks, with graphology: see paths_world.go for what it
// reads, and paths_answers.go for what it prints.
//
//     node --expose-gc paths.mjs FOLDER ROUNDS
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UndirectedGraph } from "graphology";
import unweighted from "graphology-shortest-path/unweighted.js";

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "node_modules/graphology/package.json"), "utf8"));
const [folder, rounds] = process.argv.slice(2);

// read makes one edge of each pair of neighbours, with a list of what links them.
function read(world) {
  const graph = new UndirectedGraph();
  for (let n = 0; n < world.nodes; n++) graph.addNode(n);
  for (const line of readFileSync(join(folder, "links.tsv"), "utf8").trimEnd().split("\n")) {
    const [a, b, ...link] = line.split("\t").map(Number);
    const edge = graph.edge(a, b);
    if (edge) graph.getEdgeAttribute(edge, "links").push(link);
    else graph.addEdge(a, b, { links: [link] });
  }
  return graph;
}

const hops = (path) => (path ? path.length - 1 : -1);

// constrained searches as graphology does, which cannot filter.
function constrained(graph, { verbs, since, until }) {
  const takes = (links) => {
    for (const [verb, first, last] of links) if (verbs.includes(verb) && first <= until && last >= since) return true;
    return false;
  };
  return (start, end) => {
    const before = [new Map([[`${start}`, null]]), new Map([[`${end}`, null]])];
    const fronts = before.map((nodes) => [...nodes.keys()]);
    while (fronts[0].length && fronts[1].length) {
      const side = fronts[1].length < fronts[0].length ? 1 : 0;
      const mine = before[side], theirs = before[1 - side], next = [];
      for (const node of fronts[side])
        for (const other of graph.neighbors(node)) {
          if (mine.has(other) || !takes(graph.getEdgeAttribute(node, other, "links"))) continue;
          mine.set(other, node);
          if (theirs.has(other)) return hops([...way(before[0], other).reverse(), ...way(before[1], other).slice(1)]);
          next.push(other);
        }
      fronts[side] = next;
    }
    return -1;
  };
}

function way(before, node) {
  const nodes = [];
  for (; node !== null; node = before.get(node)) nodes.push(node);
  return nodes;
}

// near counts those within three hops.
function near(graph) {
  return (start) => {
    const seen = new Set([`${start}`]);
    let front = [...seen];
    for (let hops = 0; hops < 3; hops++) {
      const next = [];
      for (const node of front)
        for (const other of graph.neighbors(node)) {
          if (seen.has(other)) continue;
          seen.add(other);
          next.push(other);
        }
      front = next;
    }
    return seen.size - 1;
  };
}

function ask(question, pairs) {
  const found = Array(pairs.length).fill(0), nanos = Array(pairs.length).fill(Infinity);
  for (let round = 0; round < rounds; round++)
    for (const [i, [start, end]] of pairs.entries()) {
      const begin = process.hrtime.bigint();
      found[i] = question(start, end);
      nanos[i] = Math.min(nanos[i], Number(process.hrtime.bigint() - begin));
    }
  return { found, nanos };
}

const world = JSON.parse(readFileSync(join(folder, "paths.json"), "utf8"));
const begin = performance.now();
const graph = read(world);
const build = (performance.now() - begin) / 1e3;
gc();
const memory = process.memoryUsage.rss();
const asked = {
  shortest: ask((start, end) => hops(unweighted.bidirectional(graph, start, end)), world.pairs),
  constrained: ask(constrained(graph, world), world.pairs),
  near: ask(near(graph), world.pairs),
};
console.log(JSON.stringify({ version, build, memory, asked }));
