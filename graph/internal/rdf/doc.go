// Package rdf says what an RDF term is to every engine: the one value that
// stands for all spellings of a literal, its encoded form, and the order of terms.
package rdf
