package loaders

import (
	"cmp"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/entente-kg/entente/loaders/charset"
	"github.com/entente-kg/entente/loaders/mapping"
	"github.com/entente-kg/entente/schema"
)

// Source describes the input for the graph that loads it.
func (in *Input) Source() schema.Source {
	path := in.Path
	if in.isStream {
		path = StreamOrigin
	}
	return schema.Source{
		Dataset: in.Dataset, Path: path, SHA256: in.SHA256, About: in.About,
		Names: cmp.Or(in.names, in.opts.Known.Digest()), Vocabulary: in.opts.Vocabulary, SourceKeys: in.sourceKeys,
		IsShared: in.isShared, Settings: strings.TrimSpace(string(in.opts.Dates) + " " + string(in.opts.Encoding)),
		IsText: !slices.ContainsFunc(in.files, func(f *file) bool { return f.loader != NQuads{} }),
	}
}

// Prepare is called by a graph before it loads the input. It sets the vocabulary
// with which the input is read, and adds entities to which names in the input may
// refer. If [Options] has a vocabulary, the input is read with the verbs of both.
// Known may be nil.
func (in *Input) Prepare(v *schema.Vocabulary, known iter.Seq2[schema.Entity, error]) error {
	if in.given != nil {
		var err error
		if v, err = extended(in.given, v); err != nil {
			return err
		}
	}
	in.opts.Vocabulary = v
	if known == nil {
		return nil
	}
	if in.opts.Known == nil {
		in.opts.Known = NewNames()
	}
	for e, err := range known {
		if err != nil {
			return err
		}
		in.opts.Known.Add(e)
	}
	in.names = ""
	return nil
}

// PrepareSources is called by a graph after [Input.Prepare]. It adds documents that the
// input may cite by keys of other datasets.
func (in *Input) PrepareSources(keys iter.Seq2[string, schema.ID]) {
	if in.opts.Known == nil {
		in.opts.Known = NewNames()
	}
	for key, id := range keys {
		in.opts.Known.AddSource(key, id)
	}
	in.names = ""
}

// extended returns v with the extensions of the other vocabulary.
func extended(v, other *schema.Vocabulary) (*schema.Vocabulary, error) {
	for _, text := range other.Extensions() {
		var err error
		if v, err = v.ExtendStored("vocabulary of the graph", []byte(text)); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// MappingOf returns the mapping that reads a file of the input; nil for none. The path is
// as in [Input.Files].
func (in *Input) MappingOf(path string) *mapping.Mapping {
	for _, f := range in.files {
		if f.path == path {
			return f.mapping()
		}
	}
	return in.opts.Mapping
}

// IsUTF8 reports whether a file of the input is UTF-8. The path is as in [Input.Files].
func (in *Input) IsUTF8(path string) bool {
	return slices.ContainsFunc(in.files, func(f *file) bool { return f.path == path && f.encoding == charset.UTF8 })
}

// FileOf returns the name of the format of a file of the input, such as CSV, and a
// function that opens its unpacked text as UTF-8. The path is as in [Input.Files].
func (in *Input) FileOf(path string) (format string, open func() (io.ReadCloser, error), ok bool) {
	for _, f := range in.files {
		if f.path != path {
			continue
		}
		l := unmapped(f.loader)
		if l == (xmlFile{}) {
			return "XML", f.open, true
		}
		for _, known := range formats() {
			if known.loader == l {
				return known.name, f.open, true
			}
		}
	}
	return "", nil, false
}

// findByKnownKey returns the source of another input with a key; empty if there is none.
func (t *documentTable) findByKnownKey(key string) (schema.ID, error) {
	switch ids := t.names.scope.known.sources[key]; len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], nil
	default:
		return "", t.names.ambiguous(key, ids)
	}
}

// identifyByKnownKey searches for a source of another input with the key.
func (t *documentTable) identifyByKnownKey(d *documentOccurrence) {
	id, err := t.findByKnownKey(d.document.Label)
	if d.err = err; id != "" {
		d.document.ID, d.isElsewhere = id, true
	}
}

// sourceKeys returns the keys by which the input cites sources that it declares, each of
// one source.
func (t *documentTable) sourceKeys() map[string]schema.ID {
	keys := make(map[string]schema.ID)
	for key, numbers := range t.drafts.sources.all {
		if len(numbers) != 1 {
			continue
		}
		if c := t.citation(numbers[0]); c.id != "" && c.err == nil && !c.isElsewhere {
			keys[key] = c.id
		}
	}
	return keys
}
