// Package loaders reads files of facts into records: YAML, JSON, JSON lines and
// CSV; N-Quads are passed on as a text. FORMAT.md says what may stand in them.
//
// Reading has two phases. First every file of a dataset is parsed and what it
// declares is collected: entities, documents, the keys of facts. Then names,
// sentences and references are resolved, so that order never matters.
package loaders
