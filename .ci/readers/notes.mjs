// What notes in Markdown say, read with commonmark. Markup other than headings, lists,
// block quotes, paragraphs and links is an error: it can only come from a text that was
// not escaped.
import { Parser } from 'commonmark';

const allowed = new Set(['document', 'heading', 'list', 'item', 'block_quote', 'paragraph', 'link', 'text', 'linebreak']);

// blocks returns the texts of the headings, the items and the paragraphs of quotes, each
// with its links.
export function blocks(source) {
  const all = [];
  let block, link;
  const walker = new Parser().parse(source).walker();
  for (let step; (step = walker.next()); ) {
    const { node, entering } = step;
    if (!allowed.has(node.type)) throw new Error(`${node.type}: ${node.literal}`);
    if (node.type === 'heading' || node.type === 'paragraph') {
      if (entering) block = { kind: node.type === 'heading' ? node.level : node.parent.type, text: '', links: [] };
      else all.push(block);
    } else if (node.type === 'link') {
      if (entering) block.links.push((link = { to: node.destination, text: '' }));
      else link = undefined;
    } else if (node.type === 'text' || node.type === 'linebreak') {
      const text = node.type === 'text' ? node.literal : '\n';
      block.text += text;
      if (link) link.text += text;
    }
  }
  return all;
}

// checkAddress fails if the text of a link is not the address to which it leads.
export function checkAddress({ to, text }) {
  if (new URL(to).href !== new URL(text).href) throw new Error(`${text} leads to ${to}`);
}

export const said = (all) => ({
  headings: all.filter((b) => b.kind > 0).map((b) => `${'#'.repeat(b.kind)} ${b.text}`),
  items: all.filter((b) => b.kind === 'item').map((b) => b.text),
  quotes: all.filter((b) => b.kind === 'block_quote').map((b) => b.text),
});
