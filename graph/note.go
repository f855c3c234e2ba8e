package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cayleygraph/quad"

	"github.com/entente-kg/entente/graph/store"
	"github.com/entente-kg/entente/schema"
)

// LoadsLabel is the label of the notes about loads: the origin and options of each
// dataset, and the order of the first loads. Notes are not part of digests, exports
// and counts.
const LoadsLabel = quad.IRI("note:loads")

// loadTerm is the predicate of a note, which is one quad with JSON: <data:NAME>
// <dip:load> "{...}" <note:loads>.
const loadTerm = quad.IRI("dip:load")

// note is the state that loads keep about a dataset.
type note struct {
	Order  int      `json:"order"`           // the position of its first load in the order of all datasets, from 1
	Key    string   `json:"key,omitempty"`   // the hash of LoadOptions.key
	Origin string   `json:"place,omitempty"` // the origin; a path is relative to Home
	Home   string   `json:"home,omitempty"`  // the graph's folder at the time of the load
	Lost   bool     `json:"lost,omitempty"`  // a rebuild could not read the note: the next load may have any origin
	Verbs  []string `json:"verbs,omitempty"` // the files of verbs of the load that no fact uses

	ByHand bool `json:"by-hand,omitempty"` // the dataset was never loaded: updates made it

	// Parts are the hashes of the full file, which is at the origin, and of the deltas that
	// changed it, with their absolute paths; nil for a dataset that deltas cannot change.
	Parts []schema.Part `json:"parts,omitempty"`
}

// quad returns the stored form of the note.
func (n note) quad(dataset string) quad.Quad {
	text, _ := json.Marshal(n) // strings, booleans and a number: it cannot fail
	return quad.Quad{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Object: quad.String(text), Label: LoadsLabel}
}

// noteOf returns the note of a dataset. It is false if there is none, as in graphs of
// older versions.
func (r reader) noteOf(ctx context.Context, dataset string) (n note, ok bool, err error) {
	p := store.Pattern{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Label: LoadsLabel}
	for q, err := range r.Match(ctx, p) {
		if err == nil {
			n, err = parseNote(q)
		}
		return n, err == nil, err
	}
	return n, false, nil
}

