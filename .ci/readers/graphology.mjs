// Imports JSON into graphology.
import Graph from 'graphology';
import { each, present, text } from './lib.mjs';

each((path) => {
  const graph = Graph.from(JSON.parse(text(path)));
  if (!graph.multi || graph.type !== 'directed') throw new Error(`a graph of type ${graph.type}, multi ${graph.multi}`);
  return {
    nodes: graph.mapNodes((id, a) => present({ id, ...a })),
    edges: graph.mapEdges((id, a, source, target) => present({ id, source, target, ...a })),
  };
});
