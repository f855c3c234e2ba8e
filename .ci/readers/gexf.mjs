// Reads GEXF with graphology-gexf, which ignores starts and ends: these are read from
// the document.
import { createRequire } from 'node:module';
import Graph from 'graphology';
import gexf from 'graphology-gexf';
import { each, present, text } from './lib.mjs';

const require = createRequire(createRequire(import.meta.url).resolve('graphology-gexf'));
const { DOMParser } = require('@xmldom/xmldom');

each((path) => {
  const file = text(path);
  const graph = gexf.parse(Graph, file);
  const document = new DOMParser().parseFromString(file, 'application/xml');
  const spells = (tag) => Object.fromEntries([...Array.from(document.getElementsByTagName(tag))].map((e) =>
    [e.getAttribute('id'), { start: e.getAttribute('start'), end: e.getAttribute('end') }]));
  const [nodes, edges] = [spells('node'), spells('edge')];
  return {
    nodes: graph.mapNodes((id, a) => present({ id, ...a, ...nodes[id] })),
    edges: graph.mapEdges((id, a, source, target) => {
      if (!graph.isDirected(id)) throw new Error(`undirected: ${id}`);
      return present({ id, source, target, ...a, ...edges[id] });
    }),
  };
});
