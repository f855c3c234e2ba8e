// Reads N-Quads, TriG and Turtle with n3.
import { Parser } from 'n3';
import { each, text } from './lib.mjs';
import { quads } from './rdf.mjs';

const formats = { nquads: 'N-Quads', trig: 'application/trig', turtle: 'text/turtle' };

each((path) => quads(new Parser({ format: formats[path.split('.').pop()] }).parse(text(path))));
