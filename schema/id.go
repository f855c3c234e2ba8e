package schema

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is the kind of an entity.
type Kind string

// The kinds of entities. KindFact is the kind of a fact that plays a role in
// another fact.
const (
	Person      Kind = "Person"
	Post        Kind = "Post"
	Institution Kind = "Institution"
	Group       Kind = "Group"
	Country     Kind = "Country"
	Place       Kind = "Place"
	Gathering   Kind = "Gathering"
	Doc         Kind = "Document"
	Thing       Kind = "Thing"
	KindFact    Kind = "Fact"
)

var prefixes = []struct {
	kind   Kind
	prefix string
}{
	{Person, "person"}, {Post, "post"}, {Institution, "institution"}, {Group, "group"},
	{Country, "country"}, {Place, "place"}, {Gathering, "gathering"}, {Doc, "doc"},
	{Thing, "thing"}, {KindFact, "fact"},
}

// Kinds lists the kinds of entities.
func Kinds() []Kind {
	kinds := make([]Kind, 0, len(prefixes)-1)
	for _, p := range prefixes[:len(prefixes)-1] {
		kinds = append(kinds, p.kind)
	}
	return kinds
}

// Prefix returns the prefix of ids of this kind, without the colon; empty for an
// unknown kind.
func (k Kind) Prefix() string {
	for _, p := range prefixes {
		if p.kind == k {
			return p.prefix
		}
	}
	return ""
}

// KindOf returns the kind of an id by its prefix, or an empty kind if the prefix
// is unknown.
func KindOf(id ID) Kind {
	prefix, _, _ := strings.Cut(string(id), ":")
	for _, p := range prefixes {
		if p.prefix == prefix {
			return p.kind
		}
	}
	return ""
}

// ParseKind reads a kind in any case, by its name or its prefix: "Document" or
// "doc".
func ParseKind(s string) (Kind, bool) {
	for _, p := range prefixes[:len(prefixes)-1] {
		if strings.EqualFold(s, string(p.kind)) || strings.EqualFold(s, p.prefix) {
			return p.kind, true
		}
	}
	return "", false
}

// ErrID is wrapped by the errors of malformed ids.
var ErrID = errors.New("bad id")

// maxID is the limit of an id, in bytes.
const maxID = 512

// CheckID returns the error in an id, or nil.
func CheckID(id ID) error {
	_, local, ok := strings.Cut(string(id), ":")
	switch {
	case !ok || local == "":
		return fmt.Errorf("%w %q: write kind:name, such as person:xie-feng", ErrID, id)
	case KindOf(id) == "":
		return fmt.Errorf("%w %q: no kind has this prefix", ErrID, id)
	case len(id) > maxID:
		return fmt.Errorf("%w: %d bytes, more than %d", ErrID, len(id), maxID)
	case !utf8.ValidString(string(id)):
		return fmt.Errorf("%w %q: not UTF-8", ErrID, id)
	}
	for _, r := range local {
		if !idRune(r) {
			return fmt.Errorf("%w %q: %q cannot stand in an id", ErrID, id, r)
		}
	}
	return nil
}

func idRune(r rune) bool {
	if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' {
		return true
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-._~/:@()+,'", r)
}

// MakeID computes an id from a name: its folded letters and digits, joined by
// hyphens. It is empty if the name has neither.
func MakeID(kind Kind, name string) ID {
	words := strings.FieldsFunc(Fold(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	local := strings.Join(words, "-")
	if local == "" {
		return ""
	}
	if limit := maxID - len(kind.Prefix()) - 1; len(local) > limit {
		local = strings.ToValidUTF8(local[:limit], "")
	}
	return ID(kind.Prefix() + ":" + local)
}

// MakeDocumentID computes the id of a document from its title, publisher and
// date, since titles alone are often the same.
func MakeDocumentID(d Document) ID {
	return MakeID(Doc, strings.Join([]string{d.Label, d.Publisher, d.Published.Written}, " "))
}

// FileID computes the id of the document that is a file of the input of a dataset. The
// path is the one inside of the input, which is also the document's title.
func FileID(dataset, path string) ID { return MakeID(Doc, dataset+" "+path) }

// sortedIDs returns the different ids, sorted.
func sortedIDs(ids []ID) []ID {
	if len(ids) == 0 {
		return nil
	}
	return sortIDs(slices.Clone(ids))
}

// sortIDs sorts ids in place and removes repeats.
func sortIDs(ids []ID) []ID {
	if len(ids) > 1 {
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	return ids
}
