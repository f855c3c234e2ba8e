// Reads GEXF with graphology-gexf.
import Graph from 'graphology';
import gexf from 'graphology-gexf';
import { each, text } from './lib.mjs';
import { elements } from './elements.mjs';

// unmerged returns the elements without the kinds of edges, if Gephi merges no two: it
// merges parallel edges of one kind.
function unmerged({ nodes, edges }) {
  const kinds = new Set();
  for (const { source, target, kind } of edges) {
    const key = JSON.stringify([source, target, kind]);
    if (kinds.has(key)) throw new Error(`Gephi merges the edges ${key}`);
    kinds.add(key);
  }
  return { nodes, edges: edges.map(({ kind, ...rest }) => rest) };
}

each((path) => unmerged(elements(gexf.parse(Graph, text(path)))));
