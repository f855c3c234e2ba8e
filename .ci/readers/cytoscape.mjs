// Opens JSON in Cytoscape.js with the style sheet of the file: "drawn" is what an edge
// looks like.
import cytoscape from 'cytoscape';
import { each, present, text } from './lib.mjs';

each((path) => {
  const cy = cytoscape({ headless: true, styleEnabled: true, ...JSON.parse(text(path)) });
  const hex = (rgb) => '#' + rgb.match(/\d+/g).slice(0, 3).map((n) => Number(n).toString(16).padStart(2, '0')).join('');
  const drawn = (e) => [hex(e.style('line-color')), e.style('line-style'), e.style('source-arrow-shape'), e.style('target-arrow-shape')].join(' ');
  if (cy.elements().some((e) => e.isParent() || e.isChild())) throw new Error('a compound node');
  const read = {
    nodes: cy.nodes().map((n) => present({ ...n.data(), drawn: hex(n.style('background-color')) })),
    edges: cy.edges().map((e) => present({ ...e.data(), drawn: drawn(e) })),
  };
  cy.destroy(); // or its animation keeps the program running
  return read;
});
