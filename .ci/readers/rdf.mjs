// quads returns RDF/JS quads as the tests expect them: [subject, predicate, object,
// graph] as in N-Quads, without escapes. All blank nodes are "_:b": the tests have one.
const name = (term) => {
  switch (term.termType) {
    case 'NamedNode':
      return `<${term.value}>`;
    case 'BlankNode':
      return '_:b';
    case 'DefaultGraph':
      return '';
    case 'Literal': {
      const type = term.datatype.value;
      if (term.language) return `"${term.value}"@${term.language.toLowerCase()}`;
      return type === 'http://www.w3.org/2001/XMLSchema#string' ? `"${term.value}"` : `"${term.value}"^^<${type}>`;
    }
  }
  throw new Error(`a term of type ${term.termType}`);
};

export const quads = (all) => ({ quads: [...all].map((q) => [q.subject, q.predicate, q.object, q.graph].map(name)) });
