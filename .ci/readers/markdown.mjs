// Reads a report in Markdown with commonmark.
import { each, text } from './lib.mjs';
import { blocks, checkAddress, said } from './notes.mjs';

each((path) => {
  const all = blocks(text(path));
  all.flatMap((b) => b.links).forEach(checkAddress);
  return said(all);
});
