// Parses a Cypher script with the grammar of @neo4j-cypher/antlr4, and does what it says
// on an empty graph: UNWIND, MATCH, MERGE, CREATE and SET with literals, variables and
// their properties. Anything else is an error.
import { createRequire } from 'node:module';
import { each, present, text } from './lib.mjs';

const require = createRequire(import.meta.url);
const { CypherLexer, CypherParser } = require('@neo4j-cypher/antlr4');
const { default: antlr4 } = require('@neo4j-cypher/antlr4-browser');
const { ruleNames } = new CypherParser(null);

function parse(source) {
  const errors = [];
  const listener = new antlr4.error.ErrorListener();
  listener.syntaxError = (_, __, line, column, message) => errors.push(`${line}:${column} ${message}`);
  const lexer = new CypherLexer(new antlr4.InputStream(source.trimEnd()));
  const parser = new CypherParser(new antlr4.CommonTokenStream(lexer));
  for (const x of [lexer, parser]) {
    x.removeErrorListeners();
    x.addErrorListener(listener);
  }
  const tree = parser.cypher();
  if (errors.length) throw new Error(errors.slice(0, 3).join('; '));
  return tree;
}

// queries parses a script, each statement once: the files of one call are nearly alike.
// A statement ends at the end of a line; lines of comments are left out.
const parsed = new Map();
function queries(source) {
  return source.split(/;\s*\n|;\s*$/).map((s) => s.replace(/^\s*\/\/.*$/gm, '').trim()).filter(Boolean).flatMap((statement) => {
    if (!parsed.has(statement)) parsed.set(statement, all(parse(statement), 'singleQuery'));
    return parsed.get(statement);
  });
}

const rule = (node) => ruleNames[node.ruleIndex] ?? 'token';
const children = (node) => (node.children ?? []).filter((c) => rule(c) !== 'token');
// all returns the nearest descendants of a rule, one only the first.
const all = (node, name) => children(node).flatMap((c) => (rule(c) === name ? [c] : all(c, name)));
const one = (node, name) => {
  for (const c of children(node)) {
    const found = rule(c) === name ? c : one(c, name);
    if (found) return found;
  }
};
const named = (node) => node && node.getText().replace(/^:/, '').replace(/^`(.*)`$/s, (_, s) => s.replaceAll('``', '`'));

const escapes = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const unquote = (s) =>
  s.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs, (_, u, U, c) => (c === undefined ? String.fromCodePoint(parseInt(u ?? U, 16)) : escapes[c] ?? c));

// value evaluates an expression with the variables of a row.
function value(node, row) {
  switch (rule(node)) {
    case 'stringLiteral':
      return unquote(node.getText());
    case 'numberLiteral':
      return Number(node.getText());
    case 'booleanLiteral':
      return node.getText().toLowerCase() === 'true';
    case 'listLiteral':
      return all(node, 'expression').map((x) => value(x, row));
    case 'mapLiteral':
      return Object.fromEntries(all(node, 'literalEntry').map((e) => [named(one(e, 'propertyKeyName')), value(one(e, 'expression'), row)]));
    case 'variable':
      if (!(named(node) in row)) throw new Error(`no variable ${node.getText()}`);
      return row[named(node)];
    case 'functionInvocation':
      if (!/^date$/i.test(one(node, 'functionName').getText())) break;
      return value(one(node, 'expression'), row);
  }
  const inside = children(node);
  if (rule(node) === 'propertyOrLabelsExpression' && inside.length > 1) {
    return inside.slice(1).reduce((v, p) => (v.properties ?? v)[named(one(p, 'propertyKeyName'))], value(inside[0], row));
  }
  const tokens = (node.children ?? []).filter((c) => rule(c) === 'token').map((c) => c.getText().trim()).join('');
  if (inside.length === 1 && tokens === '-') return -value(inside[0], row);
  if (inside.length !== 1 || !['', '()'].includes(tokens)) throw new Error(`${rule(node)}: ${node.getText().slice(0, 80)}`);
  return value(inside[0], row);
}

const properties = (node, row) => (one(node, 'mapLiteral') ? value(one(node, 'mapLiteral'), row) : {});
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

class Database {
  nodes = [];
  edges = [];

  matches(node, row) {
    const labels = all(node, 'nodeLabel').map(named);
    const wanted = Object.entries(properties(node, row));
    return this.nodes.filter((n) => labels.every((l) => n.labels.has(l)) && wanted.every(([k, v]) => same(n.properties[k], v)));
  }

