// Package loaders reads files of facts into records: YAML, JSON, JSON lines and
// CSV; N-Quads are passed on as a text. The page "format" of the manual
// (cmd/entente/manual) describes the formats.
//
// [Open] opens a file or a folder as one dataset, which a graph loads:
//
//	in, err := loaders.Open("facts.yaml", nil)
//	if err != nil {
//		return err
//	}
//	report, err := g.LoadInput(ctx, in, nil)
//
// [Input.Records] yields the records for other uses. A row that cannot be read is a
// [*RowError], with its position and often with advice (see [schema.Hint]), and the
// next row follows. An input that cannot be read at all is an error that wraps
// [ErrInput].
//
// A name in an input refers to an entity that the input declares, or else to an
// entity in the [Names] of the [Options]. If inputs share their Names, each can use
// the names of the inputs that are read before it.
//
// Reading has two phases. First every file of a dataset is parsed, and what it
// declares is collected. Then names, sentences and references are resolved, so
// that the order of files and rows never matters. Files of rows, which are JSON
// lines, arrays of JSON and CSV, are read again for the second phase: their facts
// are never in memory all at once. A file that changes meanwhile is an error.
//
// A loader of another format is a type with one method, [Loader].
package loaders
