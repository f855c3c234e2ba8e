// Reads CSL-JSON: the official schema of CSL 1.0.2 must allow it. csl-data.json is
// schemas/input/csl-data.json of citation-style-language/schema (MIT licence).
import Ajv from 'ajv';
import { each, text } from './lib.mjs';

const valid = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(text(new URL('csl-data.json', import.meta.url).pathname)));

each((path) => {
  const items = JSON.parse(text(path));
  if (!valid(items)) throw new Error(JSON.stringify(valid.errors));
  return items;
});
