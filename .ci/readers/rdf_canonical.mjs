// Reads N-Quads, TriG and Turtle with n3 and JSON-LD with jsonld, and prints the lines of
// the canonical dataset (RDFC-1.0), in which equal datasets have equal blank nodes.
import jsonld from 'jsonld';
import { Parser, Writer } from 'n3';
import { each, text } from './lib.mjs';

const formats = { nquads: 'N-Quads', trig: 'application/trig', turtle: 'text/turtle' };

const documentLoader = (url) => {
  throw new Error(`the context ${url} is in another document`);
};

const lines = (quads) =>
  new Promise((resolve, reject) => {
    const writer = new Writer({ format: 'N-Quads' });
    writer.addQuads(quads);
    writer.end((error, result) => (error ? reject(error) : resolve(result)));
  });

each(async (path) => {
  const extension = path.split('.').pop();
  const quads =
    extension === 'jsonld'
      ? await jsonld.toRDF(JSON.parse(text(path)), { format: 'application/n-quads', documentLoader, safe: true })
      : await lines(new Parser({ format: formats[extension] }).parse(text(path)));
  const options = { algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads', format: 'application/n-quads', canonizeOptions: { maxWorkFactor: 3 } };
  const canonical = await jsonld.canonize(quads, options);
  return { quads: canonical.split('\n').filter((line) => line) };
});
