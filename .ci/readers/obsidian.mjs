// Reads a vault of Obsidian with commonmark and js-yaml: properties, and links, each of
// which must lead to exactly one note.
import { readdirSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import yaml from 'js-yaml';
import { each, text } from './lib.mjs';
import { blocks, checkAddress, said } from './notes.mjs';

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const wiki = /(?<!\\)\[\[([^[\]|]+)(?:\|([^[\]|]+))?\]\]/g;

each((vault) => {
  const files = readdirSync(vault, { recursive: true }).filter((f) => f.endsWith('.md'));
  const notes = new Map(); // by lower-case name
  for (const file of files) {
    const name = basename(file, '.md');
    if (/[[\]|#^\\/:*?"<>%]|^\.|[. ]$/.test(name) || reserved.test(name) || Buffer.byteLength(name) > 120) throw new Error(`the file name ${name}`);
    if (notes.has(name.toLowerCase())) throw new Error(`two notes are named ${name}`);
    const [, head, body] = /^(?:---\n([\s\S]*?)\n---\n)?([\s\S]*)$/.exec(text(join(vault, file)));
    notes.set(name.toLowerCase(), { file, body, properties: yaml.load(head ?? '{}', { schema: yaml.JSON_SCHEMA }) });
  }
  const target = (name) => {
    const note = notes.get(name.toLowerCase());
    if (!note) throw new Error(`no note ${name}`);
    return note;
  };
  const index = target('Index');
  const linked = [...index.body.matchAll(wiki)].map((m) => target(m[1]).properties.id);
  notes.delete('index');
  return {
    linked,
    notes: [...notes.values()].map(({ file, body, properties }) => {
      const { country, aliases = [], ...rest } = properties;
      const links = [];
      const all = blocks(body.replace(wiki, (_, name, alias) => `[${alias ?? name}](<wiki:${encodeURIComponent(name)}>)`));
      for (const { to, text } of all.flatMap((b) => b.links)) {
        if (to.startsWith('wiki:')) links.push(target(decodeURIComponent(to.slice(5))).properties.id);
        else if (to.startsWith('../')) {
          const path = posix.join(posix.dirname(file), decodeURIComponent(to));
          const note = target(basename(path, '.md'));
          if (note.file !== path) throw new Error(`${to} leads to ${path}, not to ${note.file}`);
          links.push(note.properties.id);
        } else checkAddress({ to, text });
      }
      const texts = said(all);
      const name = texts.headings[0].slice(2);
      if (basename(file, '.md') !== name && !aliases.includes(name)) throw new Error(`${file} is not found as ${name}`);
      const outside = all.filter((b) => b.kind === 'document').map((b) => b.text);
      return { ...rest, ...texts, aliases: aliases.filter((a) => a !== name), links, description: outside.join(''), country: country && /^\[\[(.*)\]\]$/.test(country) ? target(country.slice(2, -2)).properties.id : country };
    }),
  };
});
