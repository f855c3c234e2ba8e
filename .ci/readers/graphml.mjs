// Reads GraphML with graphology-graphml.
import Graph from 'graphology';
import graphml from 'graphology-graphml';
import { each, text } from './lib.mjs';
import { elements } from './elements.mjs';

each((path) => elements(graphml.parse(Graph, text(path))));
