// Reads N-Quads, TriG, Turtle and JSON-LD with oxigraph.
import { parse } from 'oxigraph';
import { each, text } from './lib.mjs';
import { quads } from './rdf.mjs';

const types = { nquads: 'application/n-quads', trig: 'application/trig', turtle: 'text/turtle', jsonld: 'application/ld+json' };

each((path) => quads(parse(text(path), { format: types[path.split('.').pop()], base_iri: 'urn:base:' })));
