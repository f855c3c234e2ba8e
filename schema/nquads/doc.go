// Package nquads reads and writes N-Quads (https://www.w3.org/TR/n-quads/).
//
// The reader is strict: it takes what the grammar of RDF 1.1 takes and nothing
// else, and N-Triples with it.
//
// The writer expands the short IRIs that the graph uses: rdf:, rdfs:, skos: and
// xsd: to their namespaces, those of this project ("person:xie-feng", "dip:met")
// to "urn:entente:person:xie-feng". Other IRIs are absolute and stay as they are.
package nquads
