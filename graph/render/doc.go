// Package render puts facts, paths, evidence, dates and names into words: as text, as
// rows of cells, and as values that encoding/json writes with the keys of the command
// entente.
//
// A [Renderer] of a graph replaces ids by names. [Renderer.Sentence] returns the
// sentence of a fact, [Renderer.Fact] the fact with its evidence, [Renderer.Path] and
// [Renderer.PathText] a path with the quotes of its hops. Text has no control
// characters, and is not wrapped to any width.
package render
