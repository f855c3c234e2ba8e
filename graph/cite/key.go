package cite

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/entente-kg/entente/schema"
)

// maxKey is the number of letters that a citation key has before its hash.
const maxKey = 40

// key returns the citation key of an id: what follows its kind, if that is short and has
// only small letters of ASCII, digits and hyphens, and else such a text with a hash of
// the id. So a document has the same key in each bibliography.
func key(id schema.ID) string {
	_, local, _ := strings.Cut(string(id), ":")
	var b strings.Builder
	for _, r := range strings.ToLower(local) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == maxKey {
			break
		}
	}
	word := strings.TrimRight(b.String(), "-")
	if word == local && word != "" {
		return word
	}
	sum := sha256.Sum256([]byte(id))
	hash := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
	if word == "" {
		return "doc-" + hash
	}
	return word + "-" + hash
}

// setKeys gives each reference a key that no other has. Two ids whose keys are equal get
// numbers in the order of the references.
func (b *Bibliography) setKeys() {
	used := make(map[string]bool, len(b.References))
	for _, r := range b.References {
		id := r.source.document
		if id == "" {
			id = schema.ID("none:no document of " + r.source.dataset)
		}
		r.Key = key(id)
		for n := 2; used[r.Key]; n++ {
			r.Key = fmt.Sprintf("%s-%d", key(id), n)
		}
		used[r.Key] = true
	}
}
