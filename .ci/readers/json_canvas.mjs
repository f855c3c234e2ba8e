// Reads JSON Canvas 1.0 with ajv and the specification's fields as a schema.
import Ajv from 'ajv';
import { each, text } from './lib.mjs';
import { blocks } from './notes.mjs';

const texts = { type: 'string' };
const side = { enum: ['top', 'right', 'bottom', 'left'] };
const end = { enum: ['none', 'arrow'] };
const color = { type: 'string', pattern: '^([1-6]|#[0-9a-fA-F]{6})$' };
const place = { x: { type: 'integer' }, y: { type: 'integer' }, width: { type: 'integer', minimum: 1 }, height: { type: 'integer', minimum: 1 } };
const node = (type, own, ...required) => ({
  type: 'object',
  properties: { id: texts, type: { const: type }, ...place, color, ...own },
  required: ['id', 'type', 'x', 'y', 'width', 'height', ...required],
  additionalProperties: false,
});
const schema = {
  type: 'object',
  properties: {
    nodes: {
      type: 'array',
      items: {
        oneOf: [
          node('text', { text: texts }, 'text'),
          node('file', { file: texts, subpath: { type: 'string', pattern: '^#' } }, 'file'),
          node('link', { url: texts }, 'url'),
          node('group', { label: texts, background: texts, backgroundStyle: { enum: ['cover', 'ratio', 'repeat'] } }),
        ],
      },
    },
    edges: {
      type: 'array',
      items: {
        type: 'object',
        properties: { id: texts, fromNode: texts, fromSide: side, fromEnd: end, toNode: texts, toSide: side, toEnd: end, color, label: texts },
        required: ['id', 'fromNode', 'toNode'],
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
};
const valid = new Ajv({ strict: false }).compile(schema);

each((path) => {
  const { nodes = [], edges = [], ...rest } = JSON.parse(text(path));
  if (!valid({ nodes, edges, ...rest })) throw new Error(JSON.stringify(valid.errors));
  const ids = new Set(nodes.map((n) => n.id));
  if (new Set([...ids, ...edges.map((e) => e.id)]).size !== nodes.length + edges.length) throw new Error('two elements have one id');
  for (const e of edges) if (!ids.has(e.fromNode) || !ids.has(e.toNode)) throw new Error(`${e.id} leads to no node`);
  for (const a of nodes) for (const b of nodes) {
    if (a.id < b.id && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height) throw new Error(`${a.id} overlaps ${b.id}`);
  }
  const texts = nodes.map((n) => blocks(n.text).map((b) => b.text).join('\n\n'));
  const drawn = ({ text, x, y, width, height, color, fromSide, toSide, ...kept }) => kept;
  return { nodes: nodes.map(drawn), edges: edges.map(drawn), texts };
});
