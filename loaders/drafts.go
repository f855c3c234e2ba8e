package loaders

import (
	"errors"
	"fmt"
	"iter"

	"github.com/entente-kg/entente/schema"
)

// drafts are the declarations of all files of one dataset, before names are
// resolved.
type drafts struct {
	dataset          string
	about            map[string]string
	names            *Names          // the names of declared entities and documents
	entities         []*entityDraft  // declared
	mentions         []*entityDraft  // a name and a kind, without a declaration
	mentioned        map[string]bool // mentions that are listed already, by kind and name
	documents        []*documentDraft
	sources          sourceKeys
	facts            []*factDraft
	keys             map[string]int // the index of a fact, by its local key
	resolvedByLoader []schema.Fact  // facts of loaders that resolve names themselves
	texts            []schema.NQuads
}

func newDrafts(dataset string) *drafts {
	return &drafts{
		dataset:   dataset,
		about:     make(map[string]string),
		names:     NewNames(),
		mentioned: make(map[string]bool),
		sources:   sourceKeys{make(map[string][]*documentDraft), make(map[fileKey][]*documentDraft)},
		keys:      make(map[string]int),
	}
}

// addEntity adds an entity. The name of a mention is added to the known names
// later, once all declarations are read.
func (d *drafts) addEntity(e *entityDraft) {
	if e.isMention {
		d.mentions = append(d.mentions, e)
		return
	}
	d.entities = append(d.entities, e)
	d.names.Add(e.entity)
}

// addDocument adds a document. The title of a mention is added to the known names
// later, once all declarations are read.
func (d *drafts) addDocument(doc *documentDraft) {
	d.documents = append(d.documents, doc)
	if !doc.isMention {
		d.names.Add(doc.document.Entity)
	}
}

// addFact adds a fact. If an earlier fact has the same local key, it adds
// nothing and returns the earlier fact.
func (d *drafts) addFact(f *factDraft) (first *factDraft) {
	if f.key.isSet() {
		if i, ok := d.keys[f.key.value]; ok {
			return d.facts[i]
		}
		d.keys[f.key.value] = len(d.facts)
	}
	d.facts = append(d.facts, f)
	return nil
}

// addForeign adds the records of a loader that resolves names itself.
func (d *drafts) addForeign(s *source, records iter.Seq2[schema.Record, error], found *problems) error {
	for record, err := range records {
		var row *RowError
		switch {
		case errors.As(err, &row):
			found.add(row)
			continue
		case err != nil:
			return err
		}
		switch r := record.(type) {
		case schema.Entity:
			d.addEntity(&entityDraft{source: s, entity: r})
		case schema.Document:
			d.addDocument(&documentDraft{source: s, document: r})
		case schema.Fact:
			for i := range r.Evidence {
				r.Evidence[i].Dataset = d.dataset
			}
			d.resolvedByLoader = append(d.resolvedByLoader, r)
		case schema.NQuads:
			d.texts = append(d.texts, r)
		}
	}
	return nil
}

// sourceKeys finds documents by key, in one file or in the whole dataset.
type sourceKeys struct {
	all    map[string][]*documentDraft // several documents with one key are an error
	byFile map[fileKey][]*documentDraft
}

// fileKey is the key of a document in one file.
type fileKey struct {
	source *source
	key    string
}

func (k sourceKeys) add(key string, d *documentDraft) {
	k.all[key] = append(k.all[key], d)
	here := fileKey{d.source, key}
	k.byFile[here] = append(k.byFile[here], d)
}

func (k sourceKeys) has(key string) bool { return len(k.all[key]) > 0 }

// first returns the first document with a key, or nil.
func (k sourceKeys) first(key string) *documentDraft {
	if !k.has(key) {
		return nil
	}
	return k.all[key][0]
}

// id returns the id of the document with a key in a file, or else in the whole
// dataset. It is an error if several documents have the key.
func (k sourceKeys) id(key string, in *source) (schema.ID, error) {
	found := k.all[key]
	if here := k.byFile[fileKey{in, key}]; len(here) > 0 {
		found = here
	}
	if len(found) > 1 {
		return "", fmt.Errorf("refers to a source key %w: %q", errRejected, key)
	}
	return found[0].document.ID, nil
}
