// Reads GraphML with graphology-graphml.
import Graph from 'graphology';
import graphml from 'graphology-graphml';
import { each, present, text } from './lib.mjs';

each((path) => {
  const graph = graphml.parse(Graph, text(path));
  return {
    nodes: graph.mapNodes((id, a) => present({ id, ...a })),
    edges: graph.mapEdges((id, a, source, target) => {
      if (!graph.isDirected(id)) throw new Error(`undirected: ${id}`);
      return present({ id, source, target, ...a });
    }),
  };
});
