// Reads Cytoscape.js JSON with cytoscape.
import cytoscape from 'cytoscape';
import { each, present, text } from './lib.mjs';

const data = ({ color, line, size, ...rest }) => present(rest);

each((path) => {
  const { elements } = JSON.parse(text(path));
  const cy = cytoscape({ headless: true, elements });
  const given = elements.nodes.length + elements.edges.length;
  if (cy.elements().length !== given) throw new Error(`cytoscape skips ${given - cy.elements().length} elements`);
  return { nodes: cy.nodes().map((n) => data(n.data())), edges: cy.edges().map((e) => data(e.data())) };
});
