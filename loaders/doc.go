// Package loaders reads files of facts into records: YAML, JSON, JSON lines and
// CSV; N-Quads are passed on as a text. The page "format" of the manual
// (cmd/entente/manual) describes the formats.
//
// Reading has two phases. First every file of a dataset is parsed into drafts of
// entities, documents and facts. Then names, sentences and references are
// resolved, so that the order of files and rows never matters.
package loaders
