// Package nquads reads and writes N-Quads (https://www.w3.org/TR/n-quads/).
//
// The reader is strict: it accepts exactly the grammar of RDF 1.1, including
// N-Triples.
//
// The writer expands the short IRIs of the graph: rdf:, rdfs:, skos: and xsd: to
// their namespaces, and IRIs of this project ("person:xie-feng", "dip:met") to
// "urn:entente:person:xie-feng". Other IRIs are absolute and stay as they are.
package nquads
