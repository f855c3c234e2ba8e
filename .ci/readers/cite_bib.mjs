// Reads BibTeX and BibLaTeX with the parser of Better BibTeX for Zotero: entries with
// their fields, of which names and lists become texts. Whatever the parser does not
// understand is an error.
import { parse } from '@retorquere/bibtex-parser';
import { each, text } from './lib.mjs';

const flat = (value) => (Array.isArray(value) ? value.map((v) => v.name ?? v).join(' and ') : value);

each((path) => {
  const { entries, errors } = parse(text(path), { sentenceCase: false });
  if (errors.length) throw new Error(JSON.stringify(errors));
  return entries.map(({ type, key, fields }) => ({ type, key, ...Object.fromEntries(Object.entries(fields).map(([k, v]) => [k, flat(v)])) }));
});