  // bind returns the nodes that a pattern may mean, and makes one if it may.
  bind(node, row, make) {
    const name = named(one(node, 'variable'));
    if (name in row) return [row[name]];
    const found = make === 'create' ? [] : this.matches(node, row);
    if (!make || found.length) return found;
    const made = { labels: new Set(all(node, 'nodeLabel').map(named)), properties: properties(node, row) };
    this.nodes.push(made);
    return [made];
  }

  // chain does a pattern such as (a)-[:MET {…}]->(b), and returns rows with its variables.
  chain(pattern, row, make) {
    const [first, ...links] = children(pattern);
    let rows = this.bind(first, row, make).map((node) => [{ ...row, ...(one(first, 'variable') && { [named(one(first, 'variable'))]: node }) }, node]);
    for (const link of links) {
      const [relation, second] = [one(link, 'relationshipPattern'), one(link, 'nodePattern')];
      if (!make) throw new Error(`MATCH of relationships: ${pattern.getText().slice(0, 80)}`);
      rows = rows.flatMap(([r, from]) =>
        this.bind(second, r, make).map((to) => {
          const edge = { type: named(one(relation, 'relationshipType')), properties: properties(relation, r) };
          const backwards = one(relation, 'relationshipPatternStart')?.getText().startsWith('<');
          [edge.from, edge.to] = backwards ? [to, from] : [from, to];
          const known = make === 'merge' && this.edges.find((e) => e.from === edge.from && e.to === edge.to && e.type === edge.type && same(e.properties, edge.properties));
          if (!known) this.edges.push(edge);
          const variable = one(relation, 'variable');
          return [{ ...r, ...(variable && { [named(variable)]: known || edge }), ...(one(second, 'variable') && { [named(one(second, 'variable'))]: to }) }, to];
        }),
      );
    }
    return rows.map(([r]) => r);
  }

  patterns(clause, rows, make) {
    for (const part of all(clause, 'patternElement')) {
      rows = rows.flatMap((row) => this.chain(part, row, make));
    }
    return rows;
  }

  unwind(clause, rows) {
    const name = named(children(clause).findLast((c) => rule(c) === 'variable'));
    return rows.flatMap((row) => value(one(clause, 'expression'), row).map((v) => ({ ...row, [name]: v })));
  }

  set(item, row) {
    const [, target, , operator] = /^\s*(`[^`]+`|\w+)\s*(\.\s*[\w`]+\s*)?(\+=|=|:)/s.exec(item.getText());
    const element = row[target.replaceAll('`', '')];
    const key = one(item, 'propertyLookup') ?? one(item, 'propertyKeyName');
    if (operator === ':') return all(item, 'nodeLabel').forEach((l) => element.labels.add(named(l)));
    const given = value(all(item, 'expression').at(-1), row);
    if (/^\s*(`[^`]+`|\w+)\s*\./s.test(item.getText())) element.properties[named(one(key, 'propertyKeyName') ?? key)] = given;
    else element.properties = operator === '=' ? { ...given } : { ...element.properties, ...given };
  }

  run(query) {
    let rows = [{}];
    for (const clause of all(query, 'clause').flatMap(children)) {
      switch (rule(clause)) {
        case 'unwindClause':
          rows = this.unwind(clause, rows);
          break;
        case 'matchClause':
          rows = this.patterns(clause, rows);
          if (!rows.length) throw new Error(`nothing matches ${clause.getText().slice(0, 80)}`);
          break;
        case 'createClause':
          rows = this.patterns(clause, rows, 'create');
          break;
        case 'mergeClause':
          rows = this.patterns(clause, rows, 'merge');
          if (one(clause, 'mergeAction')) throw new Error('ON CREATE or ON MATCH');
          break;
        case 'setClause':
          rows.forEach((row) => all(clause, 'setItem').forEach((item) => this.set(item, row)));
          break;
        default:
          throw new Error(`a clause ${rule(clause)}`);
      }
    }
  }
}

each((path) => {
  const database = new Database();
  // The grammar knows no constraints and indexes of Neo4j 5.
  const source = text(path).replace(/^CREATE (CONSTRAINT|INDEX) [^;\n]*;$/gm, '');
  for (const query of queries(source)) database.run(query);
  return {
    nodes: database.nodes.map((n) => ({ ...present(n.properties), labels: [...n.labels].sort() })),
    edges: database.edges.map((e) => ({ ...present(e.properties), type: e.type, source: e.from.properties.id, target: e.to.properties.id })),
  };
});
