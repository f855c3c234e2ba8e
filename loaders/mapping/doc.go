// Package mapping is the language that turns rows of foreign files into records. A
// mapping is a YAML file: it says where the rows of a file are, and which entities,
// sources and facts each row makes. The page "mapping" of the manual
// (cmd/entente/manual) describes it; the table of its keys is [Keys].
//
// [Parse] reads a mapping, [Mapping.Check] checks it against the keys and words of
// entente's own format, and [Run.Row] turns one row, a tree of [Node], into
// [Item]s: values of the shape of entente's own JSON, each with the position in the
// file from which it came. Package loaders reads the rows, and parses the items
// like its own formats.
package mapping
