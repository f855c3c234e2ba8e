// Joins nodes and links with the force layout of D3.
import { forceLink, forceSimulation } from 'd3-force';
import { each, present, text } from './lib.mjs';

each((path) => {
  const { nodes, links, edges } = JSON.parse(text(path));
  const simulation = forceSimulation(nodes).stop().force('link', forceLink(links ?? edges).id((d) => d.id));
  simulation.tick(1);
  const own = ({ index, x, y, vx, vy, key, ...rest }) => {
    if (key !== undefined && key !== rest.id) throw new Error(`the key ${key} of ${rest.id}`);
    return present(rest);
  };
  return {
    nodes: nodes.map(own),
    edges: (links ?? edges).map((l) => own({ ...l, source: l.source.id, target: l.target.id })),
  };
});