// notes returns all notes, by dataset name.
func (r reader) notes(ctx context.Context) (map[string]note, error) {
	all := map[string]note{}
	for q, err := range r.Match(ctx, store.Pattern{Predicate: loadTerm, Label: LoadsLabel}) {
		if err != nil {
			return nil, err
		}
		name, _ := schema.DatasetName(q.Subject)
		if all[name], err = parseNote(q); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func parseNote(q quad.Quad) (n note, err error) {
	if err := json.Unmarshal([]byte(quad.ToString(q.Object)), &n); err != nil {
		return n, fmt.Errorf("%w: the note of how %v was loaded: %w", ErrDamaged, q.Subject, err)
	}
	return n, nil
}

// putNote replaces the note of a dataset, or removes it and all keys of sources if n is
// nil.
func putNote(ctx context.Context, tx *store.Tx, dataset string, n *note) error {
	p := store.Pattern{Subject: schema.DatasetValue(dataset), Predicate: loadTerm, Label: LoadsLabel}
	if _, err := tx.RemoveMatching(ctx, p); err != nil {
		return err
	}
	if n == nil {
		return putSourceKeys(ctx, tx, dataset, nil)
	}
	_, err := tx.Add(n.quad(dataset))
	return err
}

// A load records each key by which its input cites a source, by one quad outside of the
// dataset: <data:NAME> <dip:cited-as> "KEY\tDOCUMENT" <note:loads>. Other inputs may cite
// the source by this key.
const citedTerm = quad.IRI("dip:cited-as")

// sourceKeyQuads returns the quads of the keys of a load.
func sourceKeyQuads(dataset string, keys map[string]schema.ID) (quads []quad.Quad) {
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		quads = append(quads, quad.Quad{Subject: schema.DatasetValue(dataset), Predicate: citedTerm,
			Object: quad.String(key + "\t" + string(keys[key])), Label: LoadsLabel})
	}
	return quads
}

// putSourceKeys replaces the keys of a dataset.
func putSourceKeys(ctx context.Context, tx *store.Tx, dataset string, keys map[string]schema.ID) error {
	p := store.Pattern{Subject: schema.DatasetValue(dataset), Predicate: citedTerm, Label: LoadsLabel}
	have, err := reader{tx, nil}.collect(ctx, p)
	if err != nil {
		return err
	}
	fresh, stale := difference(sourceKeyQuads(dataset, keys), have)
	if _, err := tx.RemoveAll(stale); err != nil {
		return err
	}
	_, err = tx.AddAll(fresh)
	return err
}

// countKeyTerms counts the terms that only keys of sources have: like their quads, they do
// not count as a part of the graph.
func countKeyTerms(ctx context.Context, s *store.Snapshot) (int64, error) {
	terms := map[uint64]bool{}
	for q, err := range s.MatchIDs(ctx, store.Pattern{Predicate: citedTerm}) {
		if err != nil {
			return 0, err
		}
		terms[q[1]], terms[q[2]] = true, true
	}
	return int64(len(terms)), nil
}

// SourceKey is a key by which the input of a dataset cites a document that it declares.
type SourceKey struct {
	Key, Dataset string
	Document     schema.ID
}

// SourceKeys returns the keys of datasets by which other inputs may cite their documents.
func SourceKeys(ctx context.Context, g *Graph, datasets ...string) (keys []SourceKey, err error) {
	err = g.withSnapshot(ctx, func(s *store.Snapshot) error {
		for _, dataset := range datasets {
			p := store.Pattern{Subject: schema.DatasetValue(dataset), Predicate: citedTerm, Label: LoadsLabel}
			found, err := readSourceKeys(ctx, readerOf(g, s), s.Match(ctx, p))
			if err != nil {
				return err
			}
			keys = append(keys, found...)
		}
		return nil
	})
	return keys, err
}

// SourcesWithKey returns the documents that inputs of the graph's datasets cite by a key.
func SourcesWithKey(ctx context.Context, g *Graph, key string) (keys []SourceKey, err error) {
	err = g.withSnapshot(ctx, func(s *store.Snapshot) error {
		keys, err = readSourceKeys(ctx, readerOf(g, s), s.WithPrefix(ctx, citedTerm, key+"\t"))
		return err
	})
	return keys, err
}

// readSourceKeys reads keys from their quads. It leaves out documents that an update has
// removed.
func readSourceKeys(ctx context.Context, r reader, quads iter.Seq2[quad.Quad, error]) (keys []SourceKey, err error) {
	for q, err := range quads {
		if err != nil {
			return nil, err
		}
		text := quad.ToString(q.Object)
		at := strings.LastIndexByte(text, '\t')
		if at < 0 || q.Label != LoadsLabel {
			continue
		}
		k := SourceKey{Key: text[:at], Document: schema.ID(text[at+1:])}
		k.Dataset, _ = schema.DatasetName(q.Subject)
		there, err := r.has(ctx, store.Pattern{Subject: k.Document.Value(), Predicate: schema.TypeTerm, Label: q.Subject})
		if err != nil {
			return nil, err
		}
		if there {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// moveNotes rewrites the origins of all notes for a graph that moves to a folder.
func moveNotes(ctx context.Context, g *Graph, to folder) error {
	return g.update(ctx, func(tx *store.Tx) error {
		notes, err := reader{tx, nil}.notes(ctx)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(notes)) {
			n := to.afterMove(notes[name])
			if n.Origin == notes[name].Origin && n.Home == notes[name].Home {
				continue
			}
			if err := putNote(ctx, tx, name, &n); err != nil {
				return err
			}
		}
		return nil
	})
}

// folder is the folder of a graph, with symbolic links resolved. It is empty for a
// temporary graph.
type folder string

func (g *Graph) folderOf() folder {
	if g.original != "" {
		return g.original
	}
	if g.willMove || g.Dir() == "" {
		return ""
	}
	return folder(realPath(g.Dir()))
}

// setOrigin sets the origin of a note, relative to the folder if possible.
func (f folder) setOrigin(n *note, origin string) {
	n.Origin, n.Home = comparableOrigin(origin), ""
	if f == "" || !filepath.IsAbs(n.Origin) {
		return
	}
	if relative, err := filepath.Rel(string(f), n.Origin); err == nil {
		n.Origin, n.Home = filepath.ToSlash(relative), string(f)
	}
}

// resolve returns the origin of a note: an address, an absolute path, or an empty
// string. If the graph's folder has moved, a relative path starts at the new folder,
// unless the file exists only at the old one.
func (f folder) resolve(n note) string {
	if n.Home == "" {
		return n.Origin
	}
	here, then := joinOrigin(cmp.Or(string(f), n.Home), n.Origin), joinOrigin(n.Home, n.Origin)
	if !pathExists(here) && pathExists(then) {
		return then
	}
	return here
}

// isAt reports whether the note has the origin.
func (f folder) isAt(n note, origin string) bool {
	was, is := f.resolve(n), comparableOrigin(origin)
	return was == is || filepath.IsAbs(was) && realPath(was) == is
}

// afterMove returns the note for a copy of the graph in folder f. The path of an
// existing input is kept.
func (f folder) afterMove(n note) note {
	if then := joinOrigin(n.Home, n.Origin); n.Home != "" && pathExists(then) {
		f.setOrigin(&n, then)
	}
	return n
}

func joinOrigin(dir, origin string) string { return filepath.Join(dir, filepath.FromSlash(origin)) }

func pathExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// comparableOrigin returns the form of an origin in comparisons: an address
// unchanged, and a path absolute with symbolic links resolved.
func comparableOrigin(origin string) string {
	if origin == "" || strings.Contains(origin, "://") {
		return origin
	}
	return realPath(origin)
}

// realPath resolves the symbolic links in the part of a path that exists.
func realPath(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	rest := ""
	for at := abs; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		if at == filepath.Dir(at) {
			return abs
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}
