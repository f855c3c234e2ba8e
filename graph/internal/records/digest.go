// Package records compares the records of an input with those of its last load, by
// digests that are kept in a file beside the graph, and keeps copies of texts there.
package records

import (
	"crypto/sha256"
	"encoding/binary"
	"math"

	"github.com/entente-kg/entente/schema"
)

// Entry is the digest of a record as a loader yields it, and the hash of its id.
type Entry struct {
	Digest [12]byte
	ID     [16]byte
}

// HashID returns the hash of the id of a record: of a fact the hash that is in its id.
func HashID(id schema.ID) (hash [16]byte) {
	if hash, ok := schema.FactHash(id); ok {
		return hash
	}
	sum := sha256.Sum256([]byte(id))
	return [16]byte(sum[:])
}

// Hasher computes digests of records, in memory that it uses again.
type Hasher struct{ text []byte }

// Digest returns the first 96 bits of the SHA-256 of all that a record states, which is
// all but its position in the input. The digest is false for other records than facts,
// entities and documents.
func (h *Hasher) Digest(record schema.Record) (digest [12]byte, ok bool) {
	h.text = h.text[:0]
	switch r := record.(type) {
	case schema.Fact:
		h.fact(&r)
	case schema.Entity:
		h.texts("e")
		h.entity(&r)
	case schema.Document:
		h.texts("d")
		h.document(&r)
	default:
		return digest, false
	}
	sum := sha256.Sum256(h.text)
	return [12]byte(sum[:]), true
}

// texts appends each text after its length.
func (h *Hasher) texts(texts ...string) {
	for _, s := range texts {
		h.number(len(s))
		h.text = append(h.text, s...)
	}
}

func (h *Hasher) number(n int) { h.text = binary.AppendVarint(h.text, int64(n)) }

func (h *Hasher) ids(ids []schema.ID) {
	h.number(len(ids))
	for _, id := range ids {
		h.texts(string(id))
	}
}

func (h *Hasher) flag(b bool) {
	n := byte(0)
	if b {
		n = 1
	}
	h.text = append(h.text, n)
}

func (h *Hasher) when(w *schema.When) {
	h.texts(w.Written, w.Words, w.Anchor, w.FromBy, w.ToBy)
	h.flag(w.Attested)
}

func (h *Hasher) fact(f *schema.Fact) {
	h.texts("f", string(f.ID), string(f.Verb), f.Topic, string(f.Status), f.Key)
	h.when(&f.When)
	h.number(len(f.Roles))
	for i := range f.Roles {
		h.texts(string(f.Roles[i].Role), string(f.Roles[i].ID))
	}
	h.number(len(f.Links))
	for i := range f.Links {
		h.texts(string(f.Links[i].Type), string(f.Links[i].Fact))
	}
	h.number(len(f.Evidence))
	for i := range f.Evidence {
		h.evidence(&f.Evidence[i])
	}
}

func (h *Hasher) evidence(e *schema.Evidence) {
	h.texts(string(e.ID), e.Dataset, string(e.Stance), string(e.Source), e.Quote, e.Locator, string(e.SaidBy),
		string(e.Method), e.Note, e.Duration, e.Count)
	h.number(e.Start)
	h.number(e.End)
	h.ids(e.Via)
	h.ids(e.At)
	h.text = binary.BigEndian.AppendUint64(h.text, math.Float64bits(e.Confidence))
	h.when(&e.When)
}

func (h *Hasher) entity(e *schema.Entity) {
	h.texts(string(e.ID), string(e.Kind), e.Label, string(e.Country), e.Born, e.Description)
	h.number(len(e.Aliases))
	for _, a := range e.Aliases {
		h.texts(a.Value, a.Lang)
	}
	h.number(len(e.Identifiers))
	h.texts(e.Identifiers...)
	h.flag(e.FromName)
}

func (h *Hasher) document(d *schema.Document) {
	h.entity(&d.Entity)
	h.texts(d.Publisher, d.Author, d.URL, d.SHA256, d.Language, d.Archived.URL, d.Archived.On, d.Accessed)
	h.when(&d.Published)
}
