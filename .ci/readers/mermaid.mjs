// Reads flowcharts with mermaid, which needs a document.
import { JSDOM } from 'jsdom';
import { each, text } from './lib.mjs';

const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
mermaid.initialize({ startOnLoad: false });

// shown is the text that a reader sees: mermaid marks entities by letters of its own.
function shown(label) {
  const element = window.document.createElement('div');
  element.innerHTML = String(label ?? '').replace(/ﬂ°°(\d+)¶ß/g, '&#$1;').replace(/ﬂ°(\w+)¶ß/g, '&$1;').replace(/<br\s*\/?>/gi, '\n');
  if (element.children.length) throw new Error(`a label has markup: ${element.innerHTML}`);
  return element.textContent;
}

each(async (path) => {
  const source = text(path);
  if (source.length > 50000) throw new Error(`${source.length} characters, and mermaid shows at most 50,000`);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(source);
  if (db.getEdges().length > 500) throw new Error(`${db.getEdges().length} edges, and mermaid shows at most 500`);
  const nodes = new Map([...db.getVertices()].map(([id, v]) => [id, { label: shown(v.text), classes: v.classes }]));
  return {
    nodes: [...nodes.values()],
    edges: db.getEdges().map((e) => ({
      source: nodes.get(e.start).label,
      target: nodes.get(e.end).label,
      label: shown(e.text),
      stroke: e.stroke,
      type: e.type,
      denied: (e.style ?? []).some((s) => s.includes('stroke:#b3261e')),
    })),
  };
});
