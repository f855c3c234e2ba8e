package loaders

import (
	"errors"
	"fmt"
	"iter"

	"github.com/entente-kg/entente/schema"
)

// drafts are what the files of one dataset declare, before names are resolved.
type drafts struct {
	dataset   string
	about     map[string]string
	names     *Names          // of the declared entities and documents
	entities  []*entityDraft  // declared
	mentions  []*entityDraft  // named with a kind, without a declaration
	mentioned map[string]bool // by kind and name
	documents []*documentDraft
	sources   sourceKeys
	facts     []*factDraft
	keys      map[string]int // the index of a fact, by its local key
	foreign   []schema.Fact  // facts of loaders that resolve names themselves
	texts     []schema.NQuads
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

// addEntity adds an entity. The name of a mention is not known before all
// declarations are.
func (d *drafts) addEntity(e *entityDraft) {
	if e.isMention {
		d.mentions = append(d.mentions, e)
		return
	}
	d.entities = append(d.entities, e)
	d.names.Add(e.entity)
}

// addDocument adds a document. The title of a mention is not known before all
// declarations are.
func (d *drafts) addDocument(doc *documentDraft) {
	d.documents = append(d.documents, doc)
	if !doc.isMention {
		d.names.Add(doc.document.Entity)
	}
}

// addFact adds a fact. Where an earlier fact has the same local key, it returns
// that fact and adds nothing.
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
			d.foreign = append(d.foreign, r)
		case schema.NQuads:
			d.texts = append(d.texts, r)
		}
	}
	return nil
}

// sourceKeys finds documents by their keys: those of one file, and those of the
// whole dataset.
type sourceKeys struct {
	all    map[string][]*documentDraft // a key with several documents is an error
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

// first returns the first document with a key; nil where there is none.
func (k sourceKeys) first(key string) *documentDraft {
	if !k.has(key) {
		return nil
	}
	return k.all[key][0]
}

// id returns the id of the document with a key in a file, else in the whole
// dataset. Several documents with the key are an error.
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
