// Package render puts what a graph holds into words: facts, paths, evidence, dates
// and names, as text and as values that encoding/json writes.
package render
