// Package rdf defines RDF terms for every storage engine: the one value that
// stands for all spellings of a literal, the encoded form of a term, and the order
// of terms. It also has the types that an engine shares with graph/cayley.
package rdf
