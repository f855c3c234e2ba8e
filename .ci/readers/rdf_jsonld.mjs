// Reads JSON-LD with jsonld, which loads no context from elsewhere here.
import jsonld from 'jsonld';
import { Parser } from 'n3';
import { each, text } from './lib.mjs';
import { quads } from './rdf.mjs';

const documentLoader = (url) => {
  throw new Error(`the context ${url} is in another document`);
};

each(async (path) => {
  const lines = await jsonld.toRDF(JSON.parse(text(path)), { format: 'application/n-quads', documentLoader, safe: true });
  return quads(new Parser({ format: 'N-Quads' }).parse(lines));
});
