// elements returns the nodes and edges of a graph of graphology, without what is only
// drawn.
import { present } from './lib.mjs';

const attributes = ({ color, size, shape, thickness, x, y, z, ...rest }) => present(rest);

export function elements(graph) {
  if (graph.undirectedSize) throw new Error(`${graph.undirectedSize} edges have no direction`);
  return {
    nodes: graph.mapNodes((id, a) => ({ ...attributes(a), id })),
    edges: graph.mapEdges((id, a, source, target) => ({ ...attributes(a), id, source, target })),
  };
}
