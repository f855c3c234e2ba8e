// Reads graphology's JSON with graphology.
import Graph from 'graphology';
import { each, text } from './lib.mjs';
import { elements } from './elements.mjs';

each((path) => elements(Graph.from(JSON.parse(text(path)))));
