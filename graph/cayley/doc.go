// Package cayley runs Cayley over an engine of ours: its graph.QuadStore,
// iterators, shapes and planner rules stand on a [Reader], which is all that an
// engine has to implement, and on a [Writer] where Cayley is to write.
//
// What Cayley would answer wrongly it answers right: rows with several columns
// are all there, each with its own, and sizes are exact, which Cayley's planner
// needs.
package cayley
