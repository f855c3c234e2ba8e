// Reads Markdown with commonmark, and properties with js-yaml: one file, or a folder of
// notes that link to each other as in Obsidian.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Parser } from 'commonmark';
import yaml from 'js-yaml';
import { each } from './lib.mjs';

const parser = new Parser();
const blocks = new Set(['paragraph', 'heading', 'code_block']);

// shown returns the text of each block, and the links, of Markdown. HTML is an error.
function shown(markdown) {
  const texts = [];
  const links = [];
  const walker = parser.parse(markdown).walker();
  for (let event = walker.next(); event; event = walker.next()) {
    const { node, entering } = event;
    if (node.type === 'html_inline' || node.type === 'html_block') throw new Error(`HTML: ${node.literal}`);
    if (!entering) continue;
    if (blocks.has(node.type)) texts.push(node.type === 'heading' ? `${'#'.repeat(node.level)} ` : '');
    if (node.type === 'softbreak' || node.type === 'linebreak') texts.push(texts.pop() + '\n');
    if (node.literal !== null) texts.push((texts.pop() ?? '') + node.literal);
    if (node.type === 'link') links.push({ to: node.destination, text: node.firstChild?.literal ?? '' });
    if (node.type === 'image') throw new Error(`an image: ${node.destination}`);
  }
  return { texts, links };
}

// note returns the properties, texts and links of a file. A link of Obsidian is a target
// and what is shown for it: [[target|text]].
function note(file, name) {
  const source = readFileSync(file, 'utf8');
  const [, head, body] = /^(?:---\n(.*?)\n---\n)?(.*)$/s.exec(source);
  const targets = [];
  const plain = body.replace(/(?<!\\)\[\[([^\[\]|]+)(?:\\?\|([^\[\]]*))?\]\]/g, (_, to, text) => {
    targets.push({ to, text: text ?? to });
    return text ?? to;
  });
  const { texts, links } = shown(plain);
  return { file: name, properties: head === undefined ? {} : yaml.load(head, { schema: yaml.FAILSAFE_SCHEMA }), texts, links: [...targets, ...links], targets };
}

// folder reads all notes of a folder. Each link must lead to one note, and no two names
// may be one file where case is not told apart, or be refused by Windows.
function folder(path) {
  const files = readdirSync(path, { recursive: true }).filter((f) => f.endsWith('.md'));
  const notes = files.map((f) => note(join(path, f), relative('', f)));
  const names = new Map();
  for (const f of files) {
    const key = f.normalize('NFC').toLowerCase();
    if (names.has(key)) throw new Error(`${f} and ${names.get(key)} are one file elsewhere`);
    if (f.split('/').some((part) => /[<>:"\\|?*#^\[\]\x00-\x1f]|[. ]$|^ /.test(part) || Buffer.byteLength(part) > 255)) throw new Error(`no file is named ${f} elsewhere`);
    names.set(key, f);
  }
  const leads = (to) => files.filter((f) => f === `${to}.md` || f.endsWith(`/${to}.md`)).length === 1;
  for (const n of notes) for (const { to } of n.targets) if (!leads(to.split('#')[0])) throw new Error(`${n.file} links to ${to}, which is not one note`);
  return { notes: notes.map(({ targets, ...rest }) => rest) };
}

each((path) => (statSync(path).isDirectory() ? folder(path) : { notes: [note(path, '')].map(({ targets, ...rest }) => rest) }));
